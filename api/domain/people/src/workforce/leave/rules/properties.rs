//! The rules against an independent slow model, which counts minute by minute and day by day.

use std::collections::BTreeMap;

use chrono::{Datelike, Days as Plus, NaiveDate};
use proptest::prelude::*;

use super::account::Figures;
use super::accrual::{Accrual, Employment, Terms, due, put_right};
use super::part;
use super::schedule::{Counts, DAY, Holiday, NOON, Portion, Schedule, WorkDay, cost};
use super::years::Anchor;

fn real(number: i64) -> f64 {
    f64::from(i32::try_from(number).unwrap())
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0_u64..2000).prop_map(|days| {
        NaiveDate::from_ymd_opt(2023, 1, 1)
            .unwrap()
            .checked_add_days(Plus::new(days))
            .unwrap()
    })
}

fn schedule() -> impl Strategy<Value = Schedule> {
    let day = (prop::option::of(0_i32..700), 1_i32..600, 0_i32..60);
    let days = prop::collection::btree_map((1_i64..=3, 1_u32..=7), day, 1..15);
    days.prop_map(|days| Schedule {
        cycle_weeks: 3,
        cycle_starts_on: NaiveDate::from_ymd_opt(2024, 1, 1).unwrap(),
        days: days
            .into_iter()
            .map(|(key, (begins, work, rest))| (key, WorkDay { begins, work, rest }))
            .collect(),
    })
}

fn portion() -> impl Strategy<Value = Portion> {
    prop_oneof![
        Just(Portion::Full),
        Just(Portion::Am),
        Just(Portion::Pm),
        (0..DAY, 1..=DAY).prop_map(|(from, length)| Portion::Hours(from, (from + length).min(DAY))),
    ]
}

/// The working day of a date, found by walking week by week from the first one.
fn walked(schedule: &Schedule, date: NaiveDate) -> Option<WorkDay> {
    let (mut monday, mut week) = (schedule.cycle_starts_on, 1);
    while date < monday {
        monday = monday - Plus::new(7);
        week = if week == 1 {
            schedule.cycle_weeks
        } else {
            week - 1
        };
    }
    while date >= monday + Plus::new(7) {
        monday = monday + Plus::new(7);
        week = week % schedule.cycle_weeks + 1;
    }
    schedule
        .days
        .get(&(week, date.weekday().number_from_monday()))
        .copied()
}

/// The minutes of leave, one by one: those of a half are dealt out to it, those of hours lie on the
/// clock from the day's beginning.
fn slowly(schedule: &Schedule, holiday: Holiday, date: NaiveDate, portion: Portion) -> i32 {
    let Some(day) = walked(schedule, date) else {
        return 0;
    };
    let first_half = |minute: i32| minute % 2 == 0;
    let works = |minute: i32| {
        if first_half(minute) {
            !holiday.am
        } else {
            !holiday.pm
        }
    };
    let worked = (0..day.work).filter(|minute| works(*minute)).count();
    let count = match portion {
        Portion::Full => worked,
        Portion::Am => (0..day.work)
            .filter(|m| first_half(*m) && works(*m))
            .count(),
        Portion::Pm => (0..day.work)
            .filter(|m| !first_half(*m) && works(*m))
            .count(),
        Portion::Hours(from, to) => (from..to)
            .filter(|m| {
                day.begins
                    .is_none_or(|begins| *m >= begins && *m < begins + day.work + day.rest)
            })
            .filter(|m| if *m < NOON { !holiday.am } else { !holiday.pm })
            .count()
            .min(worked),
    };
    i32::try_from(count).unwrap()
}

fn terms() -> impl Strategy<Value = Terms> {
    let anchor = prop_oneof![
        (1_u32..=12, 1_u32..=28).prop_map(|(month, day)| Anchor::Fixed(month, day)),
        date().prop_map(Anchor::Hire),
    ];
    (
        anchor,
        any::<bool>(),
        1_i32..20_000,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(anchor, monthly, amount, prorates_on_hire, prorates_on_leaving)| Terms {
                accrual: if monthly {
                    Accrual::Monthly
                } else {
                    Accrual::Upfront
                },
                amount,
                per_hours: 0,
                max_balance: None,
                carry_max: 0,
                carry_months: None,
                negative_limit: 0,
                encashes_debts: false,
                notice_days: 0,
                half_days: true,
                hours: true,
                prorates_on_hire,
                prorates_on_leaving,
                probation_days: 0,
                anchor,
                levels: 1,
            },
        )
}

proptest! {
    #[test]
    fn a_day_costs_what_counting_minutes_says(
        schedule in schedule(), date in date(), portion in portion(), am in any::<bool>(), pm in any::<bool>(),
    ) {
        let counts = Counts { holidays: false, weekends: false };
        let holiday = Holiday { am, pm };
        let found = cost(Some(&schedule), counts, holiday, date, portion);
        prop_assert_eq!(found.minutes, slowly(&schedule, holiday, date, portion));
        // What the table asks of its rows.
        let most = match portion {
            Portion::Full => found.scheduled,
            Portion::Hours(from, to) => to - from,
            Portion::Am | Portion::Pm => (found.scheduled + 1) / 2,
        };
        prop_assert!(found.minutes <= most);
        let halves = [Portion::Am, Portion::Pm].map(|half| cost(Some(&schedule), counts, holiday, date, half).minutes);
        let full = cost(Some(&schedule), counts, holiday, date, Portion::Full).minutes;
        prop_assert_eq!(halves[0] + halves[1], full);
    }

    /// Day by day: what a month or year gives is dealt out to its days, and somebody gets those on
    /// which they work here. Whole amounts where nothing is prorated.
    #[test]
    fn what_comes_in_is_the_sum_of_its_days(terms in terms(), hired in date(), stays in prop::option::of(0_u64..900), on in date()) {
        let who = Employment { hired_on: hired, left_on: stays.map(|days| hired + Plus::new(days)) };
        let period = terms.anchor.year(on);
        let found: f64 = due(&terms, who, period, NaiveDate::MAX).iter().map(|due| f64::from(due.minutes)).sum();
        let mut slow = 0.0;
        let (mut month, mut spans) = (period.0, Vec::new());
        if terms.accrual == Accrual::Monthly {
            while month < period.1 {
                let next = (1..=32).map(|days| month + Plus::new(days))
                    .find(|day| terms.anchor.months(period).iter().any(|(whole, _)| whole.0 == *day) || *day == period.1).unwrap();
                spans.push((month, next));
                month = next;
            }
        } else {
            spans.push(period);
        }
        let months = spans.len();
        for (from, to) in spans {
            let length = real((to - from).num_days());
            let works = |day: NaiveDate| (day >= who.hired_on || !terms.prorates_on_hire)
                && (who.left_on.is_none_or(|left| day < left) || !terms.prorates_on_leaving);
            let is_there = from.iter_days().take_while(|day| *day < to).any(|day| who.includes(day));
            if is_there {
                let days = from.iter_days().take_while(|day| *day < to).filter(|day| works(*day)).count();
                slow += f64::from(terms.amount) * real(i64::try_from(days).unwrap()) / length;
            }
        }
        prop_assert!((found - slow).abs() <= 0.5 * real(i64::try_from(months).unwrap()) + 1e-6, "{found} and {slow}");
    }

    /// Whatever is learned about somebody's leaving, and in which order: what came in ends up as if
    /// it had been known from the start (within a minute a month), and asking again changes nothing.
    #[test]
    fn what_is_put_right_ends_where_it_should(terms in terms(), hired in date(), stays in 1_u64..900, on in date()) {
        let stays_on = Employment { hired_on: hired, left_on: None };
        let leaves = Employment { hired_on: hired, left_on: Some(hired + Plus::new(stays)) };
        let period = terms.anchor.year(on);
        let mut posted = due(&terms, stays_on, period, NaiveDate::MAX);
        let sum = |dues: &[super::accrual::Due]| dues.iter().map(|due| due.minutes).sum::<i32>();
        let before = sum(&posted);
        for who in [leaves, leaves, stays_on, leaves, stays_on] {
            let change = put_right(&terms, who, period, &posted);
            if change != 0 {
                let free = (0..10_000).map(|n| period.0 + Plus::new(500 + n)).find(|day| posted.iter().all(|due| due.on != *day)).unwrap();
                posted.push(super::accrual::Due { on: free, minutes: change });
            }
            prop_assert_eq!(put_right(&terms, who, period, &posted), 0);
            let wanted = if who == stays_on { before } else { sum(&due(&terms, who, period, NaiveDate::MAX)) };
            prop_assert!((sum(&posted) - wanted).abs() <= 12, "{} and {wanted}", sum(&posted));
        }
    }

    #[test]
    fn a_part_is_the_nearest_whole_number_and_parts_sum_up(amount in 0_i32..100_000, whole in 1_i64..400, some in 0_i64..400) {
        let some = some.min(whole);
        let (one, other) = (part(amount, some, whole), part(amount, whole - some, whole));
        let exact = f64::from(amount) * real(some) / real(whole);
        prop_assert!((f64::from(one) - exact).abs() <= 0.5);
        prop_assert!((one + other - amount).abs() <= 1);
    }

    /// Days are let in one by one while they fit: what was carried over is then never lost while
    /// somebody counts on it, and the balance never passes the limit.
    #[test]
    fn inv19_nothing_is_promised_beyond_the_floor_also_after_carry_over_expires(
        accrued in 0_i32..3000, carried_in in 0_i32..2000, limit in 0_i32..500,
        asked in prop::collection::vec((1_i32..700, any::<bool>()), 0..12),
    ) {
        let mut figures = Figures {
            accrued, carried_in, limit,
            carry_expires_on: NaiveDate::from_ymd_opt(2026, 4, 1),
            ..Figures::default()
        };
        let mut slow: BTreeMap<bool, i32> = BTreeMap::new();
        for (minutes, is_early) in asked {
            let (early, late) = if is_early { (minutes, 0) } else { (0, minutes) };
            if figures.fits(early, late) {
                figures = figures.with_days(0, minutes, early);
                *slow.entry(is_early).or_default() += minutes;
            }
        }
        let (early, late) = (slow.get(&true).copied().unwrap_or(0), slow.get(&false).copied().unwrap_or(0));
        let unused = (carried_in - early).max(0);
        let lost = figures.carry_lost();
        prop_assert!(lost <= unused);
        prop_assert!(accrued + carried_in - early - late - lost >= -limit);
        // Whatever was let in, all that nobody used is really lost, but for what the limit lent.
        prop_assert!(lost + limit >= unused || lost == unused, "{lost} of {unused}");
    }
}

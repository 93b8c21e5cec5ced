//! Periods and prices of memberships on local days: pure.

use chrono::{Datelike as _, Days, NaiveDate};

use foundation::money::split;

/// In which steps periods follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// `day`, `week`, `month` or `year`.
    pub interval: String,
    /// How many of them a period has.
    pub count: u32,
    /// The day of the month on which periods begin; in a shorter month its last day.
    pub anchor: u32,
}

/// From a first day to the first day after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub starts_on: NaiveDate,
    /// The first day after it.
    pub ends_on: NaiveDate,
}

impl Period {
    /// How many days it has.
    pub fn days(&self) -> u64 {
        u64::try_from((self.ends_on - self.starts_on).num_days()).unwrap_or(0)
    }

    /// How many of its days are left when this one begins, it included.
    pub fn left(&self, on: NaiveDate) -> u64 {
        let from = on.clamp(self.starts_on, self.ends_on);
        u64::try_from((self.ends_on - from).num_days()).unwrap_or(0)
    }

    /// What of a price falls on the days that are left: its parts sum up to the whole (0.3, rule 1).
    pub fn rest_of(&self, price: i64, on: NaiveDate) -> i64 {
        let left = self.left(on);
        split(price, &[self.days() - left, left])[1]
    }
}

fn month_of(index: i64, anchor: u32) -> Option<NaiveDate> {
    let year = i32::try_from(index.div_euclid(12)).ok()?;
    let month = u32::try_from(index.rem_euclid(12)).ok()? + 1;
    (1..=anchor)
        .rev()
        .find_map(|day| NaiveDate::from_ymd_opt(year, month, day))
}

fn index_of(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

impl Rhythm {
    fn months(&self) -> Option<i64> {
        match self.interval.as_str() {
            "month" => Some(i64::from(self.count)),
            "year" => Some(12 * i64::from(self.count)),
            _ => None,
        }
    }

    fn days(&self) -> u64 {
        let unit = if self.interval == "week" { 7 } else { 1 };
        unit * u64::from(self.count)
    }

    /// The first day after a period that begins on this day.
    pub fn end_after(&self, starts_on: NaiveDate) -> NaiveDate {
        let end = match self.months() {
            Some(months) => month_of(index_of(starts_on) + months, self.anchor),
            None => starts_on.checked_add_days(Days::new(self.days())),
        };
        end.unwrap_or(NaiveDate::MAX)
    }

    /// The period that begins on this day.
    pub fn from(&self, starts_on: NaiveDate) -> Period {
        Period {
            starts_on,
            ends_on: self.end_after(starts_on),
        }
    }

    /// The whole period that a member falls into who begins on this day: where the anchor is another
    /// day, it began before, and only its rest is paid.
    pub fn whole(&self, starts_on: NaiveDate) -> Period {
        let Some(months) = self.months() else {
            return self.from(starts_on);
        };
        let here = month_of(index_of(starts_on), self.anchor);
        if here == Some(starts_on) {
            return self.from(starts_on);
        }
        let ahead = i64::from(here.is_none_or(|anchor| anchor <= starts_on));
        let end = index_of(starts_on) + ahead;
        Period {
            starts_on: month_of(end - months, self.anchor).unwrap_or(starts_on),
            ends_on: month_of(end, self.anchor).unwrap_or(starts_on),
        }
    }
}

/// What a change of plan comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// From which day on the new plan holds.
    pub effective_on: NaiveDate,
    /// The period that runs then.
    pub period: Period,
    /// What of the old price falls on the days that are left, and is given back.
    pub unused_minor: i64,
    /// What is to be paid for the new plan in this period.
    pub due_minor: i64,
}

impl Change {
    /// What the member owes for it; less than nothing where the member gets something back.
    pub fn owed_minor(&self) -> i64 {
        self.due_minor - self.unused_minor
    }
}

/// What it comes to that a member goes over to another plan on a day, by the mode of the plan that is
/// left. The days of the whole period are the denominator, whatever part of it was run (E-31).
pub fn change(
    mode: &str,
    (current, old_price): (Period, i64),
    (rhythm, new_price): (&Rhythm, i64),
    on: NaiveDate,
) -> Change {
    match mode {
        "none" => {
            let period = rhythm.from(current.ends_on);
            Change {
                effective_on: current.ends_on,
                period,
                unused_minor: 0,
                due_minor: new_price,
            }
        }
        "full_period" => {
            let anchored = Rhythm {
                anchor: on.day(),
                ..rhythm.clone()
            };
            Change {
                effective_on: on,
                period: anchored.from(on),
                unused_minor: 0,
                due_minor: new_price,
            }
        }
        _ => {
            let whole = rhythm.from(current.starts_on).days().max(1);
            let left = current.left(on).min(whole);
            Change {
                effective_on: on,
                period: current,
                unused_minor: current.rest_of(old_price, on),
                due_minor: split(new_price, &[whole - left, left])[1],
            }
        }
    }
}

/// How many days of a time fall into a calendar year.
pub fn days_in_year(starts_on: NaiveDate, ends_on: NaiveDate, year: i32) -> i64 {
    let first = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX);
    let (from, until) = (starts_on.max(first(year)), ends_on.min(first(year + 1)));
    (until - from).num_days().max(0)
}

/// How much of what is left of a period's credits is carried over, where so much was carried before.
pub fn carried(mode: &str, cap: Option<i64>, left: i64, before: i64) -> i64 {
    match mode {
        "unlimited" => left,
        "capped" => left.min((cap.unwrap_or(0) - before).max(0)),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn monthly(anchor: u32) -> Rhythm {
        Rhythm {
            interval: "month".to_owned(),
            count: 1,
            anchor,
        }
    }

    #[test]
    fn e31_an_anchor_on_the_31st_comes_back_after_short_months() {
        let rhythm = monthly(31);
        let mut starts = vec![day("2027-12-31")];
        for _ in 0..5 {
            starts.push(rhythm.end_after(starts[starts.len() - 1]));
        }
        let wanted = [
            "2027-12-31",
            "2028-01-31",
            "2028-02-29",
            "2028-03-31",
            "2028-04-30",
            "2028-05-31",
        ];
        assert_eq!(starts, wanted.map(day));
        let yearly = Rhythm {
            interval: "year".to_owned(),
            ..monthly(29)
        };
        assert_eq!(yearly.end_after(day("2028-02-29")), day("2029-02-28"));
        assert_eq!(yearly.end_after(day("2031-02-28")), day("2032-02-29"));
    }

    #[test]
    fn e31_a_first_short_period_is_paid_by_the_days_of_the_whole_one() {
        let whole = monthly(1).whole(day("2026-02-15"));
        assert_eq!(
            (whole.starts_on, whole.ends_on),
            (day("2026-02-01"), day("2026-03-01"))
        );
        assert_eq!(whole.rest_of(2800, day("2026-02-15")), 1400);
        let whole = monthly(31).whole(day("2026-02-28"));
        assert_eq!(
            (whole.starts_on, whole.ends_on),
            (day("2026-02-28"), day("2026-03-31"))
        );
        let whole = monthly(20).whole(day("2026-03-10"));
        assert_eq!(
            (whole.starts_on, whole.ends_on),
            (day("2026-02-20"), day("2026-03-20"))
        );
    }

    #[test]
    fn a_leap_day_is_a_day_and_a_clock_change_is_none() {
        let leap = monthly(1).from(day("2028-02-01"));
        assert_eq!(leap.rest_of(2900, day("2028-02-29")), 100);
        // In Lisbon March 2026 has a day of 23 hours; it has 31 days.
        let march = monthly(1).from(day("2026-03-01"));
        assert_eq!(march.rest_of(3100, day("2026-03-29")), 300);
    }

    #[test]
    fn a_change_costs_what_its_mode_says() {
        let april = monthly(1).from(day("2026-04-01"));
        let to = |mode| change(mode, (april, 3000), (&monthly(1), 6000), day("2026-04-16"));
        assert_eq!(to("daily").owed_minor(), 1500);
        assert_eq!(
            (to("none").owed_minor(), to("none").effective_on),
            (6000, day("2026-05-01"))
        );
        assert_eq!(
            (
                to("full_period").owed_minor(),
                to("full_period").period.ends_on
            ),
            (6000, day("2026-05-16"))
        );
        let down = change(
            "daily",
            (april, 6000),
            (&monthly(1), 3000),
            day("2026-04-16"),
        );
        assert_eq!(down.owed_minor(), -1500);
    }

    proptest! {
        #[test]
        fn inv12_both_parts_of_a_price_are_the_whole(price in 0_i64..10_000_000, start in 0_u64..4000, anchor in 1_u32..=31, at in 0_u64..40) {
            let first = day("2024-01-01") + Days::new(start);
            let period = monthly(anchor).from(first);
            let on = (first + Days::new(at)).min(period.ends_on);
            let left = period.left(on);
            let parts = split(price, &[period.days() - left, left]);
            prop_assert_eq!(parts.iter().sum::<i64>(), price);
            prop_assert_eq!(period.rest_of(price, on), parts[1]);
            prop_assert_eq!(period.rest_of(price, period.starts_on), price);
            prop_assert_eq!(period.rest_of(price, period.ends_on), 0);
            // A day that ends in another day's change adds up: to go over to the same price costs nothing.
            prop_assert_eq!(change("daily", (period, price), (&monthly(anchor), price), on).owed_minor(), 0);
        }

        #[test]
        fn periods_follow_each_other_without_a_hole(start in 0_u64..4000, anchor in 1_u32..=31) {
            let mut day = day("2024-01-01") + Days::new(start);
            day = monthly(anchor).whole(day).ends_on;
            for _ in 0..30 {
                let next = monthly(anchor).end_after(day);
                let days = (next - day).num_days();
                prop_assert!((28..=31).contains(&days), "{day} to {next}");
                prop_assert_eq!(next.day(), anchor.min(last_of(next)));
                day = next;
            }
        }
    }

    fn last_of(day: NaiveDate) -> u32 {
        (28..=31)
            .rev()
            .find(|last| day.with_day(*last).is_some())
            .unwrap()
    }
}

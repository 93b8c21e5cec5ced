//! Calendars as they are drawn for the tests that hold quick answers against slow ones.

use chrono::{Days, NaiveDate, Weekday};
use chrono_tz::Tz;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::week::{
    Calendar, DayRange, Holiday, HolidayKind, Overlay, OverlayEffect, Rule, RuleEffect, Times,
};

/// A rule on some weekdays, every so many weeks; and the calendar that has it.
#[derive(Clone, Debug)]
pub(super) struct Weekly {
    pub(super) rule: Rule,
    pub(super) weekdays: Vec<Weekday>,
    pub(super) weeks: i64,
}

/// A calendar as it was drawn: what the slow way reads.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) calendar: Calendar,
    pub(super) rules: Vec<Weekly>,
    pub(super) overlays: Vec<(Overlay, Vec<Weekly>)>,
    pub(super) priority: i32,
}

fn times() -> impl Strategy<Value = Option<Times>> {
    let times = (0_u32..96, 0_u32..=96).prop_map(|(start, end)| Times {
        start: start * 900,
        end: if end <= start && end == 96 {
            0
        } else {
            end * 900
        },
        crosses_midnight: end <= start,
    });
    option::weighted(0.85, times)
}

/// Days around those that are asked for.
fn day_range() -> impl Strategy<Value = (Option<u64>, Option<u64>)> {
    (option::of(0_u64..6), option::of(6_u64..12))
}

fn range_from(base: NaiveDate, (first, end): (Option<u64>, Option<u64>)) -> DayRange {
    let day = |days| base - Days::new(4) + Days::new(days);
    DayRange {
        starts_on: first.map(day),
        ends_on: end.map(day),
    }
}

fn rule(base: NaiveDate) -> impl Strategy<Value = Weekly> {
    const NAMES: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let effect = proptest::sample::select(vec![
        RuleEffect::Open,
        RuleEffect::Open,
        RuleEffect::Open,
        RuleEffect::Closed,
        RuleEffect::Closed,
        RuleEffect::Blackout,
        RuleEffect::Surge,
    ]);
    (
        effect,
        0..3_i32,
        times(),
        day_range(),
        option::weighted(
            0.6,
            (
                proptest::sample::subsequence((0..7_usize).collect::<Vec<_>>(), 1..7),
                1..3_i64,
            ),
        ),
    )
        .prop_map(move |(effect, priority, times, days, weekly)| {
            let days = range_from(base, days);
            let (on, weeks) = weekly.clone().unwrap_or_default();
            let weeks = if days.starts_on.is_some() {
                weeks.max(1)
            } else {
                1
            };
            let names: Vec<&str> = on.iter().map(|day| NAMES[*day]).collect();
            let interval = if weeks > 1 {
                format!(";INTERVAL={weeks}")
            } else {
                String::new()
            };
            let recurrence =
                weekly.map(|_| format!("FREQ=WEEKLY{interval};BYDAY={}", names.join(",")));
            let weekdays = on
                .iter()
                .map(|day| Weekday::try_from(u8::try_from(*day).unwrap()).unwrap())
                .collect();
            Weekly {
                rule: Rule {
                    id: foundation::database::new_id(),
                    effect,
                    priority,
                    recurrence,
                    times,
                    days,
                    capacity_delta: 1,
                    price_rule_id: None,
                },
                weekdays,
                weeks,
            }
        })
}

fn calendar(zone: Tz, base: NaiveDate) -> impl Strategy<Value = Drawn> {
    let effect = proptest::sample::select(vec![
        OverlayEffect::Add,
        OverlayEffect::Remove,
        OverlayEffect::Replace,
    ]);
    let overlay = (effect, day_range(), vec(rule(base), 0..3));
    let overlay =
        overlay.prop_map(move |(effect, days, rules)| overlaid(base, effect, days, rules));
    let kind = proptest::sample::select(vec![
        HolidayKind::Full,
        HolidayKind::Morning,
        HolidayKind::Afternoon,
    ]);
    let holiday = option::weighted(0.3, (kind, 0_u64..4));
    (
        any::<bool>(),
        vec(rule(base), 0..4),
        vec(overlay, 0..3),
        holiday,
    )
        .prop_map(move |(is_open_by_default, rules, overlays, holiday)| {
            let numbered = overlays.into_iter().zip(0..);
            let overlays: Vec<(Overlay, Vec<Weekly>)> = numbered
                .map(|((overlay, rules), priority)| {
                    (
                        Overlay {
                            priority,
                            ..overlay
                        },
                        rules,
                    )
                })
                .collect();
            let holidays = holiday
                .into_iter()
                .map(|(kind, day)| Holiday {
                    id: foundation::database::new_id(),
                    on: base + Days::new(day),
                    kind,
                })
                .collect();
            Drawn {
                calendar: Calendar {
                    id: foundation::database::new_id(),
                    zone,
                    is_open_by_default,
                    rules: rules.iter().map(|weekly| weekly.rule.clone()).collect(),
                    overlays: overlays
                        .iter()
                        .map(|(overlay, _)| overlay.clone())
                        .collect(),
                    holidays,
                },
                rules,
                overlays,
                priority: 0,
            }
        })
}

/// An overlay with its rules, and those as they were drawn.
fn overlaid(
    base: NaiveDate,
    effect: OverlayEffect,
    days: (Option<u64>, Option<u64>),
    rules: Vec<Weekly>,
) -> (Overlay, Vec<Weekly>) {
    let overlay = Overlay {
        id: foundation::database::new_id(),
        effect,
        priority: 0,
        days: range_from(base, days),
        rules: rules.iter().map(|weekly| weekly.rule.clone()).collect(),
    };
    (overlay, rules)
}

/// Days on which the clocks of a zone change, and others.
fn places() -> impl Strategy<Value = (Tz, NaiveDate)> {
    proptest::sample::select(vec![
        (Tz::Europe__Lisbon, "2026-03-28"),
        (Tz::Europe__Lisbon, "2026-10-24"),
        (Tz::America__New_York, "2026-03-07"),
        (Tz::America__New_York, "2026-10-31"),
        (Tz::Australia__Lord_Howe, "2026-04-04"),
        (Tz::Australia__Lord_Howe, "2026-10-03"),
        (Tz::Pacific__Apia, "2011-12-29"),
        (Tz::America__Havana, "2025-11-01"),
        (Tz::America__Sao_Paulo, "2018-11-03"),
        (Tz::Asia__Kathmandu, "2026-06-10"),
        (Tz::Asia__Kuala_Lumpur, "2026-06-10"),
    ])
    .prop_map(|(zone, day)| (zone, day.parse().unwrap()))
}

/// Some calendars and a day near which they say something.
pub(super) fn drawn() -> impl Strategy<Value = (NaiveDate, Vec<Drawn>)> {
    places().prop_flat_map(|(zone, day)| (Just(day), vec(calendar(zone, day), 1..3)))
}

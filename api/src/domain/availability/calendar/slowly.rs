//! The same answers found minute by minute, from clocks on walls alone, and held against the quick
//! ones.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday,
};
use chrono_tz::Tz;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::super::rules::wall_time;
use super::hours::{Hours, recurrences};
use super::span::Span;
use super::week::{
    Binding, Calendar, DayRange, Holiday, HolidayKind, Overlay, OverlayEffect, Rule, RuleEffect,
    Times,
};

/// Every minute, with what the clocks of a zone show; some days more than are asked for.
struct Clock {
    /// When a time is shown first and last.
    shown: HashMap<NaiveDateTime, (DateTime<Utc>, DateTime<Utc>)>,
}

impl Clock {
    fn of(zone: Tz, range: Span) -> Self {
        let from = range.start - TimeDelta::days(4);
        let count = (range.length() + TimeDelta::days(8)).num_minutes();
        let mut shown = HashMap::new();
        for minute in 0..count {
            let at = from + TimeDelta::minutes(minute);
            let (_, last) = shown.entry(wall_time(zone, at)).or_insert((at, at));
            *last = at;
        }
        Self { shown }
    }

    /// The first minute that shows this time; where none does, the first that shows a later one.
    fn first(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let shown = self.shown.get(&local).map(|(first, _)| *first);
        shown.or_else(|| self.after_gap(local))
    }

    /// The last minute that shows this time; where none does, the first that shows a later one.
    fn last(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let shown = self.shown.get(&local).map(|(_, last)| *last);
        shown.or_else(|| self.after_gap(local))
    }

    fn after_gap(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        let later = self.shown.iter().filter(|(shown, _)| **shown > local);
        later.map(|(_, (first, _))| *first).min()
    }

    fn occurrence(&self, day: NaiveDate, times: Option<Times>) -> Option<Span> {
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN);
        let next = day.succ_opt()?;
        let at = |day, second: u32| midnight(day) + TimeDelta::seconds(second.into());
        let (start, end) = match times {
            None => (self.first(midnight(day))?, self.first(midnight(next))?),
            Some(times) => {
                let end = match times {
                    Times {
                        crosses_midnight: true,
                        end,
                        ..
                    } => self.last(at(next, end))?,
                    Times { end: 86_400, .. } => self.first(midnight(next))?,
                    Times { end, .. } => self.last(at(day, end))?,
                };
                (self.first(at(day, times.start))?, end)
            }
        };
        Some(Span::new(start, end)).filter(|span| !span.is_empty())
    }
}

/// A rule on some weekdays, every so many weeks; and the calendar that has it.
#[derive(Clone, Debug)]
struct Weekly {
    rule: Rule,
    weekdays: Vec<Weekday>,
    weeks: i64,
}

fn applies(rule: &Weekly, day: NaiveDate) -> bool {
    let monday = |day: NaiveDate| day - Days::new(day.weekday().num_days_from_monday().into());
    let since = rule
        .rule
        .days
        .starts_on
        .map_or(0, |first| (monday(day) - monday(first)).num_days() / 7);
    rule.rule.days.contains(day)
        && (rule.rule.recurrence.is_none()
            || (rule.weekdays.contains(&day.weekday()) && since % rule.weeks == 0))
}

/// A calendar as it was drawn: what the slow way reads.
#[derive(Clone, Debug)]
struct Drawn {
    calendar: Calendar,
    rules: Vec<Weekly>,
    overlays: Vec<(Overlay, Vec<Weekly>)>,
    priority: i32,
}

struct Slow<'a> {
    drawn: &'a Drawn,
    clock: Clock,
    days: Vec<NaiveDate>,
}

impl Slow<'_> {
    fn replaced(&self, day: NaiveDate, priority: Option<i32>) -> bool {
        self.drawn.overlays.iter().any(|(overlay, _)| {
            overlay.effect == OverlayEffect::Replace
                && overlay.days.contains(day)
                && priority.is_none_or(|own| overlay.priority > own)
        })
    }

    /// The effects that rules have, each over its times.
    fn spans(&self, rules: &[Weekly], overlay: Option<&Overlay>) -> Vec<(i32, RuleEffect, Span)> {
        let mut spans = Vec::new();
        for rule in rules {
            for day in &self.days {
                let holds = overlay.is_none_or(|overlay| overlay.days.contains(*day))
                    && (rule.rule.effect == RuleEffect::Blackout
                        || !self.replaced(*day, overlay.map(|overlay| overlay.priority)));
                if holds && applies(rule, *day) {
                    let span = self.clock.occurrence(*day, rule.rule.times);
                    spans.extend(span.map(|span| (rule.rule.priority, rule.rule.effect, span)));
                }
            }
        }
        spans
    }
}

/// What the highest of the rules over an instant says.
fn said(spans: &[(i32, RuleEffect, Span)], at: DateTime<Utc>) -> Option<bool> {
    let over = spans.iter().filter(|(_, effect, span)| {
        span.start <= at && at < span.end && matches!(effect, RuleEffect::Open | RuleEffect::Closed)
    });
    let highest =
        over.max_by_key(|(priority, effect, _)| (*priority, *effect == RuleEffect::Closed));
    highest.map(|(_, effect, _)| *effect == RuleEffect::Open)
}

fn blacked_out(spans: &[(i32, RuleEffect, Span)], at: DateTime<Utc>) -> bool {
    spans.iter().any(|(_, effect, span)| {
        *effect == RuleEffect::Blackout && span.start <= at && at < span.end
    })
}

/// What a calendar says, minute by minute.
fn slowly(drawn: &Drawn, range: Span) -> Vec<Option<bool>> {
    let clock = Clock::of(drawn.calendar.zone, range);
    let first = range.start.date_naive() - Days::new(3);
    let days = first
        .iter_days()
        .take(usize::try_from(range.length().num_days()).unwrap() + 7)
        .collect();
    let slow = Slow { drawn, clock, days };
    let own = slow.spans(&drawn.rules, None);
    let mut overlays: Vec<_> = drawn
        .overlays
        .iter()
        .map(|(overlay, rules)| (overlay, rules, slow.spans(rules, Some(overlay))))
        .collect();
    overlays.sort_by_key(|(overlay, ..)| -overlay.priority);
    let on_day = |overlay: &Overlay, at| {
        let day = wall_time(drawn.calendar.zone, at).date();
        overlay.days.contains(day) && !slow.replaced(day, Some(overlay.priority))
    };
    let minute = |at: DateTime<Utc>| {
        let shown = wall_time(drawn.calendar.zone, at);
        if blacked_out(&own, at) || overlays.iter().any(|(_, _, spans)| blacked_out(spans, at)) {
            return Some(false);
        }
        let is_holiday = drawn.calendar.holidays.iter().any(|holiday| {
            let noon = slow.clock.first(holiday.on.and_hms_opt(12, 0, 0).unwrap());
            shown.date() == holiday.on
                && match holiday.kind {
                    HolidayKind::Full => true,
                    HolidayKind::Morning => noon.is_some_and(|noon| at < noon),
                    HolidayKind::Afternoon => noon.is_some_and(|noon| at >= noon),
                }
        });
        if is_holiday {
            return Some(false);
        }
        for (overlay, rules, spans) in &overlays {
            let whole = rules.is_empty() && on_day(overlay, at);
            let covered = spans.iter().any(|(_, effect, span)| {
                matches!(effect, RuleEffect::Open | RuleEffect::Closed)
                    && span.start <= at
                    && at < span.end
            });
            match overlay.effect {
                OverlayEffect::Add if whole || said(spans, at) == Some(true) => return Some(true),
                OverlayEffect::Remove if whole || covered => return Some(false),
                OverlayEffect::Replace if covered => return said(spans, at),
                _ => {}
            }
        }
        said(&own, at).or((!drawn.calendar.is_open_by_default).then_some(false))
    };
    (0..range.length().num_minutes())
        .map(|passed| minute(range.start + TimeDelta::minutes(passed)))
        .collect()
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
                    id: crate::database::new_id(),
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
            let overlays: Vec<(Overlay, Vec<Weekly>)> = overlays
                .into_iter()
                .zip(0..)
                .map(|((effect, days, rules), priority)| {
                    let own = rules.iter().map(|weekly| weekly.rule.clone()).collect();
                    (
                        Overlay {
                            id: crate::database::new_id(),
                            effect,
                            priority,
                            days: range_from(base, days),
                            rules: own,
                        },
                        rules,
                    )
                })
                .collect();
            let holidays = holiday
                .into_iter()
                .map(|(kind, day)| Holiday {
                    id: crate::database::new_id(),
                    on: base + Days::new(day),
                    kind,
                })
                .collect();
            Drawn {
                calendar: Calendar {
                    id: crate::database::new_id(),
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

fn drawn() -> impl Strategy<Value = (NaiveDate, Vec<Drawn>)> {
    places().prop_flat_map(|(zone, day)| (Just(day), vec(calendar(zone, day), 1..3)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn hours_are_those_found_minute_by_minute((day, mut calendars) in drawn()) {
        let range = Span::new(day.and_time(NaiveTime::MIN).and_utc(), (day + Days::new(4)).and_time(NaiveTime::MIN).and_utc());
        for (drawn, priority) in calendars.iter_mut().zip(0..) {
            drawn.priority = priority;
        }
        let bindings: Vec<Binding> = calendars.iter().map(|drawn| Binding { calendar: Arc::new(drawn.calendar.clone()), priority: drawn.priority, starts_at: None, ends_at: None }).collect();
        let hours = Hours::of(&bindings, range, &mut recurrences(&range));
        let slow: Vec<Vec<Option<bool>>> = calendars.iter().rev().map(|drawn| slowly(drawn, range)).collect();
        for minute in 0..range.length().num_minutes() {
            let at = range.start + TimeDelta::minutes(minute);
            let expected = slow.iter().find_map(|answers| answers[usize::try_from(minute).unwrap()]).unwrap_or(true);
            let quick = hours.is_open(&Span::new(at, at + TimeDelta::minutes(1)));
            prop_assert_eq!(quick, expected, "at {}", at);
        }
    }

    #[test]
    fn what_is_in_the_way_is_all_that_is((day, calendars) in drawn(), start in 0_i64..4_000, length in 15_i64..400) {
        let range = Span::new(day.and_time(NaiveTime::MIN).and_utc(), (day + Days::new(4)).and_time(NaiveTime::MIN).and_utc());
        let bindings: Vec<Binding> = calendars.iter().zip(0..).map(|(drawn, priority)| Binding { calendar: Arc::new(drawn.calendar.clone()), priority, starts_at: None, ends_at: None }).collect();
        let hours = Hours::of(&bindings, range, &mut recurrences(&range));
        let start = range.start + TimeDelta::minutes(start);
        let wanted = Span::new(start, start + TimeDelta::minutes(length));
        prop_assert_eq!(hours.is_open(&wanted), hours.in_the_way(wanted).is_empty());
        prop_assert_eq!(hours.is_open(&wanted), hours.closed(&wanted).is_empty());
    }
}

//! The same answers found minute by minute, from clocks on walls alone, and held against the quick
//! ones.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::super::rules::wall_time;
use super::drawn::{Drawn, Weekly, drawn};
use super::hours::{Hours, recurrences};
use super::span::Span;
use super::week::{Binding, HolidayKind, Overlay, OverlayEffect, RuleEffect, Times};

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

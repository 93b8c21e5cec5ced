//! How promised time is counted: by the open minutes of a calendar, and not while a clock stands still.

use chrono::{DateTime, TimeDelta, Utc};

use scheduling::availability::calendar::span::Span;

/// When so much open time has passed since an instant; none where there is not that much. The open
/// times are in order, and none overlap.
pub fn due(open: &[Span], from: DateTime<Utc>, length: TimeDelta) -> Option<DateTime<Utc>> {
    let mut left = length;
    for span in open {
        let start = span.start.max(from);
        if start >= span.end {
            continue;
        }
        let room = span.end - start;
        if room >= left {
            return Some(start + left);
        }
        left -= room;
    }
    None
}

/// How much open time lies between two instants.
pub fn counted(open: &[Span], from: DateTime<Utc>, until: DateTime<Utc>) -> TimeDelta {
    let wanted = Span::new(from, until);
    open.iter()
        .map(|span| span.within(&wanted))
        .filter(|span| !span.is_empty())
        .fold(TimeDelta::zero(), |sum, span| sum + span.length())
}

/// Where a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Time is passing.
    Running,
    /// Time stands still, since this instant.
    Paused(DateTime<Utc>),
    /// It is past its target, and what was promised is still not done.
    Late,
    /// Nothing happens to it any more.
    Over,
}

/// What happens to a clock when what it measures moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Nothing.
    Stay,
    /// The promise was kept.
    Meet,
    /// It stood still; the promise was kept.
    MeetPaused,
    /// Time was up before, and nobody had noted it; it goes on until what was promised is done.
    Breach,
    /// Time was up before, and what was promised is done now.
    BreachAndStop,
    /// The breach was noted; what was promised is done now.
    Stop,
    /// Time stands still from now on.
    Pause,
    /// Time passes again.
    Resume,
}

/// What happens to a clock whose subject has moved: whether what was promised is done, and whether
/// time stands still where the subject now is.
pub fn moved(
    state: State,
    target: DateTime<Utc>,
    now: DateTime<Utc>,
    is_done: bool,
    stands_still: bool,
) -> Move {
    match (state, is_done, stands_still) {
        (State::Late, true, _) => Move::Stop,
        (State::Running, true, _) if now > target => Move::BreachAndStop,
        (State::Running, true, _) => Move::Meet,
        (State::Running, false, _) if now >= target => Move::Breach,
        (State::Running, false, true) => Move::Pause,
        (State::Paused(_), true, _) => Move::MeetPaused,
        (State::Paused(_), false, false) => Move::Resume,
        (State::Over, ..)
        | (State::Late | State::Running, false, _)
        | (State::Paused(_), false, true) => Move::Stay,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::{Datelike as _, NaiveDate, NaiveDateTime, TimeZone as _};
    use chrono_tz::Tz;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use scheduling::availability::calendar::hours::{Hours, recurrences};
    use scheduling::availability::calendar::week::{
        Binding, Calendar, DayRange, Rule, RuleEffect, Times,
    };

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn span(start: &str, end: &str) -> Span {
        Span::new(at(start), at(end))
    }

    #[test]
    fn closed_time_does_not_count() {
        let open = [
            span("2026-03-02T09:00:00Z", "2026-03-02T17:00:00Z"),
            span("2026-03-03T09:00:00Z", "2026-03-03T17:00:00Z"),
        ];
        let from = at("2026-03-02T16:30:00Z");
        let hour = TimeDelta::hours(1);
        assert_eq!(due(&open, from, hour), Some(at("2026-03-03T09:30:00Z")));
        // What is due when it closes is due then, not when it opens again.
        assert_eq!(
            due(&open, from, TimeDelta::minutes(30)),
            Some(at("2026-03-02T17:00:00Z"))
        );
        assert_eq!(due(&open, from, TimeDelta::hours(9)), None);
        assert_eq!(counted(&open, from, at("2026-03-03T09:30:00Z")), hour);
    }

    #[test]
    fn every_state_has_its_move() {
        let (before, target, after) = (
            at("2026-03-02T09:00:00Z"),
            at("2026-03-02T10:00:00Z"),
            at("2026-03-02T11:00:00Z"),
        );
        let paused = State::Paused(before);
        for (state, now, is_done, stands_still, expected) in [
            (State::Running, before, true, false, Move::Meet),
            (State::Running, target, true, false, Move::Meet),
            (State::Running, after, true, true, Move::BreachAndStop),
            (State::Running, after, false, true, Move::Breach),
            (State::Running, before, false, true, Move::Pause),
            (State::Running, before, false, false, Move::Stay),
            (paused, after, false, true, Move::Stay),
            (paused, after, false, false, Move::Resume),
            (paused, after, true, false, Move::MeetPaused),
            (State::Late, after, true, false, Move::Stop),
            (State::Late, after, false, true, Move::Stay),
            (State::Over, after, true, true, Move::Stay),
        ] {
            let found = moved(state, target, now, is_done, stands_still);
            assert_eq!(found, expected, "{state:?} at {now}");
        }
    }

    const ZONES: [Tz; 4] = [
        Tz::UTC,
        Tz::America__New_York,
        Tz::Europe__Lisbon,
        Tz::Australia__Lord_Howe,
    ];

    /// Opening hours on weekdays, as a calendar.
    fn calendar(zone: Tz, from: u32, until: u32) -> Binding {
        let rule = Rule {
            id: Uuid::nil(),
            effect: RuleEffect::Open,
            priority: 0,
            recurrence: Some("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU".to_owned()),
            times: Some(Times {
                start: from * 60,
                end: until * 60,
                crosses_midnight: false,
            }),
            days: DayRange::default(),
            capacity_delta: 0,
            price_rule_id: None,
        };
        let calendar = Calendar {
            id: Uuid::nil(),
            zone,
            is_open_by_default: false,
            rules: vec![rule],
            overlays: Vec::new(),
            holidays: Vec::new(),
        };
        Binding {
            calendar: Arc::new(calendar),
            priority: 0,
            starts_at: None,
            ends_at: None,
        }
    }

    /// The minutes of a time that are open, found by asking the clocks of the zone minute by minute: a
    /// day is open from the first minute at which they show the start (or later) to the last at which
    /// they show less than the end.
    fn slowly(zone: Tz, range: &Span, from: u32, until: u32) -> Vec<DateTime<Utc>> {
        let midnight = |day: NaiveDate| day.and_hms_opt(0, 0, 0).unwrap();
        let clock = |day: NaiveDate, minute: u32| -> NaiveDateTime {
            midnight(day) + TimeDelta::minutes(minute.into())
        };
        let mut by_day: std::collections::BTreeMap<NaiveDate, Vec<DateTime<Utc>>> =
            std::collections::BTreeMap::new();
        let mut minute = range.start - TimeDelta::days(2);
        while minute < range.end + TimeDelta::days(2) {
            let day = zone.from_utc_datetime(&minute.naive_utc()).date_naive();
            by_day.entry(day).or_default().push(minute);
            minute += TimeDelta::minutes(1);
        }
        let mut open = Vec::new();
        for (day, minutes) in by_day {
            let shows = |at: &DateTime<Utc>| zone.from_utc_datetime(&at.naive_utc()).naive_local();
            let first = minutes.iter().find(|at| shows(at) >= clock(day, from));
            let last = minutes.iter().rfind(|at| shows(at) < clock(day, until));
            let (Some(first), Some(last)) = (first, last) else {
                continue;
            };
            open.extend(minutes.iter().filter(|at| *at >= first && *at <= last));
        }
        open.retain(|at| *at >= range.start && *at < range.end);
        open
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        /// Days around both changes of the clocks are among those tried.
        #[test]
        fn due_and_counted_agree_with_counting_minutes(
            zone in 0..ZONES.len(),
            spring in any::<bool>(),
            day in 0_i64..12,
            minute in 0_i64..1440,
            hours in (0_u32..1380, 30_u32..600),
            target in 1_i64..2400,
            pause in (0_i64..3000, 1_i64..3000),
        ) {
            let zone = ZONES[zone];
            let start = if spring { at("2026-03-01T00:00:00Z") } else { at("2026-10-20T00:00:00Z") };
            let now = start + TimeDelta::days(day + 2) + TimeDelta::minutes(minute);
            prop_assert!(now.year() == 2026);
            let range = Span::new(now, now + TimeDelta::days(12));
            let (from, until) = (hours.0, (hours.0 + hours.1).min(1440));
            let binding = calendar(zone, from, until);
            let open = Hours::of(&[binding], range, &mut recurrences(&range)).open;
            let minutes = slowly(zone, &range, from, until);

            let length = TimeDelta::minutes(target);
            let slow = minutes.get(usize::try_from(target - 1).unwrap()).map(|at| *at + TimeDelta::minutes(1));
            prop_assert_eq!(due(&open, now, length), slow);
            if let Some(end) = slow {
                prop_assert_eq!(counted(&open, now, end), length);
            }

            // A pause moves the target on by what of the promise was left when it began.
            let paused_at = now + TimeDelta::minutes(pause.0);
            let resumed_at = paused_at + TimeDelta::minutes(pause.1);
            if let Some(end) = slow.filter(|end| *end > paused_at) {
                let left = counted(&open, paused_at, end);
                let passed = minutes.iter().filter(|at| **at < paused_at).count();
                prop_assert_eq!(left, length - TimeDelta::minutes(i64::try_from(passed).unwrap()));
                let after: Vec<_> = minutes.iter().filter(|at| **at >= resumed_at).collect();
                let slow = after.get(usize::try_from(left.num_minutes() - 1).unwrap()).map(|at| **at + TimeDelta::minutes(1));
                prop_assert_eq!(due(&open, resumed_at, left), slow);
            }
        }
    }
}

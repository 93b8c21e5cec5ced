//! When a series takes place, and which of its times can be had. Pure: values in, values out.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use crate::booking::moves::Window;
use scheduling::availability::calendar::recurrence::{Recurrences, Unreadable};
use scheduling::availability::rules::{Edge, instant_of};

/// How many times one series has at most.
pub const MOST_TIMES: usize = 366;
/// Over how many days it reaches at most.
const REACH: i64 = 3_660;

/// Why a rule makes no series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoSeries {
    /// It cannot be read.
    Unreadable(String),
    /// It has no time at all.
    Empty,
    /// It has more times than a series may have.
    TooMany,
}

/// The local days of a rule from a day on, until a day (which is not included) or so many of them.
pub fn days(
    rule: &str,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    count: Option<usize>,
    zone: Tz,
) -> Result<Vec<NaiveDate>, NoSeries> {
    if count.is_some_and(|count| count > MOST_TIMES) {
        return Err(NoSeries::TooMany);
    }
    let last = ends_on
        .and_then(|day| day.pred_opt())
        .unwrap_or(starts_on + TimeDelta::days(REACH));
    let last = last.min(starts_on + TimeDelta::days(REACH));
    let found = Recurrences::between(starts_on, last)
        .days(rule, Some(starts_on), zone)
        .map_err(|Unreadable(told)| NoSeries::Unreadable(told))?;
    let days: Vec<NaiveDate> = found
        .iter()
        .copied()
        .take(count.unwrap_or(usize::MAX))
        .collect();
    match days.len() {
        0 => Err(NoSeries::Empty),
        len if len > MOST_TIMES => Err(NoSeries::TooMany),
        _ => Ok(days),
    }
}

/// The window of a day: it begins when clocks of the zone show that time, also when they were
/// changed in between, and lasts so many minutes.
pub fn window(zone: Tz, day: NaiveDate, start: NaiveTime, minutes: i32) -> Window {
    let starts_at = instant_of(zone, day.and_time(start), Edge::Start);
    (starts_at, starts_at + TimeDelta::minutes(minutes.into()))
}

/// Whether two windows have an instant in common.
pub fn overlap(one: Window, other: Window) -> bool {
    one.0 < other.1 && other.0 < one.1
}

/// Which of these windows, in their order, are free of what is busy and of those before them; of
/// those alone that can be had at all, which is told of each by its place in the order.
pub fn free(busy: &[Window], wanted: &[Window], can_be_had: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut taken: Vec<Window> = busy.to_vec();
    let each = wanted.iter().enumerate().map(|(index, window)| {
        let mut others = taken.iter();
        let is_free = can_be_had(index) && !others.any(|other| overlap(*window, *other));
        if is_free {
            taken.push(*window);
        }
        is_free
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    use super::*;

    const LISBON: Tz = Tz::Europe__Lisbon;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn e08_a_series_keeps_its_wall_clock_time_when_clocks_change() {
        let days = days("FREQ=WEEKLY", day("2026-03-22"), None, Some(3), LISBON).unwrap();
        let starts: Vec<String> = days
            .iter()
            .map(|day| {
                window(LISBON, *day, "10:00:00".parse().unwrap(), 60)
                    .0
                    .to_rfc3339()
            })
            .collect();
        assert_eq!(
            starts,
            [
                "2026-03-22T10:00:00+00:00",
                "2026-03-29T09:00:00+00:00",
                "2026-04-05T09:00:00+00:00"
            ]
        );
        // A time that clocks skip begins when they jump, and lasts as long as ever.
        let skipped = window(LISBON, day("2026-03-29"), "01:30:00".parse().unwrap(), 60);
        assert_eq!(skipped.0.to_rfc3339(), "2026-03-29T01:00:00+00:00");
        assert_eq!((skipped.1 - skipped.0).num_minutes(), 60);
    }

    #[test]
    fn a_series_is_bounded() {
        let of = |rule: &str, until: Option<&str>, count| {
            days(rule, day("2026-01-01"), until.map(day), count, LISBON).map(|days| days.len())
        };
        assert_eq!(of("FREQ=DAILY", None, Some(366)), Ok(366));
        assert_eq!(of("FREQ=DAILY", None, Some(367)), Err(NoSeries::TooMany));
        assert_eq!(of("FREQ=DAILY", None, Some(10_000)), Err(NoSeries::TooMany));
        assert_eq!(of("FREQ=DAILY", None, None), Err(NoSeries::TooMany));
        assert_eq!(of("FREQ=DAILY", Some("2026-01-11"), None), Ok(10));
        assert_eq!(
            of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", None, Some(3)),
            Err(NoSeries::Empty)
        );
        assert!(matches!(
            of("FREQ=YEARLY;BYMONTH=13", None, Some(1)),
            Err(NoSeries::Unreadable(_))
        ));
    }

    proptest! {
        #[test]
        fn what_is_free_overlaps_nothing(
            busy in prop::collection::vec((0_i64..200, 1_i64..20), 0..12), wanted in prop::collection::vec((0_i64..200, 1_i64..20), 0..12),
        ) {
            let start: DateTime<Utc> = "2026-05-04T00:00:00Z".parse().unwrap();
            let windows = |pairs: Vec<(i64, i64)>| -> Vec<Window> {
                pairs.iter().map(|(from, length)| (start + TimeDelta::minutes(*from), start + TimeDelta::minutes(from + length))).collect()
            };
            let (busy, wanted) = (windows(busy), windows(wanted));
            let free = free(&busy, &wanted, |_| true);
            let kept: Vec<Window> = wanted.iter().zip(&free).filter(|(_, free)| **free).map(|(window, _)| *window).collect();
            for (index, one) in kept.iter().enumerate() {
                prop_assert!(!busy.iter().chain(&kept[index + 1..]).any(|other| overlap(*one, *other)));
            }
        }
    }
}

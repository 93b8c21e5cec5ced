//! Which slots a plan of a week makes, and which nights a time takes away: pure.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::availability::rules::{Edge, business_date, instant_of, local_day};

/// Times of a day at which slots are made, by the clocks of the location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The weekdays, 1 for Monday to 7 for Sunday; none means all.
    pub weekdays: Vec<u32>,
    /// When the first slot begins.
    pub from: NaiveTime,
    /// When the last slot has ended; at or before `from`, on the next day.
    pub until: NaiveTime,
    /// How many minutes after one slot the next begins; none makes one slot of it all.
    pub every_minutes: Option<i64>,
    /// How long a slot lasts; as long as to the next, if none.
    pub length_minutes: Option<i64>,
}

/// A slot to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewSlot {
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The business day it counts for.
    pub business_date: NaiveDate,
}

/// The slots of these days, in order and each once. Local times are resolved first, and slots are
/// stepped in absolute time between, so that a repeated hour has its slots twice and a skipped one
/// has none (domain.md 0.4). No more than `most` and one, so that the caller sees that it is too many.
pub fn slots(
    zone: Tz,
    cutoff: NaiveTime,
    (from_on, until_on): (NaiveDate, NaiveDate),
    openings: &[Opening],
    most: usize,
) -> Vec<NewSlot> {
    let mut slots = Vec::new();
    for day in from_on.iter_days().take_while(|day| *day < until_on) {
        let weekday = day.weekday().number_from_monday();
        for opening in openings {
            if !opening.weekdays.is_empty() && !opening.weekdays.contains(&weekday) {
                continue;
            }
            for (starts_at, ends_at) in opening.on(zone, day) {
                slots.push(NewSlot {
                    starts_at,
                    ends_at,
                    business_date: business_date(zone, cutoff, starts_at),
                });
                if slots.len() > most {
                    return slots;
                }
            }
        }
    }
    slots.sort_unstable();
    slots.dedup_by_key(|slot| (slot.starts_at, slot.ends_at));
    slots
}

impl Opening {
    fn on(&self, zone: Tz, day: NaiveDate) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let last_day = if self.until > self.from {
            day
        } else {
            day.succ_opt().unwrap_or(day)
        };
        let start = instant_of(zone, day.and_time(self.from), Edge::Start);
        let end = instant_of(zone, last_day.and_time(self.until), Edge::End);
        let Some(step) = self.every_minutes.map(TimeDelta::minutes) else {
            return if end > start {
                vec![(start, end)]
            } else {
                Vec::new()
            };
        };
        let length = self.length_minutes.map_or(step, TimeDelta::minutes);
        let mut slots = Vec::new();
        let mut at = start;
        while step > TimeDelta::zero() && at + length <= end {
            slots.push((at, at + length));
            at += step;
        }
        slots
    }
}

/// The nights that guests cannot spend where something is blocked from one instant to another: those
/// whose time from check-in to check-out it touches.
pub fn nights_touched(
    zone: Tz,
    (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
    check_in: NaiveTime,
    check_out: NaiveTime,
) -> Vec<NaiveDate> {
    let first = local_day(zone, starts_at).pred_opt();
    let days = first.into_iter().flat_map(|day| day.iter_days());
    let last = local_day(zone, ends_at);
    days.take_while(|day| *day <= last)
        .filter(|day| {
            let morning = day.succ_opt().unwrap_or(*day).and_time(check_out);
            let stay = (
                instant_of(zone, day.and_time(check_in), Edge::Start),
                instant_of(zone, morning, Edge::End),
            );
            starts_at < stay.1 && ends_at > stay.0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn time(text: &str) -> NaiveTime {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn opening(from: &str, until: &str, every: Option<i64>) -> Opening {
        Opening {
            weekdays: Vec::new(),
            from: time(from),
            until: time(until),
            every_minutes: every,
            length_minutes: None,
        }
    }

    fn made(zone: Tz, on: &str, openings: &[Opening]) -> Vec<NewSlot> {
        let on = day(on);
        slots(
            zone,
            NaiveTime::MIN,
            (on, on.succ_opt().unwrap()),
            openings,
            1000,
        )
    }

    #[test]
    fn e08_a_repeated_hour_has_its_slots_twice_and_a_skipped_one_none() {
        let night = [opening("00:00:00", "04:00:00", Some(60))];
        let usual = made(Tz::America__New_York, "2026-06-01", &night);
        assert_eq!(usual.len(), 4);
        assert_eq!(made(Tz::America__New_York, "2026-11-01", &night).len(), 5);
        assert_eq!(made(Tz::America__New_York, "2026-03-08", &night).len(), 3);
        // Lord Howe moves its clocks by half an hour.
        assert_eq!(
            made(Tz::Australia__Lord_Howe, "2026-10-04", &night).len(),
            3
        );
        let half = [opening("00:00:00", "04:00:00", Some(30))];
        assert_eq!(made(Tz::Australia__Lord_Howe, "2026-10-04", &half).len(), 7);
        assert_eq!(made(Tz::Australia__Lord_Howe, "2026-04-05", &half).len(), 9);
    }

    #[test]
    fn an_evening_beyond_midnight_ends_on_the_next_day_and_counts_for_its_business_day() {
        let bar = [opening("22:00:00", "02:00:00", None)];
        let on = day("2026-05-01");
        let slots = slots(
            Tz::Europe__Lisbon,
            time("04:00:00"),
            (on, day("2026-05-02")),
            &bar,
            10,
        );
        assert_eq!(slots.len(), 1);
        assert_eq!((slots[0].ends_at - slots[0].starts_at).num_hours(), 4);
        assert_eq!(slots[0].business_date, on);
    }

    #[test]
    fn only_the_weekdays_that_were_named_have_slots() {
        let monday = Opening {
            weekdays: vec![1],
            ..opening("09:00:00", "12:00:00", Some(60))
        };
        let days = (day("2026-06-01"), day("2026-06-15"));
        let slots = slots(Tz::UTC, NaiveTime::MIN, days, &[monday], 1000);
        assert_eq!(slots.len(), 6);
    }

    #[test]
    fn a_block_takes_the_nights_that_it_touches() {
        let touched = |from: &str, until: &str| {
            let span = (from.parse().unwrap(), until.parse().unwrap());
            nights_touched(Tz::UTC, span, time("15:00:00"), time("11:00:00"))
        };
        assert_eq!(touched("2026-06-01T11:00:00Z", "2026-06-01T15:00:00Z"), []);
        assert_eq!(
            touched("2026-06-01T10:59:00Z", "2026-06-01T15:00:00Z"),
            [day("2026-05-31")]
        );
        assert_eq!(
            touched("2026-06-01T12:00:00Z", "2026-06-03T11:00:00Z"),
            [day("2026-06-01"), day("2026-06-02")]
        );
    }

    proptest! {
        #[test]
        fn slots_tile_their_opening_without_overlap(minutes in 5_i64..240, from in 0_u32..20, length in 1_u32..4, year_day in 1_u32..366, zone in 0_usize..596) {
            let zone = chrono_tz::TZ_VARIANTS[zone % chrono_tz::TZ_VARIANTS.len()];
            let on = NaiveDate::from_yo_opt(2026, year_day.min(365)).unwrap();
            let opening = Opening {
                weekdays: Vec::new(),
                from: NaiveTime::from_hms_opt(from, 0, 0).unwrap(),
                until: NaiveTime::from_hms_opt(from + length, 0, 0).unwrap(),
                every_minutes: Some(minutes),
                length_minutes: None,
            };
            let slots = slots(zone, NaiveTime::MIN, (on, on.succ_opt().unwrap()), std::slice::from_ref(&opening), 1000);
            let start = instant_of(zone, on.and_time(opening.from), Edge::Start);
            let end = instant_of(zone, on.and_time(opening.until), Edge::End);
            for pair in slots.windows(2) {
                prop_assert_eq!(pair[0].ends_at, pair[1].starts_at);
            }
            if let (Some(first), Some(last)) = (slots.first(), slots.last()) {
                prop_assert_eq!(first.starts_at, start);
                prop_assert!(last.ends_at <= end && end - last.ends_at < TimeDelta::minutes(minutes));
            } else {
                prop_assert!(end - start < TimeDelta::minutes(minutes));
            }
        }
    }
}

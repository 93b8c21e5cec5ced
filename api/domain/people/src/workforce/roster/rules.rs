//! What rosters come to: pure functions over days, clocks and spans.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use scheduling::availability::rules::{Edge, instant_of, wall_time};

/// How long people rest between two shifts where a tenant says nothing: eleven hours, as the
/// European Union's directive on working time has it.
pub const REST_MINUTES: i64 = 11 * 60;

/// When a shift begins and ends that is planned by the clocks on the wall. An end that is not after
/// the start lies on the next day; a night on which clocks are changed is shorter or longer.
pub fn planned(
    zone: Tz,
    day: NaiveDate,
    starts_at: NaiveTime,
    ends_at: NaiveTime,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let last = if ends_at <= starts_at {
        day.checked_add_days(Days::new(1)).unwrap_or(day)
    } else {
        day
    };
    (
        instant_of(zone, day.and_time(starts_at), Edge::Start),
        instant_of(zone, last.and_time(ends_at), Edge::End),
    )
}

/// The same shift so many days later, by the clocks on the wall.
pub fn moved(
    zone: Tz,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    days: i64,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let shifted = |at| {
        let wall = wall_time(zone, at);
        wall.checked_add_signed(TimeDelta::days(days))
            .unwrap_or(wall)
    };
    (
        instant_of(zone, shifted(starts_at), Edge::Start),
        instant_of(zone, shifted(ends_at), Edge::End),
    )
}

/// Which week of a cycle a day belongs to, from 1; cycles are counted back and forth from a Monday
/// on which a first week began.
pub fn week_of_cycle(cycle_starts_on: NaiveDate, weeks: i16, day: NaiveDate) -> i16 {
    let passed = (day - cycle_starts_on).num_days().div_euclid(7);
    let week = passed.rem_euclid(i64::from(weeks.max(1)));
    i16::try_from(week).map_or(1, |week| week + 1)
}

/// A time that somebody is planned to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The shift.
    pub id: Uuid,
    /// Who works.
    pub staff_id: Uuid,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// Too short a rest between two shifts of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortRest {
    /// Whose.
    pub staff_id: Uuid,
    /// The shift before it.
    pub before: Uuid,
    /// The shift after it.
    pub after: Uuid,
    /// How many minutes it has.
    pub minutes: i64,
}

/// Where people rest less than they should between two shifts, of those of which one is in
/// question.
pub fn short_rests(
    mut shifts: Vec<Planned>,
    rest_minutes: i64,
    is_in_question: impl Fn(Uuid) -> bool,
) -> Vec<ShortRest> {
    shifts.sort_by_key(|shift| (shift.staff_id, shift.starts_at, shift.id));
    let pairs = shifts.windows(2).filter_map(|pair| match pair {
        [before, after] if before.staff_id == after.staff_id => Some((before, after)),
        _ => None,
    });
    pairs
        .filter(|(before, after)| is_in_question(before.id) || is_in_question(after.id))
        .filter_map(|(before, after)| {
            let minutes = (after.starts_at - before.ends_at).num_minutes();
            (minutes < rest_minutes).then_some(ShortRest {
                staff_id: before.staff_id,
                before: before.id,
                after: after.id,
                minutes,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn time(text: &str) -> NaiveTime {
        text.parse().unwrap()
    }

    fn hours(on: &str, from: &str, to: &str) -> i64 {
        let (starts_at, ends_at) = planned(Tz::Europe__Lisbon, day(on), time(from), time(to));
        (ends_at - starts_at).num_minutes()
    }

    #[test]
    fn a_night_shift_loses_an_hour_in_spring_and_gains_one_in_autumn() {
        assert_eq!(hours("2026-03-21", "23:00:00", "07:00:00"), 480);
        assert_eq!(hours("2026-03-28", "23:00:00", "07:00:00"), 420);
        assert_eq!(hours("2026-10-24", "23:00:00", "07:00:00"), 540);
        assert_eq!(
            hours("2026-10-25", "01:00:00", "02:00:00"),
            120,
            "the hour that comes twice"
        );
        assert_eq!(hours("2026-06-01", "00:00:00", "00:00:00"), 1440);
    }

    #[test]
    fn a_cycle_is_counted_back_and_forth() {
        let first = day("2024-01-01");
        for (on, week) in [
            ("2024-01-01", 1),
            ("2024-01-07", 1),
            ("2024-01-08", 2),
            ("2024-01-15", 1),
        ] {
            assert_eq!(week_of_cycle(first, 2, day(on)), week, "{on}");
        }
        assert_eq!(week_of_cycle(first, 2, day("2023-12-31")), 2);
        assert_eq!(week_of_cycle(first, 3, day("2023-12-20")), 2);
    }

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).unwrap()
    }

    proptest! {
        #[test]
        fn a_copied_week_shows_the_same_clocks(start in 0_i64..500_000, length in 15_i64..1000, weeks in -60_i64..60) {
            let zone = Tz::Europe__Lisbon;
            let begin = 1_750_000_000 / 60 + start;
            let (starts_at, ends_at) = (at(begin), at(begin + length));
            let (to_start, to_end) = moved(zone, starts_at, ends_at, weeks * 7);
            let wanted = wall_time(zone, starts_at) + TimeDelta::days(weeks * 7);
            // Only a time that clocks skip is another, and then a later one.
            prop_assert!(wall_time(zone, to_start) >= wanted);
            prop_assert!((wall_time(zone, to_start) - wanted) <= TimeDelta::hours(1));
            prop_assert!((to_end - to_start - (ends_at - starts_at)).num_minutes().abs() <= 120);
        }

        #[test]
        fn rests_are_told_where_a_slow_look_sees_them(
            starts in proptest::collection::btree_set(0_i64..100, 1..12), people in 1_u128..4, rest in 1_i64..900,
        ) {
            let shifts: Vec<Planned> = starts.iter().enumerate().map(|(index, start)| Planned {
                id: Uuid::from_u128(index as u128),
                staff_id: Uuid::from_u128(index as u128 % people),
                starts_at: at(start * 60),
                ends_at: at(start * 60 + 45),
            }).collect();
            let told = short_rests(shifts.clone(), rest, |_| true);
            let mut slowly = 0;
            for one in &shifts {
                let next = shifts.iter().filter(|o| o.staff_id == one.staff_id && o.starts_at > one.starts_at).min_by_key(|o| o.starts_at);
                if next.is_some_and(|next| next.starts_at < one.ends_at + TimeDelta::minutes(rest)) {
                    slowly += 1;
                }
            }
            prop_assert_eq!(told.len(), slowly);
            prop_assert!(short_rests(shifts, rest, |_| false).is_empty());
        }
    }
}

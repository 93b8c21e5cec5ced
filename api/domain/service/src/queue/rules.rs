//! What a queue's order and its promises come to: pure functions.

use chrono::{DateTime, TimeDelta, Utc};

/// How a queue orders who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fairness {
    /// As they came.
    Fifo,
    /// By priority, which is worth so many minutes of waiting a band.
    PriorityAged,
    /// Who has an appointment before who has none, in a fixed ratio.
    AppointmentFirst,
}

impl Fairness {
    /// By its name in the database.
    pub fn of(name: &str) -> Self {
        match name {
            "priority_aged" => Self::PriorityAged,
            "appointment_first" => Self::AppointmentFirst,
            _ => Self::Fifo,
        }
    }
}

/// What the order goes by: the time of joining, less the head start of the band. It does not change
/// while one waits, so who comes later than the greatest head start overtakes nobody.
pub fn effective_priority(
    fairness: Fairness,
    joined_at: DateTime<Utc>,
    band: i16,
    aging_minutes: i32,
) -> DateTime<Utc> {
    match fairness {
        Fairness::Fifo | Fairness::AppointmentFirst => joined_at,
        Fairness::PriorityAged => {
            joined_at - TimeDelta::minutes(i64::from(band) * i64::from(aging_minutes))
        }
    }
}

/// Where somebody comes into a line: a time between those of their neighbours. The line is ascending;
/// place 0 is its head.
pub fn time_of_place(line: &[DateTime<Utc>], place: usize, now: DateTime<Utc>) -> DateTime<Utc> {
    let before = place
        .min(line.len())
        .checked_sub(1)
        .map(|index| line[index]);
    let behind = line.get(place).copied();
    match (before, behind) {
        (None, None) => now,
        (None, Some(behind)) => behind - TimeDelta::seconds(1),
        (Some(before), None) => (before + TimeDelta::microseconds(1)).max(now),
        (Some(before), Some(behind)) => before + (behind - before) / 2,
    }
}

/// How long somebody waits: in half of the cases at most, and in nine of ten at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// In half of the cases, in seconds.
    pub p50: i32,
    /// In nine of ten cases, in seconds.
    pub p90: i32,
}

/// What is known of how long serving takes.
#[derive(Clone, Copy, Debug)]
pub struct Observed {
    /// How often it was seen.
    pub count: i64,
    /// The mean, in seconds.
    pub mean: f64,
    /// The standard deviation, in seconds.
    pub deviation: f64,
}

/// How many observations are worth more than what the queue's settings say.
const ENOUGH: i64 = 5;
/// The nine-of-ten quantile of a normal distribution.
const NINE_OF_TEN: f64 = 1.2816;

/// How long it takes until so many before one (those being served included) have been served at so
/// many desks. Times of service add up; their spread adds up by its squares.
pub fn estimate(ahead: i64, desks: i64, observed: Observed, usual_minutes: i32) -> Estimate {
    let usual = f64::from(usual_minutes) * 60.0;
    let (mean, deviation) = if observed.count >= ENOUGH {
        (observed.mean, observed.deviation)
    } else {
        (usual, usual / 2.0)
    };
    #[expect(clippy::cast_precision_loss, reason = "a line is short")]
    let (ahead, desks) = (ahead.max(0) as f64, desks.max(1) as f64);
    let middle = ahead * mean / desks;
    let high = middle + NINE_OF_TEN * deviation * ahead.sqrt() / desks;
    #[expect(clippy::cast_possible_truncation, reason = "clamped to what fits")]
    let seconds = |value: f64| value.round().clamp(0.0, 1e9) as i32;
    let p50 = seconds(middle);
    Estimate {
        p50,
        p90: seconds(high).max(p50),
    }
}

/// Whether somebody who did not come so often is taken off.
pub fn is_removed(no_shows: i32, most: i32) -> bool {
    no_shows > most
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    proptest! {
        /// E-71: whoever comes later than the greatest head start overtakes nobody.
        #[test]
        fn e71_inv22_overtaking_is_bounded(joined in 0_i64..100_000, later in 0_i64..100_000, band in 0_i16..=9, other in 0_i16..=9, aging in 1_i32..60) {
            let first = effective_priority(Fairness::PriorityAged, at(joined), band, aging);
            let second = effective_priority(Fairness::PriorityAged, at(joined + later), other, aging);
            if later > 9 * i64::from(aging) * 60 {
                prop_assert!(first < second);
            }
        }

        #[test]
        fn a_place_is_between_its_neighbours(steps in prop::collection::vec(1_i64..1_000, 1..20), place in 0_usize..25) {
            let mut sum = 0;
            let line: Vec<_> = steps.iter().map(|step| { sum += step; at(sum) }).collect();
            let time = time_of_place(&line, place, at(0));
            let before = line.iter().filter(|other| **other < time).count();
            prop_assert_eq!(before, place.min(line.len()));
        }

        #[test]
        fn who_is_behind_waits_no_less(ahead in 0_i64..500, desks in 1_i64..20, mean in 1.0_f64..4_000.0, deviation in 0.0_f64..2_000.0) {
            let observed = Observed { count: 50, mean, deviation };
            let (one, next) = (estimate(ahead, desks, observed, 10), estimate(ahead + 1, desks, observed, 10));
            prop_assert!(one.p50 <= next.p50 && one.p90 <= next.p90 && one.p50 <= one.p90);
        }
    }

    #[test]
    fn settings_count_until_enough_was_seen() {
        let few = Observed {
            count: 4,
            mean: 1.0,
            deviation: 0.0,
        };
        assert_eq!(estimate(2, 1, few, 10).p50, 1_200);
        let many = Observed { count: 5, ..few };
        assert_eq!(estimate(2, 1, many, 10), Estimate { p50: 2, p90: 2 });
        assert_eq!(estimate(0, 3, many, 10), Estimate::default());
    }
}

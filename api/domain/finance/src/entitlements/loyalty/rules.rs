//! Points, tiers and what points are worth: pure.

use chrono::{Datelike as _, Months, NaiveDate, Weekday};
use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};
use uuid::Uuid;

/// How points are earned.
#[derive(Clone, Debug)]
pub struct Earning {
    /// How many points for each amount.
    pub points: i32,
    /// That amount, in minor units.
    pub per_minor: i64,
    /// `down`, `nearest` or `up`.
    pub rounding: String,
    /// By what the member's tier multiplies them.
    pub multiplier: Decimal,
    /// Days of the week on which they count double.
    pub double_days: Vec<Weekday>,
}

impl Earning {
    /// The points for what was spent on a day: rounded once, at the end.
    pub fn points(&self, spent_minor: i64, on: NaiveDate) -> i64 {
        if self.per_minor <= 0 || spent_minor <= 0 {
            return 0;
        }
        let days = if self.double_days.contains(&on.weekday()) {
            2
        } else {
            1
        };
        let exact = Decimal::from(spent_minor)
            * Decimal::from(self.points)
            * self.multiplier
            * Decimal::from(days)
            / Decimal::from(self.per_minor);
        let how = match self.rounding.as_str() {
            "up" => RoundingStrategy::AwayFromZero,
            "nearest" => RoundingStrategy::MidpointNearestEven,
            _ => RoundingStrategy::ToZero,
        };
        exact.round_dp_with_strategy(0, how).to_i64().unwrap_or(0)
    }
}

/// The days of the week that a programme's rules name.
pub fn double_days(rules: &serde_json::Value) -> Vec<Weekday> {
    let named = rules["double_weekdays"].as_array();
    named
        .into_iter()
        .flatten()
        .filter_map(|day| day.as_str()?.parse().ok())
        .collect()
}

/// What points are worth: what a part of the worth of a whole lot would be is not given.
pub fn worth(points: i64, burn_points: i32, burn_value_minor: i64) -> i64 {
    let worth = i128::from(points) * i128::from(burn_value_minor) / i128::from(burn_points.max(1));
    i64::try_from(worth).unwrap_or(0)
}

/// A tier: its id, and how many points lead to it.
pub type Tier = (Uuid, i64);

/// The highest tier that so many points lead to.
pub fn tier_of(tiers: &[Tier], points: i64) -> Option<Tier> {
    let reached = tiers.iter().filter(|(_, threshold)| *threshold <= points);
    reached.max_by_key(|(_, threshold)| *threshold).copied()
}

/// From which day on points count towards a tier; none means from the beginning.
pub fn counts_from(period: &str, today: NaiveDate) -> Option<NaiveDate> {
    match period {
        "calendar_year" => NaiveDate::from_ymd_opt(today.year(), 1, 1),
        "rolling_12_months" => today.checked_sub_months(Months::new(12)),
        _ => None,
    }
}

/// The first day on which a tier that was given today is judged anew; none means it stays.
pub fn judged_on(period: &str, today: NaiveDate) -> Option<NaiveDate> {
    match period {
        "calendar_year" => NaiveDate::from_ymd_opt(today.year() + 1, 1, 1),
        "rolling_12_months" => today.checked_add_months(Months::new(12)),
        _ => None,
    }
}

/// The days by whose points a tier is judged on a day: the year before it.
pub fn judged_by(period: &str, on: NaiveDate) -> (Option<NaiveDate>, NaiveDate) {
    let before = on.pred_opt().unwrap_or(on);
    match period {
        "calendar_year" => (
            counts_from(period, before),
            counts_from(period, on).unwrap_or(on),
        ),
        _ => (counts_from(period, on), on.succ_opt().unwrap_or(on)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn earning(rounding: &str, multiplier: &str) -> Earning {
        Earning {
            points: 1,
            per_minor: 100,
            rounding: rounding.to_owned(),
            multiplier: multiplier.parse().unwrap(),
            double_days: double_days(
                &serde_json::json!({ "double_weekdays": ["monday", "nonsense"] }),
            ),
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn points_are_rounded_once_and_double_on_their_days() {
        let (monday, tuesday) = (day("2026-11-23"), day("2026-11-24"));
        assert_eq!(earning("down", "1").points(1999, tuesday), 19);
        assert_eq!(earning("up", "1").points(1901, tuesday), 20);
        assert_eq!(earning("nearest", "1").points(1850, tuesday), 18);
        assert_eq!(earning("nearest", "1").points(1950, tuesday), 20);
        assert_eq!(earning("down", "1.5").points(1999, tuesday), 29);
        assert_eq!(earning("down", "1.5").points(1999, monday), 59);
        assert_eq!(earning("down", "1").points(-5, monday), 0);
    }

    #[test]
    fn a_tier_is_the_highest_that_was_reached() {
        let tiers = [
            (Uuid::from_u128(2), 500),
            (Uuid::from_u128(1), 0),
            (Uuid::from_u128(3), 1000),
        ];
        assert_eq!(tier_of(&tiers, 999), Some(tiers[0]));
        assert_eq!(tier_of(&tiers, 1000), Some(tiers[2]));
        assert_eq!(tier_of(&tiers[..1], 499), None);
    }

    #[test]
    fn a_year_is_judged_when_it_is_over() {
        let new_year = day("2027-01-01");
        assert_eq!(
            judged_by("calendar_year", new_year),
            (Some(day("2026-01-01")), new_year)
        );
        assert_eq!(
            judged_on("calendar_year", day("2026-11-21")),
            Some(new_year)
        );
        assert_eq!(
            counts_from("rolling_12_months", day("2028-02-29")),
            Some(day("2027-02-28"))
        );
        assert_eq!(judged_on("lifetime", new_year), None);
    }

    #[test]
    fn points_are_never_worth_more_than_their_lots() {
        assert_eq!(worth(250, 200, 250), 312);
        assert_eq!(worth(1, 200, 100), 0);
    }
}

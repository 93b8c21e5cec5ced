//! Strategies: what moves the price of a night, one after the other, each within its floor and
//! ceiling.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;
use serde::Deserialize;
use uuid::Uuid;

use super::refusal::Ruled;
use super::rounding::times;

/// A rule that moves prices.
#[derive(Clone, Debug)]
pub struct Strategy {
    /// Its row.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// `seasonal`, `occupancy`, `lead_time`, `weekday` or `competitor`.
    pub kind: String,
    /// Its steps.
    pub parameters: Parameters,
    /// The rate plan it moves; none means all.
    pub rate_plan_id: Option<Uuid>,
    /// The unit type it moves; none means all.
    pub unit_type_id: Option<Uuid>,
    /// The least after it, in minor units.
    pub floor_minor: Option<i64>,
    /// The most after it, in minor units.
    pub ceiling_minor: Option<i64>,
    /// The currency of floor and ceiling.
    pub currency: Option<String>,
    /// First night.
    pub starts_on: Option<NaiveDate>,
    /// Night after the last.
    pub ends_on: Option<NaiveDate>,
}

/// The parameters of all kinds; each reads its own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Parameters {
    /// Of seasonal: by how much, in hundredths of a percent.
    pub change_bps: i32,
    /// Of occupancy and lead time: the steps.
    pub steps: Vec<StepOf>,
    /// Of weekday: by ISO day, Monday `"1"` to Sunday `"7"`.
    pub days: BTreeMap<String, i32>,
    /// Of competitor: the market's price of a night, in minor units.
    pub market_minor: Option<i64>,
    /// Of competitor: how far above or below the market.
    pub position_bps: i32,
}

/// A step of an occupancy or lead time strategy.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepOf {
    /// Of occupancy: from how full on.
    pub occupancy_bps: Option<i32>,
    /// Of lead time: up to how many days ahead.
    pub days: Option<i64>,
    /// By how much, in hundredths of a percent.
    pub change_bps: i32,
}

/// What strategies look at.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// The night.
    pub on: NaiveDate,
    /// How full the unit type is that night, in hundredths of a percent.
    pub occupancy_bps: i32,
    /// How many days ahead it is booked.
    pub lead_days: i64,
}

/// One part in ten thousand.
pub fn bps(change: i32) -> Decimal {
    Decimal::new(i64::from(change), 4)
}

impl Strategy {
    /// Whether it moves this night of a plan and unit type.
    pub fn concerns(&self, plan: Option<Uuid>, unit_type: Uuid, on: NaiveDate) -> bool {
        self.rate_plan_id == plan
            && self.unit_type_id.is_none_or(|id| id == unit_type)
            && self.starts_on.is_none_or(|day| day <= on)
            && self.ends_on.is_none_or(|day| day > on)
    }

    /// The price of a night after it, in exact minor units. Floor and ceiling hold for prices of
    /// their own currency.
    pub fn applied(&self, before: Decimal, currency: &str, at: &Circumstances) -> Ruled<Decimal> {
        let moved = self.moved(before, at)?;
        if self.currency.as_deref().is_some_and(|own| own != currency) {
            return Ok(moved);
        }
        let raised = self
            .floor_minor
            .map_or(moved, |floor| moved.max(Decimal::from(floor)));
        Ok(self
            .ceiling_minor
            .map_or(raised, |ceiling| raised.min(Decimal::from(ceiling))))
    }

    fn moved(&self, before: Decimal, at: &Circumstances) -> Ruled<Decimal> {
        let by = |change: i32| times(before, Decimal::ONE + bps(change.max(-10_000)));
        match self.kind.as_str() {
            "seasonal" => by(self.parameters.change_bps),
            "weekday" => {
                let day = at.on.weekday().number_from_monday().to_string();
                by(self.parameters.days.get(&day).copied().unwrap_or(0))
            }
            "occupancy" => {
                let reached = self.parameters.steps.iter().filter(|step| {
                    step.occupancy_bps
                        .is_some_and(|from| from <= at.occupancy_bps)
                });
                let highest = reached.max_by_key(|step| step.occupancy_bps);
                by(highest.map_or(0, |step| step.change_bps))
            }
            "lead_time" => {
                let near = self
                    .parameters
                    .steps
                    .iter()
                    .filter(|step| step.days.is_some_and(|up_to| at.lead_days <= up_to));
                let nearest = near.min_by_key(|step| step.days);
                by(nearest.map_or(0, |step| step.change_bps))
            }
            // What competitors ask is entered as a parameter: nothing here looks at their sites.
            "competitor" => match self.parameters.market_minor {
                Some(market) => {
                    let position = Decimal::ONE + bps(self.parameters.position_bps);
                    Ok(before.min(times(Decimal::from(market), position)?))
                }
                None => Ok(before),
            },
            _ => Ok(before),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{Strategy, *};

    fn strategy(kind: &str, parameters: serde_json::Value) -> Strategy {
        Strategy {
            id: Uuid::nil(),
            name: kind.to_owned(),
            kind: kind.to_owned(),
            parameters: serde_json::from_value(parameters).unwrap(),
            rate_plan_id: None,
            unit_type_id: None,
            floor_minor: None,
            ceiling_minor: None,
            currency: None,
            starts_on: None,
            ends_on: None,
        }
    }

    fn at(day: &str, occupancy_bps: i32, lead_days: i64) -> Circumstances {
        Circumstances {
            on: day.parse().unwrap(),
            occupancy_bps,
            lead_days,
        }
    }

    fn price(strategy: &Strategy, at: &Circumstances) -> String {
        let after = strategy.applied(Decimal::from(10_000), "EUR", at).unwrap();
        after.normalize().to_string()
    }

    #[test]
    fn the_highest_step_that_is_reached_counts() {
        let steps = json!({"steps": [{"occupancy_bps": 9000, "change_bps": 1800}, {"occupancy_bps": 7000, "change_bps": 800}]});
        let fill = strategy("occupancy", steps);
        assert_eq!(price(&fill, &at("2027-01-04", 6999, 30)), "10000");
        assert_eq!(price(&fill, &at("2027-01-04", 7000, 30)), "10800");
        assert_eq!(price(&fill, &at("2027-01-04", 9500, 30)), "11800");
    }

    #[test]
    fn the_nearest_step_of_lead_time_counts() {
        let steps =
            json!({"steps": [{"days": 7, "change_bps": -300}, {"days": 2, "change_bps": -700}]});
        let late = strategy("lead_time", steps);
        assert_eq!(price(&late, &at("2027-01-04", 0, 2)), "9300");
        assert_eq!(price(&late, &at("2027-01-04", 0, 3)), "9700");
        assert_eq!(price(&late, &at("2027-01-04", 0, 8)), "10000");
    }

    #[test]
    fn weekdays_seasons_and_the_market_move_prices() {
        let weekend = strategy("weekday", json!({"days": {"5": 2000, "6": 2000}}));
        assert_eq!(price(&weekend, &at("2027-01-01", 0, 0)), "12000");
        assert_eq!(price(&weekend, &at("2027-01-03", 0, 0)), "10000");
        let season = strategy("seasonal", json!({"change_bps": -2550}));
        assert_eq!(price(&season, &at("2027-01-03", 0, 0)), "7450");
        let market = strategy(
            "competitor",
            json!({"market_minor": 9000, "position_bps": -200}),
        );
        assert_eq!(price(&market, &at("2027-01-03", 0, 0)), "8820");
        let unknown = strategy("competitor", json!({"set": ["Vila"], "position_bps": -200}));
        assert_eq!(price(&unknown, &at("2027-01-03", 0, 0)), "10000");
    }

    proptest! {
        #[test]
        fn floor_and_ceiling_hold_whatever_moves_the_price(
            before in 0_i64..1_000_000, change in -20_000..20_000, floor in 0_i64..500_000, above in 0_i64..500_000,
        ) {
            let mut season = strategy("seasonal", json!({"change_bps": change}));
            season.floor_minor = Some(floor);
            season.ceiling_minor = Some(floor + above);
            let after = season.applied(Decimal::from(before), "EUR", &at("2027-01-03", 0, 0)).unwrap();
            prop_assert!(Decimal::from(floor) <= after && after <= Decimal::from(floor + above));
        }
    }
}

//! What cancelling costs, and not coming: by the policy that an order was booked under, as it was
//! then, and by the clocks of the location. Pure: values in, values out.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use foundation::money::fraction_of;
use scheduling::availability::rules::{Edge, hours_before, instant_of, local_day};

/// How a fee is reckoned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// No fee.
    #[default]
    None,
    /// A fixed amount.
    Amount,
    /// A part of the total.
    Percent,
    /// The price of the first night, hour or other unit.
    FirstUnit,
}

/// One step of a cancellation policy, as an order keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// The step.
    pub id: Uuid,
    /// From how many hours before the start on it counts.
    pub hours_before_start: i32,
    /// Where given, it counts from this local time on, whole days before the start.
    pub local_cutoff_time: Option<NaiveTime>,
    /// How its fee is reckoned.
    pub fee_kind: FeeKind,
    /// The fee, where it is a fixed amount.
    pub fee_minor: Option<i64>,
    /// The fee in hundredths of a percent, where it is a part of the total.
    pub fee_bps: Option<i32>,
    /// The currency of a fixed fee.
    pub currency: Option<String>,
}

/// A cancellation policy, as an order keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How the fee of a customer who does not come is reckoned.
    #[serde(default)]
    pub no_show_fee_kind: FeeKind,
    /// That fee, where it is a fixed amount.
    pub no_show_fee_minor: Option<i64>,
    /// That fee in hundredths of a percent, where it is a part of the total.
    pub no_show_fee_bps: Option<i32>,
    /// The currency of a fixed no-show fee.
    pub currency: Option<String>,
    /// Its steps.
    #[serde(default)]
    pub tiers: Vec<Tier>,
}

/// What fees are parts of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// What the order costs.
    pub total_minor: i64,
    /// What its first night or other unit costs.
    pub first_unit_minor: i64,
}

impl Policy {
    /// The currencies of its fixed fees.
    pub fn currencies(&self) -> impl Iterator<Item = &str> {
        let tiers = self.tiers.iter().map(|tier| &tier.currency);
        tiers.chain([&self.currency]).filter_map(Option::as_deref)
    }

    /// The step that a cancellation falls under: of those whose cut-off has passed, the one nearest
    /// to the start. None where it is free.
    pub fn tier_at(&self, zone: Tz, starts_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<&Tier> {
        let passed = self
            .tiers
            .iter()
            .map(|tier| (tier.cutoff(zone, starts_at), tier));
        let passed = passed.filter(|(cutoff, _)| *cutoff <= now);
        passed
            .max_by_key(|(cutoff, tier)| (*cutoff, -tier.hours_before_start))
            .map(|(_, tier)| tier)
    }

    /// What a customer owes who does not come.
    pub fn no_show_fee(&self, price: Price) -> i64 {
        fee(
            self.no_show_fee_kind,
            self.no_show_fee_minor,
            self.no_show_fee_bps,
            price,
        )
    }
}

impl Tier {
    /// The instant from which on its fee is owed, by the clocks of the location.
    pub fn cutoff(&self, zone: Tz, starts_at: DateTime<Utc>) -> DateTime<Utc> {
        let Some(time) = self.local_cutoff_time else {
            return hours_before(zone, starts_at, self.hours_before_start);
        };
        let days = TimeDelta::days(i64::from(self.hours_before_start) / 24);
        let day = local_day(zone, starts_at).checked_sub_signed(days);
        day.map_or(DateTime::UNIX_EPOCH, |day| {
            instant_of(zone, day.and_time(time), Edge::End)
        })
    }

    /// What it costs.
    pub fn fee(&self, price: Price) -> i64 {
        fee(self.fee_kind, self.fee_minor, self.fee_bps, price)
    }
}

/// Never more than the order costs.
fn fee(kind: FeeKind, minor: Option<i64>, bps: Option<i32>, price: Price) -> i64 {
    let fee = match kind {
        FeeKind::None => 0,
        FeeKind::Amount => minor.unwrap_or(0),
        FeeKind::Percent => {
            fraction_of(price.total_minor, Decimal::new(bps.unwrap_or(0).into(), 4))
        }
        FeeKind::FirstUnit => price.first_unit_minor,
    };
    fee.clamp(0, price.total_minor.max(0))
}

/// What a customer gets back who has paid so much and owes a fee.
pub fn refund_due(paid_minor: i64, fee_minor: i64) -> i64 {
    (paid_minor - fee_minor).max(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PRICE: Price = Price {
        total_minor: 30_001,
        first_unit_minor: 9_000,
    };

    fn tier(
        hours: i32,
        cutoff: Option<&str>,
        kind: FeeKind,
        minor: Option<i64>,
        bps: Option<i32>,
    ) -> Tier {
        Tier {
            id: Uuid::from_u128(u128::from(hours.unsigned_abs())),
            hours_before_start: hours,
            local_cutoff_time: cutoff.map(|time| time.parse().unwrap()),
            fee_kind: kind,
            fee_minor: minor,
            fee_bps: bps,
            currency: None,
        }
    }

    fn policy() -> Policy {
        let tiers = vec![
            tier(168, None, FeeKind::Percent, None, Some(1_000)),
            tier(24, Some("18:00:00"), FeeKind::FirstUnit, None, None),
            tier(0, None, FeeKind::Percent, None, Some(10_000)),
        ];
        Policy {
            tiers,
            no_show_fee_kind: FeeKind::Amount,
            no_show_fee_minor: Some(50_000),
            ..Policy::default()
        }
    }

    #[test]
    fn the_tier_is_chosen_by_the_locations_clock() {
        // Clocks go forward in the night before the start at 15:00 in Lisbon.
        let starts_at = "2026-03-29T14:00:00Z".parse().unwrap();
        let hours = |now: &str| {
            let policy = policy();
            policy
                .tier_at(Tz::Europe__Lisbon, starts_at, now.parse().unwrap())
                .map(|tier| tier.hours_before_start)
        };
        assert_eq!(hours("2026-03-22T14:59:59Z"), None);
        assert_eq!(hours("2026-03-22T15:00:00Z"), Some(168));
        assert_eq!(hours("2026-03-28T17:59:59Z"), Some(168));
        assert_eq!(hours("2026-03-28T18:00:00Z"), Some(24));
        assert_eq!(hours("2026-03-29T13:59:59Z"), Some(24));
        assert_eq!(hours("2026-03-29T14:00:00Z"), Some(0));
    }

    #[test]
    fn a_fee_is_never_more_than_the_price() {
        assert_eq!(policy().tiers[0].fee(PRICE), 3_000);
        assert_eq!(policy().tiers[1].fee(PRICE), 9_000);
        assert_eq!(policy().tiers[2].fee(PRICE), 30_001);
        assert_eq!(policy().no_show_fee(PRICE), 30_001);
        assert_eq!(refund_due(10_000, 3_000), 7_000);
        assert_eq!(refund_due(1_000, 3_000), 0);
    }

    #[test]
    fn a_policy_survives_its_snapshot() {
        let text = serde_json::to_string(&policy()).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy());
    }

    proptest! {
        #[test]
        fn later_is_never_cheaper_than_free_and_fees_stay_within(now in -2_000_i64..2_000, total in 0_i64..1_000_000) {
            let starts_at: DateTime<Utc> = "2026-03-29T14:00:00Z".parse().unwrap();
            let now = starts_at + TimeDelta::hours(now);
            let price = Price { total_minor: total, first_unit_minor: total / 2 };
            let policy = policy();
            let fee = policy.tier_at(Tz::Europe__Lisbon, starts_at, now).map_or(0, |tier| tier.fee(price));
            prop_assert!((0..=total).contains(&fee));
            prop_assert!(refund_due(total, fee) == total - fee);
        }
    }
}

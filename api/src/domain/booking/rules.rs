//! What decides about bookings: which moves a status allows, how nights are priced, what a
//! cancellation costs. Pure: values in, values out.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::availability::rules::{Edge, hours_before, instant_of, local_day, wall_time};
use crate::money::fraction_of;

/// A change of an order's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// It becomes firm.
    Confirm,
    /// The customer comes, or the service begins.
    CheckIn,
    /// The customer leaves, or the service ends.
    CheckOut,
    /// It is called off.
    Cancel,
    /// The customer did not come.
    MarkNoShow,
}

impl Move {
    /// The statuses that it may start from.
    pub fn from(self) -> &'static [&'static str] {
        match self {
            Self::Confirm => &["held", "pending_approval"],
            Self::CheckIn | Self::MarkNoShow => &["confirmed"],
            Self::CheckOut => &["in_progress"],
            Self::Cancel => &["draft", "held", "pending_approval", "confirmed"],
        }
    }

    /// The status that it leads to.
    pub fn to(self) -> &'static str {
        match self {
            Self::Confirm => "confirmed",
            Self::CheckIn => "in_progress",
            Self::CheckOut => "completed",
            Self::Cancel => "cancelled",
            Self::MarkNoShow => "no_show",
        }
    }

    /// Whether a booking of this status may make it.
    pub fn is_allowed(self, status: &str) -> bool {
        self.from().contains(&status)
    }

    /// Why a booking of this status may not make it.
    pub fn refusal(self, status: &str) -> String {
        let done = match self {
            Self::Confirm => "confirmed",
            Self::CheckIn => "checked in",
            Self::CheckOut => "checked out",
            Self::Cancel => "cancelled",
            Self::MarkNoShow => "marked as no-show",
        };
        let from: Vec<String> = self.from().iter().map(|status| words(status)).collect();
        format!(
            "The booking is {}; only one that is {} can be {done}.",
            words(status),
            from.join(" or ")
        )
    }
}

fn words(status: &str) -> String {
    status.replace('_', " ")
}

/// What one night costs for one unit, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The local day on whose evening the night begins.
    pub on: NaiveDate,
    /// The price.
    pub minor: i64,
}

/// Consecutive nights that cost the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first night.
    pub starts_on: NaiveDate,
    /// The first day after the last night.
    pub ends_on: NaiveDate,
    /// What one of them costs for one unit, in minor units.
    pub rate_minor: i64,
    /// What they cost together, in minor units.
    pub subtotal_minor: i64,
}

/// Consecutive nights and their rates as runs of equal rates. None where the sum is beyond 64 bits.
pub fn periods(rates: &[Rate], units: i64) -> Option<Vec<Period>> {
    let mut periods: Vec<Period> = Vec::new();
    for rate in rates {
        let ends_on = rate.on.succ_opt()?;
        let price = rate.minor.checked_mul(units)?;
        match periods.last_mut() {
            Some(last) if last.rate_minor == rate.minor && last.ends_on == rate.on => {
                last.ends_on = ends_on;
                last.subtotal_minor = last.subtotal_minor.checked_add(price)?;
            }
            _ => periods.push(Period {
                starts_on: rate.on,
                ends_on,
                rate_minor: rate.minor,
                subtotal_minor: price,
            }),
        }
    }
    total(&periods)?;
    Some(periods)
}

/// What periods cost together. None where the sum is beyond 64 bits.
pub fn total(periods: &[Period]) -> Option<i64> {
    periods
        .iter()
        .try_fold(0_i64, |sum, period| sum.checked_add(period.subtotal_minor))
}

/// An amount in major units, such as 89.50.
pub fn major(minor: i64, exponent: u32) -> Decimal {
    Decimal::new(minor, exponent)
}

/// The average price of one of so many units, in major units with six decimal digits.
pub fn unit_price(total_minor: i64, quantity: i64, exponent: u32) -> Decimal {
    let price = major(total_minor, exponent).checked_div(Decimal::from(quantity));
    price
        .unwrap_or_default()
        .round_dp_with_strategy(6, RoundingStrategy::MidpointNearestEven)
}

/// The day of departure and the end of a stay whose guest leaves at `at`, where that is before the
/// day agreed. The first night counts whenever the guest leaves; the local time of the end stays.
pub fn shortened(
    zone: Tz,
    (check_in_on, check_out_on): (NaiveDate, NaiveDate),
    ends_at: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Option<(NaiveDate, DateTime<Utc>)> {
    let day = local_day(zone, at).max(check_in_on.succ_opt()?);
    let end = instant_of(
        zone,
        day.and_time(wall_time(zone, ends_at).time()),
        Edge::End,
    );
    (day < check_out_on).then_some((day, end))
}

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
    fn every_move_is_legal_and_every_legal_move_of_these_statuses_is_known() {
        let sql = include_str!("../../../../migration/sql/12_booking.sql");
        for step in [
            Move::Confirm,
            Move::CheckIn,
            Move::CheckOut,
            Move::Cancel,
            Move::MarkNoShow,
        ] {
            for from in step.from() {
                let row = format!("('booking_order', '{from}', '{}',", step.to());
                assert!(sql.contains(&row), "{row}");
            }
        }
        let cancelled = sql
            .lines()
            .filter(|line| line.contains("('booking_order'") && line.contains("'cancelled',"));
        assert_eq!(cancelled.count(), Move::Cancel.from().len());
    }

    #[test]
    fn a_refusal_names_the_status_and_what_would_do() {
        let text = Move::CheckIn.refusal("no_show");
        assert_eq!(
            text,
            "The booking is no show; only one that is confirmed can be checked in."
        );
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
    fn a_guest_who_leaves_early_shortens_the_stay_to_one_night_at_least() {
        let days = ("2026-03-27".parse().unwrap(), "2026-03-30".parse().unwrap());
        let ends_at = "2026-03-30T10:00:00Z".parse().unwrap();
        let left = |at: &str| {
            let end = shortened(Tz::Europe__Lisbon, days, ends_at, at.parse().unwrap());
            end.map(|(day, end)| format!("{day} {}", end.format("%FT%H")))
        };
        assert_eq!(
            left("2026-03-27T20:00:00Z").as_deref(),
            Some("2026-03-28 2026-03-28T11")
        );
        assert_eq!(
            left("2026-03-29T08:00:00Z").as_deref(),
            Some("2026-03-29 2026-03-29T10")
        );
        assert_eq!(
            left("2026-03-29T22:59:59Z").as_deref(),
            Some("2026-03-29 2026-03-29T10")
        );
        assert_eq!(left("2026-03-29T23:00:00Z"), None);
        assert_eq!(left("2026-04-02T09:00:00Z"), None);
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

    #[test]
    fn the_average_price_has_six_digits() {
        assert_eq!(unit_price(10_000, 3, 2).to_string(), "33.333333");
        assert_eq!(unit_price(17_900, 2, 2).to_string(), "89.50");
        assert_eq!(unit_price(1, 0, 2), Decimal::ZERO);
    }

    proptest! {
        #[test]
        fn periods_tile_the_nights_and_sum_to_them(rates in prop::collection::vec(0_i64..4, 1..60), units in 1_i64..500) {
            let first: NaiveDate = "2026-01-30".parse().unwrap();
            let rates: Vec<Rate> = first.iter_days().zip(rates).map(|(on, minor)| Rate { on, minor }).collect();
            let periods = periods(&rates, units).unwrap();
            prop_assert_eq!(periods[0].starts_on, first);
            prop_assert_eq!(periods[periods.len() - 1].ends_on, rates[rates.len() - 1].on.succ_opt().unwrap());
            for pair in periods.windows(2) {
                prop_assert_eq!(pair[0].ends_on, pair[1].starts_on);
                prop_assert_ne!(pair[0].rate_minor, pair[1].rate_minor);
            }
            prop_assert_eq!(total(&periods), Some(rates.iter().map(|rate| rate.minor * units).sum()));
        }

        #[test]
        fn amounts_beyond_64_bits_are_noticed(minor in 0_i64.., units in 1_i64..) {
            let rates = [Rate { on: NaiveDate::default(), minor }];
            prop_assert_eq!(periods(&rates, units).is_some(), minor.checked_mul(units).is_some());
        }

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

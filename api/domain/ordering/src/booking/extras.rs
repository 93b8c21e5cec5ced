//! Features of orders, such as insurance or forklift service: what they cost, and how they follow
//! when base, units or days of the order change.

use chrono::{DateTime, Utc};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use uuid::Uuid;

use super::bill::Amounts;
use super::locked::Locked;
use foundation::database::{Error, Scope, new_id};
use foundation::money::exponent;

/// How the price of a feature is reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calculation {
    /// Once for a booking.
    Flat,
    /// For each unit and each day.
    UnitPerDay,
    /// A part of the base price, in percent.
    PercentOfBase,
}

impl Calculation {
    /// By the value that the database has.
    pub fn of(text: &str) -> Self {
        match text {
            "percent_of_base" => Self::PercentOfBase,
            "unit_per_day" => Self::UnitPerDay,
            _ => Self::Flat,
        }
    }

    /// What a feature of this value costs, in minor units: rounded once, half to even. None where
    /// that is beyond 64 bits.
    pub fn amount(
        self,
        value: Decimal,
        (units, days): (i32, i32),
        base_minor: i64,
        currency: &str,
    ) -> Option<i64> {
        let scale = Decimal::from(10_u64.pow(exponent(currency)));
        let exact = match self {
            Self::Flat => value.checked_mul(scale)?,
            Self::UnitPerDay => {
                let times = Decimal::from(i64::from(units) * i64::from(days));
                value.checked_mul(scale)?.checked_mul(times)?
            }
            Self::PercentOfBase => value
                .checked_mul(Decimal::from(base_minor))?
                .checked_div(Decimal::ONE_HUNDRED)?,
        };
        exact
            .round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven)
            .to_i64()
    }
}

/// A feature that is added to an order.
#[derive(Clone, Copy, Debug)]
pub struct NewFeature {
    /// What is added.
    pub feature_id: Uuid,
    /// For how many units.
    pub units: i32,
    /// For how many days.
    pub days: i32,
}

/// The price of a feature, as it is now.
#[derive(Clone, Debug)]
pub struct FeaturePrice {
    id: Uuid,
    name: String,
    calculation: String,
    value: Decimal,
    currency: Option<String>,
}

impl FeaturePrice {
    /// The currency that it is in; none of a percentage.
    pub fn currency(&self) -> Option<&str> {
        self.currency.as_deref()
    }
}

const PRICE: &str = "select p.id, f.name, p.calculation::text, p.value, p.currency::text \
    from core.features f \
    join pricing.feature_prices p on p.biz_id = $1 and p.feature_id = f.id and p.deleted_at is null \
    where f.biz_id = $1 and f.id = $2 and f.deleted_at is null and (p.location_id is null or p.location_id = $3) \
      and (p.starts_at is null or p.starts_at <= $4) and (p.ends_at is null or p.ends_at > $4) \
    order by p.location_id is null, p.is_promotional desc, p.starts_at desc nulls last, p.id limit 1";

/// The price of a feature at a location: its own, a promotion before others.
pub async fn price_of(
    scope: &Scope,
    feature_id: Uuid,
    location_id: Uuid,
    at: DateTime<Utc>,
) -> Result<Option<FeaturePrice>, Error> {
    let values = [
        scope.biz_id().into(),
        feature_id.into(),
        location_id.into(),
        at.into(),
    ];
    let Some(row) = scope.query_opt(PRICE, &values).await? else {
        return Ok(None);
    };
    Ok(Some(FeaturePrice {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        calculation: row.try_get(2)?,
        value: row.try_get(3)?,
        currency: row.try_get(4)?,
    }))
}

const ADD: &str = "insert into booking.booking_features (biz_id, id, order_id, feature_id, feature_price_id, name, \
      calculation, value, units, days, amount_minor, currency) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11)";
const USED: &str = "update pricing.feature_prices p set first_used_at = $3 \
    where p.biz_id = $1 and p.id = $2 and p.first_used_at is null";

/// Adds a feature; [`reckon`] tells what it costs.
pub async fn add(
    scope: &Scope,
    order_id: Uuid,
    new: NewFeature,
    price: &FeaturePrice,
    currency: &str,
) -> Result<(), Error> {
    let values = [
        scope.biz_id().into(),
        new_id().into(),
        order_id.into(),
        new.feature_id.into(),
        price.id.into(),
        price.name.clone().into(),
        price.calculation.clone().into(),
        price.value.into(),
        new.units.into(),
        new.days.into(),
        currency.into(),
    ];
    let used = [scope.biz_id().into(), price.id.into(), scope.now().into()];
    futures_util::try_join!(scope.execute(ADD, &values), scope.execute(USED, &used))?;
    Ok(())
}

const REMOVE: &str = "update booking.booking_features f set voided_at = $4 \
    where f.biz_id = $1 and f.order_id = $2 and f.feature_id = any ($3::uuid[]) and f.voided_at is null";

/// Takes features off an order, and tells how many it had of them.
pub async fn remove(scope: &Scope, order_id: Uuid, features: Vec<Uuid>) -> Result<u64, Error> {
    let values = [
        scope.biz_id().into(),
        order_id.into(),
        features.into(),
        scope.now().into(),
    ];
    scope.execute(REMOVE, &values).await
}

const READ: &str = "select f.id, f.calculation::text, f.value, f.units, f.days, f.amount_minor \
    from booking.booking_features f \
    where f.biz_id = $1 and f.order_id = $2 and f.voided_at is null order by f.id";
const SET: &str = "update booking.booking_features f set amount_minor = w.amount, units = w.units, days = w.days \
    from unnest($2::uuid[], $3::bigint[], $4::integer[], $5::integer[]) as w (id, amount, units, days) \
    where f.biz_id = $1 and f.id = w.id";

/// Reckons what the features of an order cost by its base and, of those by units and days, by its
/// units and days where they are given; writes it, and tells the sum. What neither depends on keeps
/// its price. None where it is beyond 64 bits.
pub async fn reckon(
    scope: &Scope,
    order_id: Uuid,
    base_minor: i64,
    size: Option<(i32, i32)>,
    currency: &str,
) -> Result<Option<i64>, Error> {
    let rows = scope
        .query(READ, &[scope.biz_id().into(), order_id.into()])
        .await?;
    let (mut ids, mut amounts, mut units, mut days) = (vec![], vec![], vec![], vec![]);
    let mut sum: i64 = 0;
    for row in &rows {
        let calculation = Calculation::of(row.try_get(1)?);
        let own: (i32, i32) = (row.try_get(3)?, row.try_get(4)?);
        let size = match calculation {
            Calculation::UnitPerDay => size.unwrap_or(own),
            Calculation::Flat | Calculation::PercentOfBase => own,
        };
        let amount = calculation.amount(row.try_get(2)?, size, base_minor, currency);
        let Some(total) = amount.and_then(|amount| sum.checked_add(amount)) else {
            return Ok(None);
        };
        sum = total;
        ids.push(row.try_get::<_, Uuid>(0)?);
        amounts.push(amount.unwrap_or_default());
        units.push(size.0);
        days.push(size.1);
    }
    if !ids.is_empty() {
        let values = [
            scope.biz_id().into(),
            ids.into(),
            amounts.into(),
            units.into(),
            days.into(),
        ];
        scope.execute(SET, &values).await?;
    }
    Ok(Some(sum))
}

/// The amounts of an order whose lines cost `base` now: what was added to it follows, by its units
/// and days where they are given. None where it is beyond 64 bits.
pub async fn follow(
    scope: &Scope,
    order: &Locked,
    base: i64,
    size: Option<(i32, i32)>,
) -> Result<Option<Amounts>, Error> {
    let features = reckon(scope, order.id, base, size, &order.currency).await?;
    let with = |features| Amounts {
        features,
        ..order.amounts
    };
    Ok(features.map(|features| with(features).with_base(base)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_costs_once_by_unit_and_day_or_a_part_of_the_base() {
        let value = |text: &str| text.parse::<Decimal>().unwrap();
        let cost = |how: Calculation, text| how.amount(value(text), (3, 4), 10_001, "EUR");
        assert_eq!(cost(Calculation::Flat, "12.50"), Some(1_250));
        assert_eq!(cost(Calculation::UnitPerDay, "0.125"), Some(150));
        assert_eq!(cost(Calculation::PercentOfBase, "5"), Some(500));
        let yen = Calculation::Flat.amount(value("12.50"), (1, 1), 0, "JPY");
        assert_eq!(yen, Some(12), "half to even");
        assert_eq!(
            Calculation::UnitPerDay.amount(Decimal::MAX, (9, 9), 0, "EUR"),
            None
        );
    }
}

//! Lines that are added to orders, or changed: their prices are exact, and rounded once.

use chrono::{DateTime, Utc};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::json;
use uuid::Uuid;

use crate::database::{Error, Scope, new_id};
use crate::money::exponent;

/// What a line costs: price of a unit x quantity less what is taken off, rounded once, half to even.
/// None where it is beyond 64 bits, or less than nothing.
pub fn line_total(
    unit_price: Decimal,
    quantity: Decimal,
    discount_minor: i64,
    currency: &str,
) -> Option<i64> {
    let scale = Decimal::from(10_u64.pow(exponent(currency)));
    let exact = unit_price.checked_mul(quantity)?.checked_mul(scale)?;
    let total = exact
        .checked_sub(Decimal::from(discount_minor))?
        .round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven)
        .to_i64()?;
    (total >= 0).then_some(total)
}

/// A line to be added.
#[derive(Clone, Debug)]
pub struct NewLine {
    /// What is sold.
    pub sellable_id: Uuid,
    /// How it is called on the line; as the sellable if not given.
    pub name: Option<String>,
    /// How many units.
    pub quantity: Decimal,
    /// A value of `pricing.price_unit`.
    pub unit: &'static str,
    /// Price of one unit, in major units.
    pub unit_price: Decimal,
    /// What is taken off.
    pub discount_minor: i64,
    /// What it costs.
    pub total_minor: i64,
    /// When it takes place, where it has a time of its own.
    pub time: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

const ADD: &str = "insert into booking.booking_order_lines (biz_id, id, order_id, line_no, sellable_id, offer_version_id, \
      name, quantity, unit, unit_price, discount_minor, total_minor, currency, tax_category, starts_at, ends_at) \
    select $1, w.id, o.id, w.nth + (select max(l.line_no) from booking.booking_order_lines l \
        where l.biz_id = $1 and l.order_id = $2), s.id, case when s.ref_type = 'OfferVersion' then s.ref_id end, \
      coalesce(w.name, s.name), w.quantity, w.unit, w.unit_price, w.discount_minor, w.total_minor, o.currency, \
      s.tax_category, w.starts_at, w.ends_at \
    from json_to_recordset($3::json) as w (id uuid, nth integer, sellable_id uuid, name text, quantity numeric, unit text, \
      unit_price numeric, discount_minor bigint, total_minor bigint, starts_at timestamptz, ends_at timestamptz) \
    join booking.booking_orders o on o.biz_id = $1 and o.id = $2 \
    join catalog.sellables s on s.biz_id = $1 and s.id = w.sellable_id and s.active and s.deleted_at is null";

/// Adds lines to an order that has some, behind them, and gives their ids. None where one of the
/// sellables is not sold.
pub async fn add(
    scope: &Scope,
    order_id: Uuid,
    lines: &[NewLine],
) -> Result<Option<Vec<Uuid>>, Error> {
    if lines.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let ids: Vec<Uuid> = lines.iter().map(|_| new_id()).collect();
    let rows: Vec<serde_json::Value> = lines
        .iter()
        .zip(&ids)
        .enumerate()
        .map(|(index, (line, id))| {
            json!({
                "id": id, "nth": index + 1, "sellable_id": line.sellable_id, "name": line.name,
                "quantity": line.quantity, "unit": line.unit, "unit_price": line.unit_price,
                "discount_minor": line.discount_minor, "total_minor": line.total_minor,
                "starts_at": line.time.map(|time| time.0), "ends_at": line.time.map(|time| time.1),
            })
        })
        .collect();
    let values = [
        scope.biz_id().into(),
        order_id.into(),
        serde_json::Value::from(rows).to_string().into(),
    ];
    let added = scope.execute(ADD, &values).await?;
    Ok((usize::try_from(added) == Ok(lines.len())).then_some(ids))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_rounded_once_half_to_even() {
        let of = |price: &str, quantity: &str, off| {
            line_total(
                price.parse().unwrap(),
                quantity.parse().unwrap(),
                off,
                "EUR",
            )
        };
        assert_eq!(of("0.125", "1", 0), Some(12));
        assert_eq!(of("0.135", "1", 0), Some(14));
        assert_eq!(of("33.333333", "3", 0), Some(10_000));
        assert_eq!(of("10", "2", 500), Some(1_500));
        assert_eq!(of("10", "2", 2_001), None);
        assert_eq!(line_total(Decimal::MAX, Decimal::TEN, 0, "EUR"), None);
    }
}

//! Lines that are added to orders, or changed: their prices are exact, and rounded once.

use chrono::{DateTime, Utc};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::json;
use uuid::Uuid;

use foundation::database::{Error, Scope, new_id};
use foundation::money::exponent;

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
    pub unit: String,
    /// Price of one unit, in major units.
    pub unit_price: Decimal,
    /// What is taken off.
    pub discount_minor: i64,
    /// What it costs.
    pub total_minor: i64,
    /// All its tax as a fraction of the net amount; none where nothing is taxed.
    pub tax_rate: Option<Decimal>,
    /// When it takes place, where it has a time of its own.
    pub time: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// A line that was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its id.
    pub id: Uuid,
    /// Its place among the lines of the order.
    pub line_no: i32,
}

const ADD: &str = "insert into booking.booking_order_lines (biz_id, id, order_id, line_no, sellable_id, offer_version_id, \
      name, quantity, unit, unit_price, discount_minor, total_minor, currency, tax_category, tax_rate, starts_at, ends_at) \
    select $1, w.id, o.id, w.nth + (select max(l.line_no) from booking.booking_order_lines l \
        where l.biz_id = $1 and l.order_id = $2), s.id, case when s.ref_type = 'OfferVersion' then s.ref_id end, \
      coalesce(w.name, s.name), w.quantity, w.unit, w.unit_price, w.discount_minor, w.total_minor, o.currency, \
      s.tax_category, w.tax_rate, w.starts_at, w.ends_at \
    from json_to_recordset($3::json) as w (id uuid, nth integer, sellable_id uuid, name text, quantity numeric, unit text, \
      unit_price numeric, discount_minor bigint, total_minor bigint, tax_rate numeric, starts_at timestamptz, ends_at timestamptz) \
    join booking.booking_orders o on o.biz_id = $1 and o.id = $2 \
    join catalog.sellables s on s.biz_id = $1 and s.id = w.sellable_id and s.active and s.deleted_at is null \
    returning id, line_no";

/// Adds lines to an order that has some, behind them, and gives them in their order. None where one of
/// the sellables is not sold.
pub async fn add(
    scope: &Scope,
    order_id: Uuid,
    lines: &[NewLine],
) -> Result<Option<Vec<Added>>, Error> {
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
                "discount_minor": line.discount_minor, "total_minor": line.total_minor, "tax_rate": line.tax_rate,
                "starts_at": line.time.map(|time| time.0), "ends_at": line.time.map(|time| time.1),
            })
        })
        .collect();
    let values = [
        scope.biz_id().into(),
        order_id.into(),
        serde_json::Value::from(rows).to_string().into(),
    ];
    let rows = scope.query(ADD, &values).await?;
    let mut added = Vec::with_capacity(rows.len());
    for row in &rows {
        let (id, line_no) = (row.try_get(0)?, row.try_get(1)?);
        added.push(Added { id, line_no });
    }
    added.sort_by_key(|line| line.line_no);
    Ok((added.len() == lines.len()).then_some(added))
}

const MAIN_LINE: &str = "with main as ( \
      select l.id, l.total_minor from booking.booking_order_lines l \
      where l.biz_id = $1 and l.order_id = $2 and l.voided_at is null order by l.line_no limit 1), \
    priced as ( \
      update booking.booking_order_lines l set total_minor = $3::bigint, discount_minor = 0, \
        unit_price = round($3::bigint::numeric / (10 ^ $4::integer)::numeric / l.quantity, 6) \
      from main where l.biz_id = $1 and l.id = main.id) \
    select $3::bigint - main.total_minor from main";

/// Gives the first line of an order another price, and tells how much more that is.
pub async fn set_main_line(
    scope: &Scope,
    order_id: Uuid,
    total_minor: i64,
    currency: &str,
) -> Result<i64, Error> {
    let digits = i32::try_from(exponent(currency)).unwrap_or(2);
    let values = [
        scope.biz_id().into(),
        order_id.into(),
        total_minor.into(),
        digits.into(),
    ];
    let row = scope.query_opt(MAIN_LINE, &values).await?;
    let row = row.ok_or_else(|| Error::Internal("an order without lines".to_owned()))?;
    Ok(row.try_get(0)?)
}

const PLAN_LINES: &str = "with units as ( \
      insert into booking.fulfillment_units (biz_id, id, order_line_id, location_id, kind, status, \
        planned_starts_at, planned_ends_at) \
      select $1, core.uuid_v7(), l.id, o.location_id, 'service', 'assigned', coalesce(l.starts_at, o.starts_at), \
        coalesce(l.ends_at, o.ends_at) \
      from booking.booking_order_lines l \
      join booking.booking_orders o on o.biz_id = $1 and o.id = l.order_id \
      where l.biz_id = $1 and l.id = any ($3::uuid[]) \
      returning id, order_line_id, planned_starts_at) \
    insert into booking.fulfillment_assignments (biz_id, id, unit_id, resource_id, allocation_id, role, status, accepted_at) \
    select $1, core.uuid_v7(), u.id, a.resource_id, a.id, t.kind, 'accepted', $5 \
    from unnest($3::uuid[], $4::uuid[]) as w (line_id, resource_id) \
    join units u on u.order_line_id = w.line_id \
    join availability.allocations a on a.biz_id = $1 and a.source_type = 'BookingOrder' and a.source_id = $2 \
      and a.resource_id = w.resource_id and a.service_starts_at = u.planned_starts_at and a.status = 'firm' \
    join resources.resources r on r.biz_id = $1 and r.id = a.resource_id \
    join resources.resource_types t on t.biz_id = $1 and t.id = r.type_id";

/// Plans the work of lines that were added to a confirmed order, each with the resource that was
/// taken for it, if one was.
pub async fn plan_lines(
    scope: &Scope,
    order_id: Uuid,
    lines: &[Uuid],
    resources: impl Iterator<Item = Option<Uuid>>,
) -> Result<(), Error> {
    let resources = resources.map(sea_orm::Value::from).collect();
    let values = [
        scope.biz_id().into(),
        order_id.into(),
        lines.to_vec().into(),
        sea_orm::Value::Array(
            sea_orm::sea_query::ArrayType::Uuid,
            Some(Box::new(resources)),
        ),
        scope.now().into(),
    ];
    scope.query(PLAN_LINES, &values).await.map(drop)
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

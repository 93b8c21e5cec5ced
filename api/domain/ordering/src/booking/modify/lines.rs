//! Lines that `bookingModify` changes: what is not named keeps its price.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use uuid::Uuid;

use super::{BookingLineChangeInput, Checked, Problem};
use crate::booking::lines::line_total;
use crate::booking::locked::Locked;
use foundation::graph::scalars::MoneyInput;
use foundation::graph::verb::{Act, Fault};

/// What is taken off a line.
pub(super) fn discount(money: Option<&MoneyInput>, order: &Locked, field: &str) -> Checked<i64> {
    let Some(money) = money else {
        return Ok(0);
    };
    if money.currency != order.currency {
        let message = format!(
            "The currency of the booking is {}, not {}.",
            order.currency, money.currency
        );
        return Err(Fault::at(Problem::WrongCurrency, field, message));
    }
    if money.minor < 0 {
        let message = "What is taken off cannot be negative.";
        return Err(Fault::at(Problem::InvalidPrice, field, message));
    }
    Ok(money.minor)
}

/// What a line costs.
pub(super) fn total(
    unit_price: Decimal,
    quantity: Decimal,
    discount_minor: i64,
    order: &Locked,
    field: &str,
) -> Checked<i64> {
    if quantity <= Decimal::ZERO || quantity > Decimal::from(1_000_000) {
        let message = "A quantity is more than 0, and 1,000,000 at most.";
        return Err(Fault::at(Problem::InvalidQuantity, field, message));
    }
    let total = line_total(unit_price, quantity, discount_minor, &order.currency);
    total
        .filter(|_| unit_price >= Decimal::ZERO && unit_price.normalize().scale() <= 6)
        .ok_or_else(|| {
            let message = "A price has six decimal digits at most, and what is taken off leaves nothing negative.";
            Fault::at(Problem::InvalidPrice, field, message)
        })
}

const LINES: &str = "select l.id, l.quantity, l.unit_price, l.discount_minor, l.total_minor, l.starts_on is not null \
    from booking.booking_order_lines l \
    where l.biz_id = $1 and l.order_id = $2 and l.id = any ($3::uuid[]) and l.voided_at is null";
const CHANGE: &str = "update booking.booking_order_lines l set quantity = w.quantity, unit_price = w.unit_price, \
      discount_minor = w.discount, total_minor = w.total \
    from unnest($2::uuid[], $3::numeric[], $4::numeric[], $5::bigint[], $6::bigint[]) \
      as w (id, quantity, unit_price, discount, total) \
    where l.biz_id = $1 and l.id = w.id";

/// Changes lines, and tells how much more they cost together.
pub(super) async fn change(
    act: &Act<'_>,
    order: &Locked,
    changes: &[BookingLineChangeInput],
) -> Checked<i64> {
    if changes.is_empty() {
        return Ok(0);
    }
    let field = "changeLines";
    let ids: Vec<Uuid> = changes.iter().map(|change| change.line_id.uuid()).collect();
    if ids.iter().collect::<BTreeSet<_>>().len() != ids.len() {
        let message = "Each line is named once.";
        return Err(Fault::at(Problem::Incomplete, field, message));
    }
    let values = [
        act.scope.biz_id().into(),
        order.id.into(),
        ids.clone().into(),
    ];
    let rows = act.scope.query(LINES, &values).await?;
    let (mut quantities, mut prices, mut discounts, mut totals) = (vec![], vec![], vec![], vec![]);
    let mut delta = 0;
    for change in changes {
        let mut found = None;
        for row in &rows {
            if row.try_get::<_, Uuid>(0)? == change.line_id.uuid() {
                found = Some(row);
            }
        }
        let row = found.ok_or_else(|| Fault::not_found("line of this booking"))?;
        if row.try_get::<_, bool>(5)? {
            let message =
                "A line that is sold by days is changed by units, or by bookingReschedule.";
            return Err(Fault::at(Problem::Incomplete, field, message));
        }
        let quantity: Decimal = change.quantity.map_or(row.try_get(1)?, |number| number.0);
        let unit_price: Decimal = change.unit_price.map_or(row.try_get(2)?, |number| number.0);
        let discount_minor = match &change.discount {
            None => row.try_get(3)?,
            given => discount(given.as_ref(), order, field)?,
        };
        let total = total(unit_price, quantity, discount_minor, order, field)?;
        delta += total - row.try_get::<_, i64>(4)?;
        quantities.push(Value::from(quantity));
        prices.push(Value::from(unit_price));
        discounts.push(discount_minor);
        totals.push(total);
    }
    let decimals = |numbers| Value::Array(ArrayType::Decimal, Some(Box::new(numbers)));
    let values = [
        act.scope.biz_id().into(),
        ids.into(),
        decimals(quantities),
        decimals(prices),
        discounts.into(),
        totals.into(),
    ];
    act.scope.execute(CHANGE, &values).await?;
    Ok(delta)
}

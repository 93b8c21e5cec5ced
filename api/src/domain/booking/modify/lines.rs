//! Lines of `bookingModify`.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use uuid::Uuid;

use super::{BookingLineChangeInput, BookingLineInput, BookingModifyInput, Checked, Problem};
use crate::domain::availability::store::{Take, lock_resources, take};
use crate::domain::booking::lines::{NewLine, add, line_total, plan_lines};
use crate::domain::booking::locked::Locked;
use crate::domain::booking::moves::Window;
use crate::domain::booking::store::{Asked, find};
use crate::graph::scalars::MoneyInput;
use crate::graph::verb::{Act, Fault};

/// Writes the lines, and tells how much more they cost, and which were added.
pub(super) async fn write(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingModifyInput,
) -> Checked<(i64, Vec<Uuid>)> {
    let mut delta = 0;
    if let Some(changes) = &input.change_lines
        && !changes.is_empty()
    {
        delta += change(act, order, changes).await?;
    }
    let given = input.add_lines.as_deref().unwrap_or_default();
    if given.is_empty() {
        return Ok((delta, Vec::new()));
    }
    let lines: Vec<NewLine> = given
        .iter()
        .map(|line| new_line(order, line))
        .collect::<Checked<_>>()?;
    delta += lines.iter().map(|line| line.total_minor).sum::<i64>();
    take_resources(act, order, given, &lines).await?;
    let Some(ids) = add(act.scope, order.id, &lines).await? else {
        let message = "One of these is not sold, or there is no such thing.";
        return Err(Fault::at(Problem::NotBookable, "addLines", message));
    };
    if order.status == "confirmed" {
        let resources = given
            .iter()
            .map(|line| line.resource_id.map(|id| id.uuid()));
        plan_lines(act.scope, order.id, &ids, resources).await?;
    }
    Ok((delta, ids))
}

fn new_line(order: &Locked, line: &BookingLineInput) -> Checked<NewLine> {
    let quantity = line.quantity.map_or(Decimal::ONE, |quantity| quantity.0);
    let discount_minor = discount(line.discount.as_ref(), order, "addLines")?;
    let total_minor = total(
        line.unit_price.0,
        quantity,
        discount_minor,
        order,
        "addLines",
    )?;
    Ok(NewLine {
        sellable_id: line.sellable_id.uuid(),
        name: None,
        quantity,
        unit: line.unit.as_ref().map_or("each", |unit| unit.0),
        unit_price: line.unit_price.0,
        discount_minor,
        total_minor,
        time: time(order, line)?,
    })
}

/// The time of a line: its own, or of one that takes a resource that of the order.
fn time(order: &Locked, line: &BookingLineInput) -> Checked<Option<Window>> {
    let time = match (line.starts_at, line.ends_at) {
        (None, None) if line.resource_id.is_none() => return Ok(None),
        (start, end) => (
            start.map_or(order.starts_at, |start| start.0),
            end.map_or(order.ends_at, |end| end.0),
        ),
    };
    if time.1 > time.0 {
        return Ok(Some(time));
    }
    let message = "The end of a line must be after its start.";
    Err(Fault::at(Problem::InvalidDates, "addLines", message))
}

fn discount(money: Option<&MoneyInput>, order: &Locked, field: &str) -> Checked<i64> {
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

fn total(
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

/// Takes the resources of new lines: of a confirmed booking, for good.
async fn take_resources(
    act: &Act<'_>,
    order: &Locked,
    given: &[BookingLineInput],
    lines: &[NewLine],
) -> Checked<()> {
    let mut takes = Vec::new();
    for (line, new) in given.iter().zip(lines) {
        let (Some(resource), Some(time)) = (line.resource_id, new.time) else {
            continue;
        };
        let asked = Asked {
            location_id: order.location_id,
            resource_id: Some(resource.uuid()),
            ..Asked::default()
        };
        let found = find(act.scope, asked).await?;
        let refuse = |message| Err(Fault::at(Problem::NotBookable, "addLines", message));
        match found.and_then(|found| found.resource) {
            None => return Err(Fault::not_found("resource")),
            Some((true, status)) if status == "active" => {}
            Some(_) => return refuse("The resource is not open for bookings."),
        }
        if order.status != "confirmed" {
            return refuse("A line that takes a resource is added once the booking is confirmed.");
        }
        takes.push(Take {
            order_id: order.id,
            hold_id: None,
            resource_id: resource.uuid(),
            service: time,
            blocked: time,
        });
    }
    if takes.is_empty() {
        return Ok(());
    }
    let resources: Vec<Uuid> = takes.iter().map(|take| take.resource_id).collect();
    lock_resources(act.scope, &resources).await?;
    Ok(take(act.scope, &takes).await?)
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
async fn change(act: &Act<'_>, order: &Locked, changes: &[BookingLineChangeInput]) -> Checked<i64> {
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

//! Lines that `bookingModify` adds: at the prices of the lists, or at those that staff give.

use rust_decimal::Decimal;
use uuid::Uuid;

use super::lines::{discount, total};
use super::{BookingLineInput, BookingModifyInput, Checked, Problem, resources};
use crate::booking::create::BookingPrice;
use crate::booking::lines::{NewLine, add, plan_lines};
use crate::booking::locked::Locked;
use crate::booking::moves::Window;
use foundation::graph::verb::{Act, Fault};
use scheduling::pricing::priced::{Priced, PricedLine};
use scheduling::pricing::record::{Source, record_trace};
use scheduling::pricing::refusal::{Refusal, RefusalCode, Unpriced};
use scheduling::pricing::request::{Item, PriceRequest, Time, What};
use scheduling::pricing::store::price;

const FIELD: &str = "addLines";

/// What was added.
#[derive(Debug, Default)]
pub(super) struct Added {
    /// How much more the order costs.
    pub delta: i64,
    /// The lines.
    pub ids: Vec<Uuid>,
    /// What was opened in the queue of conflicts.
    pub conflicts: Vec<Uuid>,
}

/// Writes the lines, and takes their resources.
pub(super) async fn write(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingModifyInput,
) -> Checked<Added> {
    let given = input.add_lines.as_deref().unwrap_or_default();
    if given.is_empty() {
        return Ok(Added::default());
    }
    let times: Vec<Option<Window>> = given
        .iter()
        .map(|line| time(order, line))
        .collect::<Checked<_>>()?;
    let listed = Box::pin(listed(act, order, input, &times)).await?;
    let mut prices = listed.iter().flat_map(|priced| &priced.lines);
    let each = given.iter().zip(&times);
    let lines: Vec<NewLine> = each
        .map(|(line, time)| match line.unit_price {
            Some(price) => agreed(order, line, price.0, *time),
            None => prices
                .next()
                .map(|price| by_lists(line, price, *time))
                .ok_or_else(no_price),
        })
        .collect::<Checked<_>>()?;
    let conflicts = Box::pin(resources::take(act, order, input, &lines)).await?;
    let Some(ids) = add(act.scope, order.id, &lines).await? else {
        let message = "One of these is not sold, or there is no such thing.";
        return Err(Fault::at(Problem::NotBookable, FIELD, message));
    };
    if order.status == "confirmed" {
        let taken = given.iter();
        let taken = taken.map(|line| line.resource_id.map(|id| id.uuid()));
        plan_lines(act.scope, order.id, &ids, taken).await?;
    }
    if let Some(priced) = &listed {
        record_trace(act.scope, Source::order(order.id), priced).await?;
    }
    let delta = lines.iter().map(|line| line.total_minor).sum();
    Ok(Added {
        delta,
        ids,
        conflicts,
    })
}

fn no_price() -> Fault<Problem> {
    Fault::at(Problem::NoPrice, FIELD, "There is no price for this.")
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

/// A line at the price that staff give.
fn agreed(
    order: &Locked,
    line: &BookingLineInput,
    unit_price: Decimal,
    time: Option<Window>,
) -> Checked<NewLine> {
    let quantity = line.quantity.map_or(Decimal::ONE, |quantity| quantity.0);
    let discount_minor = discount(line.discount.as_ref(), order, FIELD)?;
    let total_minor = total(unit_price, quantity, discount_minor, order, FIELD)?;
    Ok(NewLine {
        sellable_id: line.sellable_id.uuid(),
        name: None,
        quantity,
        unit: line.unit.as_ref().map_or("each", |unit| unit.0).to_owned(),
        unit_price,
        discount_minor,
        total_minor,
        time,
    })
}

/// A line at the price of the lists.
fn by_lists(line: &BookingLineInput, price: &PricedLine, time: Option<Window>) -> NewLine {
    NewLine {
        sellable_id: line.sellable_id.uuid(),
        name: None,
        quantity: price.quantity,
        unit: price.unit.clone(),
        unit_price: price.unit_price.max(Decimal::ZERO),
        discount_minor: price.discount_minor,
        total_minor: price.total_minor,
        time,
    }
}

/// What the price lists say of the lines without a price, if there are any: as `priceQuote` does.
async fn listed(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingModifyInput,
    times: &[Option<Window>],
) -> Checked<Option<Priced>> {
    let given = input.add_lines.iter().flatten().zip(times);
    let without = given.filter(|(line, _)| line.unit_price.is_none());
    let items: Vec<Item> = without
        .enumerate()
        .map(|(index, (line, time))| item(index, line, *time))
        .collect::<Checked<_>>()?;
    if items.is_empty() {
        if input.quote_digest.is_none() {
            return Ok(None);
        }
        let message = "All these lines have a price: nothing of them was quoted.";
        return Err(Fault::at(Problem::Incomplete, "quoteDigest", message));
    }
    let request = PriceRequest {
        location_id: order.location_id,
        customer_id: order.customer_id,
        channel: Some(channel(act, order).await?),
        items,
        ..PriceRequest::default()
    };
    let priced = match price(act.scope, &request).await {
        Ok(priced) => priced,
        Err(Unpriced::Refused(refusal)) => return Err(refused(&refusal)),
        Err(Unpriced::Failed(error)) => return Err(error.into()),
    };
    let quoted = input.quote_digest.as_ref();
    if quoted.is_some_and(|quoted| *quoted != priced.digest()) {
        let message = "The price is no longer what was quoted; priceNow tells what it is.";
        let now = BookingPrice::of(&priced).told();
        let fault = Fault::at(Problem::PriceChanged, "quoteDigest", message);
        return Err(fault.with("priceNow", now));
    }
    if priced.currency != order.currency {
        let message = "The price of this is in another currency.";
        return Err(Fault::at(Problem::WrongCurrency, FIELD, message));
    }
    Ok(Some(priced))
}

/// A line as it is priced.
fn item(index: usize, line: &BookingLineInput, time: Option<Window>) -> Checked<Item> {
    if line.discount.is_some() {
        let message =
            "What is taken off goes with unitPrice: the lists have discounts of their own.";
        return Err(Fault::at(Problem::InvalidPrice, FIELD, message));
    }
    Ok(Item {
        reference: (index + 1).to_string(),
        what: What::Sellable(line.sellable_id.uuid()),
        quantity: line.quantity.map_or(Decimal::ONE, |quantity| quantity.0),
        unit: line.unit.as_ref().map(|unit| unit.0.to_owned()),
        resource_id: line.resource_id.map(|id| id.uuid()),
        time: time.map_or(Time::Never, |(starts_at, ends_at)| Time::Window {
            starts_at,
            ends_at,
        }),
        ..Item::default()
    })
}

const CHANNEL: &str =
    "select o.channel::text from booking.booking_orders o where o.biz_id = $1 and o.id = $2";

async fn channel(act: &Act<'_>, order: &Locked) -> Checked<String> {
    let values = [act.scope.biz_id().into(), order.id.into()];
    let row = act.scope.query_opt(CHANNEL, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("booking"))?;
    Ok(row.try_get(0)?)
}

/// Why there is no price, in the words of the price lists.
fn refused(refusal: &Refusal) -> Fault<Problem> {
    let code = match refusal.code {
        RefusalCode::NoPrice | RefusalCode::NoTaxRate => Problem::NoPrice,
        RefusalCode::InvalidItem => Problem::InvalidQuantity,
        RefusalCode::TooLarge => Problem::InvalidPrice,
        RefusalCode::CurrencyMismatch => Problem::WrongCurrency,
        _ => Problem::NotBookable,
    };
    Fault::at(code, FIELD, refusal.message.clone())
}

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
use scheduling::pricing::order_taxes::Sold;
use scheduling::pricing::priced::{Priced, PricedLine};
use scheduling::pricing::record::{Source, record_trace};
use scheduling::pricing::refusal::{Refusal, RefusalCode, Unpriced};
use scheduling::pricing::request::{Item, PriceRequest, Time, What};
use scheduling::pricing::store::price;

const FIELD: &str = "addLines";

/// What was added.
#[derive(Debug, Default)]
pub(super) struct Added {
    /// How much more the order costs, without tax on top.
    pub delta: i64,
    /// The lines.
    pub ids: Vec<Uuid>,
    /// How they are taxed.
    pub sold: Vec<Sold>,
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
    check_seats(act, given).await?;
    let listed = Box::pin(listed(act, order, input, &times)).await?;
    let agreed = Box::pin(agreed(act, order, input, &times)).await?;
    let mut by_lists = listed.iter().flat_map(|priced| &priced.lines);
    let mut by_staff = agreed.iter().flat_map(|priced| &priced.lines);
    let mut lines = Vec::with_capacity(given.len());
    let mut inclusive = Vec::with_capacity(given.len());
    for (line, time) in given.iter().zip(&times) {
        let price = match line.unit_price {
            Some(_) => by_staff.next(),
            None => by_lists.next(),
        };
        let price = price.ok_or_else(no_price)?;
        lines.push(new_line(order, line, price, *time)?);
        inclusive.push(price.is_inclusive);
    }
    let conflicts = Box::pin(resources::take(act, order, input, &lines)).await?;
    let Some(added) = add(act.scope, order.id, &lines).await? else {
        let message = "One of these is not sold, or there is no such thing.";
        return Err(Fault::at(Problem::NotBookable, FIELD, message));
    };
    let ids: Vec<Uuid> = added.iter().map(|line| line.id).collect();
    if order.status == "confirmed" {
        let taken = given.iter();
        let taken = taken.map(|line| line.resource_id.map(|id| id.uuid()));
        plan_lines(act.scope, order.id, &ids, taken).await?;
    }
    if let Some(priced) = &listed {
        record_trace(act.scope, Source::order(order.id), priced).await?;
    }
    let sold = added.iter().zip(inclusive);
    let sold = sold.map(|(line, is_inclusive)| Sold {
        reference: line.line_no.to_string(),
        is_inclusive,
    });
    Ok(Added {
        delta: lines.iter().map(|line| line.total_minor).sum(),
        sold: sold.collect(),
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

/// A line as it is written: at the price that staff give, or that of the lists.
fn new_line(
    order: &Locked,
    line: &BookingLineInput,
    price: &PricedLine,
    time: Option<Window>,
) -> Checked<NewLine> {
    let new = NewLine {
        sellable_id: line.sellable_id.uuid(),
        name: None,
        quantity: price.quantity,
        unit: price.unit.clone(),
        unit_price: price.unit_price.max(Decimal::ZERO),
        discount_minor: price.discount_minor,
        total_minor: price.total_minor,
        tax_rate: price.tax_rate,
        time,
    };
    let Some(unit_price) = line.unit_price else {
        return Ok(new);
    };
    Ok(NewLine {
        quantity: quantity(line),
        unit: line.unit.as_ref().map_or("each", |unit| unit.0).to_owned(),
        unit_price: unit_price.0,
        discount_minor: discount(line.discount.as_ref(), order, FIELD)?,
        ..new
    })
}

fn quantity(line: &BookingLineInput) -> Decimal {
    line.quantity.map_or(Decimal::ONE, |quantity| quantity.0)
}

/// The lines to which staff give a price, if there are any: as if they were booked at that price, so
/// that they are taxed alike.
async fn agreed(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingModifyInput,
    times: &[Option<Window>],
) -> Checked<Option<Priced>> {
    let mut items = Vec::new();
    for (line, window) in input.add_lines.iter().flatten().zip(times) {
        let Some(unit_price) = line.unit_price else {
            continue;
        };
        let off = discount(line.discount.as_ref(), order, FIELD)?;
        items.push(Item {
            reference: (items.len() + 1).to_string(),
            what: What::Sellable(line.sellable_id.uuid()),
            quantity: quantity(line),
            time: of_window(*window),
            fixed_price_minor: Some(total(unit_price.0, quantity(line), off, order, FIELD)?),
            ..Item::default()
        });
    }
    priced(act, order, items).await
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
    let Some(priced) = priced(act, order, items).await? else {
        if input.quote_digest.is_none() {
            return Ok(None);
        }
        let message = "All these lines have a price: nothing of them was quoted.";
        return Err(Fault::at(Problem::Incomplete, "quoteDigest", message));
    };
    let quoted = input.quote_digest.as_ref();
    if quoted.is_some_and(|quoted| *quoted != priced.digest()) {
        let message = "The price is no longer what was quoted; priceNow tells what it is.";
        let now = BookingPrice::of(&priced).told();
        let fault = Fault::at(Problem::PriceChanged, "quoteDigest", message);
        return Err(fault.with("priceNow", now));
    }
    Ok(Some(priced))
}

/// What items cost that are sold to the order now; none where there are none.
async fn priced(act: &Act<'_>, order: &Locked, items: Vec<Item>) -> Checked<Option<Priced>> {
    if items.is_empty() {
        return Ok(None);
    }
    let request = PriceRequest {
        location_id: order.location_id,
        customer_id: order.customer_id,
        channel: Some(channel(act, order).await?),
        items,
        ..PriceRequest::default()
    };
    let priced = match Box::pin(price(act.scope, &request)).await {
        Ok(priced) => priced,
        Err(Unpriced::Refused(refusal)) => return Err(refused(&refusal)),
        Err(Unpriced::Failed(error)) => return Err(error.into()),
    };
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
        quantity: quantity(line),
        unit: line.unit.as_ref().map(|unit| unit.0.to_owned()),
        seat_type_id: line.seat_type_id.map(|id| id.uuid()),
        resource_id: line.resource_id.map(|id| id.uuid()),
        time: of_window(time),
        ..Item::default()
    })
}

fn of_window(window: Option<Window>) -> Time {
    window.map_or(Time::Never, |(starts_at, ends_at)| Time::Window {
        starts_at,
        ends_at,
    })
}

const SEATS: &str = "select count(*) from unnest($2::uuid[], $3::uuid[]) as w (seat_type_id, sellable_id) \
    join catalog.offer_seat_types t on t.biz_id = $1 and t.id = w.seat_type_id and t.removed_at is null \
    join catalog.sellables s on s.biz_id = $1 and s.id = w.sellable_id and s.ref_type = 'OfferVersion' \
      and s.ref_id = t.offer_version_id";

/// Refuses kinds of seats that the offer of a line has not.
async fn check_seats(act: &Act<'_>, given: &[BookingLineInput]) -> Checked<()> {
    let of_line =
        |line: &BookingLineInput| Some((line.seat_type_id?.uuid(), line.sellable_id.uuid()));
    let (seats, sold): (Vec<Uuid>, Vec<Uuid>) = given.iter().filter_map(of_line).unzip();
    if seats.is_empty() {
        return Ok(());
    }
    let wanted = seats.len();
    let values = [act.scope.biz_id().into(), seats.into(), sold.into()];
    let row = act.scope.query_opt(SEATS, &values).await?;
    let found: i64 = row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
    if usize::try_from(found) == Ok(wanted) {
        return Ok(());
    }
    Err(Fault::not_found("seat type of this offer"))
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

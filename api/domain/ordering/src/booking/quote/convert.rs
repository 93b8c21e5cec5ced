//! `quoteConvert`.

use async_graphql::{Enum, InputObject, InputType as _};
use chrono::{DateTime, Utc};
use entities::availability::slot;
use entities::booking::quote;
use entities::resources::{resource, unit_type};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::step::{PERMISSION, Quote, lock};
use crate::booking::create::{BookingCreateInput, BookingCreateProblem, book};
use crate::booking::lines::{NewLine, add};
use crate::booking::store::zone;
use foundation::database::Error;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Problem as Told, Verb};
use foundation::money::{exponent, split};
use scheduling::availability::rules::local_day;

type Problem = QuoteConvertProblem;

/// Makes a booking of an accepted quote, at the price that was promised: takes what it needs, or
/// says that it is taken by now. A stay needs the room type, a class the session, anything else that
/// takes a resource the resource.
#[derive(InputObject)]
pub struct QuoteConvertInput {
    /// The quote.
    pub id: Id<quote::Entity>,
    /// Of a stay: the room type; its nights are those of the quote.
    pub unit_type_id: Option<Id<unit_type::Entity>>,
    /// Of a stay: how many rooms.
    #[graphql(default = 1)]
    pub units: i32,
    /// Of a class: the session.
    pub slot_id: Option<Id<slot::Entity>>,
    /// Otherwise: the resource.
    pub resource_id: Option<Id<resource::Entity>>,
    /// Whether the booking is firm from the beginning.
    #[graphql(default = true)]
    pub confirm: bool,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a quote cannot become a booking.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QuoteConvertErrorCode")]
pub enum QuoteConvertProblem {
    /// The quote was not accepted.
    WrongStatus,
    /// The quote does not say when it takes place, or what it needs is not given.
    Incomplete,
    /// Nothing is left at that time.
    SoldOut,
    /// The resource is taken at that time.
    SlotTaken,
    /// The price of the quote cannot be shared out over so many rooms.
    InvalidPrice,
    /// It cannot be booked; the message says why.
    NotBookable,
}

/// The verb.
pub struct QuoteConvert;

impl Verb for QuoteConvert {
    type Input = QuoteConvertInput;
    type Problem = QuoteConvertProblem;

    const NAME: &'static str = "quoteConvert";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("quote.converted");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("quote", "Quote", "The quote as it now is."),
        Part::Row("bookingOrder", "BookingOrder", "The booking it became."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let quote = lock(act, input.id.uuid(), input.expected_version).await?;
        quote.allow(&["accepted"], Problem::WrongStatus)?;
        let lines = lines(act, quote.id).await?;
        let wanted = wanted(act, &quote, &input, &lines).await?;
        let id = book(act, wanted).await.map_err(refused)?;
        settle(act, &quote, id, &lines).await?;
        Ok(Outcome::row("quote", quote.id)
            .and_row("bookingOrder", id)
            .detail("location_id", quote.location_id.to_string())
            .detail("booking_order_id", id.to_string()))
    }
}

const LINES: &str = "select l.sellable_id, l.name, l.quantity, l.unit::text, l.unit_price, l.discount_minor, l.total_minor \
    from booking.quote_lines l where l.biz_id = $1 and l.quote_id = $2 and l.voided_at is null order by l.line_no";

async fn lines(act: &Act<'_>, quote_id: Uuid) -> Result<Vec<NewLine>, Error> {
    let values = [act.scope.biz_id().into(), quote_id.into()];
    let rows = act.scope.query(LINES, &values).await?;
    rows.iter()
        .map(|row| {
            Ok(NewLine {
                sellable_id: row.try_get(0)?,
                name: row.try_get(1)?,
                quantity: row.try_get(2)?,
                unit: row.try_get(3)?,
                unit_price: row.try_get(4)?,
                discount_minor: row.try_get(5)?,
                total_minor: row.try_get(6)?,
                tax_rate: None,
                time: None,
            })
        })
        .collect()
}

/// The booking that the quote promises, as `bookingCreate` takes it: its first line is what is booked.
async fn wanted(
    act: &Act<'_>,
    quote: &Quote,
    input: &QuoteConvertInput,
    lines: &[NewLine],
) -> Result<BookingCreateInput, Fault<Problem>> {
    let (Some(main), Some((starts_at, ends_at))) = (lines.first(), quote.time) else {
        let message = "The quote does not say when it takes place: write another that does.";
        return Err(Fault::at(Problem::Incomplete, "id", message));
    };
    let money = |minor: i64| money(quote, minor);
    let mut wanted = json!({
        "locationId": Id::<entities::core::location::Entity>::new(quote.location_id),
        "kind": quote.kind.to_uppercase(),
        "customerId": quote.customer_id.map(Id::<entities::crm::customer::Entity>::new),
        "sellableId": Id::<entities::catalog::sellable::Entity>::new(main.sellable_id),
        "channel": quote.channel.to_uppercase(),
        "confirm": input.confirm,
    });
    let more = if quote.kind == "stay" {
        stay(act, quote, input, (main, starts_at, ends_at)).await?
    } else if let Some(slot) = input.slot_id {
        json!({"slotId": Id::<slot::Entity>::new(slot.uuid()), "partySize": quote.party_size, "price": money(main.total_minor)})
    } else {
        json!({
            "resourceId": input.resource_id.map(|id| Id::<resource::Entity>::new(id.uuid())),
            "startsAt": starts_at, "endsAt": ends_at, "partySize": quote.party_size, "price": money(main.total_minor),
        })
    };
    if let (Some(all), serde_json::Value::Object(more)) = (wanted.as_object_mut(), more) {
        all.extend(more);
    }
    let value = async_graphql::Value::from_json(wanted);
    let value = value.map_err(|error| Error::Internal(error.to_string()))?;
    BookingCreateInput::parse(Some(value)).map_err(|error| {
        let told = error
            .into_server_error(async_graphql::Pos::default())
            .message;
        Fault::from(Error::Internal(format!(
            "a quote that cannot be booked: {told}"
        )))
    })
}

/// An amount of the quote, as inputs take it.
fn money(quote: &Quote, minor: i64) -> serde_json::Value {
    let amount = Decimal::from_i128_with_scale(minor.into(), exponent(&quote.currency));
    json!({"amount": amount.to_string(), "currency": quote.currency})
}

/// The nights of a stay, which share the price of its line.
async fn stay(
    act: &Act<'_>,
    quote: &Quote,
    input: &QuoteConvertInput,
    (main, starts_at, ends_at): (&NewLine, DateTime<Utc>, DateTime<Utc>),
) -> Result<serde_json::Value, Fault<Problem>> {
    let sql = "select l.timezone from core.locations l where l.biz_id = $1 and l.id = $2";
    let values = [act.scope.biz_id().into(), quote.location_id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("location"))?;
    let zone = zone(row.try_get(0)?)?;
    let (from, to) = (local_day(zone, starts_at), local_day(zone, ends_at));
    let nights: Vec<_> = from.iter_days().take_while(|day| *day < to).collect();
    let units = i64::from(input.units.max(1));
    if main.total_minor % units != 0 {
        let message = "The price of the quote cannot be shared out evenly over so many rooms.";
        return Err(Fault::at(Problem::InvalidPrice, "units", message));
    }
    let shares = split(main.total_minor / units, &vec![1; nights.len()]);
    let nights: Vec<_> = nights
        .iter()
        .zip(shares)
        .map(|(on, minor)| json!({"on": on, "rate": money(quote, minor)}))
        .collect();
    Ok(json!({
        "unitTypeId": input.unit_type_id.map(|id| Id::<unit_type::Entity>::new(id.uuid())),
        "checkInOn": from, "checkOutOn": to, "units": input.units, "adults": quote.party_size, "nights": nights,
    }))
}

const AMOUNTS: &str = "update booking.booking_orders o set base_minor = q.subtotal_minor, discount_minor = q.discount_minor, \
      tax_minor = q.tax_minor, total_minor = q.total_minor, deposit_due_minor = least(o.deposit_due_minor, q.total_minor) \
    from booking.quotes q where o.biz_id = $1 and o.id = $3 and q.biz_id = $1 and q.id = $2";
const CONVERTED: &str = "update booking.quotes q set status = 'converted', converted_order_id = $3 where q.biz_id = $1 and q.id = $2";

/// Gives the booking the other lines and the amounts of the quote: what was promised is charged.
async fn settle(
    act: &Act<'_>,
    quote: &Quote,
    order_id: Uuid,
    lines: &[NewLine],
) -> Result<(), Fault<Problem>> {
    if add(act.scope, order_id, &lines[1..]).await?.is_none() {
        let message = "One of the things of the quote is not sold any more.";
        return Err(Fault::at(Problem::NotBookable, "id", message));
    }
    let values = [act.scope.biz_id().into(), quote.id.into(), order_id.into()];
    act.scope.execute(AMOUNTS, &values).await?;
    act.scope.execute(CONVERTED, &values).await?;
    Ok(())
}

fn refused(fault: Fault<BookingCreateProblem>) -> Fault<Problem> {
    match fault {
        Fault::Problem(told) | Fault::Kept(told) => Fault::Problem(Told {
            code: match told.code {
                BookingCreateProblem::SoldOut => Problem::SoldOut,
                BookingCreateProblem::SlotTaken => Problem::SlotTaken,
                BookingCreateProblem::Incomplete => Problem::Incomplete,
                _ => Problem::NotBookable,
            },
            message: told.message,
            field: told.field,
            retryable: told.retryable,
            values: told.values,
        }),
        Fault::Failure(failure) => Fault::Failure(failure),
        Fault::Database(error) => Fault::Database(error),
    }
}

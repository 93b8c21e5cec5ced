//! `quoteCreate`.

use async_graphql::{Enum, InputObject};
use chrono::TimeDelta;
use entities::booking::quote;
use entities::catalog::sellable;
use entities::core::location;
use entities::crm::customer;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::step::PERMISSION;
use crate::booking::choices::{Channel, OrderKind, PriceUnit};
use crate::booking::lines::line_total;
use crate::booking::store::{Asked, find};
use foundation::database::{Numbered, new_id};
use foundation::graph::scalars::{Choice, Id, Instant, MoneyInput, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const QUOTE_NUMBERS: Numbered = Numbered {
    document: "quote",
    prefix: "QU",
};
const MOST_LINES: usize = 100;
/// For how long a quote is valid if nothing is said.
const VALID: TimeDelta = TimeDelta::days(14);

type Problem = QuoteCreateProblem;

/// Writes a draft of a quote: what a booking would cost, line by line, in the currency of the
/// location.
#[derive(InputObject)]
pub struct QuoteCreateInput {
    /// The location where it would take place.
    pub location_id: Id<location::Entity>,
    /// What kind of booking it would become.
    pub kind: Choice<OrderKind>,
    /// Who asks for it, if known.
    pub customer_id: Option<Id<customer::Entity>>,
    /// When it would begin; needed before it becomes a booking.
    pub starts_at: Option<Instant>,
    /// When it would end, that instant not included.
    pub ends_at: Option<Instant>,
    /// How many people would come.
    #[graphql(default = 1)]
    pub party_size: i32,
    /// Until when it is valid, that instant not included; 14 days if not given.
    pub valid_until: Option<Instant>,
    /// What it consists of, 1 to 100 lines; the first is what is booked, others are added to it.
    pub lines: Vec<QuoteLineInput>,
    /// What is taken off the quote as a whole.
    pub discount: Option<MoneyInput>,
    /// Tax on top of it.
    pub tax: Option<MoneyInput>,
    /// Terms that the customer reads with it.
    pub terms: Option<String>,
    /// What staff should know about it.
    pub note: Option<String>,
    /// The way it was asked for; DESK if not given.
    pub channel: Option<Choice<Channel>>,
    /// The quote whose place it takes: that one is withdrawn.
    pub replaces_id: Option<Id<quote::Entity>>,
}

/// A line of a quote.
#[derive(InputObject)]
pub struct QuoteLineInput {
    /// What is offered.
    pub sellable_id: Id<sellable::Entity>,
    /// How many units; 1 if not given. Of a stay, room nights.
    pub quantity: Option<Number>,
    /// What one price is for; EACH if not given.
    pub unit: Option<Choice<PriceUnit>>,
    /// What one unit costs, also below a minor unit.
    pub unit_price: Number,
    /// What is taken off the line.
    pub discount: Option<MoneyInput>,
}

/// Why a quote cannot be written.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QuoteCreateErrorCode")]
pub enum QuoteCreateProblem {
    /// The location is not open for bookings, or one of the things is not sold.
    NotBookable,
    /// A quote has 1 to 100 lines.
    InvalidLines,
    /// A quantity or a number of people is not more than 0, or too large.
    InvalidQuantity,
    /// A price is negative or too large.
    InvalidPrice,
    /// Prices must be in the currency of the location.
    WrongCurrency,
    /// The end must be after the start, and it must be valid for some time yet.
    InvalidDates,
    /// The quote whose place it is to take was answered already.
    NotReplaceable,
}

/// The verb.
pub struct QuoteCreate;

impl Verb for QuoteCreate {
    type Input = QuoteCreateInput;
    type Problem = QuoteCreateProblem;

    const NAME: &'static str = "quoteCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("quote.created");
    const PAYLOAD: &'static [Part] = &[Part::Row("quote", "Quote", "The draft.")];
    const CONSTRAINTS: &'static [(&'static str, QuoteCreateProblem)] = &[
        ("quotes_party_size_check", Problem::InvalidQuantity),
        ("quotes_times_check", Problem::InvalidDates),
        ("quotes_discount_check", Problem::InvalidPrice),
        ("quotes_replaces_id_key", Problem::NotReplaceable),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let location_id = input.location_id.uuid();
        act.permit_at(PERMISSION, location_id, "location")?;
        let asked = Asked {
            location_id,
            customer_id: input.customer_id.map(|id| id.uuid()),
            ..Asked::default()
        };
        let found = find(act.scope, asked).await?;
        let found = found.ok_or_else(|| Fault::not_found("location"))?;
        if !found.place.is_active {
            let message = "The location is not open for bookings.";
            return Err(Fault::at(Problem::NotBookable, "locationId", message));
        }
        if input.customer_id.is_some() && found.customer.is_none() {
            return Err(Fault::not_found("customer"));
        }
        if let Some(replaced) = input.replaces_id {
            withdraw(act, replaced.uuid(), location_id).await?;
        }
        let id = write(act, &input, &found.place.currency).await?;
        Ok(Outcome::row("quote", id).detail("location_id", location_id.to_string()))
    }
}

const WITHDRAW: &str = "update booking.quotes q set status = 'withdrawn' \
    where q.biz_id = $1 and q.id = $2 and q.location_id = $3 and q.status in ('draft', 'sent', 'accepted')";

/// Takes back the quote whose place another takes.
async fn withdraw(act: &Act<'_>, id: Uuid, location_id: Uuid) -> Result<(), Fault<Problem>> {
    act.scope
        .set_reason("Another quote takes its place.")
        .await?;
    let values = [act.scope.biz_id().into(), id.into(), location_id.into()];
    if act.scope.execute(WITHDRAW, &values).await? == 1 {
        return Ok(());
    }
    let message = "There is no quote here that could be replaced: it was answered, or is gone.";
    Err(Fault::at(Problem::NotReplaceable, "replacesId", message))
}

fn minor(money: Option<&MoneyInput>, currency: &str, field: &str) -> Result<i64, Fault<Problem>> {
    match money {
        None => Ok(0),
        Some(money) if money.currency != currency => {
            let message = format!(
                "The currency of the location is {currency}, not {}.",
                money.currency
            );
            Err(Fault::at(Problem::WrongCurrency, field, message))
        }
        Some(money) if money.minor < 0 => {
            let message = "An amount cannot be negative.";
            Err(Fault::at(Problem::InvalidPrice, field, message))
        }
        Some(money) => Ok(money.minor),
    }
}

/// The lines as rows, and their sum.
fn lines(
    input: &QuoteCreateInput,
    currency: &str,
) -> Result<(Vec<serde_json::Value>, i64), Fault<Problem>> {
    if input.lines.is_empty() || input.lines.len() > MOST_LINES {
        let message = format!("A quote has 1 to {MOST_LINES} lines.");
        return Err(Fault::at(Problem::InvalidLines, "lines", message));
    }
    let (mut rows, mut sum) = (Vec::new(), 0_i64);
    for (index, line) in input.lines.iter().enumerate() {
        let quantity = line.quantity.map_or(Decimal::ONE, |quantity| quantity.0);
        if quantity <= Decimal::ZERO || quantity > Decimal::from(1_000_000) {
            let message = "A quantity is more than 0, and 1,000,000 at most.";
            return Err(Fault::at(Problem::InvalidQuantity, "lines", message));
        }
        let discount = minor(line.discount.as_ref(), currency, "lines")?;
        let price = line.unit_price.0;
        let total = line_total(price, quantity, discount, currency)
            .filter(|_| price >= Decimal::ZERO && price.normalize().scale() <= 6);
        let added = total.and_then(|total| sum.checked_add(total).zip(Some(total)));
        let Some((whole, total)) = added else {
            let message = "A price has six decimal digits at most, and what is taken off leaves nothing negative.";
            return Err(Fault::at(Problem::InvalidPrice, "lines", message));
        };
        sum = whole;
        rows.push(json!({
            "id": new_id(), "line_no": index + 1, "sellable_id": line.sellable_id.uuid(), "quantity": quantity,
            "unit": line.unit.as_ref().map_or("each", |unit| unit.0), "unit_price": price,
            "discount_minor": discount, "total_minor": total,
        }));
    }
    Ok((rows, sum))
}

const INSERT: &str = "insert into booking.quotes (biz_id, id, number, customer_id, location_id, kind, channel, replaces_id, \
      starts_at, ends_at, party_size, currency, subtotal_minor, discount_minor, tax_minor, total_minor, valid_until, terms, note) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
const LINES: &str = "insert into booking.quote_lines (biz_id, id, quote_id, line_no, sellable_id, offer_version_id, name, \
      quantity, unit, unit_price, discount_minor, total_minor, currency) \
    select $1, w.id, $2, w.line_no, s.id, case when s.ref_type = 'OfferVersion' then s.ref_id end, s.name, w.quantity, \
      w.unit, w.unit_price, w.discount_minor, w.total_minor, $4 \
    from json_to_recordset($3::json) as w (id uuid, line_no integer, sellable_id uuid, quantity numeric, unit text, \
      unit_price numeric, discount_minor bigint, total_minor bigint) \
    join catalog.sellables s on s.biz_id = $1 and s.id = w.sellable_id and s.active and s.deleted_at is null \
    order by w.line_no";

async fn write(
    act: &Act<'_>,
    input: &QuoteCreateInput,
    currency: &str,
) -> Result<Uuid, Fault<Problem>> {
    let (scope, now) = (act.scope, act.scope.now());
    let (rows, subtotal) = lines(input, currency)?;
    let discount = minor(input.discount.as_ref(), currency, "discount")?;
    let tax = minor(input.tax.as_ref(), currency, "tax")?;
    let valid_until = input.valid_until.map_or(now + VALID, |until| until.0);
    if valid_until <= now {
        let message = "It must be valid for some time yet.";
        return Err(Fault::at(Problem::InvalidDates, "validUntil", message));
    }
    let id = new_id();
    let number = act
        .session
        .shared
        .database
        .number(scope, QUOTE_NUMBERS)
        .await?;
    let values = [
        scope.biz_id().into(),
        id.into(),
        number.into(),
        input.customer_id.map(|id| id.uuid()).into(),
        input.location_id.uuid().into(),
        input.kind.0.into(),
        input
            .channel
            .as_ref()
            .map_or("desk", |channel| channel.0)
            .into(),
        input.replaces_id.map(|id| id.uuid()).into(),
        input.starts_at.map(|start| start.0).into(),
        input.ends_at.map(|end| end.0).into(),
        input.party_size.into(),
        currency.into(),
        subtotal.into(),
        discount.into(),
        tax.into(),
        (subtotal - discount + tax).into(),
        valid_until.into(),
        input.terms.clone().into(),
        input.note.clone().into(),
    ];
    let count = rows.len();
    let lines = [
        scope.biz_id().into(),
        id.into(),
        serde_json::Value::from(rows).to_string().into(),
        currency.into(),
    ];
    scope.execute(INSERT, &values).await?;
    if usize::try_from(scope.execute(LINES, &lines).await?) != Ok(count) {
        let message = "One of these is not sold, or there is no such thing.";
        return Err(Fault::at(Problem::NotBookable, "lines", message));
    }
    Ok(id)
}

//! `invoiceCreate`.

use async_graphql::{Enum, InputObject};
use entities::billing::{billing_account, customer_purchase_order, folio, invoice};
use entities::booking::booking_order;
use entities::catalog::sellable;
use entities::core::location;
use entities::crm::customer;
use entities::pos::sale;
use entities::pricing::tax_rate;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::choices::InvoiceKind;
use super::draft::{Head, Line, Remarks, write};
use super::rules::line_total;
use super::sources::{self, Bill};
use super::store::{account, reach_location};
use super::usage;
use foundation::graph::scalars::{Choice, Day, Id, MoneyInput, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::money::{exponent, fraction_of, major};

const PERMISSION: &str = "billing.invoice";
/// How many lines are given by hand at most.
const MOST_LINES: usize = 500;

/// Puts an invoice together as a draft: from a booking, a folio, a sale, what an account used in a
/// period, or lines that are written by hand. What was billed before is left out; the sums are those
/// of what is billed. A draft has no number: `invoiceFinalize` issues it.
#[derive(InputObject)]
pub struct InvoiceCreateInput {
    /// The booking that is billed.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// The folio that is billed: its charges, as they stand after allowances and transfers.
    pub folio_id: Option<Id<folio::Entity>>,
    /// The completed sale at a till that is billed.
    pub sale_id: Option<Id<sale::Entity>>,
    /// The period in which what the billing account used is billed.
    pub period: Option<InvoicePeriod>,
    /// Lines that are written by hand, 500 at most; alone, or beside one of the others.
    pub lines: Option<Vec<InvoiceLineInput>>,
    /// The location that issues it; needed for a period and for lines alone.
    pub location_id: Option<Id<location::Entity>>,
    /// The currency of lines alone; that of the location if not given.
    pub currency: Option<String>,
    /// What it is; an invoice on account where an account is named, or else an invoice.
    pub kind: Option<Choice<InvoiceKind>>,
    /// Who owes it, where it is somebody else than the customer of what is billed.
    pub customer_id: Option<Id<customer::Entity>>,
    /// The account that owes it.
    pub billing_account_id: Option<Id<billing_account::Entity>>,
    /// The customer's purchase order that it uses up.
    pub customer_po_id: Option<Id<customer_purchase_order::Entity>>,
    /// The voided or credited invoice that it replaces.
    pub replaces_id: Option<Id<invoice::Entity>>,
    /// When it is to be paid; by the terms of the account if not given, or else at once.
    pub due_on: Option<Day>,
    /// The buyer as it is to stand on the invoice, where that is not the customer's name.
    pub buyer: Option<InvoiceBuyer>,
    /// What is said about payment.
    pub payment_terms: Option<String>,
    /// What else is said on it.
    pub note: Option<String>,
}

/// Days whose use is billed together.
#[derive(InputObject)]
pub struct InvoicePeriod {
    /// The first business date.
    pub starts_on: Day,
    /// The first business date that is no longer in it.
    pub ends_on: Day,
}

/// Who buys, as it is printed.
#[derive(InputObject)]
pub struct InvoiceBuyer {
    /// The name.
    pub name: Option<String>,
    /// The address, in one line.
    pub address: Option<String>,
    /// The tax number.
    pub tax_id: Option<String>,
}

/// A line that is written by hand.
#[derive(InputObject)]
pub struct InvoiceLineInput {
    /// What the customer reads.
    pub description: String,
    /// How many; one if not given.
    pub quantity: Option<Number>,
    /// The price of one without tax, in major units; may be finer than the currency.
    pub unit_price: Number,
    /// What is taken off the line before tax.
    pub discount: Option<MoneyInput>,
    /// The rate of its tax; none where there is no tax.
    pub tax_rate_id: Option<Id<tax_rate::Entity>>,
    /// What is sold.
    pub sellable_id: Option<Id<sellable::Entity>>,
    /// The first day of what it is for.
    pub service_starts_on: Option<Day>,
    /// The first day after the last of what it is for.
    pub service_ends_on: Option<Day>,
}

/// Why a draft cannot be made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "InvoiceCreateErrorCode")]
pub enum InvoiceCreateProblem {
    /// Exactly one of booking, folio, sale and period is billed, or lines alone.
    AmbiguousSource,
    /// All of it was billed already, or there is nothing to bill.
    NothingToBill,
    /// What is to be billed is in a status in which it cannot be.
    WrongStatus,
    /// The location must be named.
    LocationRequired,
    /// An amount is not what it must be: another currency, beyond the line, or too large.
    WrongAmount,
    /// No more than 500 lines are written by hand.
    TooManyLines,
    /// A row of the source stands on another invoice by now.
    AlreadyBilled,
}

/// The verb.
pub struct InvoiceCreate;

type Problem = InvoiceCreateProblem;

impl Verb for InvoiceCreate {
    type Input = InvoiceCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "invoiceCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.invoice_drafted");
    const PAYLOAD: &'static [Part] = &[Part::Row("invoice", "Invoice", "The draft.")];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("invoice_lines_source_key", Problem::AlreadyBilled)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (mut head, mut lines) = bill(act, &input).await?;
        act.permit_at(PERMISSION, head.location_id, "location")?;
        lines.extend(by_hand(act, &input, &head).await?);
        if lines.is_empty() {
            return Err(Fault::problem(
                Problem::NothingToBill,
                "There is nothing to bill, or all of it stands on an invoice already.",
            ));
        }
        if let Some(id) = input.billing_account_id {
            let account = account(act.scope, id.uuid()).await?;
            let account = account.ok_or_else(|| Fault::not_found("billing account"))?;
            head.billing_account_id = Some(id.uuid());
            head.customer_id = account.customer_id.or(head.customer_id);
        }
        if let Some(id) = input.customer_id {
            head.customer_id = Some(id.uuid());
        }
        head.kind = match &input.kind {
            Some(kind) => kind.0,
            None if head.billing_account_id.is_some() => "ar",
            None => "invoice",
        };
        let id = write(act.scope, &head, &remarks(&input), &lines).await?;
        let total: i64 = lines.iter().map(Line::total_minor).sum();
        Ok(Outcome::row("invoice", id)
            .detail("location_id", head.location_id.to_string())
            .detail("total_minor", total)
            .detail("currency", head.currency))
    }
}

/// What is billed, before the lines that are written by hand.
async fn bill(act: &Act<'_>, input: &InvoiceCreateInput) -> Result<Bill, Fault<Problem>> {
    let given = [
        input.booking_order_id.is_some(),
        input.folio_id.is_some(),
        input.sale_id.is_some(),
        input.period.is_some(),
    ];
    let sources = given.iter().filter(|given| **given).count();
    if sources > 1 || (sources == 0 && input.lines.as_ref().is_none_or(Vec::is_empty)) {
        return Err(Fault::problem(
            Problem::AmbiguousSource,
            "Name one booking, one folio, one sale or a period of an account; or give lines.",
        ));
    }
    if let Some(id) = input.booking_order_id {
        let found = sources::booking(act.scope, id.uuid()).await?;
        let (bill, status) = found.ok_or_else(|| Fault::not_found("booking"))?;
        let bad = ["draft", "held", "pending_approval", "declined", "expired"];
        return allowed(act, bill, "booking", !bad.contains(&status.as_str()));
    }
    if let Some(id) = input.folio_id {
        let found = sources::folio(act.scope, id.uuid()).await?;
        let (bill, status) = found.ok_or_else(|| Fault::not_found("folio"))?;
        return allowed(act, bill, "folio", status == "open");
    }
    if let Some(id) = input.sale_id {
        let found = sources::sale(act.scope, id.uuid()).await?;
        let (bill, status) = found.ok_or_else(|| Fault::not_found("sale"))?;
        return allowed(act, bill, "sale", status == "completed");
    }
    let location = input.location_id.ok_or_else(|| {
        Fault::at(
            Problem::LocationRequired,
            "locationId",
            "Name the location that issues the invoice.",
        )
    })?;
    reach_location(act, PERMISSION, location.uuid()).await?;
    match (&input.period, input.billing_account_id) {
        (Some(period), Some(account)) => {
            let days = (period.starts_on.0, period.ends_on.0);
            let ids = (account.uuid(), location.uuid());
            let found = usage::of_account(act.scope, ids, days).await?;
            found.ok_or_else(|| Fault::not_found("billing account"))
        }
        (Some(_), None) => Err(Fault::at(
            Problem::AmbiguousSource,
            "billingAccountId",
            "A period is that of a billing account: name it.",
        )),
        (None, _) => lines_alone(act, input, location).await,
    }
}

/// A bill that the caller's permission reaches, of something that can be billed.
fn allowed(
    act: &Act<'_>,
    bill: Bill,
    what: &str,
    is_billable: bool,
) -> Result<Bill, Fault<Problem>> {
    act.permit_at(PERMISSION, bill.0.location_id, what)?;
    if is_billable {
        return Ok(bill);
    }
    Err(Fault::problem(
        Problem::WrongStatus,
        format!("A {what} in this status is not billed."),
    ))
}

async fn lines_alone(
    act: &Act<'_>,
    input: &InvoiceCreateInput,
    location: Id<location::Entity>,
) -> Result<Bill, Fault<Problem>> {
    let sql = "select l.currency::text from core.locations l \
               where l.biz_id = $1 and l.id = $2 and l.deleted_at is null";
    let values = [act.scope.biz_id().into(), location.uuid().into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("location"))?;
    let own: String = row.try_get(0)?;
    let head = Head {
        kind: "invoice",
        location_id: location.uuid(),
        currency: input.currency.clone().unwrap_or(own),
        customer_id: None,
        billing_account_id: None,
        booking_order_id: None,
        folio_id: None,
        source: None,
        service: None,
    };
    Ok((head, Vec::new()))
}

/// The lines that are written by hand.
async fn by_hand(
    act: &Act<'_>,
    input: &InvoiceCreateInput,
    head: &Head,
) -> Result<Vec<Line>, Fault<Problem>> {
    let given = input.lines.as_deref().unwrap_or_default();
    if given.len() > MOST_LINES {
        return Err(Fault::at(
            Problem::TooManyLines,
            "lines",
            "An invoice has at most 500 lines that are written by hand.",
        ));
    }
    let mut lines = Vec::with_capacity(given.len());
    for (index, line) in given.iter().enumerate() {
        let rate = match line.tax_rate_id {
            Some(id) => Some(rate(act, id).await?),
            None => None,
        };
        lines.push(line_of(line, head, rate).ok_or_else(|| {
            Fault::at(
                Problem::WrongAmount,
                &format!("lines.{index}"),
                "The line's amounts must be in the currency of the invoice, the quantity more than zero and the discount no more than the price.",
            )
        })?);
    }
    Ok(lines)
}

type Rate = (uuid::Uuid, String, Decimal);

async fn rate(act: &Act<'_>, id: Id<tax_rate::Entity>) -> Result<Rate, Fault<Problem>> {
    let sql = "select r.name, r.rate from pricing.tax_rates r \
               where r.biz_id = $1 and r.id = $2 and r.deleted_at is null";
    let values = [act.scope.biz_id().into(), id.uuid().into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("tax rate"))?;
    Ok((id.uuid(), row.try_get(0)?, row.try_get(1)?))
}

fn line_of(line: &InvoiceLineInput, head: &Head, rate: Option<Rate>) -> Option<Line> {
    let quantity = line.quantity.map_or(Decimal::ONE, |quantity| quantity.0);
    let digits = exponent(&head.currency);
    let subtotal_minor = line_total(line.unit_price.0, quantity, digits)?;
    let discount_minor = match &line.discount {
        Some(discount) if discount.currency != head.currency => return None,
        Some(discount) => discount.minor,
        None => 0,
    };
    if quantity <= Decimal::ZERO || !(0..=subtotal_minor).contains(&discount_minor) {
        return None;
    }
    let taxable = subtotal_minor - discount_minor;
    let taxes = rate.map_or_else(Vec::new, |(id, name, rate)| {
        sources::one_tax(
            Some(rate),
            (Some(id), Some(name)),
            taxable,
            fraction_of(taxable, rate),
        )
    });
    // An invoice that nobody can pay is none.
    (major(subtotal_minor, digits).abs() < Decimal::from(1_000_000_000_000_i64)).then(|| Line {
        sellable_id: line.sellable_id.map(|id| id.uuid()),
        source: None,
        description: line.description.clone(),
        quantity,
        subtotal_minor,
        discount_minor,
        tax_category: None,
        taxes,
        service: line
            .service_starts_on
            .zip(line.service_ends_on)
            .map(|(from, to)| (from.0, to.0)),
    })
}

fn remarks(input: &InvoiceCreateInput) -> Remarks {
    let mut buyer = Map::new();
    if let Some(given) = &input.buyer {
        let parts = [
            ("name", &given.name),
            ("address", &given.address),
            ("tax_id", &given.tax_id),
        ];
        for (key, value) in parts {
            if let Some(value) = value {
                buyer.insert(key.to_owned(), Value::String(value.clone()));
            }
        }
    }
    Remarks {
        customer_po_id: input.customer_po_id.map(|id| id.uuid()),
        replaces_id: input.replaces_id.map(|id| id.uuid()),
        due_on: input.due_on.map(|day| day.0),
        buyer,
        payment_terms: input.payment_terms.clone(),
        note: input.note.clone(),
    }
}

//! `receiptAllocate`.

use async_graphql::{Enum, InputObject};
use entities::billing::{folio, receipt};
use uuid::Uuid;

use super::books::{self, About};
use super::folios::{Folio, Payment, pay_folio};
use super::receipt_record::{AllocationInput, reach};
use super::settling::{self, From, Receipt, allocate_oldest};
use super::store::business_date;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.receive";
/// To how many invoices one receipt is allocated by hand at most.
const MOST_PARTS: usize = 500;

/// Sets what is left of a receipt against invoices or a folio: those named, or what its payer owes,
/// the oldest due first.
#[derive(InputObject)]
pub struct ReceiptAllocateInput {
    /// The receipt.
    pub id: Id<receipt::Entity>,
    /// What it pays, 500 at most; the oldest due first if neither this nor a folio is given.
    pub allocations: Option<Vec<AllocationInput>>,
    /// The folio that it pays.
    pub folio_id: Option<Id<folio::Entity>>,
    /// How much the folio, or the oldest invoices, get at most; all that is left if not given.
    pub amount: Option<MoneyInput>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a receipt cannot be set against something.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ReceiptAllocateErrorCode")]
pub enum ReceiptAllocateProblem {
    /// The receipt was reversed.
    WrongStatus,
    /// Not more than zero, or in another currency.
    WrongAmount,
    /// More than is left of the receipt.
    MoreThanReceived,
    /// More than is open of an invoice.
    MoreThanOpen,
    /// The invoice was not issued, was voided, or is of another currency.
    WrongInvoice,
    /// The folio is not open, or of another currency.
    WrongFolio,
    /// No more than 500 invoices at once.
    TooManyParts,
    /// The books are closed for this day.
    PeriodClosed,
}

type Problem = ReceiptAllocateProblem;

/// The verb.
pub struct ReceiptAllocate;

impl Verb for ReceiptAllocate {
    type Input = ReceiptAllocateInput;
    type Problem = Problem;

    const NAME: &'static str = "receiptAllocate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.receipt_allocated");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("receipt", "Receipt", "The receipt as it now stands."),
        Part::Rows("invoices", "Invoice", "The invoices that it paid."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("receipts_unapplied_check", Problem::MoreThanReceived),
        ("invoices_settled_check", Problem::MoreThanOpen),
        ("payment_allocations_invoice_check", Problem::WrongInvoice),
        ("payment_allocations_amount_check", Problem::WrongAmount),
        ("payment_allocations_receipt_check", Problem::WrongInvoice),
        ("folio_line_items_folio_open_check", Problem::WrongFolio),
        ("folio_line_items_currency_check", Problem::WrongFolio),
        ("journal_entries_period_open_check", Problem::PeriodClosed),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let id = input.id.uuid();
        let receipt = Receipt::lock(act, PERMISSION, id, input.expected_version).await?;
        if receipt.status != "recorded" {
            let message = "The receipt was reversed: there is no money.";
            return Err(Fault::problem(Problem::WrongStatus, message));
        }
        let amount = wanted(&input, &receipt)?;
        let day = day(act, &receipt, &input).await?;
        let about = About {
            kind: "payment",
            source: ("Receipt", id),
            location_id: receipt.location_id,
            day,
            currency: &receipt.currency,
            text: "Payment set against what was owed",
        };
        let paid = apply(act, &input, &receipt, (about, amount)).await?;
        let mut outcome = Outcome::row("receipt", id);
        for (invoice_id, _) in paid {
            outcome = outcome.and_row("invoices", invoice_id);
        }
        Ok(outcome)
    }
}

/// How much of the receipt may be used.
fn wanted(input: &ReceiptAllocateInput, receipt: &Receipt) -> Result<i64, Fault<Problem>> {
    let given = input.allocations.as_deref().unwrap_or_default();
    if given.len() > MOST_PARTS {
        let message = "At most 500 invoices are paid by one receipt at once.";
        return Err(Fault::at(Problem::TooManyParts, "allocations", message));
    }
    let amounts = given.iter().map(|part| &part.amount).chain(&input.amount);
    for amount in amounts {
        if amount.currency != receipt.currency || amount.minor <= 0 {
            return Err(Fault::at(
                Problem::WrongAmount,
                "amount",
                format!("Amounts are of more than zero, in {}.", receipt.currency),
            ));
        }
    }
    let amount = input.amount.as_ref().map(|amount| amount.minor);
    Ok(amount.unwrap_or(receipt.unapplied_minor))
}

async fn apply(
    act: &Act<'_>,
    input: &ReceiptAllocateInput,
    receipt: &Receipt,
    (about, amount): (About<'_>, i64),
) -> Result<Vec<(Uuid, i64)>, Fault<Problem>> {
    if let Some(given) = &input.allocations {
        let parts: Vec<(Uuid, i64)> = given
            .iter()
            .map(|part| (part.invoice_id.uuid(), part.amount.minor))
            .collect();
        reach(act, &parts).await?;
        let from = From::Receipt(receipt.id);
        let money = (about.currency, about.day);
        settling::allocate(act.scope, from, money, &parts, None).await?;
        books::set_against(act.scope, about, &parts).await?;
        return Ok(parts);
    }
    if let Some(folio_id) = input.folio_id {
        let folio = Folio::lock(act, PERMISSION, folio_id.uuid(), None).await?;
        let payment = Payment {
            receipt_id: receipt.id,
            folio_id: folio.id,
            amount_minor: amount,
            currency: about.currency,
            day: about.day,
            deposit_id: None,
            uses_deposit: false,
        };
        pay_folio(act.scope, payment).await?;
        books::set_against_folio(act.scope, about, amount).await?;
        return Ok(Vec::new());
    }
    let money = (amount, about.currency, about.day);
    let paid = allocate_oldest(act.scope, receipt.id, receipt.payer, money).await?;
    books::set_against(act.scope, about, &paid).await?;
    Ok(paid)
}

/// The day of business on which it counts: that of the location that received the money.
async fn day(
    act: &Act<'_>,
    receipt: &Receipt,
    input: &ReceiptAllocateInput,
) -> Result<chrono::NaiveDate, Fault<Problem>> {
    if let Some(location_id) = receipt.location_id {
        return Ok(business_date(act.scope, location_id).await?);
    }
    if let Some(folio_id) = input.folio_id {
        let folio = Folio::lock(act, PERMISSION, folio_id.uuid(), None).await?;
        return Ok(business_date(act.scope, folio.location_id).await?);
    }
    Ok(super::store::tenant_day(act.scope).await?)
}

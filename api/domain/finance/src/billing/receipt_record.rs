//! `receiptRecord`.

use async_graphql::{Enum, InputObject};
use entities::billing::{billing_account, folio, invoice};
use entities::core::location;
use entities::crm::customer;
use uuid::Uuid;

use super::books::{self, About};
use super::choices::MethodKind;
use super::folios::{Folio, Payment, pay_folio};
use super::settling::{self, From, NewReceipt, Payer, allocate_oldest, record_receipt};
use super::store::{account, reach_location};
use foundation::graph::scalars::{Choice, Id, Instant, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.receive";
/// To how many invoices one receipt is allocated by hand at most.
const MOST_PARTS: usize = 500;

/// Records money that a customer paid at the desk or by bank. Unless told otherwise it pays what the
/// payer owes, the oldest due first; what is more stays the payer's credit.
#[derive(InputObject)]
pub struct ReceiptRecordInput {
    /// The location that received it.
    pub location_id: Id<location::Entity>,
    /// How much.
    pub amount: MoneyInput,
    /// How it was paid.
    pub method: Choice<MethodKind>,
    /// The customer who paid.
    pub customer_id: Option<Id<customer::Entity>>,
    /// The account that paid.
    pub billing_account_id: Option<Id<billing_account::Entity>>,
    /// What the bank statement says, or the number of the cheque.
    pub reference: Option<String>,
    /// When it came; now if not given.
    pub received_at: Option<Instant>,
    /// What it pays, 500 at most; the oldest due first if neither this nor a folio is given.
    pub allocations: Option<Vec<AllocationInput>>,
    /// The folio that it pays.
    pub folio_id: Option<Id<folio::Entity>>,
    /// Whether it is set against nothing for now.
    pub keep_unapplied: Option<bool>,
    /// What else is known.
    pub note: Option<String>,
}

/// A part of a receipt that pays an invoice.
#[derive(InputObject)]
pub struct AllocationInput {
    /// The invoice.
    pub invoice_id: Id<invoice::Entity>,
    /// How much of it.
    pub amount: MoneyInput,
}

/// Why money cannot be recorded or set against something.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ReceiptRecordErrorCode")]
pub enum ReceiptRecordProblem {
    /// A receipt is of more than zero.
    WrongAmount,
    /// More is set against invoices than was received.
    MoreThanReceived,
    /// More is set against an invoice than is open of it.
    MoreThanOpen,
    /// The invoice was not issued, was voided, or is of another currency.
    WrongInvoice,
    /// The folio is not open, or of another currency.
    WrongFolio,
    /// No more than 500 invoices are paid by one receipt at once.
    TooManyParts,
    /// The books are closed for this day.
    PeriodClosed,
}

type Problem = ReceiptRecordProblem;

/// The verb.
pub struct ReceiptRecord;

impl Verb for ReceiptRecord {
    type Input = ReceiptRecordInput;
    type Problem = Problem;

    const NAME: &'static str = "receiptRecord";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.receipt_recorded");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("receipt", "Receipt", "The receipt as it stands."),
        Part::Rows(
            "invoices",
            "Invoice",
            "The invoices it was set against by hand, as they now stand.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("receipts_amount_check", Problem::WrongAmount),
        ("receipts_unapplied_check", Problem::MoreThanReceived),
        ("invoices_settled_check", Problem::MoreThanOpen),
        ("payment_allocations_invoice_check", Problem::WrongInvoice),
        ("payment_allocations_amount_check", Problem::WrongAmount),
        ("payment_allocations_receipt_check", Problem::WrongInvoice),
        ("folio_line_items_folio_open_check", Problem::WrongFolio),
        ("folio_line_items_currency_check", Problem::WrongFolio),
        ("receipts_period_open_check", Problem::PeriodClosed),
        ("journal_entries_period_open_check", Problem::PeriodClosed),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let location_id = input.location_id.uuid();
        reach_location(act, PERMISSION, location_id).await?;
        let payer = payer(act, &input).await?;
        let parts = parts(input.allocations.as_deref(), &input.amount.currency)?;
        let new = NewReceipt {
            location_id,
            payer,
            payment_transaction_id: None,
            amount_minor: input.amount.minor,
            currency: input.amount.currency.clone(),
            method: input.method.0.to_owned(),
            reference: input.reference.clone(),
            received_at: input.received_at.map(|at| at.0),
            note: input.note.clone(),
        };
        let database = &act.session.shared.database;
        let (id, day) = record_receipt(act.scope, database, &new).await?;
        let about = About {
            kind: "payment",
            source: ("Receipt", id),
            location_id: Some(location_id),
            day,
            currency: &new.currency,
            text: "Payment received",
        };
        let used = apply(act, &input, (about, payer), &parts).await?;
        // The books last: their accounts are everybody's.
        books::received(act.scope, about, &new.method, new.amount_minor).await?;
        books::set_against(act.scope, about, &used.invoices).await?;
        books::set_against_folio(act.scope, about, used.folio_minor).await?;
        let mut outcome = Outcome::row("receipt", id)
            .detail("location_id", location_id.to_string())
            .detail("amount_minor", new.amount_minor)
            .detail("currency", new.currency.clone());
        for (invoice_id, _) in parts {
            outcome = outcome.and_row("invoices", invoice_id);
        }
        Ok(outcome)
    }
}

async fn payer(act: &Act<'_>, input: &ReceiptRecordInput) -> Result<Payer, Fault<Problem>> {
    let mut payer = Payer {
        customer_id: input.customer_id.map(|id| id.uuid()),
        billing_account_id: input.billing_account_id.map(|id| id.uuid()),
    };
    if let Some(id) = payer.billing_account_id {
        let account = account(act.scope, id).await?;
        let account = account.ok_or_else(|| Fault::not_found("billing account"))?;
        payer.customer_id = payer.customer_id.or(account.customer_id);
    }
    Ok(payer)
}

/// What is paid by hand. Each invoice once, in the currency that came in.
fn parts(
    given: Option<&[AllocationInput]>,
    currency: &str,
) -> Result<Vec<(Uuid, i64)>, Fault<Problem>> {
    let given = given.unwrap_or_default();
    if given.len() > MOST_PARTS {
        let message = "At most 500 invoices are paid by one receipt at once.";
        return Err(Fault::at(Problem::TooManyParts, "allocations", message));
    }
    let mut parts = Vec::with_capacity(given.len());
    for (index, part) in given.iter().enumerate() {
        if part.amount.currency != currency {
            let message = format!("The money that came in is {currency}.");
            let path = format!("allocations.{index}.amount");
            return Err(Fault::at(Problem::WrongAmount, &path, message));
        }
        parts.push((part.invoice_id.uuid(), part.amount.minor));
    }
    Ok(parts)
}

/// What a receipt was set against.
#[derive(Debug, Default)]
struct Used {
    invoices: Vec<(Uuid, i64)>,
    folio_minor: i64,
}

/// Sets it against what was named, or the oldest that the payer owes.
async fn apply(
    act: &Act<'_>,
    input: &ReceiptRecordInput,
    (about, payer): (About<'_>, Payer),
    parts: &[(Uuid, i64)],
) -> Result<Used, Fault<Problem>> {
    let mut used = Used::default();
    let receipt_id = about.source.1;
    let mut left = input.amount.minor;
    if !parts.is_empty() {
        reach(act, parts).await?;
        let from = From::Receipt(receipt_id);
        let money = (about.currency, about.day);
        settling::allocate(act.scope, from, money, parts, None).await?;
        used.invoices = parts.to_vec();
        left -= parts.iter().map(|(_, part)| part).sum::<i64>();
    }
    if let Some(id) = input.folio_id {
        let folio = Folio::lock(act, PERMISSION, id.uuid(), None).await?;
        let payment = Payment {
            receipt_id,
            folio_id: folio.id,
            amount_minor: left,
            currency: about.currency,
            day: about.day,
            deposit_id: None,
            uses_deposit: false,
        };
        if left > 0 {
            pay_folio(act.scope, payment).await?;
            used.folio_minor = left;
        }
    } else if parts.is_empty() && !input.keep_unapplied.unwrap_or(false) {
        let money = (left, about.currency, about.day);
        used.invoices = allocate_oldest(act.scope, receipt_id, payer, money).await?;
    }
    Ok(used)
}

/// Whether the caller's permission reaches all invoices; one elsewhere does not exist.
pub(super) async fn reach<P>(act: &Act<'_>, parts: &[(Uuid, i64)]) -> Result<(), Fault<P>> {
    let ids: Vec<Uuid> = parts.iter().map(|(id, _)| *id).collect();
    let sql = "select i.location_id from billing.invoices i where i.biz_id = $1 and i.id = any($2)";
    let values = [act.scope.biz_id().into(), ids.clone().into()];
    let rows = act.scope.query(sql, &values).await?;
    let mut distinct = ids;
    distinct.sort_unstable();
    distinct.dedup();
    if rows.len() != distinct.len() {
        return Err(Fault::not_found("invoice"));
    }
    for row in rows {
        act.permit_at(PERMISSION, row.try_get(0)?, "invoice")?;
    }
    Ok(())
}

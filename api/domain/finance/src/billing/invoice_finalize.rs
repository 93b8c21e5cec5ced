//! `invoiceFinalize`.

use async_graphql::{Enum, InputObject};
use entities::billing::{fiscal_sery, invoice};
use uuid::Uuid;

use super::books::{self, About, Billed};
use super::fiscal;
use super::folios::{self, move_payments, take_over};
use super::issue::{Issued, NotIssued, Refusal, issue};
use super::store::Invoice;
use foundation::database::{Database, Error, Scope};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.invoice";

/// Issues a draft: it gets the next number of its series, in this transaction, its date, and who
/// sells and buys as they are now; from then on its content never changes. What it bills of a folio
/// moves from there to it, together with what was paid for it. The authority, where the series has
/// one, is told after the transaction.
#[derive(InputObject)]
pub struct InvoiceFinalizeInput {
    /// The draft.
    pub id: Id<invoice::Entity>,
    /// The series of its number; that of the location if not given, or else that of the business.
    pub series_id: Option<Id<fiscal_sery::Entity>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why an invoice cannot be issued.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "InvoiceFinalizeErrorCode")]
pub enum InvoiceFinalizeProblem {
    /// Only a draft is issued.
    WrongStatus,
    /// No series numbers such documents here.
    NoSeries,
    /// The series does not number such documents, or is not in use.
    WrongSeries,
    /// The series has no numbers left.
    SeriesUsedUp,
    /// The account may not buy now.
    AccountOnHold,
    /// The account would owe more than its credit limit.
    CreditLimitExceeded,
    /// The account wants its purchase order named.
    PurchaseOrderRequired,
    /// The purchase order is not open, of another account, or has too little left.
    PurchaseOrderExceeded,
    /// The books are closed for this day.
    PeriodClosed,
}

type Problem = InvoiceFinalizeProblem;

/// The problem that a refusal is.
fn problem(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NoSeries => Problem::NoSeries,
        Refusal::WrongSeries => Problem::WrongSeries,
        Refusal::AccountOnHold => Problem::AccountOnHold,
        Refusal::PurchaseOrderRequired => Problem::PurchaseOrderRequired,
    }
}

/// The verb.
pub struct InvoiceFinalize;

impl Verb for InvoiceFinalize {
    type Input = InvoiceFinalizeInput;
    type Problem = Problem;

    const NAME: &'static str = "invoiceFinalize";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.invoice_finalized");
    const PAYLOAD: &'static [Part] = &[Part::Row("invoice", "Invoice", "The invoice as issued.")];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        (
            "billing_accounts_credit_limit_check",
            Problem::CreditLimitExceeded,
        ),
        ("invoices_customer_po_check", Problem::PurchaseOrderExceeded),
        (
            "customer_purchase_orders_consumed_check",
            Problem::PurchaseOrderExceeded,
        ),
        ("fiscal_series_range_check", Problem::SeriesUsedUp),
        ("folio_line_items_period_open_check", Problem::PeriodClosed),
        ("journal_entries_period_open_check", Problem::PeriodClosed),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let id = input.id.uuid();
        let invoice = Invoice::lock(act, PERMISSION, id, input.expected_version).await?;
        if invoice.status != "draft" {
            return Err(Fault::problem(
                Problem::WrongStatus,
                format!("The invoice is {}; only a draft is issued.", invoice.status),
            ));
        }
        let series_id = input.series_id.map(|id| id.uuid());
        let database = &act.session.shared.database;
        let issued = finalize(act.scope, database, &invoice, series_id)
            .await
            .map_err(|error| error.fault(problem))?;
        let biz_id = act.scope.biz_id();
        let outcome = Outcome::row("invoice", id)
            .detail("location_id", invoice.location_id.to_string())
            .detail("number", issued.number)
            .detail("total_minor", invoice.total_minor)
            .detail("currency", invoice.currency);
        Ok(match issued.fiscal_document_id {
            Some(document) => outcome.then(move |shared| fiscal::follow(shared, biz_id, document)),
            None => outcome,
        })
    }
}

/// Issues a draft that is locked, takes over what it bills of folios, and posts it.
pub async fn finalize(
    scope: &Scope,
    database: &Database,
    invoice: &Invoice,
    series_id: Option<Uuid>,
) -> Result<Issued, NotIssued> {
    folios::lock_billed(scope, invoice.id).await?;
    let issued = issue(scope, database, invoice, series_id).await?;
    if invoice.kind != "proforma" {
        let taken = take_over(scope, invoice, (&issued.number, issued.day)).await?;
        let moved = move_payments(scope, invoice, issued.day).await?;
        // The books last: their accounts are everybody's.
        post(scope, invoice, &issued, (taken, moved)).await?;
    }
    Ok(issued)
}

async fn post(
    scope: &Scope,
    invoice: &Invoice,
    issued: &Issued,
    (taken, moved): (folios::TakenOver, i64),
) -> Result<(), Error> {
    let text = format!("Invoice {}", issued.number);
    let about = About {
        kind: "sale",
        source: ("Invoice", invoice.id),
        location_id: Some(invoice.location_id),
        day: issued.day,
        currency: &invoice.currency,
        text: &text,
    };
    let billed = Billed {
        billing_account_id: invoice.billing_account_id,
        total_minor: invoice.total_minor,
        folio_minor: taken.amount_minor,
        tax_minor: invoice.tax_minor - taken.tax_minor,
        is_deposit: invoice.kind == "deposit",
    };
    books::billed(scope, about, billed).await?;
    let about = About {
        kind: "payment",
        text: "What was paid on the folio pays the invoice",
        ..about
    };
    books::set_against_folio(scope, about, -moved).await?;
    books::set_against(scope, about, &[(invoice.id, moved)]).await
}

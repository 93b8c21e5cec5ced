//! `invoiceVoid`.

use async_graphql::{Enum, InputObject};
use entities::billing::invoice;

use super::books;
use super::folios::{NewLine, post};
use super::store::{Invoice, business_date, note_event};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.void";

/// Voids an invoice that was issued by mistake, as long as nothing was paid or credited and no
/// authority has a copy of it: it keeps its number and counts nowhere; what it bills can be billed
/// again. Where an authority was told, the law wants a credit note instead.
#[derive(InputObject)]
pub struct InvoiceVoidInput {
    /// The invoice.
    pub id: Id<invoice::Entity>,
    /// Why.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why an invoice cannot be voided.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "InvoiceVoidErrorCode")]
pub enum InvoiceVoidProblem {
    /// Only an issued invoice of which nothing was paid or credited is voided.
    WrongStatus,
    /// An authority has, or will have, a copy: cancel that first, or credit the invoice.
    AuthorityWasTold,
    /// A reason must be given.
    ReasonRequired,
    /// The folio it took over is closed by now: credit the invoice.
    FolioClosed,
    /// The books are closed for this day.
    PeriodClosed,
}

type Problem = InvoiceVoidProblem;

/// The verb.
pub struct InvoiceVoid;

const TAKEN_OUT: &str = "select l.id, l.folio_id, -l.amount_minor, -l.tax_minor from billing.folio_line_items l \
    where l.biz_id = $1 and l.source_type = 'Invoice' and l.source_id = $2 and l.kind = 'transfer_out' \
      and l.amount_minor < 0 order by l.folio_id, l.id";

impl Verb for InvoiceVoid {
    type Input = InvoiceVoidInput;
    type Problem = Problem;

    const NAME: &'static str = "invoiceVoid";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.invoice_voided");
    const PAYLOAD: &'static [Part] = &[Part::Row("invoice", "Invoice", "The invoice as it was.")];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("folio_line_items_folio_open_check", Problem::FolioClosed),
        ("folio_line_items_period_open_check", Problem::PeriodClosed),
        ("journal_entries_period_open_check", Problem::PeriodClosed),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let id = input.id.uuid();
        let invoice = Invoice::lock(act, PERMISSION, id, input.expected_version).await?;
        if invoice.status != "finalized" || invoice.is_touched {
            return Err(Fault::problem(
                Problem::WrongStatus,
                "Only an issued invoice of which nothing was paid, credited or written off is voided.",
            ));
        }
        refuse_told(act, &invoice).await?;
        let day = business_date(act.scope, invoice.location_id).await?;
        act.scope.set_reason(reason).await?;
        let sql = "update billing.invoices set status = 'voided', voided_at = $3, void_reason = $4 \
                   where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            act.scope.now().into(),
            reason.into(),
        ];
        act.scope.execute(sql, &values).await?;
        note_event(act.scope, id, "voided", Some(reason)).await?;
        give_back(act, &invoice, day).await?;
        books::voided(act.scope, id, day).await?;
        Ok(Outcome::row("invoice", id)
            .detail("location_id", invoice.location_id.to_string())
            .detail("reason", reason))
    }
}

async fn refuse_told(act: &Act<'_>, invoice: &Invoice) -> Result<(), Fault<Problem>> {
    let sql = "select d.status::text from billing.fiscal_documents d \
               where d.biz_id = $1 and d.invoice_id = $2 and d.status <> 'cancelled'";
    let values = [act.scope.biz_id().into(), invoice.id.into()];
    match act.scope.query_opt(sql, &values).await? {
        None => Ok(()),
        Some(_) => Err(Fault::problem(
            Problem::AuthorityWasTold,
            "The authority has a copy of this invoice, or will have: have it cancelled first, or credit the invoice.",
        )),
    }
}

/// Puts what the invoice took out of folios back on them.
async fn give_back(
    act: &Act<'_>,
    invoice: &Invoice,
    day: chrono::NaiveDate,
) -> Result<(), Fault<Problem>> {
    let values = [act.scope.biz_id().into(), invoice.id.into()];
    let number = invoice.number.as_deref().unwrap_or_default();
    let mut lines = Vec::new();
    for row in act.scope.query(TAKEN_OUT, &values).await? {
        let (amount, currency) = (row.try_get(2)?, invoice.currency.as_str());
        let text = format!("Invoice {number} voided");
        let folio_id = row.try_get(1)?;
        lines.push(NewLine {
            source_type: Some("Invoice"),
            source_id: Some(invoice.id),
            tax_minor: row.try_get(3)?,
            corrects_id: Some(row.try_get(0)?),
            ..NewLine::of(folio_id, "transfer_out", (amount, currency), day, text)
        });
    }
    Ok(post(act.scope, &lines).await?)
}

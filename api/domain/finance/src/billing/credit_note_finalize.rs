//! `creditNoteFinalize`.

use async_graphql::{Enum, InputObject};
use entities::billing::{credit_note, fiscal_sery};
use uuid::Uuid;

use super::books::{self, About};
use super::fiscal;
use super::issue::{Issued, Refusal, issue_credit};
use super::settling::{self, From};
use super::store::{Invoice, note_event};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.credit";

/// Issues a draft of a credit note: it gets the next number of its series, in this transaction, and
/// is set against what is open of its invoice. What is more stays the customer's, to be refunded or
/// set against another invoice by `creditNoteApply`.
#[derive(InputObject)]
pub struct CreditNoteFinalizeInput {
    /// The draft.
    pub id: Id<credit_note::Entity>,
    /// The series of its number; that of the location if not given, or else that of the business.
    pub series_id: Option<Id<fiscal_sery::Entity>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a credit note cannot be issued.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "CreditNoteFinalizeErrorCode")]
pub enum CreditNoteFinalizeProblem {
    /// Only a draft is issued.
    WrongStatus,
    /// No series numbers credit notes here.
    NoSeries,
    /// The series does not number credit notes, or is not in use.
    WrongSeries,
    /// More would be credited than was invoiced.
    MoreThanInvoiced,
    /// The books are closed for this day.
    PeriodClosed,
}

type Problem = CreditNoteFinalizeProblem;

fn problem(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::WrongSeries => Problem::WrongSeries,
        Refusal::NoSeries | Refusal::AccountOnHold | Refusal::PurchaseOrderRequired => {
            Problem::NoSeries
        }
    }
}

/// The verb.
pub struct CreditNoteFinalize;

/// A draft that is locked.
struct Draft {
    invoice_id: Uuid,
    total_minor: i64,
    tax_minor: i64,
}

// What is credited in full can be billed again, but what came from a folio: it has left the folio.
const RELEASE: &str = "update billing.invoice_lines l set released_at = $3 \
    where l.biz_id = $1 and l.invoice_id = $2 and l.released_at is null and l.voided_at is null \
      and l.credited_minor = l.total_minor and l.total_minor > 0 and l.source_type is distinct from 'FolioLineItem'";

impl Verb for CreditNoteFinalize {
    type Input = CreditNoteFinalizeInput;
    type Problem = Problem;

    const NAME: &'static str = "creditNoteFinalize";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.credit_note_finalized");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("creditNote", "CreditNote", "The credit note as issued."),
        Part::Row("invoice", "Invoice", "The invoice as it now stands."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("invoice_lines_credited_check", Problem::MoreThanInvoiced),
        ("invoices_credit_noted_check", Problem::MoreThanInvoiced),
        ("journal_entries_period_open_check", Problem::PeriodClosed),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let id = input.id.uuid();
        let draft = lock(act, id, input.expected_version).await?;
        let invoice = Invoice::lock(act, PERMISSION, draft.invoice_id, None).await?;
        let series_id = input.series_id.map(|id| id.uuid());
        let issued = issue_credit(act.scope, (id, invoice.location_id), series_id)
            .await
            .map_err(|error| error.fault(problem))?;
        note_event(act.scope, invoice.id, "credited", Some(&issued.number)).await?;
        let values = [
            act.scope.biz_id().into(),
            invoice.id.into(),
            act.scope.now().into(),
        ];
        act.scope.execute(RELEASE, &values).await?;
        let part = draft.total_minor.min(invoice.open_minor);
        settle(act, id, &invoice, &draft, &issued, part).await?;
        let biz_id = act.scope.biz_id();
        let outcome = Outcome::row("creditNote", id)
            .and_row("invoice", invoice.id)
            .detail("location_id", invoice.location_id.to_string())
            .detail("number", issued.number)
            .detail("total_minor", draft.total_minor)
            .detail("currency", invoice.currency);
        Ok(match issued.fiscal_document_id {
            Some(document) => outcome.then(move |shared| fiscal::follow(shared, biz_id, document)),
            None => outcome,
        })
    }
}

async fn lock(act: &Act<'_>, id: Uuid, expected: Option<i32>) -> Result<Draft, Fault<Problem>> {
    let sql = "select c.status::text, c.invoice_id, c.total_minor, c.tax_minor, c.version, i.location_id \
               from billing.credit_notes c join billing.invoices i on i.biz_id = c.biz_id and i.id = c.invoice_id \
               where c.biz_id = $1 and c.id = $2 for no key update of c";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("credit note"))?;
    act.permit_at(PERMISSION, row.try_get(5)?, "credit note")?;
    Failure::unless_current("credit note", row.try_get(4)?, expected)?;
    let status: &str = row.try_get(0)?;
    if status != "draft" {
        return Err(Fault::problem(
            Problem::WrongStatus,
            format!("The credit note is {status}; only a draft is issued."),
        ));
    }
    Ok(Draft {
        invoice_id: row.try_get(1)?,
        total_minor: row.try_get(2)?,
        tax_minor: row.try_get(3)?,
    })
}

/// Posts the credit note, and sets it against what is open of its invoice.
async fn settle(
    act: &Act<'_>,
    id: Uuid,
    invoice: &Invoice,
    draft: &Draft,
    issued: &Issued,
    part: i64,
) -> Result<(), Fault<Problem>> {
    let text = format!("Credit note {}", issued.number);
    let about = About {
        kind: "adjustment",
        source: ("CreditNote", id),
        location_id: Some(invoice.location_id),
        day: issued.day,
        currency: &invoice.currency,
        text: &text,
    };
    let money = (invoice.currency.as_str(), issued.day);
    let parts = [(invoice.id, part)];
    if part > 0 {
        settling::allocate(act.scope, From::CreditNote(id), money, &parts, None).await?;
    }
    books::credited(act.scope, about, draft.total_minor, draft.tax_minor).await?;
    if part > 0 {
        books::set_against(act.scope, about, &parts).await?;
    }
    Ok(())
}

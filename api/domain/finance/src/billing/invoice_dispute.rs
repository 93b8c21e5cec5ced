//! `invoiceDispute` and `invoiceDisputeResolve`.

use async_graphql::{Enum, InputObject};
use entities::billing::invoice;

use super::store::{Invoice, note_event};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.invoice";
const PAYLOAD: &[Part] = &[Part::Row("invoice", "Invoice", "The invoice as it now is.")];

/// Notes that the customer contests an invoice: it is not dunned meanwhile, and money of theirs is not
/// set against it unless they say so.
#[derive(InputObject)]
pub struct InvoiceDisputeInput {
    /// The invoice.
    pub id: Id<invoice::Entity>,
    /// What the customer says.
    pub reason: String,
}

/// Notes that an invoice is contested no more: it is due as it stands, after what was credited.
#[derive(InputObject)]
pub struct InvoiceDisputeResolveInput {
    /// The invoice.
    pub id: Id<invoice::Entity>,
    /// How it was settled.
    pub outcome: String,
}

/// Why nothing changed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "InvoiceDisputeErrorCode")]
pub enum InvoiceDisputeProblem {
    /// Nothing is open of it, it counts nowhere, or it is contested already or not at all.
    WrongStatus,
    /// It must be said why, or how it was settled.
    ReasonRequired,
}

type Problem = InvoiceDisputeProblem;

const LOOK: &str =
    "select i.disputed_at is not null from billing.invoices i where i.biz_id = $1 and i.id = $2";

/// Locks an invoice that is contested, or is not.
async fn locked(
    act: &Act<'_>,
    id: uuid::Uuid,
    is_disputed: bool,
) -> Result<Invoice, Fault<Problem>> {
    let invoice = Invoice::lock(act, PERMISSION, id, None).await?;
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(LOOK, &values).await?;
    let found: Option<bool> = row.map(|row| row.try_get(0)).transpose()?;
    if found == Some(is_disputed) {
        return Ok(invoice);
    }
    let message = if is_disputed {
        "The invoice is not contested."
    } else {
        "The invoice is contested already."
    };
    Err(Fault::at(Problem::WrongStatus, "id", message))
}

fn said<'a>(text: &'a str, field: &'static str) -> Result<&'a str, Fault<Problem>> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::at(
            Problem::ReasonRequired,
            field,
            "It must be said.",
        ));
    }
    Ok(text)
}

/// The verb that notes it.
pub struct InvoiceDispute;

impl Verb for InvoiceDispute {
    type Input = InvoiceDisputeInput;
    type Problem = Problem;

    const NAME: &'static str = "invoiceDispute";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.invoice_disputed");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let reason = said(&input.reason, "reason")?;
        let invoice = locked(act, input.id.uuid(), false).await?;
        let is_open = matches!(invoice.status.as_str(), "finalized" | "partially_paid");
        if !is_open || invoice.open_minor == 0 {
            let message = "Only an issued invoice of which something is open is contested.";
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let sql = "update billing.invoices set disputed_at = $3 where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            invoice.id.into(),
            act.scope.now().into(),
        ];
        act.scope.execute(sql, &values).await?;
        note_event(act.scope, invoice.id, "disputed", Some(reason)).await?;
        Ok(Outcome::row("invoice", invoice.id).detail("reason", reason))
    }
}

/// The verb that settles it.
pub struct InvoiceDisputeResolve;

impl Verb for InvoiceDisputeResolve {
    type Input = InvoiceDisputeResolveInput;
    type Problem = Problem;

    const NAME: &'static str = "invoiceDisputeResolve";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.invoice_dispute_resolved");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let outcome = said(&input.outcome, "outcome")?;
        let invoice = locked(act, input.id.uuid(), true).await?;
        let sql = "update billing.invoices set disputed_at = null where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), invoice.id.into()];
        act.scope.execute(sql, &values).await?;
        note_event(act.scope, invoice.id, "dispute_resolved", Some(outcome)).await?;
        Ok(Outcome::row("invoice", invoice.id).detail("outcome", outcome))
    }
}

//! `invoiceDiscard`.

use async_graphql::{Enum, InputObject};
use entities::billing::invoice;

use super::store::Invoice;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.invoice";

/// Throws a draft away: what it bills can be billed again. It never had a number.
#[derive(InputObject)]
pub struct InvoiceDiscardInput {
    /// The draft.
    pub id: Id<invoice::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why an invoice cannot be thrown away.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "InvoiceDiscardErrorCode")]
pub enum InvoiceDiscardProblem {
    /// Only a draft is thrown away; what was issued is voided or credited.
    WrongStatus,
}

/// The verb.
pub struct InvoiceDiscard;

impl Verb for InvoiceDiscard {
    type Input = InvoiceDiscardInput;
    type Problem = InvoiceDiscardProblem;

    const NAME: &'static str = "invoiceDiscard";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.invoice_discarded");
    const PAYLOAD: &'static [Part] = &[Part::Row("invoice", "Invoice", "The draft as it was.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let invoice = Invoice::lock(act, PERMISSION, id, input.expected_version).await?;
        if invoice.status != "draft" {
            return Err(Fault::problem(
                InvoiceDiscardProblem::WrongStatus,
                format!(
                    "The invoice is {}; only a draft is thrown away.",
                    invoice.status
                ),
            ));
        }
        let sql = "update billing.invoices set status = 'discarded' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), id.into()];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("invoice", id).detail("location_id", invoice.location_id.to_string()))
    }
}

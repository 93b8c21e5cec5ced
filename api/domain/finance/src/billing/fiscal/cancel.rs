//! `fiscalDocumentCancel`.

use async_graphql::{Enum, InputObject};
use entities::billing::fiscal_document;

use super::follow;
use super::submit::lock;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.fiscal";

/// Asks the authority to cancel its copy of a document, so that the document can be voided.
#[derive(InputObject)]
pub struct FiscalDocumentCancelInput {
    /// The copy at the authority.
    pub id: Id<fiscal_document::Entity>,
    /// Why; the authority is told.
    pub reason: String,
}

/// Why the authority is not asked.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FiscalDocumentCancelErrorCode")]
pub enum FiscalDocumentCancelProblem {
    /// Only a copy that the authority took is cancelled.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct FiscalDocumentCancel;

impl Verb for FiscalDocumentCancel {
    type Input = FiscalDocumentCancelInput;
    type Problem = FiscalDocumentCancelProblem;

    const NAME: &'static str = "fiscalDocumentCancel";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.fiscal_document_cancelled");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "fiscalDocument",
        "FiscalDocument",
        "The copy, with the authority's answer.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason =
            Fault::unless_said(FiscalDocumentCancelProblem::ReasonRequired, &input.reason)?;
        let id = input.id.uuid();
        let status = lock(act, id).await?;
        if status != "accepted" {
            return Err(Fault::problem(
                FiscalDocumentCancelProblem::WrongStatus,
                format!("The copy is {status}: only one that the authority took is cancelled."),
            ));
        }
        act.scope.set_reason(reason).await?;
        let sql = "update billing.fiscal_documents set status = 'cancel_requested', cancel_reason = $4, next_attempt_at = $3 \
                   where biz_id = $1 and id = $2";
        let biz_id = act.scope.biz_id();
        let values = [
            biz_id.into(),
            id.into(),
            act.scope.now().into(),
            reason.into(),
        ];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("fiscalDocument", id);
        Ok(outcome.then(move |shared| follow(shared, biz_id, id)))
    }
}

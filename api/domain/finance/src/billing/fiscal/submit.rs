//! `fiscalDocumentSubmit`.

use async_graphql::{Enum, InputObject};
use entities::billing::fiscal_document;
use uuid::Uuid;

use super::follow;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.fiscal";

/// Tells the authority once more of a document that it refused, or that it could not be told of. What
/// stands on the document stays: where that is wrong, it is credited and made out anew.
#[derive(InputObject)]
pub struct FiscalDocumentSubmitInput {
    /// The copy at the authority.
    pub id: Id<fiscal_document::Entity>,
}

/// Why the authority is not told.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FiscalDocumentSubmitErrorCode")]
pub enum FiscalDocumentSubmitProblem {
    /// The authority has it, or is being told just now.
    WrongStatus,
}

/// The verb.
pub struct FiscalDocumentSubmit;

/// The status of a copy that the caller's permission reaches, locked.
pub(super) async fn lock<P>(act: &Act<'_>, id: Uuid) -> Result<String, Fault<P>> {
    let sql = "select d.status::text, coalesce(i.location_id, j.location_id) \
               from billing.fiscal_documents d \
               left join billing.invoices i on i.biz_id = d.biz_id and i.id = d.invoice_id \
               left join billing.credit_notes c on c.biz_id = d.biz_id and c.id = d.credit_note_id \
               left join billing.invoices j on j.biz_id = c.biz_id and j.id = c.invoice_id \
               where d.biz_id = $1 and d.id = $2 for no key update of d";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("fiscal document"))?;
    act.permit_at(PERMISSION, row.try_get(1)?, "fiscal document")?;
    Ok(row.try_get(0)?)
}

impl Verb for FiscalDocumentSubmit {
    type Input = FiscalDocumentSubmitInput;
    type Problem = FiscalDocumentSubmitProblem;

    const NAME: &'static str = "fiscalDocumentSubmit";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.fiscal_document_submitted");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "fiscalDocument",
        "FiscalDocument",
        "The copy, with the authority's answer.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let status = lock(act, id).await?;
        if !matches!(status.as_str(), "pending" | "rejected") {
            return Err(Fault::problem(
                FiscalDocumentSubmitProblem::WrongStatus,
                format!(
                    "The copy is {status}: only one that is pending or rejected is sent again."
                ),
            ));
        }
        let sql = "update billing.fiscal_documents set status = 'pending', next_attempt_at = $3 \
                   where biz_id = $1 and id = $2";
        let biz_id = act.scope.biz_id();
        let values = [biz_id.into(), id.into(), act.scope.now().into()];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("fiscalDocument", id);
        Ok(outcome.then(move |shared| follow(shared, biz_id, id)))
    }
}

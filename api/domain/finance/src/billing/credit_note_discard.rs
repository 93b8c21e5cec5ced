//! `creditNoteDiscard`.

use async_graphql::{Enum, InputObject};
use entities::billing::credit_note;

use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.credit";

/// Throws a draft of a credit note away. It never had a number.
#[derive(InputObject)]
pub struct CreditNoteDiscardInput {
    /// The draft.
    pub id: Id<credit_note::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a credit note cannot be thrown away.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "CreditNoteDiscardErrorCode")]
pub enum CreditNoteDiscardProblem {
    /// Only a draft is thrown away.
    WrongStatus,
}

/// The verb.
pub struct CreditNoteDiscard;

impl Verb for CreditNoteDiscard {
    type Input = CreditNoteDiscardInput;
    type Problem = CreditNoteDiscardProblem;

    const NAME: &'static str = "creditNoteDiscard";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.credit_note_discarded");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "creditNote",
        "CreditNote",
        "The draft as it was.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let sql = "select c.status::text, c.version, i.location_id from billing.credit_notes c \
                   join billing.invoices i on i.biz_id = c.biz_id and i.id = c.invoice_id \
                   where c.biz_id = $1 and c.id = $2 for no key update of c";
        let values = [act.scope.biz_id().into(), input.id.uuid().into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("credit note"))?;
        act.permit_at(PERMISSION, row.try_get(2)?, "credit note")?;
        Failure::unless_current("credit note", row.try_get(1)?, input.expected_version)?;
        let status: &str = row.try_get(0)?;
        if status != "draft" {
            return Err(Fault::problem(
                CreditNoteDiscardProblem::WrongStatus,
                format!("The credit note is {status}; only a draft is thrown away."),
            ));
        }
        let sql =
            "update billing.credit_notes set status = 'discarded' where biz_id = $1 and id = $2";
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("creditNote", input.id.uuid()))
    }
}

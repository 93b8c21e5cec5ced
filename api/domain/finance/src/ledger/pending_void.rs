//! `pendingTransferVoid`.

use async_graphql::{Enum, InputObject};
use entities::ledger::pending_transfer;

use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Gives back what was set aside; nothing is posted.
#[derive(InputObject)]
pub struct PendingTransferVoidInput {
    /// What was set aside.
    pub id: Id<pending_transfer::Entity>,
}

/// Why it cannot be given back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PendingTransferVoidErrorCode")]
pub enum PendingTransferVoidProblem {
    /// It was posted, voided, or given back already.
    AlreadyResolved,
}

/// The verb.
pub struct PendingTransferVoid;

impl Verb for PendingTransferVoid {
    type Input = PendingTransferVoidInput;
    type Problem = PendingTransferVoidProblem;

    const NAME: &'static str = "pendingTransferVoid";
    const PERMISSION: Permission = Permission::Holds("ledger.post");
    const EVENT: Option<&'static str> = Some("ledger.transfer_voided");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "pendingTransfer",
        "PendingTransfer",
        "What was set aside, as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let key = [act.scope.biz_id().into(), id.into()];
        let sql = "select t.status::text from ledger.pending_transfers t \
                   where t.biz_id = $1 and t.id = $2 for no key update";
        let row = act.scope.query_opt(sql, &key).await?;
        let row = row.ok_or_else(|| Fault::not_found("pending transfer"))?;
        if row.try_get::<_, String>(0)? != "pending" {
            let code = PendingTransferVoidProblem::AlreadyResolved;
            return Err(Fault::at(code, "id", "It was resolved already."));
        }
        let [biz_id, transfer] = key;
        let sql = "update ledger.pending_transfers set status = 'voided', resolved_at = $3 \
                   where biz_id = $1 and id = $2";
        act.scope
            .execute(sql, &[biz_id, transfer, act.scope.now().into()])
            .await?;
        Ok(Outcome::row("pendingTransfer", id))
    }
}

//! `ledgerAccountClose`.

use async_graphql::{Enum, InputObject};
use entities::ledger::ledger_account;

use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Closes an account that has a balance of zero and nothing set aside: it takes no postings any
/// more. What was posted to it stays.
#[derive(InputObject)]
pub struct LedgerAccountCloseInput {
    /// The account that is closed.
    pub id: Id<ledger_account::Entity>,
}

/// Why an account cannot be closed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "LedgerAccountCloseErrorCode")]
pub enum LedgerAccountCloseProblem {
    /// It has a balance, or something is set aside on it.
    NotEmpty,
    /// It is closed already.
    AlreadyClosed,
}

/// The verb.
pub struct LedgerAccountClose;

impl Verb for LedgerAccountClose {
    type Input = LedgerAccountCloseInput;
    type Problem = LedgerAccountCloseProblem;

    const NAME: &'static str = "ledgerAccountClose";
    const PERMISSION: Permission = Permission::Holds("ledger.manage_accounts");
    const EVENT: Option<&'static str> = Some("ledger.account_closed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "ledgerAccount",
        "LedgerAccount",
        "The account as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, LedgerAccountCloseProblem)] =
        &[("accounts_closed_check", LedgerAccountCloseProblem::NotEmpty)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let key = [act.scope.biz_id().into(), id.into()];
        let sql = "select a.closed_at is not null from ledger.accounts a \
                   where a.biz_id = $1 and a.id = $2 for no key update";
        let row = act.scope.query_opt(sql, &key).await?;
        let row = row.ok_or_else(|| Fault::not_found("account"))?;
        if row.try_get(0)? {
            let code = LedgerAccountCloseProblem::AlreadyClosed;
            return Err(Fault::at(code, "id", "The account is closed already."));
        }
        let [biz_id, account] = key;
        let sql = "update ledger.accounts set closed_at = $3 where biz_id = $1 and id = $2";
        act.scope
            .execute(sql, &[biz_id, account, act.scope.now().into()])
            .await?;
        Ok(Outcome::row("ledgerAccount", id))
    }
}

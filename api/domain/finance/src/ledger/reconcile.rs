//! `ledgerReconcile`, `ledgerReconciliationExplain` and `ledgerReconciliationClose`: an account is
//! compared with a statement, differences are explained, and the comparison is closed.

use async_graphql::{Enum, InputObject};
use entities::ledger::{ledger_account, ledger_reconciliation, posting};
use serde_json::json;
use uuid::Uuid;

use foundation::database::{Error, new_id};
use foundation::graph::scalars::{Day, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: Permission = Permission::Holds("ledger.reconcile");
/// The most postings that one comparison takes.
const MOST: usize = 500;

/// Compares the balance of an account with what a bank, a processor or a count says of it. Where
/// they differ, the postings that were not found on the statement are listed as differences.
#[derive(InputObject)]
pub struct LedgerReconcileInput {
    /// The account.
    pub account_id: Id<ledger_account::Entity>,
    /// Name of the statement, such as "Bank statement 11"; an account is compared with it once.
    pub statement_ref: String,
    /// The last day of business the statement covers.
    pub as_of: Day,
    /// The balance that the statement says, positive on the side on which the account grows.
    pub balance: MoneyInput,
    /// The postings that were found on the statement, at most 500.
    pub posting_ids: Option<Vec<Id<posting::Entity>>>,
}

/// Explains the differences of a comparison, so that it can be closed.
#[derive(InputObject)]
pub struct LedgerReconciliationExplainInput {
    /// The comparison.
    pub id: Id<ledger_reconciliation::Entity>,
    /// Why account and statement differ.
    pub explanation: String,
}

/// Closes a comparison that matches, or whose differences are explained.
#[derive(InputObject)]
pub struct LedgerReconciliationCloseInput {
    /// The comparison.
    pub id: Id<ledger_reconciliation::Entity>,
}

/// Why a comparison is not made, explained or closed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "LedgerReconciliationErrorCode")]
pub enum ReconcileProblem {
    /// The account was compared with this statement already.
    StatementTaken,
    /// The balance is of another currency than the account.
    WrongCurrency,
    /// A posting is not of this account, or was found on a statement before.
    WrongPosting,
    /// More than 500 postings.
    TooMany,
    /// It is in a status that does not allow this.
    WrongStatus,
    /// A difference is explained in words.
    ExplanationRequired,
}

use ReconcileProblem as Problem;

const COMPARED: &[Part] = &[Part::Row(
    "ledgerReconciliation",
    "LedgerReconciliation",
    "The comparison.",
)];
const CONSTRAINTS: &[(&str, Problem)] = &[
    (
        "reconciliations_account_id_statement_ref_key",
        Problem::StatementTaken,
    ),
    (
        "reconciliations_account_currency_check",
        Problem::WrongCurrency,
    ),
    ("reconciled_postings_account_check", Problem::WrongPosting),
    ("reconciled_postings_posting_id_key", Problem::WrongPosting),
    ("reconciled_postings_posting_id_fkey", Problem::WrongPosting),
    (
        "reconciliations_status_transition_check",
        Problem::WrongStatus,
    ),
    (
        "reconciliations_explained_check",
        Problem::ExplanationRequired,
    ),
];

// What the books say, and which of its postings no statement has shown.
const BOOKS: &str = "select a.currency::text, a.normal_side = 'debit', \
      coalesce((select sum(case p.side when a.normal_side::text then p.amount_minor else -p.amount_minor end) \
        from ledger.postings p where p.biz_id = a.biz_id and p.account_id = a.id and p.business_date <= $3), 0)::bigint, \
      (select coalesce(jsonb_agg(jsonb_build_object('entry', o.number, 'date', o.business_date, 'side', o.side, 'amount', o.amount_minor)), '[]') \
       from (select e.number, p.business_date, p.side, p.amount_minor \
         from ledger.postings p join ledger.journal_entries e on e.biz_id = p.biz_id and e.id = p.entry_id \
         where p.biz_id = a.biz_id and p.account_id = a.id and p.business_date <= $3 and not p.id = any ($4) \
           and not exists (select from ledger.reconciled_postings r where r.biz_id = p.biz_id and r.posting_id = p.id) \
         order by p.business_date, p.id limit 500) o) \
    from ledger.accounts a where a.biz_id = $1 and a.id = $2";
const OPEN: &str = "insert into ledger.reconciliations (biz_id, id, account_id, statement_ref, as_of, expected_minor, actual_minor, currency, differences) \
    values ($1, $2, $3, $4, $5, $6, $7, $8::text, $9)";
const FOUND: &str = "insert into ledger.reconciled_postings (biz_id, reconciliation_id, posting_id) \
    select $1, $2, w from unnest($3::uuid[]) w";

/// The verb that compares.
pub struct LedgerReconcile;

impl Verb for LedgerReconcile {
    type Input = LedgerReconcileInput;
    type Problem = Problem;

    const NAME: &'static str = "ledgerReconcile";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = Some("ledger.reconciled");
    const PAYLOAD: &'static [Part] = COMPARED;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let postings: Vec<Uuid> = input.posting_ids.iter().flatten().map(Id::uuid).collect();
        if postings.len() > MOST {
            let message = format!("At most {MOST} postings are matched at a time.");
            return Err(Fault::at(Problem::TooMany, "postingIds", message));
        }
        let (scope, id) = (act.scope, new_id());
        let (biz_id, account) = (scope.biz_id(), input.account_id.uuid());
        let values = [
            biz_id.into(),
            account.into(),
            input.as_of.0.into(),
            postings.clone().into(),
        ];
        let row = scope.query_opt(BOOKS, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("account"))?;
        let (expected, actual): (i64, i64) = (row.try_get(2)?, input.balance.minor);
        let unmatched: serde_json::Value = row.try_get(3)?;
        let differences = if expected == actual {
            json!([])
        } else {
            unmatched
        };
        let values = [
            biz_id.into(),
            id.into(),
            account.into(),
            input.statement_ref.trim().into(),
            input.as_of.0.into(),
            expected.into(),
            actual.into(),
            input.balance.currency.as_str().into(),
            differences.into(),
        ];
        scope.execute(OPEN, &values).await?;
        let found = [biz_id.into(), id.into(), postings.into()];
        scope.execute(FOUND, &found).await?;
        let status = if expected == actual {
            "matched"
        } else {
            "differences"
        };
        move_to(act, id, status, None).await?;
        Ok(Outcome::row("ledgerReconciliation", id).detail("difference_minor", actual - expected))
    }
}

const MOVE: &str = "update ledger.reconciliations set status = $3::text, explanation = coalesce($4, explanation), \
      closed_by_id = case $3::text when 'closed' then $5::uuid end, closed_at = case $3::text when 'closed' then $6::timestamptz end \
    where biz_id = $1 and id = $2";

async fn move_to(
    act: &Act<'_>,
    id: Uuid,
    status: &str,
    explanation: Option<&str>,
) -> Result<(), Fault<Problem>> {
    let values = [
        act.scope.biz_id().into(),
        id.into(),
        status.into(),
        explanation.into(),
        act.principal()?.user_id().into(),
        act.scope.now().into(),
    ];
    match act.scope.execute(MOVE, &values).await? {
        0 => Err(Fault::not_found("comparison")),
        1 => Ok(()),
        _ => Err(Error::Internal("a comparison twice".to_owned()).into()),
    }
}

/// The verb that explains.
pub struct LedgerReconciliationExplain;

impl Verb for LedgerReconciliationExplain {
    type Input = LedgerReconciliationExplainInput;
    type Problem = Problem;

    const NAME: &'static str = "ledgerReconciliationExplain";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = Some("ledger.reconciliation_explained");
    const PAYLOAD: &'static [Part] = COMPARED;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let id = input.id.uuid();
        move_to(act, id, "explained", Some(input.explanation.trim())).await?;
        Ok(Outcome::row("ledgerReconciliation", id))
    }
}

/// The verb that closes.
pub struct LedgerReconciliationClose;

impl Verb for LedgerReconciliationClose {
    type Input = LedgerReconciliationCloseInput;
    type Problem = Problem;

    const NAME: &'static str = "ledgerReconciliationClose";
    const PERMISSION: Permission = PERMISSION;
    const EVENT: Option<&'static str> = Some("ledger.reconciliation_closed");
    const PAYLOAD: &'static [Part] = COMPARED;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let id = input.id.uuid();
        move_to(act, id, "closed", None).await?;
        Ok(Outcome::row("ledgerReconciliation", id))
    }
}

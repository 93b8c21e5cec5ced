//! `pendingTransferPost`.

use async_graphql::{Enum, InputObject};
use entities::ledger::pending_transfer;
use uuid::Uuid;

use super::store::{Account, Entry, Line, business_date, post};
use foundation::database::new_id;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Posts an amount that was set aside, all of it or a part; the rest is given back. Once.
#[derive(InputObject)]
pub struct PendingTransferPostInput {
    /// What was set aside.
    pub id: Id<pending_transfer::Entity>,
    /// How much of it is posted; all if not given.
    pub amount: Option<MoneyInput>,
}

/// Why it cannot be posted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PendingTransferPostErrorCode")]
pub enum PendingTransferPostProblem {
    /// It was posted, voided, or given back already.
    AlreadyResolved,
    /// The amount is none, more than was set aside, or of another currency.
    WrongAmount,
    /// Today belongs to a period that is locked.
    PeriodLocked,
}

use PendingTransferPostProblem as Problem;

/// The verb.
pub struct PendingTransferPost;

const LOCK: &str = "select t.status::text, t.amount_minor, t.currency::text, t.debit_account_id, t.credit_account_id, t.description, \
      t.expires_at <= $3 \
    from ledger.pending_transfers t where t.biz_id = $1 and t.id = $2 for no key update";
const POSTED: &str = "update ledger.pending_transfers set status = 'posted', posted_amount_minor = $3, journal_entry_id = $4, resolved_at = $5 \
    where biz_id = $1 and id = $2";

impl Verb for PendingTransferPost {
    type Input = PendingTransferPostInput;
    type Problem = Problem;

    const NAME: &'static str = "pendingTransferPost";
    const PERMISSION: Permission = Permission::Holds("ledger.post");
    const EVENT: Option<&'static str> = Some("ledger.transfer_posted");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "pendingTransfer",
            "PendingTransfer",
            "What was set aside, as it now is.",
        ),
        Part::Row("journalEntry", "JournalEntry", "The entry that posts it."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("journal_entries_period_open_check", Problem::PeriodLocked)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (id, now) = (input.id.uuid(), act.scope.now());
        let biz_id = act.scope.biz_id();
        let row = act
            .scope
            .query_opt(LOCK, &[biz_id.into(), id.into(), now.into()])
            .await?;
        let row = row.ok_or_else(|| Fault::not_found("pending transfer"))?;
        let is_over: Option<bool> = row.try_get(6)?;
        if row.try_get::<_, String>(0)? != "pending" || is_over.unwrap_or_default() {
            let message = "It was posted, voided or given back already.";
            return Err(Fault::at(Problem::AlreadyResolved, "id", message));
        }
        let (most, currency): (i64, String) = (row.try_get(1)?, row.try_get(2)?);
        let amount = input.amount.as_ref().map_or(most, |amount| amount.minor);
        let is_same = input.amount.as_ref().is_none_or(|a| a.currency == currency);
        if !is_same || !(1..=most).contains(&amount) {
            let message = format!("Between 1 and {most} minor units of {currency} can be posted.");
            return Err(Fault::at(Problem::WrongAmount, "amount", message));
        }
        let (debit, credit): (Uuid, Uuid) = (row.try_get(3)?, row.try_get(4)?);
        let description: Option<String> = row.try_get(5)?;
        let entry = Entry {
            id: new_id(),
            kind: "adjustment",
            source: Some(("PendingTransfer", id)),
            location_id: None,
            business_date: business_date(act.scope, None, now).await?,
            occurred_at: now,
            description: description.unwrap_or_else(|| "Set aside before".to_owned()),
            idempotency_key: None,
            lines: vec![
                Line::debit(Account::Id(debit), amount, &currency),
                Line::credit(Account::Id(credit), amount, &currency),
            ],
        };
        // What is set aside is given back before it is taken: an account that has just that much
        // has it for one of the two. The transfer names the entry, so the entry's key comes first.
        resolve_then_post(act, id, amount, &entry).await?;
        Ok(Outcome::row("pendingTransfer", id).and_row("journalEntry", entry.id))
    }
}

async fn resolve_then_post(
    act: &Act<'_>,
    id: Uuid,
    amount: i64,
    entry: &Entry<'_>,
) -> Result<(), Fault<Problem>> {
    let scope = act.scope;
    scope
        .batch("set constraints ledger.pending_transfers_journal_entry_id_fkey deferred")
        .await?;
    let values = [
        scope.biz_id().into(),
        id.into(),
        amount.into(),
        entry.id.into(),
        scope.now().into(),
    ];
    scope.execute(POSTED, &values).await?;
    post(scope, entry).await?;
    Ok(())
}

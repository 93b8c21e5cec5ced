//! `ledgerEntryReverse`.

use async_graphql::{Enum, InputObject};
use entities::ledger::journal_entry;
use uuid::Uuid;

use super::store::{business_date, reverse};
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "ledger.reverse";

/// Undoes an entry that was made by hand by another with every posting on the other side. An entry
/// is reversed once. What payments, invoices and the like have posted is undone by their own verbs.
#[derive(InputObject)]
pub struct LedgerEntryReverseInput {
    /// The entry that is undone.
    pub id: Id<journal_entry::Entity>,
    /// Why, for whoever reads the books.
    pub reason: String,
    /// The day of business on which it is undone; today if not given.
    pub business_date: Option<Day>,
}

/// Why an entry cannot be reversed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "LedgerEntryReverseErrorCode")]
pub enum LedgerEntryReverseProblem {
    /// It was reversed already, or is itself a reversal.
    AlreadyReversed,
    /// It comes from a payment, an invoice or the like, whose own verbs undo it.
    NotByHand,
    /// The day belongs to a period that is locked.
    PeriodLocked,
    /// An account would have less than nothing.
    Insufficient,
}

use LedgerEntryReverseProblem as Problem;

/// The verb.
pub struct LedgerEntryReverse;

impl Verb for LedgerEntryReverse {
    type Input = LedgerEntryReverseInput;
    type Problem = Problem;

    const NAME: &'static str = "ledgerEntryReverse";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("ledger.entry_reversed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("journalEntry", "JournalEntry", "The entry that undoes it."),
        Part::Row("reversed", "JournalEntry", "The entry that is undone."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("journal_entries_reverses_id_key", Problem::AlreadyReversed),
        ("journal_entries_period_open_check", Problem::PeriodLocked),
        ("accounts_balance_check", Problem::Insufficient),
    ];
    const FIELDS: &'static [(&'static str, &'static str)] = &[("reversesId", "id")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let id = input.id.uuid();
        let sql = "select e.kind::text, e.source_type is not null, e.location_id from ledger.journal_entries e \
                   where e.biz_id = $1 and e.id = $2";
        let row = act
            .scope
            .query_opt(sql, &[act.scope.biz_id().into(), id.into()])
            .await?;
        let row = row.ok_or_else(|| Fault::not_found("entry"))?;
        let location_id: Option<Uuid> = row.try_get(2)?;
        if let Some(location_id) = location_id {
            act.permit_at(PERMISSION, location_id, "entry")?;
        }
        if row.try_get::<_, String>(0)? == "reversal" {
            let message = "A reversal is not reversed: post the entry anew.";
            return Err(Fault::at(Problem::AlreadyReversed, "id", message));
        }
        if row.try_get(1)? {
            let message = "It was posted by a payment, an invoice or the like: undo that.";
            return Err(Fault::at(Problem::NotByHand, "id", message));
        }
        let day = match input.business_date {
            Some(day) => day.0,
            None => business_date(act.scope, location_id, act.scope.now()).await?,
        };
        let new = reverse(act.scope, id, day, &input.reason).await?;
        Ok(Outcome::row("journalEntry", new).and_row("reversed", id))
    }
}

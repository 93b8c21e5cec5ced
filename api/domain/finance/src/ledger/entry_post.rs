//! `ledgerEntryPost`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::ledger::{domains, ledger_account};

use super::rules::{Side, imbalance};
use super::store::{Account, Entry, Line, business_date, post};
use foundation::choices;
use foundation::database::{Error, Scope, new_id};
use foundation::graph::scalars::{Choice, Day, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "ledger.post";
/// The most lines that an entry by hand may have.
const MOST: usize = 200;

choices! {
    /// A side of an account.
    SideChoice = domains::ENTRY_SIDE;
}

/// What an entry by hand may be.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ManualEntryKind")]
pub enum ManualKind {
    /// A balance taken over from other books.
    Opening,
    /// A correction or accrual.
    Adjustment,
    /// Tax was accrued or paid.
    Tax,
    /// What will not be paid was given up.
    WriteOff,
}

/// One line of an entry by hand.
#[derive(InputObject)]
pub struct LedgerLineInput {
    /// The account that is moved.
    pub account_id: Id<ledger_account::Entity>,
    /// The side on which it is moved.
    pub side: Choice<SideChoice>,
    /// How much, in the account's currency.
    pub amount: MoneyInput,
}

/// Posts an entry by hand: an opening balance, a correction, an accrual. Its debits and credits are
/// equal in each currency. It is never changed afterwards; a wrong one is reversed.
#[derive(InputObject)]
pub struct LedgerEntryPostInput {
    /// What it records.
    pub kind: ManualKind,
    /// Why it is made, in words that an auditor understands.
    pub description: String,
    /// The day of business it counts on; today if not given. A locked period takes none.
    pub business_date: Option<Day>,
    /// The location whose books it belongs to; the business as a whole if not given.
    pub location_id: Option<Id<location::Entity>>,
    /// The lines, two at least and 200 at most.
    pub lines: Vec<LedgerLineInput>,
}

/// Why an entry cannot be posted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "LedgerEntryPostErrorCode")]
pub enum LedgerEntryPostProblem {
    /// Debits and credits are not equal in each currency.
    Unbalanced,
    /// It has fewer than two lines, or more than 200.
    WrongNumberOfLines,
    /// The day belongs to a period that is locked.
    PeriodLocked,
    /// An account would have less than nothing.
    Insufficient,
    /// A line has another currency than its account; or the account is closed, or that of a wallet or
    /// a gift card.
    WrongAccount,
}

use LedgerEntryPostProblem as Problem;

/// The verb.
pub struct LedgerEntryPost;

impl Verb for LedgerEntryPost {
    type Input = LedgerEntryPostInput;
    type Problem = Problem;

    const NAME: &'static str = "ledgerEntryPost";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("ledger.entry_posted");
    const PAYLOAD: &'static [Part] = &[Part::Row("journalEntry", "JournalEntry", "The entry.")];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("journal_entries_period_open_check", Problem::PeriodLocked),
        ("accounts_balance_check", Problem::Insufficient),
        ("postings_currency_check", Problem::WrongAccount),
        ("postings_account_open_check", Problem::WrongAccount),
        ("postings_owned_check", Problem::WrongAccount),
        ("journal_entries_balanced_check", Problem::Unbalanced),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        if !(2..=MOST).contains(&input.lines.len()) {
            let message = format!("An entry has 2 to {MOST} lines.");
            return Err(Fault::at(Problem::WrongNumberOfLines, "lines", message));
        }
        let location_id = input.location_id.map(|id| id.uuid());
        if let Some(id) = location_id {
            act.permit_at(PERMISSION, id, "location")?;
        }
        must_exist(act.scope, &input.lines).await?;
        let lines: Vec<Line<'_>> = input.lines.iter().map(line).collect();
        let wrong = imbalance(lines.iter().map(|l| (l.side, l.amount_minor, l.currency)));
        if let Some((currency, by)) = wrong.first_key_value() {
            let message = format!(
                "Debits exceed credits by {by} minor units of {currency}; they must be equal."
            );
            return Err(Fault::at(Problem::Unbalanced, "lines", message));
        }
        let business_date = match input.business_date {
            Some(day) => day.0,
            None => business_date(act.scope, location_id, act.scope.now()).await?,
        };
        let entry = Entry {
            id: new_id(),
            kind: kind(input.kind),
            source: None,
            location_id,
            business_date,
            occurred_at: act.scope.now(),
            description: input.description.clone(),
            idempotency_key: None,
            lines,
        };
        post(act.scope, &entry).await?;
        Ok(Outcome::row("journalEntry", entry.id))
    }
}

fn kind(kind: ManualKind) -> &'static str {
    match kind {
        ManualKind::Opening => "opening",
        ManualKind::Adjustment => "adjustment",
        ManualKind::Tax => "tax",
        ManualKind::WriteOff => "write_off",
    }
}

fn line(input: &LedgerLineInput) -> Line<'_> {
    Line {
        account: Account::Id(input.account_id.uuid()),
        side: Side::of(input.side.0),
        amount_minor: input.amount.minor,
        currency: &input.amount.currency,
    }
}

async fn must_exist(scope: &Scope, lines: &[LedgerLineInput]) -> Result<(), Fault<Problem>> {
    let ids: Vec<uuid::Uuid> = lines.iter().map(|line| line.account_id.uuid()).collect();
    let sql = "select count(*) = (select count(distinct w) from unnest($2::uuid[]) w) \
               from ledger.accounts a where a.biz_id = $1 and a.id = any ($2)";
    let row = scope
        .query_opt(sql, &[scope.biz_id().into(), ids.into()])
        .await?;
    let all = row.map(|row| row.try_get::<_, bool>(0)).transpose();
    if all.map_err(Error::from)?.unwrap_or_default() {
        return Ok(());
    }
    Err(Fault::not_found("account"))
}

//! `settlementImport`.

use async_graphql::{Enum, InputObject};
use entities::payments::{domains, processor_account};
use sea_orm::Value;
use uuid::Uuid;

use super::accounts::{self, Account};
use crate::ledger::chart;
use crate::ledger::store::{Account as Books, Entry, Line, business_date, post};
use foundation::choices;
use foundation::database::{Error, new_id};
use foundation::graph::scalars::{Choice, Day, Id, Instant, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The most lines that come at a time.
const MOST: usize = 500;

choices! {
    /// What a line of a settlement is for.
    SettlementKind = domains::SETTLEMENT_KIND;
}

/// A line of a settlement.
#[derive(InputObject)]
pub struct SettlementEntryInput {
    /// What it is for.
    pub kind: Choice<SettlementKind>,
    /// What it adds before fees; less than zero takes away.
    pub amount: MoneyInput,
    /// Its fee; none if not given.
    pub fee: Option<MoneyInput>,
    /// The id at the processor of the movement it settles, by which it is matched.
    pub external_id: Option<String>,
    /// When it happened, by the processor's clock.
    pub occurred_at: Option<Instant>,
}

/// Takes over what a processor settled over some days, with its lines, and matches them with what
/// was taken and given back here. Gross less fees is net, and the lines sum up to both. A settlement
/// with more than 500 lines comes in several goes, of which the last is marked complete.
#[derive(InputObject)]
pub struct SettlementImportInput {
    /// The account at the processor.
    pub processor_account_id: Id<processor_account::Entity>,
    /// The settlement's id at the processor.
    pub external_id: String,
    /// First day.
    pub starts_on: Day,
    /// First day after the last.
    pub ends_on: Day,
    /// What was settled before fees.
    pub gross: MoneyInput,
    /// The fees.
    pub fee: MoneyInput,
    /// What is left; must be gross less fees.
    pub net: MoneyInput,
    /// The lines, at most 500 at a time.
    pub entries: Vec<SettlementEntryInput>,
    /// Whether these are the last lines; they are if not given.
    pub is_complete: Option<bool>,
}

/// Why a settlement is not taken over.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SettlementImportErrorCode")]
pub enum SettlementImportProblem {
    /// Net is not gross less fees.
    NetDiffers,
    /// The lines do not sum up to the settlement.
    EntriesDoNotSumUp,
    /// It was taken over already.
    AlreadyImported,
    /// A line is there already, or settles what another one has settled.
    EntryTaken,
    /// More than 500 lines.
    TooMany,
    /// Amounts are of different currencies.
    WrongCurrency,
    /// Today belongs to a period that is locked.
    PeriodLocked,
}

use SettlementImportProblem as Problem;

/// The verb.
pub struct SettlementImport;

const BATCH: &str = "insert into payments.settlement_batches as b (biz_id, id, processor_account_id, external_id, starts_on, ends_on, currency, \
      gross_minor, fee_minor, net_minor) \
    values ($1, $2, $3, $4, $5, $6, $7::text, $8, $9, $10) \
    on conflict on constraint settlement_batches_processor_account_id_external_id_key do update \
    set gross_minor = excluded.gross_minor where b.status = 'open' and b.gross_minor = excluded.gross_minor \
    returning b.id";

// What a line settles is a movement of that id and kind; goes at one charge share its beginning.
const ENTRIES: &str = "insert into payments.settlement_entries (biz_id, id, batch_id, transaction_id, kind, external_id, amount_minor, \
      fee_minor, currency, occurred_at) \
    select $1, core.uuid_v7(), $2, ( \
        select x.id from payments.payment_transactions x \
        where x.biz_id = $1 and x.processor_account_id = $3 and x.outcome = 'succeeded' and w.external_id is not null \
          and (x.external_id = w.external_id or starts_with(x.external_id, w.external_id || '#')) \
          and x.kind = case w.kind when 'payment' then 'capture' else w.kind end \
          and not exists (select from payments.settlement_entries e where e.biz_id = x.biz_id and e.transaction_id = x.id and e.kind = w.kind) \
        order by abs(x.amount_minor - abs(w.amount_minor)), x.id limit 1), \
      w.kind, w.external_id, w.amount_minor, w.fee_minor, $4::text, w.occurred_at \
    from json_to_recordset($5::json) as w (kind text, external_id text, amount_minor bigint, fee_minor bigint, occurred_at timestamptz)";

impl Verb for SettlementImport {
    type Input = SettlementImportInput;
    type Problem = Problem;

    const NAME: &'static str = "settlementImport";
    const PERMISSION: Permission = Permission::Holds("payments.settle");
    const EVENT: Option<&'static str> = Some("payments.settlement_imported");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "settlementBatch",
        "SettlementBatch",
        "The settlement.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("settlement_batches_net_check", Problem::NetDiffers),
        (
            "settlement_batches_entries_sum_check",
            Problem::EntriesDoNotSumUp,
        ),
        (
            "settlement_entries_batch_id_external_id_kind_key",
            Problem::EntryTaken,
        ),
        (
            "settlement_entries_transaction_id_kind_key",
            Problem::EntryTaken,
        ),
        ("journal_entries_period_open_check", Problem::PeriodLocked),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        check(&input)?;
        let account_id = input.processor_account_id.uuid();
        let (account, _) = accounts::find(act.scope, account_id)
            .await?
            .ok_or_else(|| Fault::not_found("processor account"))?;
        let (biz_id, currency) = (act.scope.biz_id(), input.gross.currency.as_str());
        let batch: [Value; 10] = [
            biz_id.into(),
            new_id().into(),
            account_id.into(),
            input.external_id.trim().into(),
            input.starts_on.0.into(),
            input.ends_on.0.into(),
            currency.into(),
            input.gross.minor.into(),
            input.fee.minor.into(),
            input.net.minor.into(),
        ];
        let row = act.scope.query_opt(BATCH, &batch).await?;
        let taken = || {
            Fault::at(
                Problem::AlreadyImported,
                "externalId",
                "This settlement is here already.",
            )
        };
        let batch_id: Uuid = row.ok_or_else(taken)?.try_get(0)?;
        let entries: [Value; 5] = [
            biz_id.into(),
            batch_id.into(),
            account_id.into(),
            currency.into(),
            lines(&input)?.into(),
        ];
        act.scope.execute(ENTRIES, &entries).await?;
        if input.is_complete.unwrap_or(true) {
            close(act, &account, batch_id, currency).await?;
        }
        Ok(Outcome::row("settlementBatch", batch_id).detail("net_minor", input.net.minor))
    }
}

fn check(input: &SettlementImportInput) -> Result<(), Fault<Problem>> {
    if input.entries.len() > MOST {
        let message = format!("At most {MOST} lines come at a time.");
        return Err(Fault::at(Problem::TooMany, "entries", message));
    }
    let currency = &input.gross.currency;
    let amounts = input
        .entries
        .iter()
        .flat_map(|entry| [Some(&entry.amount), entry.fee.as_ref()]);
    let mut all = amounts.flatten().chain([&input.fee, &input.net]);
    if all.any(|money| money.currency != *currency) {
        let message = format!("All amounts of a settlement are of one currency, {currency}.");
        return Err(Fault::at(Problem::WrongCurrency, "entries", message));
    }
    Ok(())
}

fn lines(input: &SettlementImportInput) -> Result<String, Error> {
    let rows: Vec<serde_json::Value> = input
        .entries
        .iter()
        .map(|entry| {
            serde_json::json!({
                "kind": entry.kind.0,
                "external_id": entry.external_id,
                "amount_minor": entry.amount.minor,
                "fee_minor": entry.fee.as_ref().map_or(0, |fee| fee.minor),
                "occurred_at": entry.occurred_at.map(|at| at.0),
            })
        })
        .collect();
    serde_json::to_string(&rows).map_err(|error| Error::Internal(error.to_string()))
}

const SUMS: &str = "select coalesce(sum(e.fee_minor), 0)::bigint, \
      coalesce(sum(-e.amount_minor) filter (where e.kind = 'fee'), 0)::bigint, \
      coalesce(sum(e.amount_minor) filter (where e.kind <> 'fee' and e.transaction_id is null), 0)::bigint \
    from payments.settlement_entries e where e.biz_id = $1 and e.batch_id = $2";
const FEES: &str = "insert into payments.fees (biz_id, id, processor_account_id, transaction_id, settlement_batch_id, kind, amount_minor, currency, \
      occurred_at, journal_entry_id) \
    select e.biz_id, core.uuid_v7(), $3, e.transaction_id, case when e.transaction_id is null then e.batch_id end, \
      case when e.kind = 'fee' then 'other' else 'processing' end, \
      e.fee_minor - case when e.kind = 'fee' then e.amount_minor else 0 end, e.currency, coalesce(e.occurred_at, $4), $5 \
    from payments.settlement_entries e \
    where e.biz_id = $1 and e.batch_id = $2 and e.fee_minor - case when e.kind = 'fee' then e.amount_minor else 0 end <> 0";

/// The settlement is complete: its fees are in the books, and what matches nothing of ours is kept
/// apart there until it is cleared up.
async fn close(
    act: &Act<'_>,
    account: &Account,
    batch_id: Uuid,
    currency: &str,
) -> Result<(), Fault<Problem>> {
    let scope = act.scope;
    let key: [Value; 2] = [scope.biz_id().into(), batch_id.into()];
    let sql =
        "update payments.settlement_batches set status = 'closed' where biz_id = $1 and id = $2";
    scope.execute(sql, &key).await?;
    let row = scope.query_opt(SUMS, &key).await?;
    let row = row.ok_or_else(|| Error::Internal("no sums".to_owned()))?;
    let (of_lines, alone, unmatched): (i64, i64, i64) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let (fee, money) = (of_lines + alone, account.books(currency));
    let sided = |debit: Books, credit: Books, amount: i64| {
        let (debit, credit) = if amount >= 0 {
            (debit, credit)
        } else {
            (credit, debit)
        };
        [
            Line::debit(debit, amount.abs(), currency),
            Line::credit(credit, amount.abs(), currency),
        ]
    };
    let mut lines = sided(Books::Chart(&chart::FEES), money, fee).to_vec();
    lines.extend(sided(money, Books::Chart(&chart::SUSPENSE), unmatched));
    let entry = Entry {
        id: new_id(),
        kind: "fee",
        source: Some(("SettlementBatch", batch_id)),
        location_id: account.location_id,
        business_date: business_date(scope, account.location_id, scope.now()).await?,
        occurred_at: scope.now(),
        description: "Fees of a settlement, and what is to be cleared up".to_owned(),
        idempotency_key: Some(format!("settlement {batch_id}")),
        lines,
    };
    post(scope, &entry).await?;
    let is_posted = fee != 0 || unmatched != 0;
    let values: [Value; 5] = [
        scope.biz_id().into(),
        batch_id.into(),
        account.id.into(),
        scope.now().into(),
        is_posted.then_some(entry.id).into(),
    ];
    scope.execute(FEES, &values).await?;
    Ok(())
}

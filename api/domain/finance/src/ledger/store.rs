//! Posting: how every context writes into the books, and what follows from entries.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::chart::ChartAccount;
use super::rules::Side;
use foundation::database::{Database, Error, Scope, new_id};

/// Which account a line moves.
#[derive(Clone, Copy, Debug)]
pub enum Account {
    /// The business's own account of this code, in the line's currency; opened when first used.
    Chart(&'static ChartAccount),
    /// The account of this code that belongs to something, such as a wallet; opened when first used.
    Owned(&'static ChartAccount, &'static str, Uuid),
    /// An account that is there.
    Id(Uuid),
}

/// One line of an entry.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The account it moves.
    pub account: Account,
    /// On which side.
    pub side: Side,
    /// By how much, in minor units; more than zero.
    pub amount_minor: i64,
    /// The currency, which is the account's.
    pub currency: &'a str,
}

impl<'a> Line<'a> {
    /// A debit.
    pub fn debit(account: Account, amount_minor: i64, currency: &'a str) -> Self {
        Self {
            account,
            side: Side::Debit,
            amount_minor,
            currency,
        }
    }

    /// A credit.
    pub fn credit(account: Account, amount_minor: i64, currency: &'a str) -> Self {
        Self {
            side: Side::Credit,
            ..Self::debit(account, amount_minor, currency)
        }
    }
}

/// An entry that is to be posted. Lines of nothing are left out; an entry of nothing is not posted.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Its id.
    pub id: Uuid,
    /// A value of `ledger.entry_kind`.
    pub kind: &'static str,
    /// What it comes from: an entity and its id.
    pub source: Option<(&'a str, Uuid)>,
    /// The location whose books it belongs to.
    pub location_id: Option<Uuid>,
    /// The day of business; of a locked period it is refused. See [`business_date`].
    pub business_date: NaiveDate,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// What people read of it.
    pub description: String,
    /// What makes it happen once: a second entry with the same key is refused.
    pub idempotency_key: Option<String>,
    /// The lines: debits and credits are equal in each currency.
    pub lines: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct EntryRow<'a> {
    id: Uuid,
    kind: &'a str,
    source_type: Option<&'a str>,
    source_id: Option<Uuid>,
    location_id: Option<Uuid>,
    business_date: NaiveDate,
    occurred_at: DateTime<Utc>,
    description: &'a str,
    idempotency_key: Option<&'a str>,
    lines: Vec<LineRow<'a>>,
}

#[derive(Serialize)]
struct LineRow<'a> {
    id: Uuid,
    line_no: usize,
    account_id: Option<Uuid>,
    new_account_id: Uuid,
    code: Option<&'a str>,
    name: Option<&'a str>,
    kind: Option<&'a str>,
    normal_side: Option<Side>,
    may_be_negative: bool,
    owner_type: Option<&'a str>,
    owner_id: Option<Uuid>,
    side: Side,
    amount_minor: i64,
    currency: &'a str,
}

// Accounts are opened in one order, so that two who open the same ones do not wait for each other.
const OPEN: &str = "insert into ledger.accounts (biz_id, id, code, name, type, normal_side, currency, owner_type, owner_id, is_negative_allowed) \
    select distinct on (w.code, w.currency, w.owner_type, w.owner_id) $1, w.new_account_id, w.code, w.name, w.kind, \
      w.normal_side, w.currency, w.owner_type, w.owner_id, w.may_be_negative \
    from json_to_recordset($2::json) as e (lines json) \
    cross join lateral json_to_recordset(e.lines) as w (new_account_id uuid, code text, name text, kind text, \
      normal_side text, currency text, owner_type text, owner_id uuid, may_be_negative boolean) \
    where w.code is not null and not exists (select from ledger.accounts a where a.biz_id = $1 and a.code = w.code \
      and a.currency = w.currency and a.owner_type is not distinct from w.owner_type \
      and a.owner_id is not distinct from w.owner_id) \
    order by w.code, w.currency, w.owner_type, w.owner_id \
    on conflict on constraint accounts_code_owner_key do nothing";

const POST: &str = "with given as materialized ( \
      select e.*, row_number() over () as place from json_to_recordset($2::json) as e (id uuid, kind text, source_type text, \
        source_id uuid, location_id uuid, business_date date, occurred_at timestamptz, description text, \
        idempotency_key text, lines json)), \
    entries as ( \
      insert into ledger.journal_entries (biz_id, id, number, kind, source_type, source_id, location_id, business_date, \
        occurred_at, description, posting_count, idempotency_key) \
      select $1, g.id, core.next_number('journal_entry', 'JE'), g.kind, g.source_type, g.source_id, g.location_id, \
        g.business_date, g.occurred_at, g.description, json_array_length(g.lines), g.idempotency_key \
      from given g order by g.place) \
    insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date) \
    select $1, l.id, g.id, l.line_no, coalesce(l.account_id, ( \
        select a.id from ledger.accounts a where a.biz_id = $1 and a.code = l.code and a.currency = l.currency \
          and a.owner_type is not distinct from l.owner_type and a.owner_id is not distinct from l.owner_id)), \
      l.side, l.amount_minor, l.currency, g.business_date \
    from given g cross join lateral json_to_recordset(g.lines) as l (id uuid, line_no integer, account_id uuid, code text, \
      owner_type text, owner_id uuid, side text, amount_minor bigint, currency text)";

/// Posts an entry, and gives its id. The accounts that it names are opened where they are not
/// there, and stay locked until the transaction ends: post last.
pub async fn post(scope: &Scope, entry: &Entry<'_>) -> Result<Uuid, Error> {
    post_all(scope, std::slice::from_ref(entry)).await?;
    Ok(entry.id)
}

/// Posts entries, all or none: two statements, whatever their number.
pub async fn post_all(scope: &Scope, entries: &[Entry<'_>]) -> Result<(), Error> {
    let rows: Vec<EntryRow<'_>> = entries
        .iter()
        .map(EntryRow::of)
        .filter(|row| !row.lines.is_empty())
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let given = serde_json::to_string(&rows).map_err(|error| Error::Internal(error.to_string()))?;
    let values = [scope.biz_id().into(), given.into()];
    futures_util::try_join!(scope.execute(OPEN, &values), scope.execute(POST, &values))?;
    Ok(())
}

impl<'a> EntryRow<'a> {
    fn of(entry: &'a Entry<'a>) -> Self {
        let moving = entry.lines.iter().filter(|line| line.amount_minor != 0);
        Self {
            id: entry.id,
            kind: entry.kind,
            source_type: entry.source.map(|(entity, _)| entity),
            source_id: entry.source.map(|(_, id)| id),
            location_id: entry.location_id,
            business_date: entry.business_date,
            occurred_at: entry.occurred_at,
            description: &entry.description,
            idempotency_key: entry.idempotency_key.as_deref(),
            lines: moving
                .enumerate()
                .map(|(index, line)| LineRow::of(index + 1, line))
                .collect(),
        }
    }
}

impl<'a> LineRow<'a> {
    fn of(line_no: usize, line: &'a Line<'a>) -> Self {
        let (account_id, chart, owner) = match line.account {
            Account::Id(id) => (Some(id), None, None),
            Account::Chart(chart) => (None, Some(chart), None),
            Account::Owned(chart, kind, id) => (None, Some(chart), Some((kind, id))),
        };
        Self {
            id: new_id(),
            line_no,
            account_id,
            new_account_id: new_id(),
            code: chart.map(|chart| chart.code),
            name: chart.map(|chart| chart.name),
            kind: chart.map(|chart| chart.kind),
            normal_side: chart.map(|chart| chart.side),
            may_be_negative: chart.is_none_or(|chart| chart.may_be_negative),
            owner_type: owner.map(|(kind, _)| kind),
            owner_id: owner.map(|(_, id)| id),
            side: line.side,
            amount_minor: line.amount_minor,
            currency: line.currency,
        }
    }
}

const REVERSE: &str = "with was as materialized ( \
      select e.*, $3::uuid as new_id from ledger.journal_entries e where e.biz_id = $1 and e.id = $2), \
    entry as ( \
      insert into ledger.journal_entries (biz_id, id, number, kind, source_type, source_id, location_id, business_date, \
        occurred_at, description, posting_count, reverses_id) \
      select w.biz_id, w.new_id, core.next_number('journal_entry', 'JE'), 'reversal', w.source_type, w.source_id, \
        w.location_id, $4, $5, $6, w.posting_count, w.id from was w) \
    insert into ledger.postings (biz_id, id, entry_id, line_no, account_id, side, amount_minor, currency, business_date) \
    select p.biz_id, core.uuid_v7(), w.new_id, p.line_no, p.account_id, \
      case p.side when 'debit' then 'credit' else 'debit' end, p.amount_minor, p.currency, $4 \
    from was w join ledger.postings p on p.biz_id = w.biz_id and p.entry_id = w.id";

/// Undoes an entry by its mirror, and gives the mirror's id. An entry is reversed once: the second
/// time `journal_entries_reverses_id_key` is violated.
pub async fn reverse(
    scope: &Scope,
    entry_id: Uuid,
    business_date: NaiveDate,
    description: &str,
) -> Result<Uuid, Error> {
    let id = new_id();
    let values = [
        scope.biz_id().into(),
        entry_id.into(),
        id.into(),
        business_date.into(),
        scope.now().into(),
        description.into(),
    ];
    scope.execute(REVERSE, &values).await?;
    Ok(id)
}

const BUSINESS_DATE: &str = "select coalesce(core.business_date($1, $2::uuid, $3), \
      ($3::timestamptz at time zone b.default_timezone)::date) from core.bizes b where b.id = $1";

/// The day of business of an instant at a location, or in the time zone of the business.
pub async fn business_date(
    scope: &Scope,
    location_id: Option<Uuid>,
    instant: DateTime<Utc>,
) -> Result<NaiveDate, Error> {
    let values = [scope.biz_id().into(), location_id.into(), instant.into()];
    let row = scope.query_opt(BUSINESS_DATE, &values).await?;
    let row = row.ok_or_else(|| Error::Internal("a tenant without a row".to_owned()))?;
    Ok(row.try_get(0)?)
}

const WITH_EXPIRED: &str = "select b.id from core.bizes b where exists ( \
    select from ledger.pending_transfers t where t.biz_id = b.id and t.status = 'pending' and t.expires_at <= $1)";

const EXPIRE: &str = "update ledger.pending_transfers t set status = 'expired', resolved_at = $2 \
    where t.biz_id = $1 and t.id = any (array( \
      select d.id from ledger.pending_transfers d \
      where d.biz_id = $1 and d.status = 'pending' and d.expires_at <= $2 \
      order by d.id limit 500 for update skip locked))";

/// Gives back what was set aside for a time that is over.
pub async fn expire_pending(database: &Database) -> Result<u64, Error> {
    let platform = database.platform(new_id()).await?;
    let now = platform.now();
    let tenants = platform.query(WITH_EXPIRED, &[now.into()]).await?;
    platform.rollback().await?;
    let mut expired = 0;
    for row in tenants {
        let biz_id: Uuid = row.try_get(0)?;
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        expired += scope.execute(EXPIRE, &[biz_id.into(), now.into()]).await?;
        scope.commit().await?;
    }
    Ok(expired)
}

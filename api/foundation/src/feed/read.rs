//! The statements by which the outbox is read. Each finds the horizon (the oldest transaction still
//! running) in the same snapshot as the rows, and reads below it.

use std::sync::LazyLock;

use sea_orm::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::change::{COLUMNS, Change};
use super::{Position, ROWS_CHANGED};
use crate::database::{Error, Scope};

/// What was read in one go.
#[derive(Debug)]
pub struct Batch {
    /// The changes, in their order.
    pub changes: Vec<Change>,
    /// Up to where all was read: the last change where more follow, the horizon otherwise.
    pub upto: Position,
    /// Whether more follow below the horizon.
    pub more: bool,
}

fn horizon_of(row: &Row) -> Result<Position, Error> {
    let text: &str = row.try_get(0)?;
    let transaction = text
        .parse()
        .map_err(|_| Error::Internal(format!("{text} is no transaction")))?;
    Ok(Position::before(transaction))
}

/// The oldest transaction still running, as this scope's snapshot has it: all before it is visible.
pub async fn horizon(scope: &Scope) -> Result<Position, Error> {
    let sql = "select pg_snapshot_xmin(pg_current_snapshot())::text";
    let row = scope.query_opt(sql, &[]).await?;
    let row = row.ok_or_else(|| Error::Internal("no snapshot".to_owned()))?;
    horizon_of(&row)
}

fn batch(rows: &[Row], limit: usize, after: Position) -> Result<Batch, Error> {
    let Some(first) = rows.first() else {
        return Err(Error::Internal("a feed without a horizon".to_owned()));
    };
    let horizon = horizon_of(first)?;
    let changes = rows
        .iter()
        .filter(|row| matches!(row.try_get::<_, Option<i64>>(2), Ok(Some(_))))
        .map(|row| Change::of(row, 1))
        .collect::<Result<Vec<_>, _>>()?;
    let last = changes.last().map(|change| change.position);
    let more = changes.len() == limit;
    Ok(Batch {
        upto: last.filter(|_| more).unwrap_or(horizon).max(after),
        changes,
        more,
    })
}

static OF_ALL: LazyLock<String> = LazyLock::new(|| {
    format!(
        "with h as materialized (select pg_snapshot_xmin(pg_current_snapshot()) as xmin) \
         select h.xmin::text, found.* from h left join lateral ( \
           select {COLUMNS} from core.outbox_events e \
           where (e.transaction_id, e.seq) > ($1::text::xid8, $2) and e.transaction_id < h.xmin \
           order by e.transaction_id, e.seq limit $3) found on true"
    )
});

/// What came after a position in all tenants: for the platform's door.
pub async fn of_all(scope: &Scope, after: Position, limit: usize) -> Result<Batch, Error> {
    let values = [
        after.transaction.to_string().into(),
        after.seq.into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    batch(&scope.query_only(&OF_ALL, &values).await?, limit, after)
}

static OF_TENANT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "with h as materialized (select pg_snapshot_xmin(pg_current_snapshot()) as xmin) \
         select h.xmin::text, found.* from h left join lateral ( \
           select {COLUMNS} from core.outbox_events e \
           where e.biz_id = $4 and (e.transaction_id, e.seq) > ($1::text::xid8, $2) \
             and ($7 or e.transaction_id < h.xmin) \
             and ($5::text[] is null or (case e.topic when '{ROWS_CHANGED}' then e.payload ->> 'entity' \
               else e.subject_type end) = any($5)) \
             and ($6 or e.topic <> '{ROWS_CHANGED}') \
           order by e.transaction_id, e.seq limit $3) found on true"
    )
});

/// Which part of a tenant's feed is read.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The tenant.
    pub biz_id: Uuid,
    /// What came after this.
    pub after: Position,
    /// Of these entities; of all, if none are named.
    pub entities: Option<&'a [&'a str]>,
    /// Records of rows that changed as well.
    pub with_rows: bool,
    /// Also what is visible beyond the horizon. Whoever reads rows sees that, too; but no position
    /// may be taken from it.
    pub past_horizon: bool,
    /// How many entries at most.
    pub limit: usize,
}

/// What came after a position in a tenant.
pub async fn of_tenant(scope: &Scope, wanted: &Wanted<'_>) -> Result<Batch, Error> {
    let Wanted {
        biz_id,
        after,
        limit,
        ..
    } = *wanted;
    let entities = wanted.entities.map(|names| {
        let names = names.iter().map(|name| Value::from(*name)).collect();
        Box::new(names)
    });
    let values = [
        after.transaction.to_string().into(),
        after.seq.into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
        biz_id.into(),
        Value::Array(sea_orm::sea_query::ArrayType::String, entities),
        wanted.with_rows.into(),
        wanted.past_horizon.into(),
    ];
    batch(&scope.query(&OF_TENANT, &values).await?, limit, after)
}

/// Whether the outbox of a tenant still goes back to a position, so that nothing after it is lost. One
/// that begins with the tenant itself goes back to any: a position may be older than that, as some
/// transaction that has run since before held the horizon back.
pub async fn reaches_back(scope: &Scope, biz_id: Uuid, after: Position) -> Result<bool, Error> {
    let sql = "select e.transaction_id::text, e.occurred_at <= b.created_at from core.bizes b \
        cross join lateral (select e.transaction_id, e.occurred_at from core.outbox_events e \
          where e.biz_id = b.id order by e.transaction_id, e.seq limit 1) e \
        where b.id = $1";
    let Some(row) = scope.query_opt(sql, &[biz_id.into()]).await? else {
        return Ok(false);
    };
    let is_whole: bool = row.try_get(1)?;
    Ok(is_whole || horizon_of(&row)?.transaction <= after.transaction)
}

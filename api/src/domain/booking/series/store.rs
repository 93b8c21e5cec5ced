//! What verbs on series share: what is busy, and what is written of exceptions.

use chrono::{DateTime, Utc};
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use uuid::Uuid;

use super::rules::alternatives;
use super::{SeriesOccurrence, SeriesOutcome};
use crate::database::{Error, Scope, new_id};
use crate::domain::booking::moves::Window;
use crate::graph::scalars::{Id, Instant};

const BUSY: &str = "select a.blocked_starts_at, a.blocked_ends_at from availability.allocations a \
    where a.biz_id = $1 and a.resource_id = $2 and a.exclusive and a.override_by_id is null \
      and a.status in ('hold', 'firm') and a.blocked_ends_at > $3 and a.blocked_starts_at < $4 \
      and not (a.source_type = 'BookingOrder' and a.source_id = any ($5::uuid[])) \
    order by a.blocked_starts_at";

/// When a resource that is locked is taken between two instants, by others than these orders.
pub(in crate::domain::booking) async fn busy(
    scope: &Scope,
    resource_id: Uuid,
    (from, to): Window,
    but: Vec<Uuid>,
) -> Result<Vec<Window>, Error> {
    let values = [
        scope.biz_id().into(),
        resource_id.into(),
        from.into(),
        to.into(),
        but.into(),
    ];
    let rows = scope.query(BUSY, &values).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}

/// The span of windows, with half a day to both sides for alternatives.
pub(in crate::domain::booking) fn span(windows: &[Window]) -> Window {
    let day = chrono::TimeDelta::hours(12);
    let first = windows.iter().map(|window| window.0).min();
    let last = windows.iter().map(|window| window.1).max();
    (
        first.unwrap_or_default() - day,
        last.unwrap_or_default() + day,
    )
}

/// What is told of a time that was booked, or is where it was.
pub(super) fn booked(time: Window, order_id: Uuid, outcome: SeriesOutcome) -> SeriesOccurrence {
    SeriesOccurrence {
        starts_at: Instant(time.0),
        ends_at: Instant(time.1),
        outcome,
        booking_order_id: Some(Id::new(order_id)),
        alternatives: Vec::new(),
    }
}

/// What is told of a time that cannot be had.
pub(super) fn conflict(
    time: Window,
    order_id: Option<Uuid>,
    busy: &[Window],
    zone: chrono_tz::Tz,
    buffers: (chrono::TimeDelta, chrono::TimeDelta),
    now: DateTime<Utc>,
) -> SeriesOccurrence {
    let near = alternatives(busy, zone, time, buffers, now);
    SeriesOccurrence {
        starts_at: Instant(time.0),
        ends_at: Instant(time.1),
        outcome: SeriesOutcome::Conflict,
        booking_order_id: order_id.map(Id::new),
        alternatives: near.into_iter().map(Instant).collect(),
    }
}

/// One time of a series that is other than its rule says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exception {
    pub original: DateTime<Utc>,
    /// A value of `availability.series_exception_kind`.
    pub kind: &'static str,
    pub moved_to: Option<DateTime<Utc>>,
    pub order_id: Option<Uuid>,
}

const EXCEPT: &str = "insert into availability.series_exceptions (biz_id, id, series_id, original_starts_at, kind, \
      moved_to_starts_at, booking_type, booking_id) \
    select $1, w.id, $2, w.original, w.kind, w.moved_to, case when w.order_id is not null then 'BookingOrder' end, w.order_id \
    from unnest($3::uuid[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::uuid[]) \
      as w (id, original, kind, moved_to, order_id) \
    on conflict (biz_id, series_id, original_starts_at) do update set kind = excluded.kind, \
      moved_to_starts_at = excluded.moved_to_starts_at, booking_type = excluded.booking_type, booking_id = excluded.booking_id";

/// Notes exceptions of a series.
pub(super) async fn except(
    scope: &Scope,
    series_id: Uuid,
    exceptions: &[Exception],
) -> Result<(), Error> {
    if exceptions.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = exceptions.iter().map(|_| new_id()).collect();
    let originals: Vec<DateTime<Utc>> = exceptions.iter().map(|one| one.original).collect();
    let kinds: Vec<String> = exceptions.iter().map(|one| one.kind.to_owned()).collect();
    let moved = exceptions
        .iter()
        .map(|one| Value::from(one.moved_to))
        .collect();
    let orders = exceptions
        .iter()
        .map(|one| Value::from(one.order_id))
        .collect();
    let values = [
        scope.biz_id().into(),
        series_id.into(),
        ids.into(),
        originals.into(),
        kinds.into(),
        Value::Array(ArrayType::ChronoDateTimeUtc, Some(Box::new(moved))),
        Value::Array(ArrayType::Uuid, Some(Box::new(orders))),
    ];
    scope.execute(EXCEPT, &values).await.map(drop)
}

/// Times as a payload's value.
pub(super) fn told(occurrences: &[SeriesOccurrence]) -> Result<serde_json::Value, Error> {
    serde_json::to_value(occurrences).map_err(|error| Error::Internal(error.to_string()))
}

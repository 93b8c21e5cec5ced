//! What verbs on series share: what is told of each time, and what is written of exceptions.

use chrono::{DateTime, Utc};
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use uuid::Uuid;

use super::rules::overlap;
use super::{SeriesOccurrence, SeriesOutcome};
use crate::booking::moves::Window;
use foundation::database::{Error, Scope, new_id};
use foundation::graph::scalars::{Id, Instant};
use scheduling::availability::search::alternatives::nearby;
use scheduling::availability::search::blocker::Kind;
use scheduling::availability::search::direct::{Direct, Use};

/// What is told of a time that was booked, or is where it was.
pub(super) fn booked(time: Window, order_id: Uuid, outcome: SeriesOutcome) -> SeriesOccurrence {
    SeriesOccurrence {
        starts_at: Instant(time.0),
        ends_at: Instant(time.1),
        outcome,
        booking_order_id: Some(Id::new(order_id)),
        alternatives: Vec::new(),
        reasons: Vec::new(),
    }
}

/// What is told of a time that cannot be had: what the search has against it, and what others of the
/// series take then.
pub(super) fn conflict(
    of: (&Use, Option<Uuid>),
    (direct, taken): (&Direct, &[Window]),
    zone: chrono_tz::Tz,
    now: DateTime<Utc>,
) -> SeriesOccurrence {
    let (usage, order_id) = of;
    let is_apart = |usage: &Use| !taken.iter().any(|other| overlap(usage.blocked, *other));
    let near = nearby(zone, usage.service.0, now, |start| {
        let other = usage.starting(start);
        is_apart(&other) && direct.is_free(&other)
    });
    let mut reasons: Vec<Kind> = direct.against(usage).iter().map(|one| one.kind).collect();
    if !is_apart(usage) {
        reasons.push(Kind::Allocation);
    }
    reasons.sort_unstable();
    reasons.dedup();
    SeriesOccurrence {
        starts_at: Instant(usage.service.0),
        ends_at: Instant(usage.service.1),
        outcome: SeriesOutcome::Conflict,
        booking_order_id: order_id.map(Id::new),
        alternatives: near.into_iter().map(Instant).collect(),
        reasons,
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

//! A series that is locked to be changed, and which of its bookings are meant.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::SeriesScope;
use crate::booking::locked::{Locked, lock_series};
use crate::booking::store::zone;
use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

/// A series that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub id: Uuid,
    pub status: String,
    pub location_id: Uuid,
    pub zone: Tz,
    pub rrule: String,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
    pub max_occurrences: Option<i32>,
    pub local_start: NaiveTime,
    pub duration_minutes: i32,
}

const LOCK: &str = "select s.status::text, s.version, s.location_id, s.timezone, s.rrule::text, s.starts_on, s.ends_on, \
      s.max_occurrences, s.local_start, s.duration_minutes \
    from availability.recurrence_series s where s.biz_id = $1 and s.id = $2 for no key update";

/// Locks a series that the caller's permission reaches.
pub(super) async fn lock<P>(
    act: &Act<'_>,
    permission: &str,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<Series, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(LOCK, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("series"))?;
    let location_id: Option<Uuid> = row.try_get(2)?;
    let location_id = location_id.ok_or_else(|| Fault::not_found("series"))?;
    act.permit_at(permission, location_id, "series")?;
    let version: i32 = row.try_get(1)?;
    Failure::unless_current("series", version, expected_version)?;
    Ok(Series {
        id,
        status: row.try_get(0)?,
        location_id,
        zone: zone(row.try_get(3)?)?,
        rrule: row.try_get(4)?,
        starts_on: row.try_get(5)?,
        ends_on: row.try_get(6)?,
        max_occurrences: row.try_get(7)?,
        local_start: row.try_get(8)?,
        duration_minutes: row.try_get(9)?,
    })
}

/// The bookings of a series that are meant and have not begun: one, one and all that follow, or all.
/// None where one is named that is not there.
pub(super) async fn meant(
    act: &Act<'_>,
    series: &Series,
    scope: SeriesScope,
    occurrence: Option<DateTime<Utc>>,
) -> Result<Option<Vec<Locked>>, foundation::database::Error> {
    let from = match (scope, occurrence) {
        (SeriesScope::All, _) => DateTime::UNIX_EPOCH,
        (_, Some(from)) => from,
        (_, None) => return Ok(None),
    };
    let mut orders = lock_series(act.scope, series.id, from).await?;
    let is_there = |order: &Locked| order.series.is_some_and(|(_, at)| at == from);
    if scope != SeriesScope::All && !orders.iter().any(is_there) {
        return Ok(None);
    }
    if scope == SeriesScope::This {
        orders.retain(is_there);
    }
    orders.sort_by_key(|order| order.series.map(|(_, at)| at));
    Ok(Some(orders))
}

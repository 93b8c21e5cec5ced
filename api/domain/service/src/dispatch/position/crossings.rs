//! Which areas vehicles came into, left and stayed in, on the way that their devices tell of.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use sea_orm::Value;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::fences::{Fence, Seen, crossings, fences, longest_stay};
use super::record::{Known, VehiclePositionInput};
use crate::dispatch::rules::Point;
use foundation::database::{Error, Scope};

/// What happened at areas on the way from where vehicles were known to be, in the order of time: for the
/// event. A position from before then moves nothing.
pub(super) async fn told(
    scope: &Scope,
    positions: &[VehiclePositionInput],
    vehicles: &HashMap<Uuid, Known>,
) -> Result<Vec<Json>, Error> {
    let fences = fences(scope).await?;
    if fences.is_empty() {
        return Ok(Vec::new());
    }
    let before = before(scope, &fences, vehicles).await?;
    let mut ids: Vec<Uuid> = vehicles.keys().copied().collect();
    ids.sort_unstable();
    let mut told = Vec::new();
    for id in ids {
        let before = before.get(&id).map_or(&[][..], Vec::as_slice);
        let last = before.last().map(|seen| seen.at);
        let way = way(positions, id, last);
        for crossing in crossings(&fences, before, &way) {
            told.push(json!({
                "vehicle_id": id, "at": crossing.at, "entered": crossing.entered,
                "left": crossing.left, "stayed": crossing.stayed,
            }));
        }
    }
    Ok(told)
}

/// Where a vehicle was after an instant, in the order of time.
fn way(
    positions: &[VehiclePositionInput],
    vehicle: Uuid,
    after: Option<DateTime<Utc>>,
) -> Vec<Seen> {
    let own = positions
        .iter()
        .filter(|position| position.vehicle_id.uuid() == vehicle);
    let mut way: Vec<Seen> = own
        .filter_map(|position| {
            let place = Point::of(Some(position.lat.0), Some(position.lng.0))?;
            let at = position.recorded_at.0;
            Some(Seen { at, place })
        })
        .filter(|seen| after.is_none_or(|after| seen.at > after))
        .collect();
    way.sort_by_key(|seen| seen.at);
    way.dedup_by_key(|seen| seen.at);
    way
}

// Twice as long as a stay that is told, so that one that was told is known to have been.
const STAYED: &str = "select p.vehicle_id, p.recorded_at, p.lat, p.lng from dispatch.vehicle_positions p \
    join unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) as w (id, since, until) \
      on p.vehicle_id = w.id and p.recorded_at > w.since and p.recorded_at < w.until \
    where p.biz_id = $1 order by p.recorded_at limit 20000";

/// Where each vehicle was seen before, in the order of time: where it was seen last; and of those that
/// may be staying somewhere, since when.
async fn before(
    scope: &Scope,
    fences: &[Fence],
    vehicles: &HashMap<Uuid, Known>,
) -> Result<HashMap<Uuid, Vec<Seen>>, Error> {
    let mut before: HashMap<Uuid, Vec<Seen>> = HashMap::new();
    let (mut staying, mut since, mut until) = (Vec::new(), Vec::new(), Vec::new());
    for (id, known) in vehicles {
        let (Some(place), Some(at)) = (known.at, known.recorded_at) else {
            continue;
        };
        before.insert(*id, vec![Seen { at, place }]);
        if let Some(stay) = longest_stay(fences, place) {
            staying.push(*id);
            since.push(at - stay - stay - Duration::seconds(1));
            until.push(at);
        }
    }
    if staying.is_empty() {
        return Ok(before);
    }
    let values: [Value; 4] = [
        scope.biz_id().into(),
        staying.into(),
        since.into(),
        until.into(),
    ];
    let mut earlier: HashMap<Uuid, Vec<Seen>> = HashMap::new();
    for row in scope.query(STAYED, &values).await? {
        if let Some(place) = Point::of(row.try_get(2)?, row.try_get(3)?) {
            let at = row.try_get(1)?;
            earlier
                .entry(row.try_get(0)?)
                .or_default()
                .push(Seen { at, place });
        }
    }
    for (id, mut seen) in earlier {
        if let Some(last) = before.remove(&id) {
            seen.extend(last);
            before.insert(id, seen);
        }
    }
    Ok(before)
}

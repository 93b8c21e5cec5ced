//! Other times that would do, for whoever is told that one does not.

use async_graphql::SimpleObject;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entities::availability::slot;
use entities::resources::resource;
use serde::Serialize;
use uuid::Uuid;

use super::super::rules::local_day;
use super::answer;
use super::blocker::Blocker;
use super::direct::{Direct, Use};
use super::{Starts, Target, Wanted, resolve};
use foundation::database::{Error, Scope};
use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::Fault;

/// How many other times are told.
pub(super) const MOST: usize = 3;
/// How far other times of an offer are looked for.
const DAYS: i64 = 14;
/// Those of a resource are looked for in steps of so many minutes, so many to both sides.
const STEP: i64 = 15;
const STEPS: i64 = 32;

/// Another time at which the same could be had.
#[derive(Clone, SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingAlternative {
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The resources that would give it.
    pub resource_ids: Vec<Id<resource::Entity>>,
    /// The session, of places in one.
    pub slot_id: Option<Id<slot::Entity>>,
}

/// The same fault, with other times.
pub fn instead<P>(fault: Fault<P>, others: &[BookingAlternative]) -> Fault<P> {
    fault.with(
        "alternatives",
        serde_json::to_value(others).unwrap_or_default(),
    )
}

/// The same fault, with all that stands in the way.
pub fn because_of<P>(fault: Fault<P>, blockers: &[Blocker]) -> Fault<P> {
    let told: Vec<_> = blockers.iter().map(answer::blocker).collect();
    fault.with("blockers", serde_json::to_value(told).unwrap_or_default())
}

/// Starts near one that cannot be had, on the same local day and not over yet, at which the same can
/// be had; the nearest first.
pub fn nearby(
    zone: Tz,
    starts_at: DateTime<Utc>,
    now: DateTime<Utc>,
    is_free: impl Fn(DateTime<Utc>) -> bool,
) -> Vec<DateTime<Utc>> {
    let nearby = (1..=STEPS).flat_map(|step| [-step, step]);
    nearby
        .map(|step| starts_at + TimeDelta::minutes(step * STEP))
        .filter(|start| *start > now && local_day(zone, *start) == local_day(zone, starts_at))
        .filter(|start| is_free(*start))
        .take(MOST)
        .collect()
}

/// Times on the same day at which resources can be had for as long, all as far apart as they are; told
/// of the first.
pub fn of_resources(
    direct: &Direct,
    uses: &[Use],
    zone: Tz,
    now: DateTime<Utc>,
) -> Vec<BookingAlternative> {
    let Some(first) = uses.first() else {
        return Vec::new();
    };
    let start = first.service.0;
    let moved = |usage: &Use, to: DateTime<Utc>| usage.starting(usage.service.0 + (to - start));
    let is_free = |to| uses.iter().all(|usage| direct.is_free(&moved(usage, to)));
    let resources: Vec<_> = uses
        .iter()
        .map(|usage| Id::new(usage.resource_id))
        .collect();
    let starts = nearby(zone, start, now, is_free).into_iter();
    let told = starts.map(|to| BookingAlternative {
        starts_at: Instant(to),
        ends_at: Instant(to + (first.service.1 - start)),
        resource_ids: resources.clone(),
        slot_id: None,
    });
    told.collect()
}

const SESSIONS: &str = "select s.id, s.starts_at, s.ends_at from availability.slots o \
    join availability.slots s on s.biz_id = o.biz_id and s.pool_id is not distinct from o.pool_id \
      and s.resource_id is not distinct from o.resource_id and s.id <> o.id \
    where o.biz_id = $1 and o.id = $2 and s.status = 'open' and s.starts_at > $4 \
      and s.starts_at between o.starts_at - interval '14 days' and o.starts_at + interval '14 days' \
      and s.capacity + s.overbook_limit - s.held - s.occupied >= $3 \
    order by abs(extract(epoch from s.starts_at - o.starts_at)), s.starts_at limit 3";

/// Other sessions near one that have so many places left.
pub async fn of_session(
    scope: &Scope,
    slot_id: Uuid,
    places: i32,
) -> Result<Vec<BookingAlternative>, Error> {
    let values = [
        scope.biz_id().into(),
        slot_id.into(),
        places.into(),
        scope.now().into(),
    ];
    let rows = scope.query(SESSIONS, &values).await?;
    let read = |row: &tokio_postgres::Row| {
        Ok(BookingAlternative {
            starts_at: Instant(row.try_get(1)?),
            ends_at: Instant(row.try_get(2)?),
            resource_ids: Vec::new(),
            slot_id: Some(Id::new(row.try_get(0)?)),
        })
    };
    rows.iter().map(read).collect()
}

/// The next times at which an offer can be had, by the search that customers use. None where it cannot
/// be had at any time: that is no reason not to say that it is taken now.
pub async fn of_offer(
    scope: &Scope,
    wanted: &Wanted,
    at: DateTime<Utc>,
) -> Vec<BookingAlternative> {
    let from = at.max(scope.now());
    let starts = Starts::Every {
        from,
        to: from + TimeDelta::days(DAYS),
        step_minutes: 15,
        at_most: MOST,
    };
    let found = resolve(scope, wanted, &starts).await.ok();
    let slots = found.into_iter().flat_map(|found| found.slots);
    let told = slots.map(|slot| BookingAlternative {
        starts_at: Instant(slot.time.start),
        ends_at: Instant(slot.time.end),
        resource_ids: slot
            .picks
            .iter()
            .filter_map(|pick| match pick.target {
                Target::Resource(id) => Some(Id::new(id)),
                Target::Pool(_) | Target::Slot(_) => None,
            })
            .collect(),
        slot_id: slot.picks.iter().find_map(|pick| match pick.target {
            Target::Slot(id) => Some(Id::new(id)),
            Target::Resource(_) | Target::Pool(_) => None,
        }),
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_free_and_on_the_same_day() {
        let at = |hour: i64, minute: i64| {
            let day: DateTime<Utc> = "2026-05-03T23:00:00Z".parse().unwrap();
            day + TimeDelta::minutes(hour * 60 + minute)
        };
        let nearby = |start, now| {
            let length = TimeDelta::hours(1);
            let is_free = |start| start >= at(11, 0) || start + length <= at(10, 0);
            nearby(Tz::Europe__Lisbon, start, now, is_free)
        };
        assert_eq!(
            nearby(at(10, 0), at(0, 0)),
            [at(9, 0), at(11, 0), at(8, 45)]
        );
        assert_eq!(nearby(at(10, 0), at(10, 30))[0], at(11, 0));
        let too_late = nearby(at(23, 45), at(23, 40));
        assert!(too_late.is_empty(), "{too_late:?}");
    }
}

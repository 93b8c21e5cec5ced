//! Which slots a verb is to change, locked in the order of all.

use async_graphql::InputObject;
use chrono::NaiveDate;
use entities::availability::{capacity_pool, slot};
use entities::core::location;
use entities::resources::resource;
use sea_orm::Value;
use uuid::Uuid;

use super::MANAGE_SLOTS;
use super::store::place;
use crate::availability::rules::nights;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault};

/// The most slots that one request changes.
const MOST: usize = 500;

/// Which slots: named ones, or those of a pool, a resource or a location on a range of days.
#[derive(InputObject)]
pub struct SlotSelectionInput {
    /// Slots by name, 500 at most.
    pub ids: Option<Vec<Id<slot::Entity>>>,
    /// The pool whose slots are meant.
    pub pool_id: Option<Id<capacity_pool::Entity>>,
    /// The resource whose slots are meant.
    pub resource_id: Option<Id<resource::Entity>>,
    /// The location all of whose slots are meant.
    pub location_id: Option<Id<location::Entity>>,
    /// The first business day.
    pub from_on: Option<Day>,
    /// The first business day that is not meant; 400 days after the first at most.
    pub until_on: Option<Day>,
    /// The weekdays that are meant, 1 for Monday to 7 for Sunday; all if not given.
    pub weekdays: Option<Vec<i32>>,
}

/// Slots that are locked.
pub(super) struct Selected {
    /// Their ids.
    pub ids: Vec<Uuid>,
    /// The location of the first of them.
    pub location_id: Uuid,
}

const LOCK: &str = "select s.id, s.location_id from availability.slots s \
    where s.biz_id = $1 and ($2::uuid[] is null or s.id = any ($2::uuid[])) \
      and ($3::uuid is null or s.pool_id = $3) and ($4::uuid is null or s.resource_id = $4) \
      and ($5::uuid is null or s.location_id = $5) \
      and ($6::date is null or (s.business_date >= $6 and s.business_date < $7)) \
      and ($8::integer[] is null or extract(isodow from s.business_date)::integer = any ($8::integer[])) \
    order by s.pool_id, s.resource_id, s.starts_at, s.id limit 501 for no key update";

/// Locks them, where the caller's permission reaches all.
pub(super) async fn lock<P: Copy>(
    act: &Act<'_>,
    which: &SlotSelectionInput,
    incomplete: P,
) -> Result<Selected, Fault<P>> {
    let ids: Option<Vec<Uuid>> = which
        .ids
        .as_ref()
        .map(|ids| ids.iter().map(Id::uuid).collect());
    let (pool, resource, location) = (
        which.pool_id.map(|id| id.uuid()),
        which.resource_id.map(|id| id.uuid()),
        which.location_id.map(|id| id.uuid()),
    );
    let days = which
        .from_on
        .zip(which.until_on)
        .map(|(from, until)| (from.0, until.0));
    check(ids.as_deref(), [pool, resource, location], days)
        .map_err(|message| Fault::at(incomplete, "slots", message))?;
    if let (Some(pool_id), Some(days)) = (pool, days) {
        make_nights(act, pool_id, days).await?;
    }
    let values: [Value; 8] = [
        act.scope.biz_id().into(),
        ids.clone().into(),
        pool.into(),
        resource.into(),
        location.into(),
        days.map(|days| days.0).into(),
        days.map(|days| days.1).into(),
        which.weekdays.clone().into(),
    ];
    let rows = act.scope.query(LOCK, &values).await?;
    if rows.len() > MOST {
        let message = "These are more than 500 slots: change them in several steps.";
        return Err(Fault::at(incomplete, "slots", message));
    }
    let Some(first) = rows.first() else {
        return Err(Fault::not_found("slot"));
    };
    if ids.is_some_and(|ids| ids.len() != rows.len()) {
        return Err(Fault::not_found("slot"));
    }
    for row in &rows {
        act.permit_at(MANAGE_SLOTS, row.try_get(1)?, "slot")?;
    }
    Ok(Selected {
        location_id: first.try_get(1)?,
        ids: rows
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<_, _>>()?,
    })
}

fn check(
    ids: Option<&[Uuid]>,
    places: [Option<Uuid>; 3],
    days: Option<(NaiveDate, NaiveDate)>,
) -> Result<(), &'static str> {
    match (ids, places.iter().flatten().count(), days) {
        (Some(ids), 0, None) if (1..=MOST).contains(&ids.len()) => {
            let mut sorted = ids.to_vec();
            sorted.sort_unstable();
            sorted.dedup();
            if sorted.len() == ids.len() {
                Ok(())
            } else {
                Err("A slot is named twice.")
            }
        }
        (Some(_), 0, None) => Err("Name 1 to 500 slots."),
        (None, 1, Some((from, until))) => match (until - from).num_days() {
            1..=400 => Ok(()),
            _ => Err("untilOn must be after fromOn, by 400 days at most."),
        },
        _ => Err("Give ids, or one of poolId, resourceId and locationId with fromOn and untilOn."),
    }
}

/// Nights of a room type that nobody has asked for yet have no slots: they get them, so that what is
/// said of them holds when somebody asks.
async fn make_nights<P>(
    act: &Act<'_>,
    pool_id: Uuid,
    days: (NaiveDate, NaiveDate),
) -> Result<(), Fault<P>> {
    let sql = "select p.location_id from availability.capacity_pools p \
               where p.biz_id = $1 and p.id = $2 and p.deleted_at is null and p.unit_type_id is not null";
    let values = [act.scope.biz_id().into(), pool_id.into()];
    let Some(row) = act.scope.query_opt(sql, &values).await? else {
        return Ok(());
    };
    let location_id = row.try_get(0)?;
    act.permit_at(MANAGE_SLOTS, location_id, "pool")?;
    let Some(place) = place(act.scope, location_id).await? else {
        return Ok(());
    };
    if let Ok(nights) = nights(place.zone, days.0, days.1) {
        crate::availability::hold::store::slots_of_days(act.scope, pool_id, &nights, true).await?;
    }
    Ok(())
}

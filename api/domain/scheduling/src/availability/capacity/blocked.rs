//! What a block takes: the resources' time, a unit of each night of their pools, and of a whole
//! location the slots, which close.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::rules::nights_touched;
use super::store::{Place, place};
use crate::availability::hold::store::slots_of_days;
use crate::availability::rules::nights;
use crate::availability::store::lock_resources;
use foundation::database::{Error, Scope, new_id};

/// A time.
pub type Time = (DateTime<Utc>, DateTime<Utc>);

// Of a resource, of what contains it and is taken as a whole, and of what it contains.
const CLAIMS: &str = "( \
      select r.id as of, a.blocked_starts_at, a.blocked_ends_at, a.blocked_period, a.id from unnest($2::uuid[]) as r (id) \
      join availability.allocations a on a.biz_id = $1 and a.resource_id = r.id and a.status in ('hold', 'firm') \
        and a.blocked_starts_at < $4 and a.blocked_ends_at > $3 \
      union all \
      select n.of, a.blocked_starts_at, a.blocked_ends_at, a.blocked_period, a.id from ( \
        select x.of, x.id, true as is_above from availability.resources_above($1, $2::uuid[]) x \
        union all \
        select x.of, x.id, false from availability.resources_within($1, $2::uuid[]) x) n \
      join availability.allocations a on a.biz_id = $1 and a.resource_id = n.id \
        and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > clock_timestamp())) \
        and (a.exclusive or not n.is_above) and a.source_type <> 'AvailabilityBlock' \
        and a.blocked_starts_at < $4 and a.blocked_ends_at > $3)";

fn in_the_way_sql() -> String {
    format!("select count(distinct c.id), min(c.blocked_starts_at) from {CLAIMS} c")
}

/// How many claims on the resources are in the way, and when the first is, with those on what contains
/// them and what they contain. They are locked.
pub(super) async fn in_the_way(
    scope: &Scope,
    resources: &[Uuid],
    time: Time,
) -> Result<Option<(i64, DateTime<Utc>)>, Error> {
    let values = [
        scope.biz_id().into(),
        resources.to_vec().into(),
        time.0.into(),
        time.1.into(),
    ];
    let Some(row) = scope.query_opt(&in_the_way_sql(), &values).await? else {
        return Ok(None);
    };
    let first: Option<DateTime<Utc>> = row.try_get(1)?;
    let count: i64 = row.try_get(0)?;
    Ok(first.map(|first| (count, first)))
}

// What is free of the time: the whole, less what is claimed.
fn take_sql() -> String {
    format!(
        "insert into availability.allocations (biz_id, id, source_type, source_id, resource_id, exclusive, \
           service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at, status) \
         select $1, core.uuid_v7(), 'AvailabilityBlock', $5, r.id, true, lower(g.gap), upper(g.gap), lower(g.gap), upper(g.gap), 'firm' \
         from unnest($2::uuid[]) as r (id) \
         left join (select c.of, range_agg(c.blocked_period) as claimed from {CLAIMS} c group by c.of) t on t.of = r.id \
         cross join lateral unnest(tstzmultirange(tstzrange($3, $4)) - coalesce(t.claimed, '{{}}'::tstzmultirange)) as g (gap)"
    )
}

/// Takes what is free of the resources' time for a block; they are locked.
pub(super) async fn take_resources(
    scope: &Scope,
    block_id: Uuid,
    resources: &[Uuid],
    time: Time,
) -> Result<u64, Error> {
    let values = [
        scope.biz_id().into(),
        resources.to_vec().into(),
        time.0.into(),
        time.1.into(),
        block_id.into(),
    ];
    scope.execute(&take_sql(), &values).await
}

// A room belongs to the pool of its type, or to pools by membership.
const POOLS: &str = "select p.id, max(m.weight) from ( \
      select p.id as pool_id, 1 as weight from resources.unit_details u \
      join availability.capacity_pools p on p.biz_id = $1 and p.unit_type_id = u.unit_type_id and p.deleted_at is null \
      where u.biz_id = $1 and u.resource_id = $2 and u.deleted_at is null \
      union all \
      select m.pool_id, m.weight from availability.capacity_pool_members m \
      where m.biz_id = $1 and m.resource_id = $2 and m.deleted_at is null \
        and coalesce(m.starts_on, '-infinity') < $4 and coalesce(m.ends_on, 'infinity') > $3) m \
    join availability.capacity_pools p on p.biz_id = $1 and p.id = m.pool_id and p.mode = 'slot' \
      and p.unit_type_id is not null and p.deleted_at is null \
    group by p.id order by p.id";

const CLAIM: &str =
    "select availability.claim_places($1::uuid[], $2, null, 'AvailabilityBlock', $3, 'firm', null)";

/// Takes a room's unit of each night that a block touches out of what is sold of its type.
pub(super) async fn take_nights(
    scope: &Scope,
    block_id: Uuid,
    resource_id: Uuid,
    place: &Place,
    time: Time,
) -> Result<(), Error> {
    let days = nights_touched(place.zone, time, place.check_in, place.check_out);
    let (Some(first), Some(last)) = (days.first(), days.last().and_then(NaiveDate::succ_opt))
    else {
        return Ok(());
    };
    let Ok(nights) = nights(place.zone, *first, last) else {
        return Ok(());
    };
    let values = [
        scope.biz_id().into(),
        resource_id.into(),
        (*first).into(),
        last.into(),
    ];
    for row in scope.query(POOLS, &values).await? {
        let (pool_id, weight): (Uuid, i32) = (row.try_get(0)?, row.try_get(1)?);
        let slots = slots_of_days(scope, pool_id, &nights, true).await?;
        let values = [slots.into(), weight.into(), block_id.into()];
        scope.query(CLAIM, &values).await?;
    }
    Ok(())
}

/// The mark by which the history of a slot says that a block closed it.
fn mark(block_id: Uuid) -> String {
    format!("block_{}", block_id.simple())
}

const NIGHT_POOLS: &str = "select p.id from availability.capacity_pools p \
    where p.biz_id = $1 and p.location_id = $2 and p.unit_type_id is not null and p.mode = 'slot' and p.deleted_at is null \
    order by p.id limit 100";

const CLOSE: &str = "with locked as materialized ( \
      select s.id from availability.slots s \
      where s.biz_id = $1 and s.location_id = $2 and s.starts_at < $4 and s.ends_at > $3 and s.status = 'open' \
        and (s.business_date = any ($5::date[]) or not exists (select from availability.capacity_pools p \
          where p.biz_id = $1 and p.id = s.pool_id and p.unit_type_id is not null)) \
      order by s.pool_id, s.resource_id, s.starts_at, s.id for no key update), \
    code as materialized (select set_config('app.reason_code', $6, true)) \
    update availability.slots s set status = 'closed' from locked, code where s.biz_id = $1 and s.id = locked.id";

/// Closes the slots of a location that a block touches: nights as guests would spend them, others by
/// their time. Nights that nobody has asked for yet get their slots first.
pub(super) async fn close_slots(
    scope: &Scope,
    block_id: Uuid,
    place: &Place,
    time: Time,
) -> Result<u64, Error> {
    let days = nights_touched(place.zone, time, place.check_in, place.check_out);
    if let (Some(first), Some(last)) = (days.first(), days.last().and_then(NaiveDate::succ_opt))
        && let Ok(nights) = nights(place.zone, *first, last)
    {
        let values = [scope.biz_id().into(), place.location_id.into()];
        for row in scope.query(NIGHT_POOLS, &values).await? {
            slots_of_days(scope, row.try_get(0)?, &nights, true).await?;
        }
    }
    let values = [
        scope.biz_id().into(),
        place.location_id.into(),
        time.0.into(),
        time.1.into(),
        days.into(),
        mark(block_id).into(),
    ];
    scope.execute(CLOSE, &values).await
}

// A slot opens again if it was this block that closed it, and nobody has moved it since, and no
// other block of the location touches it.
const REOPEN: &str = "with locked as materialized ( \
      select s.id from availability.slots s \
      where s.biz_id = $1 and s.location_id = $2 and s.starts_at < $4 and s.ends_at > $3 and s.status = 'closed' \
        and $5 = (select h.reason_code from core.status_history h \
          where h.biz_id = $1 and h.subject_type = 'Slot' and h.subject_id = s.id \
          order by h.occurred_at desc, h.id desc limit 1) \
        and not exists (select from availability.blocks b \
          where b.biz_id = $1 and b.location_id = $2 and b.status = 'active' and b.starts_at < s.ends_at and b.ends_at > s.starts_at) \
      order by s.pool_id, s.resource_id, s.starts_at, s.id for no key update) \
    update availability.slots s set status = 'open' from locked where s.biz_id = $1 and s.id = locked.id";

/// Opens again what a block of a location closed; the block is lifted already.
pub(super) async fn reopen_slots(
    scope: &Scope,
    block_id: Uuid,
    location_id: Uuid,
    time: Time,
) -> Result<u64, Error> {
    let values = [
        scope.biz_id().into(),
        location_id.into(),
        time.0.into(),
        time.1.into(),
        mark(block_id).into(),
    ];
    scope.execute(REOPEN, &values).await
}

/// A time of a resource that something else than a booking needs.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The resource.
    pub resource_id: Uuid,
    /// The time.
    pub time: Time,
    /// A value of `availability.block_reason`.
    pub reason: &'static str,
    /// What staff should know.
    pub note: String,
    /// What needs it: entity and id. It blocks one time at a time.
    pub source: (&'static str, Uuid),
    /// Whether it leaves out what is booked, instead of being refused.
    pub around_bookings: bool,
}

/// Claims that are in the way of a block.
#[derive(Clone, Copy, Debug)]
pub struct InTheWay {
    /// How many.
    pub count: i64,
    /// When the first begins.
    pub first: DateTime<Utc>,
}

const BLOCK: &str = "insert into availability.blocks \
      (biz_id, id, resource_id, starts_at, ends_at, reason, note, source_type, source_id) \
    select $1, $2, r.id, $4, $5, $6::text, left($7, 2000), $8, $9 from resources.resources r \
    where r.biz_id = $1 and r.id = $3 returning (select location_id from resources.resources where biz_id = $1 and id = $3)";

/// Blocks a time of a resource for what needs it, as `blockCreate` does for staff.
pub async fn block_resource(
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Result<Uuid, InTheWay>, Error> {
    let resources = [wanted.resource_id];
    lock_resources(scope, &resources).await?;
    if !wanted.around_bookings
        && let Some((count, first)) = in_the_way(scope, &resources, wanted.time).await?
    {
        return Ok(Err(InTheWay { count, first }));
    }
    let id = new_id();
    let values: [sea_orm::Value; 9] = [
        scope.biz_id().into(),
        id.into(),
        wanted.resource_id.into(),
        wanted.time.0.into(),
        wanted.time.1.into(),
        wanted.reason.into(),
        wanted.note.as_str().into(),
        wanted.source.0.into(),
        wanted.source.1.into(),
    ];
    let row = scope.query_opt(BLOCK, &values).await?;
    let row = row.ok_or_else(|| Error::Internal("a resource vanished".to_owned()))?;
    if let Some(place) = place(scope, row.try_get(0)?).await? {
        take_nights(scope, id, wanted.resource_id, &place, wanted.time).await?;
    }
    take_resources(scope, id, &resources, wanted.time).await?;
    Ok(Ok(id))
}

const OF_SOURCE: &str = "select b.id from availability.blocks b \
    where b.biz_id = $1 and b.source_type = $2 and b.source_id = $3 and b.status = 'active' for no key update";

/// Lifts what something blocks, if it does: the time is free again.
pub async fn lift(scope: &Scope, source: (&str, Uuid)) -> Result<(), Error> {
    let values = [scope.biz_id().into(), source.0.into(), source.1.into()];
    let Some(row) = scope.query_opt(OF_SOURCE, &values).await? else {
        return Ok(());
    };
    let id: Uuid = row.try_get(0)?;
    let release = "select availability.release('withdrawn', 'AvailabilityBlock', $1)";
    scope.query(release, &[id.into()]).await?;
    let sql = "update availability.blocks set status = 'lifted', lifted_at = $3 where biz_id = $1 and id = $2";
    let values = [scope.biz_id().into(), id.into(), scope.now().into()];
    scope.execute(sql, &values).await.map(drop)
}

//! What is taken over a time: allocations, blocks, busy times of outside calendars, work orders;
//! pools and slots. All statements are sent at once.

use std::collections::HashMap;

use futures_util::try_join;
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use tokio_postgres::Row;
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::super::calendar::week::DayRange;
use super::blocker::{Kind, Thing};
use super::wanted::Shopper;
use super::world::{Busy, SlotTime};
use foundation::database::{Error, Scope};

/// What does not count for a shopper: their own holds, and what their orders take. By the server's
/// clock an expired hold counts for nobody, as when it is claimed.
macro_rules! counts {
    () => {
        "(a.status = 'firm' or a.expires_at > clock_timestamp()) and not coalesce( \
          a.source_id = any ($7::uuid[]) \
          or a.booking_hold_id = any ($8::uuid[]) \
          or (a.status = 'hold' and exists ( \
            select from availability.booking_holds h \
            where h.biz_id = a.biz_id and h.id = a.booking_hold_id \
              and (h.customer_id = $5::uuid or h.session_ref = $6::text or h.source_id = any ($7::uuid[])))), false)"
    };
}

const OF_RESOURCES: &str = concat!(
    "select a.id, a.resource_id, a.source_type, a.source_id, a.exclusive, a.units, a.status, \
      a.blocked_starts_at, a.blocked_ends_at \
    from availability.allocations a \
    where a.biz_id = $1 and a.resource_id = any ($2::uuid[]) and a.status in ('hold', 'firm') \
      and a.blocked_starts_at < $4 and a.blocked_ends_at > $3 and ",
    counts!()
);

const OF_POOLS: &str = concat!(
    "select a.id, a.pool_id, a.source_type, a.source_id, false, a.units, a.status, a.blocked_starts_at, a.blocked_ends_at \
    from availability.allocations a \
    where a.biz_id = $1 and a.status in ('hold', 'firm') and a.pool_id in ( \
        select m.pool_id from availability.capacity_pool_members m \
        where m.biz_id = $1 and m.resource_id = any ($2::uuid[]) and m.deleted_at is null) \
      and a.blocked_starts_at < $4 and a.blocked_ends_at > $3 and ",
    counts!()
);

const OF_POOL: &str = concat!(
    "select a.id, a.pool_id, a.source_type, a.source_id, false, a.units, a.status, a.blocked_starts_at, a.blocked_ends_at \
    from availability.allocations a \
    where a.biz_id = $1 and a.pool_id = any ($2::uuid[]) and a.status in ('hold', 'firm') \
      and a.blocked_starts_at < $4 and a.blocked_ends_at > $3 and ",
    counts!()
);

const POOL: &str = "select p.capacity + p.overbook_limit from availability.capacity_pools p \
    where p.biz_id = $1 and p.id = any ($2::uuid[]) and p.deleted_at is null";

const SLOTS: &str = concat!(
    "select s.id, s.pool_id, s.resource_id, s.location_id, s.starts_at, s.ends_at, s.capacity + s.overbook_limit, \
      s.capacity + s.overbook_limit - s.held - s.occupied + coalesce(back.units, 0), s.status = 'open' \
    from availability.slots s \
    left join lateral ( \
      select sum(a.units)::integer as units from availability.allocations a \
      where a.biz_id = s.biz_id and a.slot_id = s.id and a.status in ('hold', 'firm') and not (",
    counts!(),
    ")) back on s.held > 0 or cardinality($7::uuid[]) > 0 \
    where s.biz_id = $1 and s.starts_at < $4 and s.ends_at > $3 \
      and (s.resource_id = any ($2::uuid[]) or s.pool_id in ( \
        select m.pool_id from availability.capacity_pool_members m \
        where m.biz_id = $1 and m.resource_id = any ($2::uuid[]) and m.deleted_at is null)) \
    order by s.starts_at, s.id"
);

const BLOCKS: &str = "select b.id, b.resource_id, b.location_id, b.starts_at, b.ends_at from availability.blocks b \
    where b.biz_id = $1 and b.status = 'active' and b.starts_at < $4 and b.ends_at > $3 \
      and (b.resource_id = any ($2::uuid[]) or b.location_id = any ($5::uuid[]))";

const OUTSIDE: &str = "select e.id, e.resource_id, e.starts_at, e.ends_at from availability.external_busy e \
    where e.biz_id = $1 and e.resource_id = any ($2::uuid[]) and e.removed_at is null and e.transparency = 'opaque' \
      and e.starts_at < $4 and e.ends_at > $3";

const WORK: &str = "select w.id, w.resource_id, w.starts_at, w.ends_at from resources.maintenance_work_orders w \
    where w.biz_id = $1 and w.resource_id = any ($2::uuid[]) and w.blocks_resource \
      and w.status not in ('completed', 'verified', 'cancelled') and w.starts_at < $4 and w.ends_at > $3";

/// What contains a resource, and what contains that, is blocked or serviced: with it all that it
/// contains.
const ABOVE: &str = "with recursive above as ( \
      select r.id as of, r.parent_resource_id as id from resources.resources r \
      where r.biz_id = $1 and r.id = any ($2::uuid[]) and r.parent_resource_id is not null \
      union all \
      select a.of, r.parent_resource_id from above a \
      join resources.resources r on r.biz_id = $1 and r.id = a.id and r.parent_resource_id is not null) \
    select b.id, a.of, a.id, true, b.starts_at, b.ends_at from above a \
    join availability.blocks b on b.biz_id = $1 and b.resource_id = a.id and b.status = 'active' \
      and b.starts_at < $4 and b.ends_at > $3 \
    union all \
    select w.id, a.of, a.id, false, w.starts_at, w.ends_at from above a \
    join resources.maintenance_work_orders w on w.biz_id = $1 and w.resource_id = a.id and w.blocks_resource \
      and w.status not in ('completed', 'verified', 'cancelled') and w.starts_at < $4 and w.ends_at > $3";

/// A resource is taken with what contains it as a whole; and one that is for one at a time is not to be
/// had while anything is taken that it contains.
const RELATED: &str = concat!(
    "select a.id, w.of, a.source_type, a.source_id, true, a.units, a.status, a.blocked_starts_at, a.blocked_ends_at, \
      case when w.is_above then w.id end \
    from ( \
      select x.of, x.id, true as is_above from availability.resources_above($1, $2::uuid[]) x \
      union all \
      select x.of, x.id, false from availability.resources_within($1, $2::uuid[]) x \
      join resources.resources r on r.biz_id = $1 and r.id = x.of and r.exclusive) w \
    join availability.allocations a on a.biz_id = $1 and a.resource_id = w.id and a.status in ('hold', 'firm') \
      and a.blocked_starts_at < $4 and a.blocked_ends_at > $3 \
      and a.source_type <> 'AvailabilityBlock' and (a.exclusive or not w.is_above) and ",
    counts!()
);

const POOLS: &str = "select m.resource_id, m.starts_on, m.ends_on, p.id, p.location_id, p.mode = 'slot', p.capacity + p.overbook_limit \
    from availability.capacity_pool_members m \
    join availability.capacity_pools p on p.biz_id = m.biz_id and p.id = m.pool_id and p.deleted_at is null \
    where m.biz_id = $1 and m.resource_id = any ($2::uuid[]) and m.deleted_at is null order by p.id, m.resource_id";

/// A unit of a pool: the resource, when it belongs to it, and the pool.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) resource_id: Uuid,
    pub(super) days: DayRange,
    pub(super) pool_id: Uuid,
    pub(super) location_id: Uuid,
    pub(super) by_slots: bool,
    pub(super) capacity: i32,
}

/// What is taken, by whom it is taken of.
#[derive(Debug, Default)]
pub(super) struct TakenRows {
    pub(super) of_resources: HashMap<Uuid, Vec<Busy>>,
    pub(super) of_places: HashMap<Uuid, Vec<Busy>>,
    pub(super) of_pools: HashMap<Uuid, Vec<Busy>>,
    pub(super) members: Vec<Member>,
    pub(super) slots: Vec<SlotTime>,
}

/// Reads it. Pools and slots are left out where the offer takes nothing of them.
pub(super) async fn load(
    scope: &Scope,
    resources: &[Uuid],
    places: &[Uuid],
    range: &Span,
    shopper: &Shopper,
    with_pools: bool,
) -> Result<TakenRows, Error> {
    let counting = counting(scope, resources, range, shopper);
    let plain: Vec<Value> = counting.iter().take(4).cloned().collect();
    let mut at_places = plain.clone();
    at_places.push(uuids(places));
    let none = || async { Ok(Vec::new()) };
    let pooled = async |sql: &'static str, values: &[Value]| {
        if with_pools {
            scope.query(sql, values).await
        } else {
            none().await
        }
    };
    let members: Vec<Value> = plain.iter().take(2).cloned().collect();
    let (of_resources, related, blocks, outside, work, above, of_pools, slots, members) = try_join!(
        scope.query(OF_RESOURCES, &counting),
        scope.query(RELATED, &counting),
        scope.query(BLOCKS, &at_places),
        scope.query(OUTSIDE, &plain),
        scope.query(WORK, &plain),
        scope.query(ABOVE, &plain),
        pooled(OF_POOLS, &counting),
        pooled(SLOTS, &counting),
        pooled(POOLS, &members),
    )?;
    let mut taken = TakenRows::default();
    taken.enter_blocks(&blocks)?;
    taken.enter_allocations(&of_resources, &of_pools)?;
    taken.enter_others(&related, &outside, &work, &above)?;
    taken.slots = slots.iter().map(slot).collect::<Result<_, _>>()?;
    taken.members = members.iter().map(member).collect::<Result<_, _>>()?;
    Ok(taken)
}

/// How many units a pool that is shared by time has, and what takes some of them; none where there is no
/// such pool.
pub(super) async fn of_pool(
    scope: &Scope,
    pool_id: Uuid,
    range: &Span,
    shopper: &Shopper,
) -> Result<Option<(i32, Vec<Busy>)>, Error> {
    let values = counting(scope, &[pool_id], range, shopper);
    let (pool, taken) = try_join!(
        scope.query_opt(POOL, &values[..2]),
        scope.query(OF_POOL, &values),
    )?;
    let Some(pool) = pool else {
        return Ok(None);
    };
    let taken = taken.iter().map(allocated).collect::<Result<_, _>>()?;
    Ok(Some((pool.try_get(0)?, taken)))
}

/// What statements about allocations take: of what, when, and whose own do not count.
fn counting(scope: &Scope, of: &[Uuid], range: &Span, shopper: &Shopper) -> Vec<Value> {
    vec![
        scope.biz_id().into(),
        uuids(of),
        range.start.into(),
        range.end.into(),
        shopper.customer_id.into(),
        shopper.session_ref.clone().into(),
        uuids(&shopper.order_ids),
        uuids(&shopper.hold_ids),
    ]
}

/// When whole places are blocked.
pub(super) async fn of_places(
    scope: &Scope,
    places: &[Uuid],
    range: &Span,
) -> Result<HashMap<Uuid, Vec<Busy>>, Error> {
    let values = [
        scope.biz_id().into(),
        uuids(&[]),
        range.start.into(),
        range.end.into(),
        uuids(places),
    ];
    let mut taken = TakenRows::default();
    taken.enter_blocks(&scope.query(BLOCKS, &values).await?)?;
    Ok(taken.of_places)
}

impl TakenRows {
    fn of_resource(&mut self, id: Uuid) -> &mut Vec<Busy> {
        self.of_resources.entry(id).or_default()
    }

    /// What contains the resources and what they contain; outside calendars, and work on them.
    fn enter_others(
        &mut self,
        related: &[Row],
        outside: &[Row],
        work: &[Row],
        above: &[Row],
    ) -> Result<(), Error> {
        for row in related {
            let (busy, within) = (allocated(row)?, row.try_get(9)?);
            let of = self.of_resource(row.try_get(1)?);
            of.push(Busy { within, ..busy });
        }
        for row in outside {
            let busy = whole(row, 2, Kind::ExternalBusy, Thing::ExternalBusy)?;
            self.of_resource(row.try_get(1)?).push(busy);
        }
        for row in work {
            let busy = whole(row, 2, Kind::Maintenance, Thing::WorkOrder)?;
            self.of_resource(row.try_get(1)?).push(busy);
        }
        for row in above {
            let busy = if row.try_get(3)? {
                whole(row, 4, Kind::Block, Thing::Block)?
            } else {
                whole(row, 4, Kind::Maintenance, Thing::WorkOrder)?
            };
            let within = row.try_get(2)?;
            let of = self.of_resource(row.try_get(1)?);
            of.push(Busy { within, ..busy });
        }
        Ok(())
    }

    fn enter_blocks(&mut self, rows: &[Row]) -> Result<(), Error> {
        for row in rows {
            let busy = whole(row, 3, Kind::Block, Thing::Block)?;
            if let Some(resource) = row.try_get::<_, Option<Uuid>>(1)? {
                self.of_resource(resource).push(busy);
            } else {
                let of = self.of_places.entry(row.try_get(2)?).or_default();
                of.push(busy);
            }
        }
        Ok(())
    }

    fn enter_allocations(&mut self, of_resources: &[Row], of_pools: &[Row]) -> Result<(), Error> {
        for row in of_resources {
            let of = self.of_resource(row.try_get(1)?);
            let busy = allocated(row)?;
            // A block and what it takes are one thing.
            let is_other = |known: &Busy| known.thing != busy.thing || known.span != busy.span;
            if of.iter().all(is_other) {
                of.push(busy);
            }
        }
        for row in of_pools {
            let of = self.of_pools.entry(row.try_get(1)?).or_default();
            of.push(allocated(row)?);
        }
        Ok(())
    }
}

fn uuids(ids: &[Uuid]) -> Value {
    let ids = ids.iter().copied().map(Value::from).collect();
    Value::Array(ArrayType::Uuid, Some(Box::new(ids)))
}

fn whole(row: &Row, span: usize, kind: Kind, thing: fn(Uuid) -> Thing) -> Result<Busy, Error> {
    Ok(Busy {
        span: Span::new(row.try_get(span)?, row.try_get(span + 1)?),
        units: None,
        kind,
        thing: thing(row.try_get(0)?),
        within: None,
    })
}

fn allocated(row: &Row) -> Result<Busy, Error> {
    let (kind, thing) = match (row.try_get::<_, &str>(2)?, row.try_get::<_, &str>(6)?) {
        ("AvailabilityBlock", _) => (Kind::Block, Thing::Block(row.try_get(3)?)),
        (_, "hold") => (Kind::Hold, Thing::Allocation(row.try_get(0)?)),
        _ => (Kind::Allocation, Thing::Allocation(row.try_get(0)?)),
    };
    let is_exclusive: bool = row.try_get(4)?;
    let units: i32 = row.try_get(5)?;
    Ok(Busy {
        span: Span::new(row.try_get(7)?, row.try_get(8)?),
        units: (!is_exclusive).then_some(units),
        kind,
        thing,
        within: None,
    })
}

fn slot(row: &Row) -> Result<SlotTime, Error> {
    Ok(SlotTime {
        id: row.try_get(0)?,
        pool_id: row.try_get(1)?,
        resource_id: row.try_get(2)?,
        location_id: row.try_get(3)?,
        span: Span::new(row.try_get(4)?, row.try_get(5)?),
        capacity: row.try_get(6)?,
        left: row.try_get(7)?,
        is_open: row.try_get(8)?,
    })
}

fn member(row: &Row) -> Result<Member, Error> {
    Ok(Member {
        resource_id: row.try_get(0)?,
        days: DayRange {
            starts_on: row.try_get(1)?,
            ends_on: row.try_get(2)?,
        },
        pool_id: row.try_get(3)?,
        location_id: row.try_get(4)?,
        by_slots: row.try_get(5)?,
        capacity: row.try_get(6)?,
    })
}

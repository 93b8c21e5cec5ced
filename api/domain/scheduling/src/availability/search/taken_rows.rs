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
use super::taken_statements::{
    BLOCKS, NEARBY, OF_POOL, OF_POOLS, OF_RESOURCES, OUTSIDE, POOL, POOLS, RELATED, SESSIONS,
    SLOTS, WORK,
};
use super::wanted::Shopper;
use super::world::{Busy, SlotTime};
use foundation::database::{Error, Scope};

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
    let (of_resources, related, sessions, blocks, outside, work, nearby, of_pools, slots, members) =
        try_join!(
            scope.query(OF_RESOURCES, &counting),
            scope.query(RELATED, &counting),
            scope.query(SESSIONS, &counting),
            scope.query(BLOCKS, &at_places),
            scope.query(OUTSIDE, &plain),
            scope.query(WORK, &plain),
            scope.query(NEARBY, &plain),
            pooled(OF_POOLS, &counting),
            pooled(SLOTS, &counting),
            pooled(POOLS, &members),
        )?;
    let mut taken = TakenRows::default();
    taken.enter_blocks(&blocks)?;
    taken.enter_allocations(&of_resources, &of_pools)?;
    taken.enter_others(&related, &outside, &work, &nearby)?;
    taken.enter_sessions(&sessions)?;
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
        nearby: &[Row],
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
        for row in nearby {
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

    /// Sessions, each of which takes its resource as a whole.
    fn enter_sessions(&mut self, rows: &[Row]) -> Result<(), Error> {
        for row in rows {
            let busy = whole(row, 3, Kind::Allocation, Thing::Slot)?;
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

//! Places of one slot: a class, a session, a tour. The counters of the slot have the last word.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use foundation::database::{Error, Scope, new_id};
use scheduling::availability::search::direct::Use;

/// A slot that is locked until the transaction ends.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// Where it takes place.
    pub location_id: Uuid,
    /// When it begins and ends.
    pub time: (DateTime<Utc>, DateTime<Utc>),
    /// The resource that it is a time of, where it is not one of a pool.
    pub resource_id: Option<Uuid>,
    /// Whether it can be booked.
    pub is_open: bool,
    /// How many places it has at all, those that may be sold beyond its capacity included.
    pub places: i32,
}

/// Places that an order takes.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The slot.
    pub slot_id: Uuid,
    /// How many places.
    pub units: i32,
    /// The order that takes them.
    pub order_id: Uuid,
    /// The hold that keeps them until it is confirmed; none takes them for good.
    pub hold_id: Option<Uuid>,
}

const LOCK: &str = "with locked as materialized ( \
      select s.* from availability.slots s \
      where s.biz_id = $1 and (s.id = $2 or s.id in ( \
        select a.slot_id from availability.allocations a \
        where a.biz_id = $1 and a.source_type = 'BookingOrder' and a.source_id = $3 and a.status in ('hold', 'firm'))) \
      order by s.pool_id, s.resource_id, s.starts_at, s.id for no key update) \
    select l.location_id, l.starts_at, l.ends_at, l.status = 'open', l.capacity + l.overbook_limit, l.resource_id \
    from locked l where l.id = $2";
const EXPIRE: &str = "select availability.release_expired(array[$1::uuid])";

const LOOK: &str = "select s.location_id, s.starts_at, s.ends_at, s.status = 'open', s.capacity + s.overbook_limit, s.resource_id \
    from availability.slots s where s.biz_id = $1 and s.id = $2";

/// A slot as it is, without locking it. None where there is no such slot.
pub async fn look(scope: &Scope, slot_id: Uuid) -> Result<Option<Slot>, Error> {
    let values = [scope.biz_id().into(), slot_id.into()];
    let row = scope.query_opt(LOOK, &values).await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &tokio_postgres::Row) -> Result<Slot, Error> {
    Ok(Slot {
        location_id: row.try_get(0)?,
        time: (row.try_get(1)?, row.try_get(2)?),
        is_open: row.try_get(3)?,
        places: row.try_get(4)?,
        resource_id: row.try_get(5)?,
    })
}

impl Slot {
    /// What the search judges of it.
    pub fn usage(&self) -> Use {
        Use {
            resource_id: self.resource_id.unwrap_or_default(),
            service: self.time,
            blocked: self.time,
        }
    }
}

/// Locks a slot, together with those in which an order has places, in the one order that keeps two
/// from waiting for each other; and gives back what expired holds keep of it. None where there is
/// no such slot.
pub async fn lock_places(
    scope: &Scope,
    slot_id: Uuid,
    order_id: Option<Uuid>,
) -> Result<Option<Slot>, Error> {
    let values = [scope.biz_id().into(), slot_id.into(), order_id.into()];
    // One after the other: who waits for the lock too long is told so, whichever would fail first.
    let row = scope.query_opt(LOCK, &values).await?;
    scope.query(EXPIRE, &[slot_id.into()]).await?;
    row.as_ref().map(read).transpose()
}

const CLAIM: &str = "with counted as ( \
      update availability.slots s set \
        held = s.held + case when $5::uuid is null then 0 else $3::integer end, \
        occupied = s.occupied + case when $5::uuid is null then $3::integer else 0 end \
      where s.biz_id = $1 and s.id = $2 \
      returning s.id, s.starts_at, s.ends_at) \
    insert into availability.allocations (biz_id, id, source_type, source_id, booking_hold_id, slot_id, units, \
      service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at, status, expires_at) \
    select $1, $6, 'BookingOrder', $4, $5, c.id, $3, c.starts_at, c.ends_at, c.starts_at, c.ends_at, \
      case when $5::uuid is null then 'firm' else 'hold' end, \
      (select h.held_until from availability.booking_holds h where h.biz_id = $1 and h.id = $5) \
    from counted c";

/// Takes places of a slot that [`lock_places`] has locked. Fails under
/// [`scheduling::availability::store::SOLD_OUT`] where there is no room.
pub async fn claim_places(scope: &Scope, place: Place) -> Result<(), Error> {
    let values = [
        scope.biz_id().into(),
        place.slot_id.into(),
        place.units.into(),
        place.order_id.into(),
        place.hold_id.into(),
        new_id().into(),
    ];
    scope.execute(CLAIM, &values).await.map(drop)
}

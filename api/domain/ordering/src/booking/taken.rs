//! What orders take, row by row, and how it is moved: released and taken again within one
//! transaction, so that nobody sees an order without its place. The caller has locked the orders.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::judged::Overruled;
use super::record_offer::overrule;
use foundation::database::{Error, Scope};
use scheduling::availability::claims::Claimant;
use scheduling::availability::rules::Night;
use scheduling::availability::search::Pick;
use scheduling::availability::search::direct::Use;
use scheduling::availability::store::{Take, lock_resources, take};

/// One thing that an order takes.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The allocation.
    pub id: Uuid,
    /// The order.
    pub order_id: Uuid,
    /// The resource, where it is one.
    pub resource_id: Option<Uuid>,
    /// Whether for itself alone.
    pub is_exclusive: bool,
    /// The pool, where it is units of one that is shared by time.
    pub pool_id: Option<Uuid>,
    /// The slot, and its pool and business day, where it is places of one.
    pub slot: Option<(Uuid, Option<Uuid>, NaiveDate)>,
    /// How many units.
    pub units: i32,
    /// When the service begins and ends.
    pub service: (DateTime<Utc>, DateTime<Utc>),
    /// When it is taken, buffers included.
    pub blocked: (DateTime<Utc>, DateTime<Utc>),
    /// The hold that keeps it; none once it is firm.
    pub hold_id: Option<Uuid>,
}

const TAKEN: &str = "select a.id, a.source_id, a.resource_id, a.slot_id, s.pool_id, s.business_date, a.units, \
      a.service_starts_at, a.service_ends_at, a.blocked_starts_at, a.blocked_ends_at, \
      case when a.status = 'hold' then a.booking_hold_id end, a.exclusive, a.pool_id \
    from availability.allocations a \
    left join availability.slots s on s.biz_id = $1 and s.id = a.slot_id \
    where a.biz_id = $1 and a.source_type = 'BookingOrder' and a.source_id = any ($2::uuid[]) \
      and (a.status in ('hold', 'firm') and $3::text is null or a.status = 'released' and a.released_reason = $3) \
    order by a.source_id, a.service_starts_at, a.id";

/// What these orders take now.
pub async fn taken(scope: &Scope, order_ids: &[Uuid]) -> Result<Vec<Taken>, Error> {
    read(scope, order_ids, None).await
}

/// What these orders gave up for a reason.
pub async fn given_up(
    scope: &Scope,
    order_ids: &[Uuid],
    reason: &str,
) -> Result<Vec<Taken>, Error> {
    read(scope, order_ids, Some(reason)).await
}

async fn read(
    scope: &Scope,
    order_ids: &[Uuid],
    released: Option<&str>,
) -> Result<Vec<Taken>, Error> {
    let values = [
        scope.biz_id().into(),
        order_ids.to_vec().into(),
        released.map(str::to_owned).into(),
    ];
    let rows = scope.query(TAKEN, &values).await?;
    rows.iter()
        .map(|row| {
            let slot: Option<Uuid> = row.try_get(3)?;
            Ok(Taken {
                id: row.try_get(0)?,
                order_id: row.try_get(1)?,
                resource_id: row.try_get(2)?,
                slot: match slot {
                    Some(id) => Some((id, row.try_get(4)?, row.try_get(5)?)),
                    None => None,
                },
                units: row.try_get(6)?,
                service: (row.try_get(7)?, row.try_get(8)?),
                blocked: (row.try_get(9)?, row.try_get(10)?),
                hold_id: row.try_get(11)?,
                is_exclusive: row.try_get(12)?,
                pool_id: row.try_get(13)?,
            })
        })
        .collect()
}

const GIVE_UP: &str = "with due as materialized ( \
      select a.id, a.status, a.slot_id, a.units from availability.allocations a \
      where a.biz_id = $1 and a.id = any ($2::uuid[]) and a.status in ('hold', 'firm') \
      order by a.id for no key update), \
    gone as ( \
      update availability.allocations a set status = 'released', expires_at = null, \
        released_at = clock_timestamp(), released_reason = $3 \
      from due where a.biz_id = $1 and a.id = due.id) \
    update availability.slots s set held = s.held - g.held, occupied = s.occupied - g.occupied \
    from (select d.slot_id, coalesce(sum(d.units) filter (where d.status = 'hold'), 0)::integer as held, \
        coalesce(sum(d.units) filter (where d.status = 'firm'), 0)::integer as occupied \
      from due d where d.slot_id is not null group by d.slot_id) g \
    where s.biz_id = $1 and s.id = g.slot_id";

/// Gives up some of what orders take; slots among it are locked by [`lock_slots`]. Their holds keep
/// the rest.
pub async fn give_up(scope: &Scope, reason: &str, ids: Vec<Uuid>) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let values = [scope.biz_id().into(), ids.into(), reason.into()];
    scope.execute(GIVE_UP, &values).await.map(drop)
}

const ENSURE: &str = "select availability.ensure_slots($1, $2, $3, $4)";
const LOCK_SLOTS: &str = "select s.id from availability.slots s \
    where s.biz_id = $1 and (s.id in ( \
        select a.slot_id from availability.allocations a \
        where a.biz_id = $1 and a.source_type = 'BookingOrder' and a.source_id = $2 and a.status in ('hold', 'firm')) \
      or (s.pool_id = $3 and s.business_date = any ($4::date[]))) \
    order by s.pool_id, s.resource_id, s.starts_at, s.id \
    for no key update";

/// Locks the slots that an order takes together with those of nights that it wants, in the one
/// order that keeps two who move in opposite directions from waiting for each other.
pub async fn lock_slots(
    scope: &Scope,
    order_id: Uuid,
    pool_id: Uuid,
    nights: &[Night],
) -> Result<(), Error> {
    let dates: Vec<NaiveDate> = nights.iter().map(|night| night.on).collect();
    let starts: Vec<DateTime<Utc>> = nights.iter().map(|night| night.starts_at).collect();
    let ends: Vec<DateTime<Utc>> = nights.iter().map(|night| night.ends_at).collect();
    let made = [
        pool_id.into(),
        dates.clone().into(),
        starts.into(),
        ends.into(),
    ];
    let locked = [
        scope.biz_id().into(),
        order_id.into(),
        pool_id.into(),
        dates.into(),
    ];
    // One after the other: what is made is locked, too.
    scope.query(ENSURE, &made).await?;
    scope.query(LOCK_SLOTS, &locked).await?;
    Ok(())
}

/// A resource that an order takes, at another time or another one instead.
#[derive(Clone, Debug)]
pub struct Shift {
    /// What it takes now.
    pub from: Taken,
    /// The resource that it takes then.
    pub resource_id: Uuid,
    /// When the service begins and ends then.
    pub service: (DateTime<Utc>, DateTime<Utc>),
    /// When it is taken then, buffers included.
    pub blocked: (DateTime<Utc>, DateTime<Utc>),
    /// Whether it is taken although something stands in the way.
    pub is_forced: bool,
}

impl Shift {
    /// What it takes then.
    pub fn usage(&self) -> Use {
        Use {
            resource_id: self.resource_id,
            service: self.service,
            blocked: self.blocked,
        }
    }
}

const RELINK: &str = "update booking.fulfillment_assignments s set allocation_id = n.id, resource_id = n.resource_id \
    from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[]) as g (old_id, order_id, resource_id, starts_at) \
    join availability.allocations n on n.biz_id = $1 and n.source_type = 'BookingOrder' and n.source_id = g.order_id \
      and n.resource_id = g.resource_id and n.service_starts_at = g.starts_at and n.status in ('hold', 'firm') \
    where s.biz_id = $1 and s.allocation_id = g.old_id and s.status in ('proposed', 'accepted')";

/// Moves what orders take of resources, any number at once, and those who work in it with it. The
/// resources are locked first, in one order; where one is taken at the new time, all fails under
/// [`scheduling::availability::store::TAKEN`] and every order keeps what it had. What is forced is
/// let in by whoever overrules, and gives the conflicts that are open for it in the review queue.
pub async fn shift(
    scope: &Scope,
    shifts: &[Shift],
    overruled: Option<&Overruled>,
) -> Result<Vec<Uuid>, Error> {
    if shifts.is_empty() {
        return Ok(Vec::new());
    }
    lock_shifted(scope, shifts).await?;
    let (moved, changed): (Vec<&Shift>, Vec<&Shift>) = shifts
        .iter()
        .partition(|shift| shift.from.resource_id == Some(shift.resource_id));
    let ids = |shifts: Vec<&Shift>| shifts.iter().map(|shift| shift.from.id).collect();
    give_up(scope, "rescheduled", ids(moved)).await?;
    give_up(scope, "resource_changed", ids(changed)).await?;
    let (forced, free): (Vec<&Shift>, Vec<&Shift>) =
        shifts.iter().partition(|shift| shift.is_forced);
    let takes: Vec<Take> = free
        .into_iter()
        .map(|shift| Take {
            order_id: shift.from.order_id,
            hold_id: shift.from.hold_id,
            resource_id: shift.resource_id,
            service: shift.service,
            blocked: shift.blocked,
        })
        .collect();
    take(scope, &takes).await?;
    let mut conflicts = Vec::new();
    for shift in forced {
        let (Some(overruled), from) = (overruled, &shift.from) else {
            return Err(Error::Internal("nobody overrules".to_owned()));
        };
        let of = Claimant {
            entity: "BookingOrder",
            id: from.order_id,
            hold_id: from.hold_id,
        };
        let pick = Pick::of_resource(shift.resource_id, shift.service, shift.blocked);
        conflicts.extend(overrule(scope, of, &[pick], overruled).await?);
    }
    relink(
        scope,
        shifts
            .iter()
            .map(|shift| (&shift.from, shift.resource_id, shift.service.0)),
    )
    .await?;
    conflicts.dedup();
    Ok(conflicts)
}

/// Locks the resources that orders leave and those that they move to, in one order.
pub async fn lock_shifted(scope: &Scope, shifts: &[Shift]) -> Result<(), Error> {
    let resources: Vec<Uuid> = shifts
        .iter()
        .flat_map(|shift| [Some(shift.resource_id), shift.from.resource_id])
        .flatten()
        .collect();
    lock_resources(scope, &resources).await
}

/// Gives the work that was done with what orders took to what they take instead: a resource, and
/// when its service begins.
pub async fn relink<'a>(
    scope: &Scope,
    moved: impl Iterator<Item = (&'a Taken, Uuid, DateTime<Utc>)>,
) -> Result<(), Error> {
    let (mut old, mut orders, mut resources, mut starts) = (vec![], vec![], vec![], vec![]);
    for (from, resource_id, starts_at) in moved {
        old.push(from.id);
        orders.push(from.order_id);
        resources.push(resource_id);
        starts.push(starts_at);
    }
    let values = [
        scope.biz_id().into(),
        old.into(),
        orders.into(),
        resources.into(),
        starts.into(),
    ];
    scope.execute(RELINK, &values).await.map(drop)
}

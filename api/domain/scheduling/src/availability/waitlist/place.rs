//! Whether there is a place for somebody who waits, and the keeping of it. Nothing here waits for a
//! lock that somebody else has: what cannot be had now is for the next round, so that a release, which
//! has slots locked, never stands in a circle with others.

use uuid::Uuid;

use super::line::ForNights;
use crate::availability::hold::store::{
    self as hold, HOLD_NUMBERS, NewHold, Shopper, slots_of_days,
};
use foundation::database::{Database, Error, Scope, new_id};

const ROOM: &str = "select l.id, l.room, l.held from ( \
      select s.id, s.capacity + s.overbook_limit - s.held - s.occupied as room, s.held \
      from availability.slots s \
      where s.biz_id = $1 and s.id = any ($2::uuid[]) and s.status = 'open' \
      order by s.pool_id, s.resource_id, s.starts_at, s.id for no key update skip locked) l";

/// Whether these slots can all be locked at once, and each has so many places left. Expired holds
/// give theirs back first.
async fn have_room(scope: &Scope, slot_ids: &[Uuid], units: i32) -> Result<bool, Error> {
    let values = [scope.biz_id().into(), slot_ids.to_vec().into()];
    for attempt in 0..2 {
        let rows = scope.query(ROOM, &values).await?;
        if rows.len() != slot_ids.len() {
            return Ok(false);
        }
        let (mut is_free, mut any_held) = (true, false);
        for row in &rows {
            is_free &= row.try_get::<_, i32>(1)? >= units;
            any_held |= row.try_get::<_, i32>(2)? > 0;
        }
        if is_free || !any_held || attempt > 0 {
            return Ok(is_free);
        }
        let sql = "select availability.release_expired($1::uuid[])";
        scope.query(sql, &values[1..]).await?;
    }
    Ok(false)
}

/// Keeps the nights that somebody waits for, if there is room, for so many minutes; gives the hold.
/// Nights that nobody has asked for before get their slots only where `make` says so: making one may
/// wait for others.
pub(super) async fn keep_nights(
    database: &Database,
    scope: &Scope,
    entry: &ForNights,
    minutes: i32,
    make: bool,
) -> Result<Option<Uuid>, Error> {
    let slot_ids = slots_of_days(scope, entry.pool_id, &entry.nights, make).await?;
    let is_whole = !slot_ids.is_empty() && slot_ids.len() == entry.nights.len();
    if !is_whole || !have_room(scope, &slot_ids, entry.units).await? {
        return Ok(None);
    }
    let id = new_hold(database, scope, entry.customer_id, entry.units, minutes).await?;
    hold::claim_places(scope, id, &slot_ids).await?;
    Ok(Some(id))
}

/// A hold for somebody who waits, which keeps nothing yet.
pub(super) async fn new_hold(
    database: &Database,
    scope: &Scope,
    customer_id: Uuid,
    units: i32,
    minutes: i32,
) -> Result<Uuid, Error> {
    let shopper = Shopper {
        customer_id: Some(customer_id),
        session_ref: None,
    };
    let new = NewHold {
        id: new_id(),
        number: database.number(scope, HOLD_NUMBERS).await?,
        shopper: &shopper,
        units,
        minutes,
        reason: Some("waiting list"),
    };
    hold::insert(scope, &new).await?;
    Ok(new.id)
}

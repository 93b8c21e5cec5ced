//! How holds come about: the locks in their order, the claim, the handing over. Others who keep
//! places before there is a booking (the waiting list) call these too.

use uuid::Uuid;

pub use super::wish::{Target, Window};
use crate::availability::rules::Night;
use crate::availability::store::lock_resources;
use foundation::database::{Error, Numbered, Scope};

/// Numbers of holds.
pub const HOLD_NUMBERS: Numbered = Numbered {
    document: "booking_hold",
    prefix: "HLD",
};
/// The constraint under which a resource or pool that several use refuses.
pub const NOT_ENOUGH: &str = "allocations_capacity_check";
/// The constraint under which days without a slot refuse.
pub const NO_SLOT: &str = "slots_exist_check";

/// Whom a hold is for: both, where a customer shops in a session.
#[derive(Clone, Debug, Default)]
pub struct Shopper {
    /// The customer, if known.
    pub customer_id: Option<Uuid>,
    /// The cart or browser session.
    pub session_ref: Option<String>,
}

/// A new hold, before what it keeps.
#[derive(Clone, Debug)]
pub struct NewHold<'a> {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Whom it is for.
    pub shopper: &'a Shopper,
    /// How many units it keeps.
    pub units: i32,
    /// For how many minutes, by the database's clock.
    pub minutes: i32,
    /// Why, in words.
    pub reason: Option<&'a str>,
}

/// One at a time of a shopper's holds are made, so that each sees the one before.
pub async fn lock_shopper(scope: &Scope, shopper: &Shopper) -> Result<(), Error> {
    let who = match (&shopper.customer_id, &shopper.session_ref) {
        (Some(id), _) => id.to_string(),
        (None, Some(session)) => session.clone(),
        (None, None) => return Ok(()),
    };
    let sql = "select pg_advisory_xact_lock(hashtextextended('shopper ' || $1 || ' ' || $2, 0))";
    let values = [scope.biz_id().to_string().into(), who.into()];
    scope.query(sql, &values).await.map(drop)
}

/// Lets one at a time take of a resource or a shared pool; before any slot is locked.
pub async fn lock_target(scope: &Scope, target: Target) -> Result<(), Error> {
    lock_resources(scope, &[target.id()]).await
}

const FIND_SLOTS: &str = "select s.id from availability.slots s \
    where s.biz_id = $1 and s.pool_id = $2 and s.business_date = any ($3::date[])";

/// The slots of these days of a pool; where some are missing and `make` says so, they are made. It
/// is for the claim to refuse what is missing still.
pub async fn slots_of_days(
    scope: &Scope,
    pool_id: Uuid,
    nights: &[Night],
    make: bool,
) -> Result<Vec<Uuid>, Error> {
    let days: Vec<_> = nights.iter().map(|night| night.on).collect();
    let values = [scope.biz_id().into(), pool_id.into(), days.clone().into()];
    let mut rows = scope.query(FIND_SLOTS, &values).await?;
    if rows.len() < nights.len() && make {
        let starts: Vec<_> = nights.iter().map(|night| night.starts_at).collect();
        let ends: Vec<_> = nights.iter().map(|night| night.ends_at).collect();
        let make = [pool_id.into(), days.into(), starts.into(), ends.into()];
        let sql = "select availability.ensure_slots($1, $2::date[], $3::timestamptz[], $4::timestamptz[])";
        scope.query(sql, &make).await?;
        rows = scope.query(FIND_SLOTS, &values).await?;
    }
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Whether a shopper holds anything that is not booked, so that it might be in their own way.
pub async fn has_own(scope: &Scope, shopper: &Shopper) -> Result<bool, Error> {
    if shopper.customer_id.is_none() && shopper.session_ref.is_none() {
        return Ok(false);
    }
    let sql = "select h.id from availability.booking_holds h \
        where h.biz_id = $1 and h.status = 'held' and h.source_id is null \
          and (h.customer_id = $2 or h.session_ref = $3) limit 1";
    let values = [
        scope.biz_id().into(),
        shopper.customer_id.into(),
        shopper.session_ref.clone().into(),
    ];
    Ok(scope.query_opt(sql, &values).await?.is_some())
}

// What a shopper holds of the same slots, or at the same time of the same thing, of what contains it or
// of what it contains, a session there included; without a booking. Sessions do not exclude each other.
const OWN: &str = "with near as ( \
      select n.id, $6::timestamptz as starts_at, $7::timestamptz as ends_at, false as of_session from ( \
        select $5::uuid as id \
        union all select r.id from availability.resources_above($1, array[$5::uuid]) r \
        union all select r.id from availability.resources_within($1, array[$5::uuid]) r) n \
      union all \
      select n.id, s.starts_at, s.ends_at, true from availability.slots s cross join lateral ( \
        select s.resource_id as id \
        union all select r.id from availability.resources_above($1, array[s.resource_id]) r \
        union all select r.id from availability.resources_within($1, array[s.resource_id]) r) n \
      where s.biz_id = $1 and s.id = any ($4::uuid[]) and s.resource_id is not null) \
    select distinct h.id from availability.booking_holds h \
    join availability.allocations a on a.biz_id = h.biz_id and a.booking_hold_id = h.id and a.status = 'hold' \
    left join availability.slots t on t.biz_id = $1 and t.id = a.slot_id \
    where h.biz_id = $1 and h.status = 'held' and h.source_id is null \
      and (h.customer_id = $2 or h.session_ref = $3) \
      and (a.slot_id = any ($4::uuid[]) or exists (select from near n \
        where (n.id = coalesce(a.resource_id, a.pool_id) or (n.id = t.resource_id and not n.of_session)) \
          and a.blocked_starts_at < n.ends_at and a.blocked_ends_at > n.starts_at)) \
      and not exists (select from availability.waitlist_offers w \
        where w.biz_id = $1 and w.hold_id = h.id and w.status = 'open') \
    order by 1";

// The slots of what gives way are locked with those that are wanted, in the one order of all.
const LOCK_SLOTS: &str = "select count(*) from ( \
      select s.id from availability.slots s \
      where s.biz_id = $1 and s.id = any (array( \
        select unnest($2::uuid[]) union \
        select a.slot_id from availability.allocations a \
        where a.biz_id = $1 and a.booking_hold_id = any ($3::uuid[]) and a.status = 'hold' and a.slot_id is not null)) \
      order by s.pool_id, s.resource_id, s.starts_at, s.id for no key update) l";

/// Gives back what the shopper holds already of these slots or at this time, and says which holds
/// that were: nobody's own hold is in their way (E-10). [`lock_shopper`] comes first.
pub async fn give_way(
    scope: &Scope,
    shopper: &Shopper,
    slot_ids: &[Uuid],
    window: Option<(Target, Window)>,
) -> Result<Vec<Uuid>, Error> {
    let blocked = window.map(|(_, window)| window.blocked);
    let own = [
        scope.biz_id().into(),
        shopper.customer_id.into(),
        shopper.session_ref.clone().into(),
        slot_ids.to_vec().into(),
        window.map(|(target, _)| target.id()).into(),
        blocked.map(|time| time.0).into(),
        blocked.map(|time| time.1).into(),
    ];
    let rows = scope.query(OWN, &own).await?;
    let holds = rows
        .iter()
        .map(|row| Ok(row.try_get(0)?))
        .collect::<Result<Vec<Uuid>, Error>>()?;
    if holds.is_empty() {
        return Ok(holds);
    }
    let lock = [
        scope.biz_id().into(),
        slot_ids.to_vec().into(),
        holds.clone().into(),
    ];
    scope.query(LOCK_SLOTS, &lock).await?;
    release(scope, "withdrawn", &holds).await?;
    Ok(holds)
}

/// Gives back what holds keep, and says how many allocations that were. The holds end: as expired,
/// cancelled or released, by the reason, a value of `availability.release_reason`.
pub async fn release(scope: &Scope, reason: &str, hold_ids: &[Uuid]) -> Result<i64, Error> {
    let sql = "select coalesce(sum(availability.release($1, null, null, h.id)), 0)::bigint \
               from unnest($2::uuid[]) as h (id)";
    let row = scope
        .query_opt(sql, &[reason.into(), hold_ids.to_vec().into()])
        .await?;
    row.map_or(Ok(0), |row| Ok(row.try_get(0)?))
}

const INSERT: &str = "insert into availability.booking_holds \
      (biz_id, id, number, customer_id, session_ref, units, held_until, reason) \
    values ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(mins => $7), $8)";

const CLAIM_PLACES: &str = "select availability.claim_places($3::uuid[], h.units, h.id, 'BookingHold', h.id, 'hold', h.held_until) \
    from availability.booking_holds h where h.biz_id = $1 and h.id = $2";

const CLAIM_WINDOW: &str = "select availability.claim_window($3, $4, h.units, h.id, 'BookingHold', h.id, 'hold', h.held_until, \
      $5, $6, $7, $8) \
    from availability.booking_holds h where h.biz_id = $1 and h.id = $2";

/// Writes a hold that keeps nothing yet.
pub async fn insert(scope: &Scope, hold: &NewHold<'_>) -> Result<(), Error> {
    let values = [
        scope.biz_id().into(),
        hold.id.into(),
        hold.number.clone().into(),
        hold.shopper.customer_id.into(),
        hold.shopper.session_ref.clone().into(),
        hold.units.into(),
        hold.minutes.into(),
        hold.reason.map(str::to_owned).into(),
    ];
    scope.execute(INSERT, &values).await.map(drop)
}

/// Keeps places of slots for a hold: as many of each as it has units, all or nothing.
pub async fn claim_places(scope: &Scope, hold_id: Uuid, slot_ids: &[Uuid]) -> Result<(), Error> {
    let values = [
        scope.biz_id().into(),
        hold_id.into(),
        slot_ids.to_vec().into(),
    ];
    scope.query(CLAIM_PLACES, &values).await.map(drop)
}

/// Keeps a resource or units of a shared pool for a hold; [`lock_target`] comes first.
pub async fn claim_window(
    scope: &Scope,
    hold_id: Uuid,
    target: Target,
    window: Window,
) -> Result<(), Error> {
    let (resource_id, pool_id) = match target {
        Target::Resource(id) => (Some(id), None),
        Target::Pool(id) => (None, Some(id)),
    };
    let values = [
        scope.biz_id().into(),
        hold_id.into(),
        resource_id.into(),
        pool_id.into(),
        window.service.0.into(),
        window.service.1.into(),
        window.blocked.0.into(),
        window.blocked.1.into(),
    ];
    scope.query(CLAIM_WINDOW, &values).await.map(drop)
}

/// Makes a hold, and what it keeps, those of a booking order: for a booking that is made from a
/// hold. Fails under [`HOLD_EXPIRED`](crate::availability::store::HOLD_EXPIRED) where it is
/// no longer held or belongs to a booking already. The order is written before or after, in the same
/// transaction; whoever confirms it then calls `confirm_holds` as for any held order.
pub async fn hand_over(scope: &Scope, hold_id: Uuid, order_id: Uuid) -> Result<(), Error> {
    let sql = "select availability.hand_over_hold($1, 'BookingOrder', $2)";
    let values = [hold_id.into(), order_id.into()];
    scope.query(sql, &values).await.map(drop)
}

/// Lets a hold last for so many minutes from now. Fails under
/// [`HOLD_EXPIRED`](crate::availability::store::HOLD_EXPIRED) where it has ended; where the
/// extension `counts`, a second one fails under `booking_holds_extended_count_check`.
pub async fn extend(scope: &Scope, hold_id: Uuid, minutes: i32, counts: bool) -> Result<(), Error> {
    let sql = "select availability.extend_hold($1, $2, $3)";
    let values = [hold_id.into(), minutes.into(), counts.into()];
    scope.query(sql, &values).await.map(drop)
}

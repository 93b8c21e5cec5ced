//! Claims: what bookings take of pools and resources, and give back. A verb locks its order first,
//! then calls these (the lock order stands at the head of `07_availability.sql`).

use chrono::{DateTime, Utc};
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use uuid::Uuid;

use super::rules::Night;
use foundation::database::{Error, Scope, new_id};

/// The constraint under which a slot without room refuses.
pub const SOLD_OUT: &str = "slots_capacity_check";
/// The constraint under which a closed slot refuses.
pub const CLOSED: &str = "slots_open_check";
/// The constraint under which a resource that is taken refuses.
pub const TAKEN: &str = "allocations_resource_no_overlap_excl";
/// The constraint under which a hold that has expired refuses to be confirmed.
pub const HOLD_EXPIRED: &str = "booking_holds_still_held_check";

/// Units of a pool, on each of some nights, for an order.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// The order that takes them.
    pub order_id: Uuid,
    /// The hold that keeps them until it is confirmed; none takes them for good.
    pub hold_id: Option<Uuid>,
    /// The pool.
    pub pool_id: Uuid,
    /// How many units each night.
    pub units: i32,
    /// The nights.
    pub nights: &'a [Night],
}

const CLAIM: &str = "select availability.claim_slots( \
      w.pool_id, ($2::date[])[w.first:w.last], w.units, w.hold_id, 'BookingOrder', w.order_id, \
      ($3::uuid[])[w.first:w.last], case when w.hold_id is null then 'firm' else 'hold' end, \
      (select h.held_until from availability.booking_holds h where h.biz_id = $1 and h.id = w.hold_id), \
      ($4::timestamptz[])[w.first:w.last], ($5::timestamptz[])[w.first:w.last]) \
    from unnest($6::uuid[], $7::uuid[], $8::uuid[], $9::integer[], $10::integer[], $11::integer[]) \
      as w (pool_id, order_id, hold_id, units, first, last)";

/// Takes what all of them ask for, or nothing: one statement, whatever their number. Nights whose
/// slots are missing get them. By pool and first night they take their locks in the one order that
/// keeps two such statements from waiting for each other.
pub async fn claim(scope: &Scope, claims: &[Claim<'_>]) -> Result<(), Error> {
    let mut claims: Vec<&Claim<'_>> = claims
        .iter()
        .filter(|claim| !claim.nights.is_empty())
        .collect();
    if claims.is_empty() {
        return Ok(());
    }
    claims.sort_by_key(|claim| (claim.pool_id, claim.nights.first().map(|night| night.on)));
    let nights = || claims.iter().flat_map(|claim| claim.nights);
    let mut last = 0;
    let ends: Vec<i32> = claims
        .iter()
        .map(|claim| {
            last += i32::try_from(claim.nights.len()).unwrap_or(i32::MAX);
            last
        })
        .collect();
    let firsts: Vec<i32> = std::iter::once(1)
        .chain(ends.iter().map(|end| end + 1))
        .take(claims.len())
        .collect();
    let values = [
        scope.biz_id().into(),
        nights().map(|night| night.on).collect::<Vec<_>>().into(),
        nights().map(|_| new_id()).collect::<Vec<_>>().into(),
        nights()
            .map(|night| night.starts_at)
            .collect::<Vec<_>>()
            .into(),
        nights()
            .map(|night| night.ends_at)
            .collect::<Vec<_>>()
            .into(),
        claims
            .iter()
            .map(|claim| claim.pool_id)
            .collect::<Vec<_>>()
            .into(),
        claims
            .iter()
            .map(|claim| claim.order_id)
            .collect::<Vec<_>>()
            .into(),
        optional_ids(claims.iter().map(|claim| claim.hold_id)),
        claims
            .iter()
            .map(|claim| claim.units)
            .collect::<Vec<_>>()
            .into(),
        firsts.into(),
        ends.into(),
    ];
    scope.query(CLAIM, &values).await.map(drop)
}

/// An array of ids in which some are null.
fn optional_ids(ids: impl Iterator<Item = Option<Uuid>>) -> Value {
    Value::Array(
        ArrayType::Uuid,
        Some(Box::new(ids.map(Value::from).collect())),
    )
}

/// A resource, for itself alone, for an order.
#[derive(Clone, Debug)]
pub struct Take {
    /// The order that takes it.
    pub order_id: Uuid,
    /// The hold that keeps it until it is confirmed; none takes it for good.
    pub hold_id: Option<Uuid>,
    /// The resource.
    pub resource_id: Uuid,
    /// When the service begins and ends.
    pub service: (DateTime<Utc>, DateTime<Utc>),
    /// When the resource begins to be taken and is free again, buffers included.
    pub blocked: (DateTime<Utc>, DateTime<Utc>),
}

const LOCK: &str = "with locked as materialized (select availability.lock_resources($1, $2::uuid[])) \
    select availability.release_expired(null, $2::uuid[]) from (select count(*) from locked) l";

/// Lets one at a time take these resources, with whatever they contain, and gives back what expired
/// holds keep of them. Two who insert overlapping rows at once would else wait for each other until
/// PostgreSQL ends one.
pub async fn lock_resources(scope: &Scope, resource_ids: &[Uuid]) -> Result<(), Error> {
    if resource_ids.is_empty() {
        return Ok(());
    }
    let mut ids = resource_ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    scope
        .query(LOCK, &[scope.biz_id().into(), ids.into()])
        .await
        .map(drop)
}

const TAKE: &str = "insert into availability.allocations ( \
      biz_id, id, source_type, source_id, booking_hold_id, resource_id, exclusive, service_starts_at, \
      service_ends_at, blocked_starts_at, blocked_ends_at, status, expires_at) \
    select $1, w.id, 'BookingOrder', w.order_id, w.hold_id, w.resource_id, true, w.service_starts_at, \
      w.service_ends_at, w.blocked_starts_at, w.blocked_ends_at, \
      case when w.hold_id is null then 'firm' else 'hold' end, \
      (select h.held_until from availability.booking_holds h where h.biz_id = $1 and h.id = w.hold_id) \
    from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::timestamptz[], \
      $8::timestamptz[], $9::timestamptz[]) as w (id, order_id, hold_id, resource_id, \
      service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at)";

/// Takes resources, which [`lock_resources`] has locked; the exclusion constraint has the last word.
pub async fn take(scope: &Scope, takes: &[Take]) -> Result<(), Error> {
    let instants =
        |of: fn(&Take) -> DateTime<Utc>| Value::from(takes.iter().map(of).collect::<Vec<_>>());
    let values = [
        scope.biz_id().into(),
        takes.iter().map(|_| new_id()).collect::<Vec<_>>().into(),
        takes
            .iter()
            .map(|take| take.order_id)
            .collect::<Vec<_>>()
            .into(),
        optional_ids(takes.iter().map(|take| take.hold_id)),
        takes
            .iter()
            .map(|take| take.resource_id)
            .collect::<Vec<_>>()
            .into(),
        instants(|take| take.service.0),
        instants(|take| take.service.1),
        instants(|take| take.blocked.0),
        instants(|take| take.blocked.1),
    ];
    scope.execute(TAKE, &values).await.map(drop)
}

/// Makes firm what holds keep. Fails under [`HOLD_EXPIRED`] if one is no longer held.
pub async fn confirm_holds(scope: &Scope, hold_ids: Vec<Uuid>) -> Result<(), Error> {
    let sql = "select availability.confirm_hold(h.id) from unnest($1::uuid[]) as h (id)";
    scope.query(sql, &[hold_ids.into()]).await.map(drop)
}

/// Gives back what orders take, of each from an instant on where one is given.
pub async fn release(
    scope: &Scope,
    reason: &str,
    orders: impl IntoIterator<Item = (Uuid, Option<DateTime<Utc>>)>,
) -> Result<(), Error> {
    let sql = "select availability.release($1, 'BookingOrder', w.order_id, null, w.from_instant) \
               from unnest($2::uuid[], $3::timestamptz[]) as w (order_id, from_instant)";
    let (ids, instants): (Vec<Uuid>, Vec<Value>) = orders
        .into_iter()
        .map(|(id, from)| (id, Value::from(from)))
        .unzip();
    if ids.is_empty() {
        return Ok(());
    }
    let instants = Value::Array(ArrayType::ChronoDateTimeUtc, Some(Box::new(instants)));
    scope
        .query(sql, &[reason.into(), ids.into(), instants])
        .await
        .map(drop)
}

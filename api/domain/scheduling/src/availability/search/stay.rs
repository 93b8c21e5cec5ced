//! Rooms by type: nights are sold of a pool, and a unit is assigned later. Two flights of statements,
//! whatever the number of types and nights.

use std::collections::HashMap;

use async_graphql::SimpleObject;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use entities::availability::{capacity_pool, slot};
use entities::core::location;
use entities::resources::unit_type;
use futures_util::try_join;
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use tokio_postgres::Row;
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::super::rules::{self, Night};
use super::answer::{self, AvailabilityBlocker};
use super::blocker::{Blocker, Kind, Remedy, Thing};
use super::wanted::{MOST_DAYS, Refusal, Shopper};
use super::world::PlaceTime;
use super::{judge, nights};
use foundation::database::Scope;
use foundation::graph::query::Node;
use foundation::graph::scalars::{Day, Id};

/// What is asked for.
#[derive(Debug)]
pub(super) struct Stays {
    pub(super) check_in: NaiveDate,
    pub(super) check_out: NaiveDate,
    pub(super) location_id: Option<Uuid>,
    pub(super) unit_type_id: Option<Uuid>,
    pub(super) units: i32,
    pub(super) guests: i32,
    pub(super) shopper: Shopper,
    pub(super) reach: Option<Vec<Uuid>>,
}

/// A type of unit over the nights of a stay.
#[derive(SimpleObject)]
pub struct StayOption {
    /// The type.
    unit_type: Node<unit_type::Entity>,
    /// The type's id.
    unit_type_id: Id<unit_type::Entity>,
    /// Where its units are.
    location_id: Id<location::Entity>,
    /// The pool whose units are sold.
    pool_id: Id<capacity_pool::Entity>,
    /// Whether as many units as are wanted are left on every night.
    is_available: bool,
    /// How many units are left on the night with the fewest.
    units_left: i32,
    /// Each night.
    nights: Vec<StayNight>,
}

/// A night of a type of unit.
#[derive(SimpleObject)]
pub struct StayNight {
    /// The local day on whose evening it begins.
    on: Day,
    /// How many units are left, overbooking included; none on a night that is closed.
    units_left: i32,
    /// Whether the night is closed, or nothing more of it is sold.
    is_closed: bool,
    /// The slot that counts the units; none while nobody asked for the night.
    slot_id: Option<Id<slot::Entity>>,
    /// All that stands in the way of as many units as are wanted; nothing where they are left.
    blockers: Vec<AvailabilityBlocker>,
}

/// The zone of a location's days; of the business, where no location is given.
pub(super) async fn zone(scope: &Scope, location: Option<Uuid>) -> Result<Tz, Refusal> {
    let sql = "select coalesce((select l.timezone from core.locations l where l.biz_id = $1 and l.id = $2 and l.deleted_at is null), \
        (select b.default_timezone from core.bizes b where b.id = $1 and $2::uuid is null))";
    let row = scope
        .query_opt(sql, &[scope.biz_id().into(), location.into()])
        .await?;
    let name: Option<String> = row.map(|row| row.try_get(0)).transpose()?.flatten();
    name.and_then(|name| name.parse().ok())
        .ok_or(Refusal::NotFound("location"))
}

const TYPES: &str = "select u.id, u.location_id, p.id, p.capacity + p.overbook_limit, u.max_occupancy, u.sellable, l.timezone, \
      l.status = 'active' \
    from resources.unit_types u \
    join availability.capacity_pools p on p.biz_id = u.biz_id and p.unit_type_id = u.id and p.deleted_at is null \
    join core.locations l on l.biz_id = u.biz_id and l.id = u.location_id and l.deleted_at is null \
    where u.biz_id = $1 and u.deleted_at is null \
      and ($2::uuid is null or u.location_id = $2) and ($3::uuid is null or u.id = $3) \
      and ($4::uuid[] is null or u.location_id = any ($4)) \
    order by u.location_id, u.sort_key, u.id limit 501";

const NIGHTS: &str = "select s.pool_id, s.business_date, s.id, s.status = 'open', \
      s.capacity + s.overbook_limit - s.held - s.occupied + coalesce(back.units, 0) \
    from resources.unit_types u \
    join availability.capacity_pools p on p.biz_id = u.biz_id and p.unit_type_id = u.id and p.deleted_at is null \
    join availability.slots s on s.biz_id = p.biz_id and s.pool_id = p.id and s.business_date >= $5 and s.business_date < $6 \
    left join lateral ( \
      select sum(a.units)::integer as units from availability.allocations a \
      where a.biz_id = s.biz_id and a.slot_id = s.id and a.status in ('hold', 'firm') and ( \
        a.source_id = any ($9::uuid[]) or a.booking_hold_id = any ($10::uuid[]) \
        or (a.status = 'hold' and (a.expires_at <= clock_timestamp() or exists ( \
          select from availability.booking_holds h where h.biz_id = a.biz_id and h.id = a.booking_hold_id \
            and (h.customer_id = $7::uuid or h.session_ref = $8::text or h.source_id = any ($9::uuid[]))))))) \
      back on s.held > 0 or cardinality($9::uuid[]) > 0 \
    where u.biz_id = $1 and u.deleted_at is null \
      and ($2::uuid is null or u.location_id = $2) and ($3::uuid is null or u.id = $3) \
      and ($4::uuid[] is null or u.location_id = any ($4))";

/// A type of unit, and what is said of it and its place.
struct Type {
    id: Uuid,
    location_id: Uuid,
    pool_id: Uuid,
    capacity: i32,
    max_occupancy: i32,
    is_sellable: bool,
    zone: Tz,
}

/// A night's slot: its id, whether it is open, and how many units are left.
type Known = HashMap<(Uuid, NaiveDate), (Uuid, bool, i32)>;

/// All types that are big enough, each with its nights. Types without nights to sell are told too,
/// so that who asks sees which night is the trouble.
pub(super) async fn search(scope: &Scope, asked: &Stays) -> Result<Vec<StayOption>, Refusal> {
    check(asked)?;
    let reach = asked
        .reach
        .as_ref()
        .map(|ids| ids.iter().copied().map(Value::from).collect::<Vec<_>>());
    let mut values: Vec<Value> = vec![
        scope.biz_id().into(),
        asked.location_id.into(),
        asked.unit_type_id.into(),
        Value::Array(ArrayType::Uuid, reach.map(Box::new)),
    ];
    let of_types = values.clone();
    values.extend([
        asked.check_in.into(),
        asked.check_out.into(),
        asked.shopper.customer_id.into(),
        asked.shopper.session_ref.clone().into(),
        asked.shopper.order_ids.clone().into(),
        asked.shopper.hold_ids.clone().into(),
    ]);
    let (types, slots) = try_join!(scope.query(TYPES, &of_types), scope.query(NIGHTS, &values))?;
    if types.is_empty() && asked.unit_type_id.is_some() {
        return Err(Refusal::NotFound("unit type"));
    }
    if types.is_empty() && asked.location_id.is_some() {
        zone(scope, asked.location_id).await?;
    }
    let types = types
        .iter()
        .map(read_type)
        .collect::<Result<Vec<_>, Refusal>>()?;
    let most = types.iter().map(|of| of.max_occupancy).max();
    if let Some(most) = most.filter(|most| *most < asked.guests) {
        return Err(Refusal::wrong(
            "guestsPerUnit",
            format!("No unit sleeps more than {most}."),
        ));
    }
    let mut known = Known::new();
    for row in &slots {
        let of = (row.try_get(0)?, row.try_get(1)?);
        known.insert(of, (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?));
    }
    let fitting = types
        .iter()
        .filter(|of| of.is_sellable && of.max_occupancy >= asked.guests);
    let fitting: Vec<&Type> = fitting.collect();
    let places = places(scope, asked, &fitting).await?;
    let over = Over {
        known: &known,
        places: &places,
        now: scope.now(),
    };
    fitting.iter().map(|of| option(of, asked, &over)).collect()
}

fn check(asked: &Stays) -> Result<(), Refusal> {
    if asked.check_out <= asked.check_in {
        return Err(Refusal::wrong(
            "checkOutOn",
            "The departure must be after the arrival.",
        ));
    }
    if (asked.check_out - asked.check_in).num_days() > MOST_DAYS {
        return Err(Refusal::wrong(
            "checkOutOn",
            format!("A stay has {MOST_DAYS} nights at most."),
        ));
    }
    if asked.units < 1 || asked.guests < 1 {
        let field = if asked.units < 1 {
            "units"
        } else {
            "guestsPerUnit"
        };
        return Err(Refusal::wrong(field, "At least one must be wanted."));
    }
    Ok(())
}

fn read_type(row: &Row) -> Result<Type, Refusal> {
    Ok(Type {
        id: row.try_get(0)?,
        location_id: row.try_get(1)?,
        pool_id: row.try_get(2)?,
        capacity: row.try_get(3)?,
        max_occupancy: row.try_get(4)?,
        is_sellable: row.try_get::<_, bool>(5)? && row.try_get::<_, bool>(7)?,
        zone: row.try_get::<_, &str>(6)?.parse().unwrap_or(Tz::UTC),
    })
}

/// What is known over the time that is asked for.
struct Over<'a> {
    known: &'a Known,
    places: &'a HashMap<Uuid, PlaceTime>,
    now: DateTime<Utc>,
}

/// The places of these types, over the nights that are asked for.
async fn places(
    scope: &Scope,
    asked: &Stays,
    types: &[&Type],
) -> Result<HashMap<Uuid, PlaceTime>, Refusal> {
    let mut ids: Vec<Uuid> = types.iter().map(|of| of.location_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let range = Span::new(start(asked.check_in), start(asked.check_out));
    Ok(nights::places(scope, ids, range).await?)
}

/// A type over the nights that are asked for.
fn option(of: &Type, asked: &Stays, over: &Over<'_>) -> Result<StayOption, Refusal> {
    let nights = rules::nights(of.zone, asked.check_in, asked.check_out)
        .map_err(|missing| Refusal::wrong("checkInOn", format!("At the location {missing}.")))?;
    let nights: Vec<StayNight> = nights
        .iter()
        .map(|night| self::night(of, asked, over, night))
        .collect();
    let fewest = nights.iter().map(|night| night.units_left).min();
    let units_left = fewest.unwrap_or(0);
    Ok(StayOption {
        unit_type: Node::new(of.id),
        unit_type_id: Id::new(of.id),
        location_id: Id::new(of.location_id),
        pool_id: Id::new(of.pool_id),
        is_available: units_left >= asked.units,
        units_left,
        nights,
    })
}

/// A night that nobody asked for yet has no slot: it has all units of its pool. What has passed, or
/// is past the time of day until which the place takes bookings, is closed; so is one of a place
/// that is blocked, and the first where it is closed all day.
fn night(of: &Type, asked: &Stays, over: &Over<'_>, night: &Night) -> StayNight {
    let slot = over.known.get(&(of.pool_id, night.on)).copied();
    let (is_open, left) = slot.map_or((true, of.capacity), |(_, is_open, left)| (is_open, left));
    let span = Span::new(night.starts_at, night.ends_at);
    let mut blockers = Vec::new();
    if let Some(place) = over.places.get(&of.location_id) {
        let is_arrival = night.on == asked.check_in;
        let here = (place, of.location_id);
        blockers.extend(nights::too_late(here, (night.on, is_arrival), over.now));
        if is_arrival {
            blockers.extend(nights::against_arrival(place, night.on));
        }
        blockers.extend(nights::blocks(place, night));
    }
    if let (false, Some((id, ..))) = (is_open, slot) {
        let thing = Thing::Slot(id);
        blockers.push(Blocker::new(
            Kind::SlotStatus,
            thing,
            span,
            Remedy::OpenSlot,
        ));
    }
    let is_closed = !blockers.is_empty();
    let thing = slot.map_or(Thing::Pool(of.pool_id), |(id, ..)| Thing::Slot(id));
    blockers.extend(judge::short(thing, left, asked.units, span));
    StayNight {
        on: Day(night.on),
        units_left: if is_closed { 0 } else { left.max(0) },
        is_closed,
        slot_id: slot.map(|(id, ..)| Id::new(id)),
        blockers: blockers.iter().map(answer::blocker).collect(),
    }
}

//! One kind of booking a function: what it takes, and what it costs.

use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;

use super::input::{BookingCreateInput, BookingCreateProblem as Problem, BookingStorageInput};
use super::own::make_way;
use super::taken::refused;
use super::usage::asked;
use super::wish::{PlaceWish, StayWish, StorageWish};
use super::{Plan, check, order, price};
use crate::booking::places::{Slot, lock_places};
use crate::booking::record::{NewStay, record};
use crate::booking::record_places::{
    Goods, NewPlace, NewStorage, is_space, record_place, record_storage,
};
use crate::booking::store::{Found, Room, sell_unit_type};
use foundation::database::Error;
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::claims::{attempt, is_taken};
use scheduling::availability::rules::Night;
use scheduling::availability::search::alternatives::{instead, of_session};
use scheduling::availability::search::direct::{Asked, Direct, Use};
use scheduling::availability::search::nights::{closed, handed};
use scheduling::availability::search::other_nights::{OfPool, of_pool};
use scheduling::pricing::request::{Item, Time, What};

type Booked = super::offered::Booked;

pub(super) async fn stay(
    act: &Act<'_>,
    input: BookingCreateInput,
    plan: Plan,
    stay: &StayWish,
) -> Result<Booked, Fault<Problem>> {
    let Plan {
        found, keep, held, ..
    } = plan;
    let room = room(&found)?;
    let (unit_type_id, pool_id) = (room.unit_type_id, room.pool_id);
    debug_assert_eq!(unit_type_id, stay.unit_type_id);
    let (from, to) = (stay.check_in_on, stay.check_out_on);
    let nights = check::nights_of(&found.place, (from, to), "checkInOn")?;
    let wanted = OfPool {
        pool_id,
        days: (from, to),
        units: input.units,
        is_stay: true,
        makes_slots: true,
        order_ids: Vec::new(),
    };
    open(act, &wanted, &found, &nights, ("checkInOn", &[from][..])).await?;
    let agreed = check::rates(&input, &nights, &found.place.currency)?;
    let (details, units) = (order::details(&input), input.units);
    if let Some(held) = &held {
        held.of_days(pool_id, units, &nights)?;
    }
    make_way(act, &input, keep, (pool_id, &nights)).await?;
    let (starts_on, ends_on) = (from, to);
    let what = input
        .sellable_id
        .map_or(What::UnitType(unit_type_id), |id| What::Sellable(id.uuid()));
    let item = Item {
        adults: input.adults,
        children: input.children,
        unit: agreed.as_ref().map(|_| "night".to_owned()),
        fixed_nights_minor: agreed,
        ..price::main_item(&input, what, units, Time::Days { starts_on, ends_on })
    };
    let priced = Box::pin(price::priced(act, &input, &found, item)).await?;
    let sellable = match found.sellable.clone() {
        Some((sellable, _)) => sellable,
        None => sell_unit_type(act.scope, unit_type_id, &room.name).await?,
    };
    let order = order::order(act, input, found, sellable, (keep, priced)).await?;
    let id = order.id;
    let name = room.name.clone();
    let stay = NewStay {
        order,
        room: Arc::new(room),
        units,
        nights,
        rates: Vec::new(),
        details,
    };
    let done = attempt(act.scope, record(act.scope, &[stay])).await?;
    had(act, done, &wanted, (&name, "checkInOn")).await?;
    Ok((id, Vec::new()))
}

/// The room type, if it is sold.
fn room(found: &Found) -> Result<Room, Fault<Problem>> {
    match found.unit_type.clone() {
        None => Err(Fault::not_found("unit type")),
        Some((unit_type_id, name, true, Some(pool_id))) => Ok(Room {
            unit_type_id,
            name,
            pool_id,
        }),
        Some((_, name, ..)) => {
            let message = format!("{name} is not sold.");
            Err(Fault::at(Problem::NotBookable, "unitTypeId", message))
        }
    }
}

/// Books places in a session.
pub(super) async fn place(
    act: &Act<'_>,
    input: BookingCreateInput,
    plan: Plan,
    wish: &PlaceWish,
) -> Result<Booked, Fault<Problem>> {
    let asked = asked(&input, &plan);
    let Plan {
        found, keep, held, ..
    } = plan;
    let (Some((sellable, _)), Some(slot)) = (found.sellable.clone(), wish.slot) else {
        return Err(Fault::not_found("slot"));
    };
    let party_size = input.party_size;
    if party_size > slot.places {
        let message = format!("The session has {} places.", slot.places);
        return Err(Fault::at(Problem::InvalidParty, "partySize", message));
    }
    if let Some(held) = &held {
        held.of_slot(wish.slot_id, party_size)?;
    }
    let agreed = check::agreed(&input, &found.place.currency)?;
    let what = What::Sellable(sellable.id);
    let item = Item {
        unit: agreed.map(|_| "person".to_owned()),
        fixed_price_minor: agreed,
        ..price::places_item(&input, what, party_size, price::window(slot.time))?
    };
    let priced = Box::pin(price::priced(act, &input, &found, item)).await?;
    let total_minor = priced.totals.base_minor;
    let slot = match locked_session(act, asked, (wish.slot_id, slot.usage())).await? {
        Ok(slot) => slot,
        Err(fault) => return Err(elsewhere(act, wish, party_size, fault).await?),
    };
    super::own::of_slots(act, &input, keep, &[wish.slot_id]).await?;
    let order = order::order(act, input, found, sellable, (keep, priced)).await?;
    let id = order.id;
    let new = NewPlace {
        order,
        slot_id: wish.slot_id,
        time: slot.time,
        party_size,
        total_minor,
    };
    match attempt(act.scope, record_place(act.scope, &new)).await? {
        Ok(()) => Ok((id, Vec::new())),
        Err(error) if is_taken(&error) => {
            let fault = refused(error, "The session", "slotId");
            Err(elsewhere(act, wish, party_size, fault).await?)
        }
        Err(error) => Err(refused(error, "The session", "slotId")),
    }
}

/// The session, locked, or why a search would not list it. Others wait for whoever has locked it: it
/// is judged before.
async fn locked_session(
    act: &Act<'_>,
    asked: Asked,
    (slot_id, session): (Uuid, Use),
) -> Result<Result<Slot, Fault<Problem>>, Fault<Problem>> {
    let direct = Box::pin(Direct::load(act.scope, asked, &[session])).await?;
    if let Some(reason) = direct.refusal_of_session(&session) {
        let fault = Fault::at(reason.into(), "slotId", reason.message());
        return Ok(Err(fault));
    }
    let locked = lock_places(act.scope, slot_id, None).await?;
    let slot = locked.ok_or_else(|| Fault::not_found("slot"))?;
    if slot.is_open {
        return Ok(Ok(slot));
    }
    let message = "The session is closed for bookings.";
    Ok(Err(Fault::at(Problem::Closed, "slotId", message)))
}

/// The same fault, with other sessions that have as many places.
async fn elsewhere(
    act: &Act<'_>,
    wish: &PlaceWish,
    party_size: i32,
    fault: Fault<Problem>,
) -> Result<Fault<Problem>, Fault<Problem>> {
    let others = of_session(act.scope, wish.slot_id, party_size).await?;
    Ok(instead(fault, &others))
}

/// Books units of space over days.
pub(super) async fn storage(
    act: &Act<'_>,
    input: BookingCreateInput,
    plan: Plan,
    wish: &StorageWish,
) -> Result<Booked, Fault<Problem>> {
    let Plan {
        found, keep, held, ..
    } = plan;
    let Some((sellable, _)) = found.sellable.clone() else {
        return Err(Fault::not_found("sellable"));
    };
    if !is_space(act.scope, found.place.location_id, wish.pool_id).await? {
        return Err(Fault::not_found("capacity pool"));
    }
    let (starts_on, ends_on) = (wish.starts_on, wish.ends_on);
    let days = check::nights_of(&found.place, (starts_on, ends_on), "startsOn")?;
    let wanted = OfPool {
        pool_id: wish.pool_id,
        days: (starts_on, ends_on),
        units: input.units,
        is_stay: false,
        makes_slots: true,
        order_ids: Vec::new(),
    };
    let received = handed(&days);
    open(act, &wanted, &found, &days, ("startsOn", &received)).await?;
    let agreed = check::rates(&input, &days, &found.place.currency)?;
    let details = input.storage.as_ref().map(goods).unwrap_or_default();
    let (units, party_size) = (input.units, input.party_size.max(1));
    if let Some(held) = &held {
        held.of_days(wish.pool_id, units, &days)?;
    }
    make_way(act, &input, keep, (wish.pool_id, &days)).await?;
    let what = What::Sellable(sellable.id);
    let item = Item {
        unit: agreed.as_ref().map(|_| "unit_day".to_owned()),
        fixed_nights_minor: agreed,
        ..price::main_item(&input, what, units, Time::Days { starts_on, ends_on })
    };
    let priced = Box::pin(price::priced(act, &input, &found, item)).await?;
    let order = order::order(act, input, found, sellable, (keep, priced)).await?;
    let id = order.id;
    let new = NewStorage {
        order,
        pool_id: wish.pool_id,
        units,
        party_size,
        days,
        rates: Vec::new(),
        details,
    };
    let done = attempt(act.scope, record_storage(act.scope, &new)).await?;
    had(act, done, &wanted, ("The space", "startsOn")).await?;
    Ok((id, Vec::new()))
}

/// Refuses days on which the whole location is blocked, and to arrive, to bring or fetch on one on which
/// its calendars keep it closed.
async fn open(
    act: &Act<'_>,
    wanted: &OfPool,
    found: &Found,
    days: &[Night],
    (field, received): (&str, &[NaiveDate]),
) -> Result<(), Fault<Problem>> {
    let closed = closed(act.scope, found.place.location_id, days, received).await?;
    let Some(first) = closed.first() else {
        return Ok(());
    };
    let message = format!("The location is closed on {}.", first.on);
    let fault = Fault::at(Problem::Closed, field, message);
    Err(instead(fault, &of_pool(act.scope, wanted).await?))
}

/// Refuses days that could not be had, with others that could.
async fn had(
    act: &Act<'_>,
    done: Result<(), Error>,
    wanted: &OfPool,
    (what, field): (&str, &str),
) -> Result<(), Fault<Problem>> {
    match done {
        Ok(()) => Ok(()),
        Err(error) if is_taken(&error) => {
            let others = of_pool(act.scope, wanted).await?;
            Err(instead(refused(error, what, field), &others))
        }
        Err(error) => Err(refused(error, what, field)),
    }
}

fn goods(given: &BookingStorageInput) -> Goods {
    Goods {
        goods: given.goods.clone(),
        unit_length_mm: given.unit_length_mm,
        unit_width_mm: given.unit_width_mm,
        unit_height_mm: given.unit_height_mm,
        is_stackable: given.is_stackable,
        is_hazardous: given.is_hazardous,
        hazard_class: given.hazard_class.clone(),
    }
}

//! One kind of booking a function: what it takes, and what it costs.

use std::sync::Arc;

use uuid::Uuid;

use super::input::{BookingCreateInput, BookingCreateProblem as Problem, BookingStorageInput};
use super::own::make_way;
use super::taken::{attempt, instead, is_taken, of_resource, of_session, refused};
use super::wish::{PlaceWish, StayWish, StorageWish, UseWish};
use super::{Plan, check, order, price};
use crate::database::Error;
use crate::domain::availability::calendar::span::Span;
use crate::domain::availability::hold::store::{Target, Window};
use crate::domain::availability::rules::Night;
use crate::domain::availability::search::{Pick, Target as Taken};
use crate::domain::availability::store::{blocked_days, lock_resources};
use crate::domain::booking::record::{NewStay, NewUse, record, record_uses};
use crate::domain::booking::record_offer::{NewOffer, record_offer};
use crate::domain::booking::record_places::{
    Goods, NewPlace, NewStorage, is_space, record_place, record_storage,
};
use crate::domain::booking::store::{Found, Room, sell_unit_type};
use crate::domain::pricing::request::{Item, PriceRequest, Time, What};
use crate::graph::verb::{Act, Fault};

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
    let Some((unit_type_id, name, is_sold, pool_id)) = found.unit_type.clone() else {
        return Err(Fault::not_found("unit type"));
    };
    let (true, Some(pool_id)) = (is_sold, pool_id) else {
        return Err(Fault::at(
            Problem::NotBookable,
            "unitTypeId",
            format!("{name} is not sold."),
        ));
    };
    debug_assert_eq!(unit_type_id, stay.unit_type_id);
    let (from, to) = (stay.check_in_on, stay.check_out_on);
    let nights = check::nights_of(&found.place, (from, to), "checkInOn")?;
    open(act, &found, &nights, "checkInOn").await?;
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
        None => sell_unit_type(act.scope, unit_type_id, &name).await?,
    };
    let order = order::order(act, input, found, sellable, (keep, priced)).await?;
    let id = order.id;
    let room = Arc::new(Room {
        unit_type_id,
        name: name.clone(),
        pool_id,
    });
    let stay = NewStay {
        order,
        room,
        units,
        nights,
        rates: Vec::new(),
        details,
    };
    Box::pin(record(act.scope, &[stay]))
        .await
        .map_err(|error| refused(error, &name, "checkInOn"))?;
    Ok((id, Vec::new()))
}

pub(super) async fn usage(
    act: &Act<'_>,
    input: BookingCreateInput,
    plan: Plan,
    usage: &UseWish,
) -> Result<Booked, Fault<Problem>> {
    let overruled = check::overruled(act, &input)?;
    let keep = plan.keep;
    let holder = super::own::holder(&input);
    if let Some(held) = &plan.held {
        held.of_resource(usage.resource_id, usage.service)?;
    }
    let zone = plan.found.place.zone;
    let new = Box::pin(new_use(act, input, plan, usage)).await?;
    lock_resources(act.scope, &[new.resource_id]).await?;
    if keep.is_claimed() {
        let window = Window {
            service: new.service,
            blocked: new.blocked,
        };
        super::own::of_window(act, &holder, Target::Resource(new.resource_id), window).await?;
    }
    let id = new.order.id;
    let error = match attempt(
        act.scope,
        record_uses(act.scope, std::slice::from_ref(&new)),
    )
    .await?
    {
        Ok(()) => return Ok((id, Vec::new())),
        Err(error) => error,
    };
    if let (true, Some(overruled)) = (is_taken(&error), overruled) {
        return Box::pin(overrule(act, new, overruled)).await;
    }
    let is_taken = is_taken(&error);
    let fault = refused(error, "The resource", "startsAt");
    if !is_taken {
        return Err(fault);
    }
    let others = of_resource(act, new.resource_id, (new.service, new.blocked), zone).await?;
    Err(instead(fault, &others))
}

/// Books a resource although it is taken.
async fn overrule(
    act: &Act<'_>,
    new: NewUse,
    overruled: (Uuid, String),
) -> Result<Booked, Fault<Problem>> {
    let span = |(start, end)| Span::new(start, end);
    let id = new.order.id;
    let pick = Pick {
        component_id: Uuid::nil(),
        target: Taken::Resource(new.resource_id),
        units: 1,
        is_exclusive: true,
        service: span(new.service),
        blocked: span(new.blocked),
    };
    let offer = NewOffer {
        order: new.order,
        kind: new.kind,
        time: new.service,
        party_size: new.party_size,
        picks: vec![pick],
        overruled: Some(overruled),
    };
    let conflicts = record_offer(act.scope, &offer).await;
    let conflicts = conflicts.map_err(|error: Error| refused(error, "The resource", "startsAt"))?;
    Ok((id, conflicts))
}

/// The use of a resource, not written yet.
pub(super) async fn new_use(
    act: &Act<'_>,
    input: BookingCreateInput,
    plan: Plan,
    usage: &UseWish,
) -> Result<NewUse, Fault<Problem>> {
    let Plan { found, keep, .. } = plan;
    let Some((sellable, _)) = found.sellable.clone() else {
        return Err(Fault::not_found("sellable"));
    };
    let item = use_item(&input, usage, sellable.id, &found.place.currency)?;
    let priced = Box::pin(price::priced(act, &input, &found, item)).await?;
    let party_size = input.party_size;
    let (resource_id, kind) = (usage.resource_id, usage.kind);
    let total_minor = priced.totals.base_minor;
    let order = order::order(act, input, found, sellable, (keep, priced)).await?;
    let (service, blocked) = (usage.service, usage.blocked);
    Ok(NewUse {
        order,
        kind,
        resource_id,
        service,
        blocked,
        party_size,
        total_minor,
    })
}

/// What the use of a resource is priced from.
pub(super) fn use_request(
    act: &Act<'_>,
    input: &BookingCreateInput,
    found: &Found,
    usage: &UseWish,
) -> Result<PriceRequest, Fault<Problem>> {
    let Some((sellable, _)) = &found.sellable else {
        return Err(Fault::not_found("sellable"));
    };
    let item = use_item(input, usage, sellable.id, &found.place.currency)?;
    price::request(act, input, found, item)
}

/// The use of a resource, as it is priced.
fn use_item(
    input: &BookingCreateInput,
    usage: &UseWish,
    sellable_id: Uuid,
    currency: &str,
) -> Result<Item, Fault<Problem>> {
    let what = What::Sellable(sellable_id);
    Ok(Item {
        resource_id: Some(usage.resource_id),
        fixed_price_minor: check::agreed(input, currency)?,
        ..price::main_item(input, what, 1, price::window(usage.service))
    })
}

/// Books places in a session.
pub(super) async fn place(
    act: &Act<'_>,
    input: BookingCreateInput,
    plan: Plan,
    wish: &PlaceWish,
) -> Result<Booked, Fault<Problem>> {
    let Plan {
        found, keep, held, ..
    } = plan;
    let (Some((sellable, _)), Some(slot)) = (found.sellable.clone(), wish.slot) else {
        return Err(Fault::not_found("slot"));
    };
    let party_size = input.party_size;
    if !slot.is_open {
        let message = "The session is closed for bookings.";
        let fault = Fault::at(Problem::Closed, "slotId", message);
        return Err(instead(
            fault,
            &of_session(act, wish.slot_id, party_size).await?,
        ));
    }
    if party_size > slot.places {
        let message = format!("The session has {} places.", slot.places);
        return Err(Fault::at(Problem::InvalidParty, "partySize", message));
    }
    if let Some(held) = &held {
        held.of_slot(wish.slot_id, party_size)?;
    }
    super::own::of_slots(act, &input, keep, &[wish.slot_id]).await?;
    let agreed = check::agreed(&input, &found.place.currency)?;
    let what = What::Sellable(sellable.id);
    let item = Item {
        unit: agreed.map(|_| "person".to_owned()),
        fixed_price_minor: agreed,
        ..price::main_item(&input, what, party_size, price::window(slot.time))
    };
    let priced = Box::pin(price::priced(act, &input, &found, item)).await?;
    let total_minor = priced.totals.base_minor;
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
        Err(error) => {
            let is_taken = is_taken(&error);
            let fault = refused(error, "The session", "slotId");
            if !is_taken {
                return Err(fault);
            }
            let others = of_session(act, wish.slot_id, party_size).await?;
            Err(instead(fault, &others))
        }
    }
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
    open(act, &found, &days, "startsOn").await?;
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
    Box::pin(record_storage(act.scope, &new))
        .await
        .map_err(|error| refused(error, "The space", "startsOn"))?;
    Ok((id, Vec::new()))
}

/// Refuses days on which the whole location is blocked.
async fn open(
    act: &Act<'_>,
    found: &Found,
    days: &[Night],
    field: &str,
) -> Result<(), Fault<Problem>> {
    let blocked = blocked_days(act.scope, found.place.location_id, days).await?;
    let Some(first) = blocked.first() else {
        return Ok(());
    };
    let message = format!("The location is closed on {first}.");
    Err(Fault::at(Problem::Closed, field, message))
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

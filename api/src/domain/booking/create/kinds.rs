//! One kind of booking a function: what it takes, and what it costs.

use std::sync::Arc;

use uuid::Uuid;

use super::input::{BookingCreateInput, BookingCreateProblem as Problem, BookingStorageInput};
use super::wish::{PlaceWish, StayWish, StorageWish, UseWish};
use super::{check, order};
use crate::database::Error;
use crate::domain::availability::store::{CLOSED, SOLD_OUT, TAKEN, lock_resources};
use crate::domain::booking::record::{Keep, NewStay, NewUse, record, record_uses};
use crate::domain::booking::record_places::{
    Goods, NewPlace, NewStorage, is_space, record_place, record_storage,
};
use crate::domain::booking::store::{Found, Room, sell_unit_type};
use crate::graph::verb::{Act, Fault};

pub(super) async fn stay(
    act: &Act<'_>,
    input: BookingCreateInput,
    found: Found,
    stay: &StayWish,
    keep: Keep,
) -> Result<Uuid, Fault<Problem>> {
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
    let nights = check::nights_of(
        &found.place,
        (stay.check_in_on, stay.check_out_on),
        "checkInOn",
    )?;
    let rates = check::rates(&input, &nights, &found.place.currency)?;
    let details = order::details(&input);
    let units = input.units;
    let sellable = match found.sellable.clone() {
        Some((sellable, _)) => sellable,
        None => sell_unit_type(act.scope, unit_type_id, &name).await?,
    };
    let order = order::order(act, input, found, sellable, keep).await?;
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
        rates,
        details,
    };
    record(act.scope, &[stay])
        .await
        .map_err(|error| refused(error, &name, "checkInOn"))?;
    Ok(id)
}

pub(super) async fn usage(
    act: &Act<'_>,
    input: BookingCreateInput,
    found: Found,
    usage: &UseWish,
    keep: Keep,
) -> Result<Uuid, Fault<Problem>> {
    let new = new_use(act, input, found, usage, keep).await?;
    lock_resources(act.scope, &[new.resource_id]).await?;
    record_uses(act.scope, std::slice::from_ref(&new))
        .await
        .map_err(|error| refused(error, "The resource", "startsAt"))?;
    Ok(new.order.id)
}

/// The use of a resource, not written yet.
pub(super) async fn new_use(
    act: &Act<'_>,
    input: BookingCreateInput,
    found: Found,
    usage: &UseWish,
    keep: Keep,
) -> Result<NewUse, Fault<Problem>> {
    let Some((sellable, _)) = found.sellable.clone() else {
        return Err(Fault::not_found("sellable"));
    };
    let Some(price) = &input.price else {
        return Err(Fault::at(
            Problem::InvalidPrice,
            "price",
            "A price must be given.",
        ));
    };
    let total_minor = check::amount(price, &found.place.currency, "price")?;
    let party_size = input.party_size;
    let (resource_id, kind) = (usage.resource_id, usage.kind);
    let order = order::order(act, input, found, sellable, keep).await?;
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

/// Books places in a session.
pub(super) async fn place(
    act: &Act<'_>,
    input: BookingCreateInput,
    found: Found,
    wish: &PlaceWish,
    keep: Keep,
) -> Result<Uuid, Fault<Problem>> {
    let (Some((sellable, _)), Some(slot)) = (found.sellable.clone(), wish.slot) else {
        return Err(Fault::not_found("slot"));
    };
    if !slot.is_open {
        let message = "The session is closed for bookings.";
        return Err(Fault::at(Problem::Closed, "slotId", message));
    }
    if input.party_size > slot.places {
        let message = format!("The session has {} places.", slot.places);
        return Err(Fault::at(Problem::InvalidParty, "partySize", message));
    }
    let Some(price) = &input.price else {
        let message = "A price must be given.";
        return Err(Fault::at(Problem::InvalidPrice, "price", message));
    };
    let total_minor = check::amount(price, &found.place.currency, "price")?;
    let party_size = input.party_size;
    let order = order::order(act, input, found, sellable, keep).await?;
    let id = order.id;
    let new = NewPlace {
        order,
        slot_id: wish.slot_id,
        time: slot.time,
        party_size,
        total_minor,
    };
    record_place(act.scope, &new)
        .await
        .map_err(|error| refused(error, "The session", "slotId"))?;
    Ok(id)
}

/// Books units of space over days.
pub(super) async fn storage(
    act: &Act<'_>,
    input: BookingCreateInput,
    found: Found,
    wish: &StorageWish,
    keep: Keep,
) -> Result<Uuid, Fault<Problem>> {
    let Some((sellable, _)) = found.sellable.clone() else {
        return Err(Fault::not_found("sellable"));
    };
    if !is_space(act.scope, found.place.location_id, wish.pool_id).await? {
        return Err(Fault::not_found("capacity pool"));
    }
    let days = check::nights_of(&found.place, (wish.starts_on, wish.ends_on), "startsOn")?;
    let rates = check::rates(&input, &days, &found.place.currency)?;
    let details = input.storage.as_ref().map(goods).unwrap_or_default();
    let (units, party_size) = (input.units, input.party_size.max(1));
    let order = order::order(act, input, found, sellable, keep).await?;
    let id = order.id;
    let new = NewStorage {
        order,
        pool_id: wish.pool_id,
        units,
        party_size,
        days,
        rates,
        details,
    };
    record_storage(act.scope, &new)
        .await
        .map_err(|error| refused(error, "The space", "startsOn"))?;
    Ok(id)
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

/// Says of what, and when, there is nothing left.
fn refused(error: Error, what: &str, field: &str) -> Fault<Problem> {
    let Error::Violation(violation) = &error else {
        return error.into();
    };
    let dates = violation
        .detail
        .as_deref()
        .unwrap_or_default()
        .replace(',', ", ");
    match violation.constraint.as_str() {
        SOLD_OUT => Fault::at(Problem::SoldOut, field, nothing_left(what, &dates)),
        CLOSED => Fault::at(
            Problem::Closed,
            field,
            format!("{what} cannot be booked on {dates}."),
        ),
        TAKEN => Fault::at(
            Problem::SlotTaken,
            field,
            format!("{what} is taken at that time."),
        ),
        _ => error.into(),
    }
}

fn nothing_left(what: &str, dates: &str) -> String {
    if dates.is_empty() {
        return format!("{what} has not so many places left.");
    }
    format!("Nothing is left of {what} on {dates}.")
}

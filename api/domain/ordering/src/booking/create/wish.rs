//! What the input of `bookingCreate` asks for, as far as it says so by itself.

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::check::Checked;
use super::input::{BookingCreateInput, BookingCreateProblem as Problem};
use crate::booking::places::Slot;
use crate::booking::store::Place;
use foundation::graph::scalars::Id;
use foundation::graph::verb::Fault;
use scheduling::availability::rules::day_start;

const MOST_NIGHTS: i64 = 400;
const MOST_UNITS: i32 = 500;
const MOST_PEOPLE: i32 = 1_000;
const MOST_BUFFER: i32 = 24 * 60;
const MOST_RESOURCES: usize = 20;
/// How far from now a booking may begin.
const REACH: Months = Months::new(120);

/// Nights in units of a room type.
pub(super) struct StayWish {
    pub unit_type_id: Uuid,
    pub check_in_on: NaiveDate,
    pub check_out_on: NaiveDate,
}

/// A resource for a time.
pub(super) struct UseWish {
    pub kind: &'static str,
    pub resource_id: Uuid,
    pub service: (DateTime<Utc>, DateTime<Utc>),
    pub blocked: (DateTime<Utc>, DateTime<Utc>),
}

/// Places in a session, whose time is known once it is locked.
pub(super) struct PlaceWish {
    pub slot_id: Uuid,
    pub slot: Option<Slot>,
}

/// Units of a pool of space, over days.
pub(super) struct StorageWish {
    pub pool_id: Uuid,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

/// An offer, whoever gives it.
pub(super) struct OfferWish {
    pub offer_id: Uuid,
    pub starts_at: DateTime<Utc>,
    pub duration_minutes: Option<i32>,
    pub resource_ids: Vec<Uuid>,
    /// A value of `booking.order_kind`, once the offer is known.
    pub kind: &'static str,
    /// Whether each of those who come costs by themselves: places of a slot, units of a pool.
    pub is_by_people: bool,
}

/// What is to be booked.
pub(super) enum Wish {
    Offer(OfferWish),
    Stay(StayWish),
    Use(UseWish),
    Place(PlaceWish),
    Storage(StorageWish),
}

impl Wish {
    /// When it would begin at a place.
    pub(super) fn starts_at(&self, place: &Place) -> DateTime<Utc> {
        match self {
            Self::Stay(stay) => place.stay_time(stay.check_in_on, stay.check_out_on).0,
            Self::Offer(offer) => offer.starts_at,
            Self::Use(usage) => usage.service.0,
            Self::Place(place) => place.slot.map_or(DateTime::UNIX_EPOCH, |slot| slot.time.0),
            Self::Storage(storage) => day_start(place.zone, storage.starts_on),
        }
    }
}

fn given<T>(value: Option<T>, field: &str) -> Checked<T> {
    value.ok_or_else(|| {
        Fault::at(
            Problem::Incomplete,
            field,
            format!("{field} must be given for this kind of booking."),
        )
    })
}

fn absent<T>(value: Option<&T>, field: &str) -> Checked<()> {
    match value {
        None => Ok(()),
        Some(_) => Err(Fault::at(
            Problem::Incomplete,
            field,
            format!("This kind of booking has no {field}."),
        )),
    }
}

/// What the input asks for.
pub(super) fn wish(input: &BookingCreateInput, now: DateTime<Utc>) -> Checked<Wish> {
    let usual = match (&input.unit_type_id, &input.slot_id, &input.pool_id) {
        (Some(_), ..) => "stay",
        (_, Some(_), _) => "class",
        (_, _, Some(_)) => "storage",
        _ => "appointment",
    };
    if input.offer_id.is_some() {
        return offer(input, now).map(Wish::Offer);
    }
    absent(input.resource_ids.as_ref(), "resourceIds")?;
    absent(input.duration_minutes.as_ref(), "durationMinutes")?;
    absent(
        input.declined_component_ids.as_ref(),
        "declinedComponentIds",
    )?;
    match input.kind.as_ref().map_or(usual, |kind| kind.0) {
        "stay" => stay(input, now).map(Wish::Stay),
        "storage" => storage(input, now).map(Wish::Storage),
        _ if input.slot_id.is_some() => place(input).map(Wish::Place),
        kind => usage(input, kind, now).map(Wish::Use),
    }
}

fn offer(input: &BookingCreateInput, now: DateTime<Utc>) -> Checked<OfferWish> {
    absent(input.unit_type_id.as_ref(), "unitTypeId")?;
    absent(input.slot_id.as_ref(), "slotId")?;
    absent(input.pool_id.as_ref(), "poolId")?;
    absent(input.sellable_id.as_ref(), "sellableId")?;
    absent(input.check_in_on.as_ref(), "checkInOn")?;
    absent(input.ends_at.as_ref(), "endsAt")?;
    absent(input.nightly_rate.as_ref(), "nightlyRate")?;
    absent(input.nights.as_ref(), "nights")?;
    absent(input.kind.as_ref(), "kind")?;
    let offer_id = given(input.offer_id, "offerId")?.uuid();
    let starts_at = given(input.starts_at, "startsAt")?.0;
    within_reach(starts_at.date_naive(), now, "startsAt")?;
    between("partySize", input.party_size, 1, MOST_PEOPLE)?;
    let resources = input
        .resource_ids
        .iter()
        .flatten()
        .chain(&input.resource_id);
    let resource_ids: Vec<Uuid> = resources.map(Id::uuid).collect();
    if resource_ids.len() > MOST_RESOURCES {
        let message = format!("resourceIds names {MOST_RESOURCES} at most.");
        return Err(Fault::at(Problem::Incomplete, "resourceIds", message));
    }
    Ok(OfferWish {
        offer_id,
        starts_at,
        duration_minutes: input.duration_minutes,
        resource_ids,
        kind: "appointment",
        is_by_people: false,
    })
}

fn place(input: &BookingCreateInput) -> Checked<PlaceWish> {
    absent(input.unit_type_id.as_ref(), "unitTypeId")?;
    absent(input.resource_id.as_ref(), "resourceId")?;
    absent(input.pool_id.as_ref(), "poolId")?;
    absent(input.starts_at.as_ref(), "startsAt")?;
    absent(input.ends_at.as_ref(), "endsAt")?;
    given(input.sellable_id, "sellableId")?;
    between("partySize", input.party_size, 1, MOST_PEOPLE)?;
    let slot_id = given(input.slot_id, "slotId")?.uuid();
    Ok(PlaceWish {
        slot_id,
        slot: None,
    })
}

fn storage(input: &BookingCreateInput, now: DateTime<Utc>) -> Checked<StorageWish> {
    absent(input.unit_type_id.as_ref(), "unitTypeId")?;
    absent(input.resource_id.as_ref(), "resourceId")?;
    absent(input.slot_id.as_ref(), "slotId")?;
    absent(input.starts_at.as_ref(), "startsAt")?;
    absent(input.price.as_ref(), "price")?;
    given(input.sellable_id, "sellableId")?;
    given(input.storage.as_ref(), "storage")?;
    let pool_id = given(input.pool_id, "poolId")?.uuid();
    let starts_on = given(input.starts_on, "startsOn")?.0;
    let ends_on = given(input.ends_on, "endsOn")?.0;
    within_reach(starts_on, now, "startsOn")?;
    between("units", input.units, 1, MOST_UNITS)?;
    if !(1..=MOST_NIGHTS).contains(&(ends_on - starts_on).num_days()) {
        let message = format!("endsOn must be after startsOn, by {MOST_NIGHTS} days at most.");
        return Err(Fault::at(Problem::InvalidDates, "endsOn", message));
    }
    Ok(StorageWish {
        pool_id,
        starts_on,
        ends_on,
    })
}

fn stay(input: &BookingCreateInput, now: DateTime<Utc>) -> Checked<StayWish> {
    absent(input.resource_id.as_ref(), "resourceId")?;
    absent(input.slot_id.as_ref(), "slotId")?;
    absent(input.pool_id.as_ref(), "poolId")?;
    absent(input.starts_at.as_ref(), "startsAt")?;
    absent(input.ends_at.as_ref(), "endsAt")?;
    absent(input.price.as_ref(), "price")?;
    let unit_type_id = given(input.unit_type_id, "unitTypeId")?.uuid();
    let check_in_on = given(input.check_in_on, "checkInOn")?.0;
    let check_out_on = given(input.check_out_on, "checkOutOn")?.0;
    within_reach(check_in_on, now, "checkInOn")?;
    let length = (check_out_on - check_in_on).num_days();
    if !(1..=MOST_NIGHTS).contains(&length) {
        let message =
            format!("A stay has 1 to {MOST_NIGHTS} nights: checkOutOn must be after checkInOn.");
        return Err(Fault::at(Problem::InvalidDates, "checkOutOn", message));
    }
    for (field, number, least, most) in [
        ("units", input.units, 1, MOST_UNITS),
        ("adults", input.adults, 1, MOST_PEOPLE),
        ("children", input.children, 0, MOST_PEOPLE),
        ("babies", input.babies, 0, MOST_PEOPLE),
        (
            "requiredParkingSpaces",
            input.required_parking_spaces,
            0,
            MOST_PEOPLE,
        ),
    ] {
        between(field, number, least, most)?;
    }
    Ok(StayWish {
        unit_type_id,
        check_in_on,
        check_out_on,
    })
}

fn usage(input: &BookingCreateInput, kind: &'static str, now: DateTime<Utc>) -> Checked<UseWish> {
    absent(input.unit_type_id.as_ref(), "unitTypeId")?;
    absent(input.check_in_on.as_ref(), "checkInOn")?;
    absent(input.check_out_on.as_ref(), "checkOutOn")?;
    absent(input.nightly_rate.as_ref(), "nightlyRate")?;
    absent(input.nights.as_ref(), "nights")?;
    absent(input.pool_id.as_ref(), "poolId")?;
    let resource_id = given(input.resource_id, "resourceId")?.uuid();
    given(input.sellable_id, "sellableId")?;
    let (starts_at, ends_at) = (
        given(input.starts_at, "startsAt")?.0,
        given(input.ends_at, "endsAt")?.0,
    );
    within_reach(starts_at.date_naive(), now, "startsAt")?;
    if ends_at <= starts_at || ends_at - starts_at > TimeDelta::days(MOST_NIGHTS) {
        let message = format!("endsAt must be after startsAt, by {MOST_NIGHTS} days at most.");
        return Err(Fault::at(Problem::InvalidDates, "endsAt", message));
    }
    between("partySize", input.party_size, 1, MOST_PEOPLE)?;
    let buffer = |field, minutes: i32| {
        if (0..=MOST_BUFFER).contains(&minutes) {
            return Ok(TimeDelta::minutes(minutes.into()));
        }
        let message = format!("{field} must be between 0 and {MOST_BUFFER}.");
        Err(Fault::at(Problem::InvalidDates, field, message))
    };
    let before = buffer("bufferBeforeMinutes", input.buffer_before_minutes)?;
    let after = buffer("bufferAfterMinutes", input.buffer_after_minutes)?;
    let blocked = (starts_at - before, ends_at + after);
    Ok(UseWish {
        kind,
        resource_id,
        service: (starts_at, ends_at),
        blocked,
    })
}

fn between(field: &str, number: i32, least: i32, most: i32) -> Checked<()> {
    if (least..=most).contains(&number) {
        return Ok(());
    }
    Err(Fault::at(
        Problem::InvalidParty,
        field,
        format!("{field} must be between {least} and {most}."),
    ))
}

/// Refuses days so far away that they can only be a mistake.
fn within_reach(day: NaiveDate, now: DateTime<Utc>, field: &str) -> Checked<()> {
    let today = now.date_naive();
    let (first, last) = (
        today.checked_sub_months(REACH),
        today.checked_add_months(REACH),
    );
    if first.is_some_and(|first| first <= day) && last.is_some_and(|last| day <= last) {
        return Ok(());
    }
    Err(Fault::at(
        Problem::InvalidDates,
        field,
        format!("{day} is more than ten years away."),
    ))
}

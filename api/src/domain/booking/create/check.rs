//! What `bookingCreate` refuses: first what the input says of itself, then what does not fit what
//! there is. What constraints decide is left to them.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::input::{BookingCreateInput, BookingCreateProblem as Problem};
use crate::domain::availability::rules::{Night, local_day, nights, wall_time};
use crate::domain::booking::record::Keep;
use crate::domain::booking::store::{Found, Place};
use crate::graph::scalars::MoneyInput;
use crate::graph::verb::Fault;

const MOST_NIGHTS: i64 = 400;
const MOST_UNITS: i32 = 500;
const MOST_PEOPLE: i32 = 1_000;
const MOST_BUFFER: i32 = 24 * 60;
const MOST_PARTICIPANTS: usize = 200;
/// How far from now a booking may begin.
const REACH: Months = Months::new(120);

type Checked<T> = Result<T, Fault<Problem>>;

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

/// What is to be booked.
pub(super) enum Wish {
    Stay(StayWish),
    Use(UseWish),
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
    let kind = input.kind.as_ref().map(|kind| kind.0);
    match kind.unwrap_or(if input.unit_type_id.is_some() {
        "stay"
    } else {
        "appointment"
    }) {
        "stay" => stay(input, now).map(Wish::Stay),
        kind => usage(input, kind, now).map(Wish::Use),
    }
}

fn stay(input: &BookingCreateInput, now: DateTime<Utc>) -> Checked<StayWish> {
    absent(input.resource_id.as_ref(), "resourceId")?;
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

/// How the booking keeps what it takes.
pub(super) fn keep(input: &BookingCreateInput) -> Checked<Keep> {
    match (input.confirm, input.hold_minutes) {
        (true, None) => Ok(Keep::Firm),
        (true, Some(_)) => Err(Fault::at(
            Problem::InvalidHold,
            "holdMinutes",
            "What is confirmed is not held: give confirm or holdMinutes.",
        )),
        (false, minutes) => match minutes.unwrap_or(15) {
            minutes @ 1..=1440 => Ok(Keep::For(minutes)),
            _ => Err(Fault::at(
                Problem::InvalidHold,
                "holdMinutes",
                "holdMinutes must be between 1 and 1440.",
            )),
        },
    }
}

/// Refuses what does not go together.
pub(super) fn people(input: &BookingCreateInput) -> Checked<()> {
    if input.customer_id.is_some() && input.new_customer.is_some() {
        return Err(Fault::at(
            Problem::Incomplete,
            "newCustomer",
            "Give customerId or newCustomer, not both.",
        ));
    }
    if input
        .participants
        .as_ref()
        .is_some_and(|all| all.len() > MOST_PARTICIPANTS)
    {
        let message = format!("A booking names {MOST_PARTICIPANTS} participants at most.");
        return Err(Fault::at(Problem::InvalidParty, "participants", message));
    }
    let Some(customer) = &input.new_customer else {
        return Ok(());
    };
    let wrong = |field: &str, message| Err(Fault::at(Problem::InvalidCustomer, field, message));
    if customer.full_name.trim().is_empty() || customer.full_name.chars().count() > 200 {
        return wrong(
            "newCustomer.fullName",
            "A name is required, of 200 characters at most.",
        );
    }
    let is_address = |email: &String| {
        let parts = email.trim().split_once('@');
        email.len() <= 254
            && parts.is_some_and(|(name, host)| {
                !name.is_empty() && !host.is_empty() && !host.contains('@')
            })
    };
    if customer
        .email
        .as_ref()
        .is_some_and(|email| !is_address(email))
    {
        return wrong("newCustomer.email", "This is no mail address.");
    }
    if customer
        .phone
        .as_ref()
        .is_some_and(|phone| phone.trim().is_empty() || phone.len() > 40)
    {
        return wrong(
            "newCustomer.phone",
            "A telephone number has 1 to 40 characters.",
        );
    }
    Ok(())
}

/// Refuses what exists but cannot be booked, and what does not exist for this tenant.
pub(super) fn bookable(input: &BookingCreateInput, found: &Found) -> Checked<()> {
    let closed = |field: &str, message: &str| Err(Fault::at(Problem::NotBookable, field, message));
    if !found.place.is_active {
        return closed("locationId", "The location is not open for bookings.");
    }
    if input.sellable_id.is_some() && found.sellable.is_none() {
        return Err(Fault::not_found("sellable"));
    }
    if found
        .sellable
        .as_ref()
        .is_some_and(|(_, is_active)| !is_active)
    {
        return closed("sellableId", "This is not sold any more.");
    }
    if input.resource_id.is_some() {
        match found.resource.as_ref() {
            None => return Err(Fault::not_found("resource")),
            Some((_, status)) if status != "active" => {
                return closed("resourceId", "The resource is not in use.");
            }
            Some((false, _)) => {
                return closed(
                    "resourceId",
                    "The resource is shared by several: book its pool.",
                );
            }
            Some((true, _)) => {}
        }
    }
    if input.cancellation_policy_id.is_some() && found.terms.is_none() {
        return Err(Fault::not_found("cancellation policy"));
    }
    let currency = found.place.currency.as_str();
    if let Some(terms) = &found.terms
        && let Some(other) = terms.policy.currencies().find(|other| *other != currency)
    {
        let message = format!(
            "The fees of this cancellation policy are in {other}, and the location's currency is {currency}."
        );
        return Err(Fault::at(
            Problem::WrongCurrency,
            "cancellationPolicyId",
            message,
        ));
    }
    match (input.customer_id.is_some(), &found.customer) {
        (true, None) => Err(Fault::not_found("customer")),
        (true, Some((_, _, status)))
            if matches!(status.as_str(), "blocked" | "merged" | "anonymised") =>
        {
            let message = format!("The customer is {status}, and cannot book.");
            Err(Fault::at(
                Problem::CustomerNotBookable,
                "customerId",
                message,
            ))
        }
        _ => Ok(()),
    }
}

/// Refuses a start that has passed, and one today after the hour until which the location books.
pub(super) fn in_time(place: &Place, wish: &Wish, now: DateTime<Utc>) -> Checked<()> {
    let here = wall_time(place.zone, now);
    let (field, day, is_past) = match wish {
        Wish::Stay(stay) => (
            "checkInOn",
            stay.check_in_on,
            stay.check_in_on < here.date(),
        ),
        Wish::Use(usage) => (
            "startsAt",
            local_day(place.zone, usage.service.0),
            usage.service.0 < now,
        ),
    };
    if is_past {
        let message = format!(
            "This has passed: at the location it is {}.",
            here.format("%F %R")
        );
        return Err(Fault::at(Problem::InThePast, field, message));
    }
    match place.booking_cutoff {
        Some(cutoff) if day == here.date() && here.time() > cutoff => {
            let message = format!(
                "For today nothing more is booked after {}, local time.",
                cutoff.format("%R")
            );
            Err(Fault::at(Problem::TooLate, field, message))
        }
        _ => Ok(()),
    }
}

/// The nights of a stay.
pub(super) fn nights_of(place: &Place, stay: &StayWish) -> Checked<Vec<Night>> {
    nights(place.zone, stay.check_in_on, stay.check_out_on).map_err(|missing| {
        Fault::at(
            Problem::InvalidDates,
            "checkInOn",
            format!("At the location {missing}."),
        )
    })
}

/// An amount in the currency of the location.
pub(super) fn amount(money: &MoneyInput, currency: &str, field: &str) -> Checked<i64> {
    if money.currency != currency {
        let message = format!(
            "The currency of the location is {currency}, not {}.",
            money.currency
        );
        return Err(Fault::at(Problem::WrongCurrency, field, message));
    }
    if money.minor < 0 {
        return Err(Fault::at(
            Problem::InvalidPrice,
            field,
            "A price cannot be negative.",
        ));
    }
    Ok(money.minor)
}

/// What each night costs for one unit.
pub(super) fn rates(
    input: &BookingCreateInput,
    nights: &[Night],
    currency: &str,
) -> Checked<Vec<i64>> {
    let rates = match (&input.nightly_rate, &input.nights) {
        (Some(rate), None) => vec![amount(rate, currency, "nightlyRate")?; nights.len()],
        (None, Some(given)) => {
            let mut by_day = BTreeMap::new();
            for night in given {
                by_day.insert(night.on.0, amount(&night.rate, currency, "nights")?);
            }
            let missing = || {
                Fault::at(
                    Problem::InvalidPrice,
                    "nights",
                    "nights must have one rate for every night of the stay, and no other.",
                )
            };
            if given.len() != nights.len() {
                return Err(missing());
            }
            nights
                .iter()
                .map(|night| by_day.get(&night.on).copied())
                .collect::<Option<_>>()
                .ok_or_else(missing)?
        }
        _ => {
            return Err(Fault::at(
                Problem::InvalidPrice,
                "nightlyRate",
                "Give nightlyRate or nights, one of them.",
            ));
        }
    };
    let units = i128::from(input.units);
    if rates
        .iter()
        .map(|rate| i128::from(*rate) * units)
        .sum::<i128>()
        > i128::from(i64::MAX)
    {
        return Err(Fault::at(
            Problem::InvalidPrice,
            "nightlyRate",
            "The price of the stay is too large.",
        ));
    }
    Ok(rates)
}

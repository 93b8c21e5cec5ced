//! What `bookingCreate` refuses of what exists, of people, and of prices. What constraints decide is
//! left to them.

use std::collections::BTreeMap;

use super::input::{BookingCreateInput, BookingCreateProblem as Problem};
use super::wish::Wish;
use crate::booking::booking_policy::BookingPolicy;
use crate::booking::judged::{self, Overruled};
use crate::booking::record::Keep;
use crate::booking::store::{Found, Place};
use chrono::{DateTime, NaiveDate, Utc};
use foundation::graph::scalars::MoneyInput;
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::rules::{Night, local_day, nights, wall_time};

const MOST_PARTICIPANTS: usize = 200;

pub(super) type Checked<T> = Result<T, Fault<Problem>>;

/// How the booking keeps what it takes: where its policy wants each booking approved, only who may
/// approve confirms at once, and what others confirm waits for approval.
pub(super) fn keep(
    input: &BookingCreateInput,
    policy: &BookingPolicy,
    may_approve: bool,
    (starts_at, now): (DateTime<Utc>, DateTime<Utc>),
) -> Checked<Keep> {
    let waits = input.request_approval || !policy.auto_confirm && !may_approve;
    let refuse = |message| Err(Fault::at(Problem::InvalidHold, "holdMinutes", message));
    if input.hold_id.is_some() && input.hold_minutes.is_some() {
        return refuse(
            "What is booked from a hold lasts as long as that: extend it by holdExtend.",
        );
    }
    match (input.confirm || input.request_approval, input.hold_minutes) {
        (true, Some(_)) => {
            refuse("What is confirmed is not held: give confirm, requestApproval or holdMinutes.")
        }
        (true, None) if waits => Ok(Keep::Approval(policy.approval_minutes(starts_at, now))),
        (true, None) => Ok(Keep::Firm),
        (false, minutes) => match minutes {
            None => Ok(Keep::For(policy.hold_minutes)),
            Some(minutes @ 1..=1440) => Ok(Keep::For(minutes)),
            Some(_) => refuse("holdMinutes must be between 1 and 1440."),
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
    match &found.sellable {
        None if input.sellable_id.is_some() => return Err(Fault::not_found("sellable")),
        Some((_, false)) => return closed("sellableId", "This is not sold any more."),
        _ if !found.is_published => {
            return closed("sellableId", "This version of the offer is not on sale.");
        }
        _ => {}
    }
    match &found.resource {
        None if input.resource_id.is_some() => Err(Fault::not_found("resource")),
        Some((_, status)) if status != "active" => {
            closed("resourceId", "The resource is not in use.")
        }
        Some((false, _)) => closed(
            "resourceId",
            "Several share the resource: book its pool or its offer.",
        ),
        _ => Ok(()),
    }
}

/// Refuses a cancellation policy whose fees are in another currency.
pub(super) fn policy(input: &BookingCreateInput, found: &Found) -> Checked<()> {
    let Some(terms) = &found.terms else {
        return match input.cancellation_policy_id {
            None => Ok(()),
            Some(_) => Err(Fault::not_found("cancellation policy")),
        };
    };
    let currency = found.place.currency.as_str();
    let Some(other) = terms.policy.currencies().find(|other| *other != currency) else {
        return Ok(());
    };
    let message = format!(
        "The fees of this cancellation policy are in {other}, and the location's currency is {currency}."
    );
    Err(Fault::at(
        Problem::WrongCurrency,
        "cancellationPolicyId",
        message,
    ))
}

/// Refuses customers who cannot book.
pub(super) fn customer(input: &BookingCreateInput, found: &Found) -> Checked<()> {
    match &found.customer {
        None if input.customer_id.is_some() => Err(Fault::not_found("customer")),
        Some((_, _, status)) if matches!(status.as_str(), "blocked" | "merged" | "anonymised") => {
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
        Wish::Offer(offer) => (
            "startsAt",
            local_day(place.zone, offer.starts_at),
            offer.starts_at < now,
        ),
        Wish::Place(_) => {
            let start = wish.starts_at(place);
            ("slotId", local_day(place.zone, start), start < now)
        }
        Wish::Storage(storage) => (
            "startsOn",
            storage.starts_on,
            storage.starts_on < here.date(),
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
pub(super) fn nights_of(
    place: &Place,
    (from, to): (NaiveDate, NaiveDate),
    field: &str,
) -> Checked<Vec<Night>> {
    nights(place.zone, from, to).map_err(|missing| {
        Fault::at(
            Problem::InvalidDates,
            field,
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

/// The price that staff give as a whole, if they do.
pub(super) fn agreed(input: &BookingCreateInput, currency: &str) -> Checked<Option<i64>> {
    let price = input.price.as_ref();
    price
        .map(|price| amount(price, currency, "price"))
        .transpose()
}

/// Who takes it upon themselves that something is taken, and why, if anybody does.
pub(super) fn overruled(act: &Act<'_>, input: &BookingCreateInput) -> Checked<Option<Overruled>> {
    let (reason, location_id) = (input.override_reason.as_ref(), input.location_id.uuid());
    judged::overruled(act, reason, location_id, Problem::OverrideRefused)
}

/// What each night costs for one unit, where staff say so.
pub(super) fn rates(
    input: &BookingCreateInput,
    nights: &[Night],
    currency: &str,
) -> Checked<Option<Vec<i64>>> {
    let same = input.nightly_rate.as_ref().or(input.daily_rate.as_ref());
    let rates = match (same, &input.nights) {
        (None, None) => return Ok(None),
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
    Ok(Some(rates))
}

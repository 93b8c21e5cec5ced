//! `bookingCreate`.

mod check;
mod input;
mod wish;

use std::fmt::Write as _;
use std::sync::Arc;

use uuid::Uuid;

pub use self::input::{
    BookingCreateInput, BookingCreateProblem, BookingNewCustomerInput, BookingNightInput,
    BookingParticipantInput,
};
use self::wish::{StayWish, UseWish, Wish};
use super::approve::PERMISSION as APPROVE;
use super::booking_policy::{BookingPolicy, of_sale};
use super::record::{Booker, Keep, NewOrder, NewStay, NewUse, Participant, record, record_uses};
use super::rows::{Customer, Details};
use super::store::{
    Asked, CUSTOMER_NUMBERS, Found, ORDER_NUMBERS, Room, Sellable, are_customers, find,
    sell_unit_type,
};
use crate::database::{Error, new_id};
use crate::domain::availability::store::{CLOSED, SOLD_OUT, TAKEN, lock_resources};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::Proof;

const PERMISSION: &str = "booking.create";
/// Whoever has it may book what has begun already.
const BACKDATE: &str = "booking.backdate";

type Problem = BookingCreateProblem;

/// The verb.
pub struct BookingCreate;

impl Verb for BookingCreate {
    type Input = BookingCreateInput;
    type Problem = BookingCreateProblem;

    const NAME: &'static str = "bookingCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.created");
    const PAYLOAD: &'static [Part] = &[Part::Row("bookingOrder", "BookingOrder", "The booking.")];
    const CONSTRAINTS: &'static [(&'static str, BookingCreateProblem)] = &[
        (
            "reservation_details_occupancy_check",
            Problem::TooManyGuests,
        ),
        ("booking_orders_channel_ref_key", Problem::AlreadyBooked),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (location_id, now) = (input.location_id.uuid(), act.scope.now());
        act.permit_at(PERMISSION, location_id, "location")?;
        let wish = wish::wish(&input, now)?;
        check::people(&input)?;
        let sellable_id = input.sellable_id.map(|id| id.uuid());
        let (found, policy) = futures_util::try_join!(
            find(act.scope, asked(&input)),
            of_sale(act.scope, location_id, sellable_id)
        )?;
        let found = found.ok_or_else(|| Fault::not_found("location"))?;
        let may_approve = act.principal()?.may_at(APPROVE, location_id);
        let times = (wish.starts_at(&found.place), now);
        let keep = check::keep(&input, &policy, may_approve, times)?;
        check::bookable(&input, &found)?;
        check::policy(&input, &found)?;
        check::customer(&input, &found)?;
        check_participants(act, &input).await?;
        check_active(act, &found, &policy).await?;
        if !may_backdate(act)? {
            check::in_time(&found.place, &wish, now)?;
        }
        let id = match wish {
            Wish::Stay(stay) => book_stay(act, input, found, &stay, keep).await?,
            Wish::Use(usage) => book_use(act, input, found, &usage, keep).await?,
        };
        Ok(Outcome::row("bookingOrder", id).detail("location_id", location_id.to_string()))
    }
}

fn asked(input: &BookingCreateInput) -> Asked {
    Asked {
        location_id: input.location_id.uuid(),
        unit_type_id: input.unit_type_id.map(|id| id.uuid()),
        sellable_id: input.sellable_id.map(|id| id.uuid()),
        customer_id: input.customer_id.map(|id| id.uuid()),
        policy_id: input.cancellation_policy_id.map(|id| id.uuid()),
        resource_id: input.resource_id.map(|id| id.uuid()),
    }
}

/// Refuses participants who are said to be customers and are none.
async fn check_participants(
    act: &Act<'_>,
    input: &BookingCreateInput,
) -> Result<(), Fault<Problem>> {
    let participants = input.participants.iter().flatten();
    let ids = participants.filter_map(|participant| participant.customer_id.map(|id| id.uuid()));
    if are_customers(act.scope, ids.collect()).await? {
        return Ok(());
    }
    Err(Fault::not_found("customer"))
}

const BY_ONE: &str =
    "select c.id from crm.customers c where c.biz_id = $1 and c.id = $2 for no key update";
const ACTIVE: &str = "select count(*) from booking.booking_orders o \
    where o.biz_id = $1 and o.customer_id = $2 and o.status in ('held', 'pending_approval', 'confirmed') and o.ends_at > $3";

/// Refuses one more booking of a customer who has as many ahead as the policy allows. The customer
/// is locked, so that two at once do not both find room.
async fn check_active(
    act: &Act<'_>,
    found: &Found,
    policy: &BookingPolicy,
) -> Result<(), Fault<Problem>> {
    let (Some(most), Some((customer_id, ..))) = (policy.max_active_per_customer, &found.customer)
    else {
        return Ok(());
    };
    let values = [
        act.scope.biz_id().into(),
        (*customer_id).into(),
        act.scope.now().into(),
    ];
    let (_, row) = futures_util::try_join!(
        act.scope.query(BY_ONE, &values[..2]),
        act.scope.query_opt(ACTIVE, &values)
    )?;
    let count: i64 = row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
    if count < i64::from(most) {
        return Ok(());
    }
    let message =
        format!("A customer has {most} bookings ahead at most, and this one has {count}.");
    Err(Fault::at(Problem::TooManyBookings, "customerId", message))
}

fn may_backdate(act: &Act<'_>) -> Result<bool, Fault<Problem>> {
    let principal = act.principal()?;
    Ok(principal.proof() == Proof::Program || principal.may(BACKDATE))
}

async fn book_stay(
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
    let nights = check::nights_of(&found.place, stay)?;
    let rates = check::rates(&input, &nights, &found.place.currency)?;
    let details = details(&input);
    let units = input.units;
    let sellable = match found.sellable.clone() {
        Some((sellable, _)) => sellable,
        None => sell_unit_type(act.scope, unit_type_id, &name).await?,
    };
    let order = order(act, input, found, sellable, keep).await?;
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
        .map_err(|error| refused(error, &name))?;
    Ok(id)
}

async fn book_use(
    act: &Act<'_>,
    input: BookingCreateInput,
    found: Found,
    usage: &UseWish,
    keep: Keep,
) -> Result<Uuid, Fault<Problem>> {
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
    let order = order(act, input, found, sellable, keep).await?;
    let id = order.id;
    lock_resources(act.scope, &[resource_id]).await?;
    let (service, blocked) = (usage.service, usage.blocked);
    let usage = NewUse {
        order,
        kind,
        resource_id,
        service,
        blocked,
        party_size,
        total_minor,
    };
    record_uses(act.scope, &[usage])
        .await
        .map_err(|error| refused(error, "The resource"))?;
    Ok(id)
}

/// What all kinds of orders have.
async fn order(
    act: &Act<'_>,
    input: BookingCreateInput,
    found: Found,
    sellable: Sellable,
    keep: Keep,
) -> Result<NewOrder, Fault<Problem>> {
    let database = &act.session.shared.database;
    let booker = match input.new_customer {
        Some(new) => Some(Booker::New(new_customer(act, new).await?)),
        None => found.customer.map(|(id, name, _)| Booker::Known(id, name)),
    };
    let participants = input
        .participants
        .unwrap_or_default()
        .into_iter()
        .map(|given| Participant {
            customer_id: given.customer_id.map(|id| id.uuid()),
            name: given.name,
            role: given.role.map_or("guest", |role| role.0),
        });
    Ok(NewOrder {
        id: new_id(),
        number: database.number(act.scope, ORDER_NUMBERS).await?,
        place: Arc::new(found.place),
        sellable: Arc::new(sellable),
        terms: found.terms.map(Arc::new),
        booker,
        participants: participants.collect(),
        channel: input.channel.map_or("desk", |channel| channel.0),
        channel_ref: input.channel_ref,
        booked_at: act.scope.now(),
        note: input.note,
        keep,
    })
}

async fn new_customer(
    act: &Act<'_>,
    new: BookingNewCustomerInput,
) -> Result<Customer, Fault<Problem>> {
    let (biz_id, sealer) = (act.scope.biz_id(), &act.session.shared.sealer);
    let seal = |text: &Option<String>| {
        text.as_deref()
            .map(|text| sealer.seal(biz_id, text))
            .transpose()
    };
    let index = |text: &Option<String>| {
        text.as_deref()
            .map(|text| hex(&sealer.blind_index(biz_id, text)))
    };
    Ok(Customer {
        id: new_id(),
        number: act
            .session
            .shared
            .database
            .number(act.scope, CUSTOMER_NUMBERS)
            .await?,
        email: seal(&new.email)?.as_deref().map(hex),
        email_index: index(&new.email),
        phone: seal(&new.phone)?.as_deref().map(hex),
        phone_index: index(&new.phone),
        full_name: new.full_name,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn details(input: &BookingCreateInput) -> Details {
    let usual = Details::default();
    Details {
        adults: input.adults,
        children: input.children,
        babies: input.babies,
        child_ages: input.child_ages.clone().unwrap_or_default(),
        meal_plan: input.meal_plan.as_ref().map(|plan| plan.0),
        guarantee: input
            .guarantee
            .as_ref()
            .map_or(usual.guarantee, |guarantee| guarantee.0),
        deposit_terms: input
            .deposit_terms
            .as_ref()
            .map_or(usual.deposit_terms, |terms| terms.0),
        guest_type: input
            .guest_type
            .as_ref()
            .map_or(usual.guest_type, |kind| kind.0),
        source: input.source.clone(),
        market_segment: input.market_segment.clone(),
        distribution_channel: input.distribution_channel.clone(),
        agent_ref: input.agent_ref.clone(),
        company_ref: input.company_ref.clone(),
        arrival_expected_at: input.arrival_expected_at.map(|instant| instant.0),
        required_parking_spaces: input.required_parking_spaces,
        special_requests: input.special_requests.clone(),
        ..usual
    }
}

/// Says of what, and when, there is nothing left.
fn refused(error: Error, what: &str) -> Fault<Problem> {
    let Error::Violation(violation) = &error else {
        return error.into();
    };
    let dates = violation
        .detail
        .as_deref()
        .unwrap_or_default()
        .replace(',', ", ");
    match violation.constraint.as_str() {
        SOLD_OUT => Fault::at(
            Problem::SoldOut,
            "checkInOn",
            format!("Nothing is left of {what} on {dates}."),
        ),
        CLOSED => Fault::at(
            Problem::Closed,
            "checkInOn",
            format!("{what} cannot be booked on {dates}."),
        ),
        TAKEN => Fault::at(
            Problem::SlotTaken,
            "startsAt",
            format!("{what} is taken at that time."),
        ),
        _ => error.into(),
    }
}

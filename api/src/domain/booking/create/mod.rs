//! `bookingCreate`.

mod check;
mod input;
mod kinds;
mod order;
mod wish;

use uuid::Uuid;

pub use self::input::{
    BookingCreateInput, BookingCreateProblem, BookingNewCustomerInput, BookingNightInput,
    BookingParticipantInput, BookingStorageInput,
};
use self::wish::Wish;
use super::approve::PERMISSION as APPROVE;
use super::booking_policy::{BookingPolicy, of_sale};
use super::places::lock_places;
use super::record::{Keep, NewUse};
use super::store::{Asked, Found, are_customers, find};
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
        ("storage_details_fit_check", Problem::TooLarge),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let location_id = input.location_id.uuid();
        let id = book(act, input).await?;
        Ok(Outcome::row("bookingOrder", id).detail("location_id", location_id.to_string()))
    }
}

/// Makes a booking of whatever kind, and gives its id.
pub(super) async fn book(act: &Act<'_>, input: BookingCreateInput) -> Result<Uuid, Fault<Problem>> {
    let (wish, found, keep) = checked(act, &input).await?;
    match wish {
        Wish::Stay(stay) => kinds::stay(act, input, found, &stay, keep).await,
        Wish::Use(usage) => kinds::usage(act, input, found, &usage, keep).await,
        Wish::Place(place) => kinds::place(act, input, found, &place, keep).await,
        Wish::Storage(storage) => kinds::storage(act, input, found, &storage, keep).await,
    }
}

/// A use of a resource as it would be booked, with all checks, and not written: the first of a
/// series. None where the input is for something else.
pub(super) async fn prepared(
    act: &Act<'_>,
    input: BookingCreateInput,
) -> Result<Option<NewUse>, Fault<Problem>> {
    let (wish, found, keep) = checked(act, &input).await?;
    match wish {
        Wish::Use(usage) => kinds::new_use(act, input, found, &usage, keep)
            .await
            .map(Some),
        Wish::Stay(_) | Wish::Place(_) | Wish::Storage(_) => Ok(None),
    }
}

/// What is to be booked, what there is of it, and how it is kept, if nothing is in the way.
async fn checked(
    act: &Act<'_>,
    input: &BookingCreateInput,
) -> Result<(Wish, Found, Keep), Fault<Problem>> {
    let (location_id, now) = (input.location_id.uuid(), act.scope.now());
    act.permit_at(PERMISSION, location_id, "location")?;
    let mut wish = wish::wish(input, now)?;
    check::people(input)?;
    let sellable_id = input.sellable_id.map(|id| id.uuid());
    let (found, policy) = futures_util::try_join!(
        find(act.scope, asked(input)),
        of_sale(act.scope, location_id, sellable_id)
    )?;
    let found = found.ok_or_else(|| Fault::not_found("location"))?;
    if let Wish::Place(place) = &mut wish {
        let slot = lock_places(act.scope, place.slot_id, None).await?;
        let slot = slot.filter(|slot| slot.location_id == location_id);
        place.slot = Some(slot.ok_or_else(|| Fault::not_found("slot"))?);
    }
    let may_approve = act.principal()?.may_at(APPROVE, location_id);
    let times = (wish.starts_at(&found.place), now);
    let keep = check::keep(input, &policy, may_approve, times)?;
    check::bookable(input, &found)?;
    check::policy(input, &found)?;
    check::customer(input, &found)?;
    check_participants(act, input).await?;
    check_active(act, &found, &policy).await?;
    if !may_backdate(act)? {
        check::in_time(&found.place, &wish, now)?;
    }
    Ok((wish, found, keep))
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

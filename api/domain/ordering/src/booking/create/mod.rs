//! `bookingCreate`.

mod check;
mod from_hold;
mod input;
mod kinds;
mod offered;
mod order;
mod own;
pub(super) mod price;
mod taken;
mod usage;
mod wish;

use async_graphql::OutputType;
use async_graphql::registry::Registry;
use uuid::Uuid;

use self::from_hold::Held;
pub use self::input::{
    BookingAddOnInput, BookingCreateInput, BookingCreateProblem, BookingNewCustomerInput,
    BookingNightInput, BookingParticipantInput, BookingStorageInput,
};
pub use self::price::BookingPrice;
use self::wish::Wish;
use super::approve::PERMISSION as APPROVE;
use super::booking_policy::{BookingPolicy, of_sale};
use super::judged::is_staff;
use super::places::look;
use super::record::{Keep, NewUse};
use super::seats::{Seated, judged};
use super::store::{Asked, Found, SEATS, are_customers, find};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::search::alternatives::BookingAlternative;
use scheduling::pricing::request::PriceRequest;

const PERMISSION: &str = "booking.create";
/// Whoever has it may give prices of their own.
pub(super) const SET_PRICE: &str = "booking.set_price";

type Problem = BookingCreateProblem;

/// The verb.
pub struct BookingCreate;

impl Verb for BookingCreate {
    type Input = BookingCreateInput;
    type Problem = BookingCreateProblem;

    const NAME: &'static str = "bookingCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.created");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("bookingOrder", "BookingOrder", "The booking."),
        Part::Rows(
            "conflicts",
            "ReviewQueueItem",
            "Of an override: what waits in the queue of conflicts.",
        ),
        Part::Value(
            "alternatives",
            "[BookingAlternative!]",
            "Where it is taken: other times at which it could be had, the nearest first.",
        ),
        Part::Value(
            "priceNow",
            "BookingPrice",
            "Where the price is no longer what was quoted: what it is now.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, BookingCreateProblem)] = &[
        (
            "reservation_details_occupancy_check",
            Problem::TooManyGuests,
        ),
        ("booking_orders_channel_ref_key", Problem::AlreadyBooked),
        ("storage_details_fit_check", Problem::TooLarge),
        ("booking_orders_hold_id_key", Problem::HoldNotOpen),
        ("discounts_usage_limit_check", Problem::DiscountExhausted),
        (SEATS, Problem::SoldOut),
        (
            "discount_redemptions_per_customer_check",
            Problem::DiscountExhausted,
        ),
    ];

    fn types(registry: &mut Registry) {
        <BookingAlternative as OutputType>::create_type_info(registry);
        <BookingPrice as OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let location_id = input.location_id.uuid();
        check_prices(act, &input)?;
        let reason = input.override_reason.clone();
        let (id, conflicts) = Box::pin(booked(act, input)).await?;
        let outcome =
            Outcome::row("bookingOrder", id).detail("location_id", location_id.to_string());
        let outcome = match reason.filter(|_| !conflicts.is_empty()) {
            Some(reason) => outcome.detail("override_reason", reason),
            None => outcome,
        };
        Ok(conflicts
            .into_iter()
            .fold(outcome, |outcome, id| outcome.and_row("conflicts", id)))
    }
}

/// Makes a booking of whatever kind, and gives its id. Prices in the input are agreed already.
pub(super) async fn book(act: &Act<'_>, input: BookingCreateInput) -> Result<Uuid, Fault<Problem>> {
    Box::pin(booked(act, input)).await.map(|(id, _)| id)
}

async fn booked(
    act: &Act<'_>,
    input: BookingCreateInput,
) -> Result<offered::Booked, Fault<Problem>> {
    let (wish, plan) = Box::pin(checked(act, &input)).await?;
    let was_held = plan.held.as_ref().is_some_and(|held| !held.is_alive);
    // Each in a place of its own, as what they hold while they wait is large.
    let done = match &wish {
        Wish::Offer(offer) => Box::pin(offered::book(act, input, plan, offer)).await,
        Wish::Stay(stay) => Box::pin(kinds::stay(act, input, plan, stay)).await,
        Wish::Use(usage) => Box::pin(usage::book(act, input, plan, usage)).await,
        Wish::Place(place) => Box::pin(kinds::place(act, input, plan, place)).await,
        Wish::Storage(storage) => Box::pin(kinds::storage(act, input, plan, storage)).await,
    };
    match done {
        Err(Fault::Problem(mut told))
            if was_held
                && matches!(
                    told.code,
                    Problem::SoldOut | Problem::SlotTaken | Problem::Closed
                ) =>
        {
            told.code = Problem::HoldExpired;
            told.message = format!("The hold has expired. {}", told.message);
            told.field = vec!["holdId".to_owned()];
            Err(Fault::Problem(told))
        }
        done => done,
    }
}

/// A use of a resource as it would be booked, with all checks, and not written.
pub(super) struct Prepared {
    /// The use.
    pub new: NewUse,
    /// What it is priced from, where the price lists say what it costs.
    pub request: Option<PriceRequest>,
}

/// The first of a series, as it would be booked by itself. None where the input is for something
/// else than a resource.
pub(super) async fn prepared(
    act: &Act<'_>,
    input: BookingCreateInput,
) -> Result<Option<Prepared>, Fault<Problem>> {
    check_prices(act, &input)?;
    let (wish, plan) = Box::pin(checked(act, &input)).await?;
    let Wish::Use(usage) = wish else {
        return Ok(None);
    };
    let by_lists = !price::is_agreed(&input);
    let request = by_lists.then(|| usage::use_request(act, &input, &plan.found, &usage));
    let request = request.transpose()?;
    let new = Box::pin(usage::new_use(act, input, plan, &usage)).await?;
    Ok(Some(Prepared { new, request }))
}

/// Refuses prices of somebody who may not give any.
fn check_prices(act: &Act<'_>, input: &BookingCreateInput) -> Result<(), Fault<Problem>> {
    let location_id = input.location_id.uuid();
    if !price::is_agreed(input) || act.principal()?.may_at(SET_PRICE, location_id) {
        return Ok(());
    }
    act.permit_at(PERMISSION, location_id, "location")?;
    let field = if input.price.is_some() {
        "price"
    } else {
        "nightlyRate"
    };
    let message = "Only who holds booking.set_price gives prices; leave it out, and it costs what the price lists say.";
    Err(Fault::at(Problem::PriceNotAllowed, field, message))
}

/// What is known of a booking before it is written.
struct Plan {
    /// What there is of what it names.
    found: Found,
    /// How it keeps what it takes.
    keep: Keep,
    /// The hold from which it is booked.
    held: Option<Held>,
    /// Whether staff book, whom notice and advance do not bind.
    by_staff: bool,
}

/// What is to be booked, what there is of it, and how it is kept, if nothing is in the way.
async fn checked(
    act: &Act<'_>,
    input: &BookingCreateInput,
) -> Result<(Wish, Plan), Fault<Problem>> {
    let (location_id, now) = (input.location_id.uuid(), act.scope.now());
    act.permit_at(PERMISSION, location_id, "location")?;
    let mut wish = wish::wish(input, now)?;
    check::people(input)?;
    let mut asked = asked(input);
    if let Wish::Offer(offer) = &mut wish {
        asked.sellable_id = offered::sale(act, offer).await?;
    }
    let (found, policy) = futures_util::try_join!(
        find(act.scope, asked),
        of_sale(act.scope, location_id, asked.sellable_id)
    )?;
    let found = found.ok_or_else(|| Fault::not_found("location"))?;
    if let Wish::Place(place) = &mut wish {
        let slot = look(act.scope, place.slot_id).await?;
        let slot = slot.filter(|slot| slot.location_id == location_id);
        place.slot = Some(slot.ok_or_else(|| Fault::not_found("slot"))?);
    }
    let may_approve = act.principal()?.may_at(APPROVE, location_id);
    let times = (wish.starts_at(&found.place), now);
    let mut keep = check::keep(input, &policy, may_approve, times)?;
    check::bookable(input, &found)?;
    check::policy(input, &found)?;
    check::customer(input, &found)?;
    check_participants(act, input, &found).await?;
    check_active(act, &found, &policy).await?;
    let by_staff = is_staff(act)?;
    if !by_staff {
        check::in_time(&found.place, &wish, now)?;
    }
    let mut held = None;
    if let Some(id) = input.hold_id {
        let hold = from_hold::read(act, id.uuid(), location_id).await?;
        hold.for_customer(input)?;
        keep = hold.keep(keep);
        held = Some(hold);
    }
    // What a hold keeps was in time when it was held.
    let is_kept = held.as_ref().is_some_and(|held| held.is_alive);
    let plan = Plan {
        found,
        keep,
        held,
        by_staff: by_staff || is_kept,
    };
    Ok((wish, plan))
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

/// Refuses participants who are said to be customers and are none, and seats that the offer has not or
/// that are for others.
async fn check_participants(
    act: &Act<'_>,
    input: &BookingCreateInput,
    found: &Found,
) -> Result<(), Fault<Problem>> {
    let named = input.participants.iter().flatten().enumerate();
    let named = named.filter_map(|(index, one)| one.seated("participants", index));
    let of_all = input.seat_type_id.map(|id| Seated {
        field: "seatTypeId".to_owned(),
        seat_type_id: id.uuid(),
        age: None,
    });
    let seated: Vec<Seated> = named.chain(of_all).collect();
    let sold = found.sellable.as_ref();
    let version_id = sold.and_then(|(sellable, _)| sellable.offer_version_id);
    judged(act.scope, &seated, version_id, Problem::InvalidParty).await?;
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

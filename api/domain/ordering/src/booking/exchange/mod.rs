//! `bookingResourceExchange` (E-15): two bookings exchange their resources in one transaction. Both are
//! given up and both are taken anew while the resources are locked, so that nobody gets in between and
//! the constraint on overlaps holds all the time.

mod input;
mod price;

use async_graphql::OutputType;
use async_graphql::registry::Registry;
use serde_json::json;
use uuid::Uuid;

pub use self::input::{BookingResourceExchangeInput, BookingResourceExchangeProblem};
use super::bill::{self, Amounts, Request};
use super::judged;
use super::locked::{Locked, lock};
use super::moves::{self, Moved};
use super::rules::unchangeable;
use super::taken::{Shift, Taken, lock_shifted, shift, taken};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::search::alternatives::because_of;
use scheduling::availability::search::answer::AvailabilityBlocker;
use scheduling::availability::store::TAKEN;
use scheduling::availability::waitlist::freed::{Freed, offer_freed};

const PERMISSION: &str = "booking.reschedule";

type Problem = BookingResourceExchangeProblem;
type Checked<T> = Result<T, Fault<Problem>>;

/// The verb.
pub struct BookingResourceExchange;

/// One of the two: the booking, and the field that names it.
struct Side {
    order: Locked,
    field: &'static str,
    /// The field that names what it gives.
    gives: (&'static str, Option<Uuid>),
}

impl Verb for BookingResourceExchange {
    type Input = BookingResourceExchangeInput;
    type Problem = BookingResourceExchangeProblem;

    const NAME: &'static str = "bookingResourceExchange";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.resources_exchanged");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("bookingOrder", "BookingOrder", "The one as it now is."),
        Part::Row("otherOrder", "BookingOrder", "The other as it now is."),
        Part::Value(
            "blockers",
            "[AvailabilityBlocker!]",
            "Where one does not fit: all that stands in its way.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, BookingResourceExchangeProblem)] =
        &[(TAKEN, Problem::SlotTaken)];

    fn types(registry: &mut Registry) {
        <AvailabilityBlocker as OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let sides = locked(act, &input).await?;
        let [one, other] = &sides;
        let ids = [one.order.id, other.order.id];
        let shifts = shifts(act, &sides).await?;
        lock_shifted(act.scope, &shifts).await?;
        for (side, shift) in sides.iter().zip(&shifts) {
            fits(act, side, shift, ids).await?;
        }
        shift(act.scope, &shifts, None).await?;
        moves::write(act.scope, &sides.each_ref().map(stays)).await?;
        let is_one = ids[0] == ids[1];
        for (side, shift) in sides.iter().zip(&shifts) {
            let (order, mut amounts) = (&side.order, side.order.amounts);
            if !is_one {
                amounts = price::follow(act, (order, side.field), shift, input.reprice).await?;
            }
            let entry = entry(order, shift, amounts, input.reason.as_deref());
            bill::log(act.scope, &[(order.id, entry)]).await?;
        }
        offer_freed(act, Freed::Orders(&ids)).await?;
        Ok(Outcome::row("bookingOrder", ids[0])
            .and_row("otherOrder", ids[1])
            .detail("location_id", one.order.location_id.to_string())
            .detail("other_id", ids[1].to_string())
            .detail("resource_id", shifts[0].resource_id.to_string())
            .detail("other_resource_id", shifts[1].resource_id.to_string()))
    }
}

/// Both bookings, locked in the order of their ids, so that two exchanges do not wait for each other.
async fn locked(act: &Act<'_>, input: &BookingResourceExchangeInput) -> Checked<[Side; 2]> {
    let (one, other) = (input.id.uuid(), input.other_id.uuid());
    let of_one = async || lock(act, PERMISSION, one, input.expected_version).await;
    let of_other = async || lock(act, PERMISSION, other, input.other_expected_version).await;
    let (one, other) = if one <= other {
        let one = of_one().await?;
        (one, of_other().await?)
    } else {
        let other = of_other().await?;
        (of_one().await?, other)
    };
    let sides = [
        Side {
            order: one,
            field: "id",
            gives: ("allocationId", input.allocation_id.map(|id| id.uuid())),
        },
        Side {
            order: other,
            field: "otherId",
            gives: (
                "otherAllocationId",
                input.other_allocation_id.as_ref().map(Id::uuid),
            ),
        },
    ];
    for Side { order, field, .. } in &sides {
        if order.has_expired() {
            let message = "The hold has expired; what it kept may be taken by others.";
            return Err(Fault::at(Problem::HoldExpired, field, message));
        }
        if let Some(message) = unchangeable(&order.status) {
            return Err(Fault::at(Problem::WrongStatus, field, message));
        }
    }
    Ok(sides)
}

/// What each takes then: at its own time, with the buffers that it has, what the other had.
async fn shifts(act: &Act<'_>, sides: &[Side; 2]) -> Checked<[Shift; 2]> {
    let [one, other] = sides;
    let held = taken(act.scope, &[one.order.id, other.order.id]).await?;
    let (from_one, from_other) = (given(&held, one)?, given(&held, other)?);
    let refuse = |message: &str| Err(Fault::at(Problem::NotExchangeable, other.field, message));
    if one.order.location_id != other.order.location_id {
        return refuse("The bookings are at different locations.");
    }
    if from_one.1 == from_other.1 {
        return refuse("Both have the same resource: there is nothing to exchange.");
    }
    let to = |(from, _): (&Taken, Uuid), resource_id: Uuid| Shift {
        from: from.clone(),
        resource_id,
        service: from.service,
        blocked: from.blocked,
        is_forced: false,
    };
    Ok([to(from_one, from_other.1), to(from_other, from_one.1)])
}

/// What one gives: what was named, or the only resource that it takes.
fn given<'a>(held: &'a [Taken], side: &Side) -> Checked<(&'a Taken, Uuid)> {
    let own = held.iter().filter(|taken| taken.order_id == side.order.id);
    let mut own = own.filter_map(|taken| {
        let resource_id = taken.resource_id.filter(|_| taken.is_exclusive)?;
        Some((taken, resource_id))
    });
    let (field, named) = side.gives;
    if let Some(id) = named {
        let found = own.find(|(taken, _)| taken.id == id);
        return found.ok_or_else(|| Fault::not_found("resource that the booking has for itself"));
    }
    let refuse = |message: &str| Err(Fault::at(Problem::Incomplete, field, message));
    match (own.next(), own.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => refuse("The booking has no resource for itself."),
        (Some(_), Some(_)) => refuse("The booking has several resources: say which it gives."),
    }
}

/// Refuses a resource that a search would not list for whom it would go to, and tells all that stands
/// in the way. What the two have now does not.
async fn fits(act: &Act<'_>, side: &Side, shift: &Shift, ids: [Uuid; 2]) -> Checked<()> {
    let usage = shift.usage();
    let sold = judged::sold_as(act.scope, side.order.id).await?;
    let of = (sold, std::slice::from_ref(&usage));
    let direct = judged::known(act, &side.order, ids.to_vec(), of).await?;
    let blockers = direct.against(&usage);
    let Some(first) = blockers.first() else {
        return Ok(());
    };
    let reason = first.kind.reason();
    let message = format!("{} Both keep what they have.", reason.message());
    let fault = Fault::at(reason.into(), side.field, message);
    Err(because_of(fault, &blockers))
}

/// The order at the time that it has: it is another version of itself, and its work follows.
fn stays(side: &Side) -> Moved {
    let time = (side.order.starts_at, side.order.ends_at);
    Moved {
        order_id: side.order.id,
        from: time,
        to: time,
        days: None,
    }
}

fn entry<'a>(
    order: &Locked,
    shift: &Shift,
    amounts: Amounts,
    reason: Option<&'a str>,
) -> Request<'a> {
    let before = shift.from.resource_id;
    Request {
        kind: "modify",
        requested_by: "staff",
        before: json!({"resource_id": before, "total_minor": order.amounts.total()}),
        after: json!({"resource_id": shift.resource_id, "total_minor": amounts.total()}),
        price_delta: amounts.total() - order.amounts.total(),
        fee: 0,
        reason,
    }
}

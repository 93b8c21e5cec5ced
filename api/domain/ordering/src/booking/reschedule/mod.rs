//! `bookingReschedule`.

mod by_days;
mod by_offer;
mod by_place;
mod by_time;
mod input;

use async_graphql::OutputType;
use async_graphql::registry::Registry;
use serde_json::json;
use uuid::Uuid;

pub use self::input::{BookingRescheduleInput, BookingRescheduleProblem};
use super::bill::{self, Amounts, Request};
use super::booking_policy::{NotMovable, of_order};
use super::create::SET_PRICE;
use super::judged::is_staff;
use super::locked::{Locked, lock};
use super::moves::{Moved, Window};
use super::rules::unchangeable;
use super::store::SEATS;
use foundation::database::{Error, Scope};
use foundation::graph::scalars::MoneyInput;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::rules::wall_time;
use scheduling::availability::search::alternatives::BookingAlternative;
use scheduling::availability::search::blocker::Reason;
use scheduling::availability::store::{CLOSED, SOLD_OUT, TAKEN};
use scheduling::availability::waitlist::freed::{Freed, offer_freed};

const PERMISSION: &str = "booking.reschedule";

type Problem = BookingRescheduleProblem;
type Checked<T> = Result<T, Fault<Problem>>;

/// The verb.
pub struct BookingReschedule;

/// What an order has become.
struct Change {
    moved: Moved,
    amounts: Amounts,
    /// What was opened in the queue of conflicts, as the new time is taken or closed.
    conflicts: Vec<Uuid>,
}

impl Verb for BookingReschedule {
    type Input = BookingRescheduleInput;
    type Problem = BookingRescheduleProblem;

    const NAME: &'static str = "bookingReschedule";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.rescheduled");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("bookingOrder", "BookingOrder", "The booking as it now is."),
        Part::Value(
            "priceDeltaMinor",
            "Long",
            "How much more (or less, if negative) it costs now, in minor units.",
        ),
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
    ];
    const CONSTRAINTS: &'static [(&'static str, BookingRescheduleProblem)] =
        &[(SEATS, Problem::SoldOut)];

    fn types(registry: &mut Registry) {
        <BookingAlternative as OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let order = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        if order.has_expired() {
            let message = "The hold has expired; what it kept may be taken by others. Book again.";
            return Err(Fault::at(Problem::HoldExpired, "id", message));
        }
        if let Some(message) = unchangeable(&order.status) {
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let has_price = input.price.is_some() || input.rate.is_some() || input.rates.is_some();
        if has_price && !act.principal()?.may_at(SET_PRICE, order.location_id) {
            let message =
                "Only who holds booking.set_price gives prices; without one it keeps its own.";
            return Err(Fault::at(Problem::PriceNotAllowed, "price", message));
        }
        let requested_by = input.requested_by.as_ref().map_or("customer", |by| by.0);
        if matches!(requested_by, "customer" | "channel") {
            allowed(act.scope, &order).await?;
        }
        let mut change = match order.kind.as_str() {
            "stay" | "storage" => by_days::reschedule(act, &order, &input).await,
            _ if input.slot_id.is_some() => by_place::reschedule(act, &order, &input).await,
            _ => by_time::reschedule(act, &order, &input).await,
        }
        .map_err(refused)?;
        if change.amounts != order.amounts {
            let Some(amounts) = bill::set(act.scope, &order, change.amounts, &[]).await? else {
                let message = "Those who take part have paid more than it would cost.";
                return Err(Fault::at(Problem::SharesPaid, "price", message));
            };
            change.amounts = amounts;
        }
        let delta = change.amounts.total() - order.amounts.total();
        let entry = entry(&order, &change, requested_by, input.reason.as_deref());
        bill::log(act.scope, &[(order.id, entry)]).await?;
        offer_freed(act, Freed::Orders(&[order.id])).await?;
        let conflicts = change.conflicts.iter();
        let outcome = conflicts.fold(Outcome::row("bookingOrder", order.id), |outcome, id| {
            outcome.and_row("conflicts", *id)
        });
        Ok(outcome
            .and_value("priceDeltaMinor", delta)
            .detail("location_id", order.location_id.to_string())
            .detail("from_starts_at", order.starts_at.to_rfc3339())
            .detail("starts_at", change.moved.to.0.to_rfc3339()))
    }
}

fn entry<'a>(
    order: &Locked,
    change: &Change,
    requested_by: &'static str,
    reason: Option<&'a str>,
) -> Request<'a> {
    let (after, days) = (change.moved.to, change.moved.days);
    Request {
        kind: "reschedule",
        requested_by,
        before: json!({
            "starts_at": order.starts_at, "ends_at": order.ends_at, "check_in_on": order.check_in_on,
            "check_out_on": order.check_out_on, "total_minor": order.amounts.total(),
        }),
        after: json!({
            "starts_at": after.0, "ends_at": after.1, "check_in_on": days.map(|days| days.0),
            "check_out_on": days.map(|days| days.1), "total_minor": change.amounts.total(),
        }),
        price_delta: change.amounts.total() - order.amounts.total(),
        fee: 0,
        reason,
    }
}

const MOVES: &str = "select count(*) from booking.booking_requests_log q \
    where q.biz_id = $1 and q.order_id = $2 and q.kind = 'reschedule' and q.outcome = 'done' \
      and q.requested_by in ('customer', 'channel')";

/// Refuses what the policy does not allow customers.
async fn allowed(scope: &Scope, order: &Locked) -> Checked<()> {
    let values = [scope.biz_id().into(), order.id.into()];
    let (policy, row) = futures_util::try_join!(
        of_order(scope, order.location_id, order.id),
        scope.query_opt(MOVES, &values)
    )?;
    let moves: i64 = row
        .map(|row| row.try_get(0))
        .transpose()
        .map_err(Error::from)?
        .unwrap_or_default();
    match policy.may_move(moves, (order.zone, order.starts_at), scope.now()) {
        Ok(()) => Ok(()),
        Err(NotMovable::TooOften(limit)) => Err(Fault::at(
            Problem::LimitReached,
            "id",
            format!("A customer may move a booking {limit} times, and has done so."),
        )),
        Err(NotMovable::TooLate(cutoff)) => {
            let until = wall_time(order.zone, cutoff).format("%F %R");
            let message = format!("A customer could move it until {until}, local time.");
            Err(Fault::at(Problem::TooLate, "id", message))
        }
    }
}

/// Refuses a time that has passed, unless the caller may backdate.
fn in_time(act: &Act<'_>, order: &Locked, to: Window, field: &str) -> Checked<()> {
    let has_passed = if order.kind == "stay" || order.kind == "storage" {
        wall_time(order.zone, to.0).date() < wall_time(order.zone, act.scope.now()).date()
    } else {
        to.0 < act.scope.now()
    };
    if !has_passed || is_staff(act)? {
        return Ok(());
    }
    let here = wall_time(order.zone, act.scope.now()).format("%F %R");
    let message = format!("This has passed: at the location it is {here}.");
    Err(Fault::at(Problem::InThePast, field, message))
}

/// That a search would not list the new time.
fn stands(reason: Reason) -> Fault<Problem> {
    let message = format!("{} The booking keeps its own.", reason.message());
    Fault::at(reason.into(), "startsAt", message)
}

/// An amount in the currency of the booking.
fn amount(money: &MoneyInput, order: &Locked, field: &str) -> Checked<i64> {
    if money.currency != order.currency {
        let message = format!(
            "The currency of the booking is {}, not {}.",
            order.currency, money.currency
        );
        return Err(Fault::at(Problem::WrongCurrency, field, message));
    }
    if money.minor < 0 {
        let message = "A price cannot be negative.";
        return Err(Fault::at(Problem::InvalidPrice, field, message));
    }
    Ok(money.minor)
}

fn absent<T>(value: Option<&T>, field: &str) -> Checked<()> {
    if value.is_none() {
        return Ok(());
    }
    let message = format!("This kind of booking has no {field}.");
    Err(Fault::at(Problem::Incomplete, field, message))
}

/// Says of what, and when, there is nothing left.
fn refused(fault: Fault<Problem>) -> Fault<Problem> {
    let Fault::Database(Error::Violation(violation)) = &fault else {
        return fault;
    };
    let days = violation
        .detail
        .as_deref()
        .unwrap_or_default()
        .replace(',', ", ");
    let on = if days.is_empty() {
        "at that time".to_owned()
    } else {
        format!("on {days}")
    };
    match violation.constraint.as_str() {
        SOLD_OUT => Fault::at(
            Problem::SoldOut,
            "startsOn",
            format!("Nothing is left {on}; the booking keeps its time."),
        ),
        CLOSED => Fault::at(
            Problem::Closed,
            "startsOn",
            format!("Bookings are closed {on}; the booking keeps its time."),
        ),
        TAKEN => Fault::at(
            Problem::SlotTaken,
            "startsAt",
            "The resource is taken at that time; the booking keeps its own.",
        ),
        _ => fault,
    }
}

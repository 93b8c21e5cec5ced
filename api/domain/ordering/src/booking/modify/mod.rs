//! `bookingModify`.

mod added;
mod features;
mod input;
mod lines;
mod people;
mod resources;
mod units;

use async_graphql::OutputType;
use async_graphql::registry::Registry;
use serde_json::json;
use uuid::Uuid;

pub use self::input::{
    BookingFeatureInput, BookingLineChangeInput, BookingLineInput, BookingModifyInput,
    BookingModifyProblem,
};
use super::bill::{self, Amounts, Request};
use super::create::{BookingPrice, SET_PRICE};
use super::days::{self, Days};
use super::extras::follow;
use super::locked::{Locked, lock};
use super::rules::unchangeable;
use super::store::SEATS;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::store::{CLOSED, SOLD_OUT, TAKEN};
use scheduling::availability::waitlist::freed::{Freed, offer_freed};

const PERMISSION: &str = "booking.modify";
/// How many things of a kind one request names.
const MOST: usize = 100;

type Problem = BookingModifyProblem;
type Checked<T> = Result<T, Fault<Problem>>;

/// The verb.
pub struct BookingModify;

impl Verb for BookingModify {
    type Input = BookingModifyInput;
    type Problem = BookingModifyProblem;

    const NAME: &'static str = "bookingModify";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.modified");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("bookingOrder", "BookingOrder", "The booking as it now is."),
        Part::Rows("lines", "BookingOrderLine", "The lines that were added."),
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
            "priceNow",
            "BookingPrice",
            "Where the price is no longer what was quoted: what it is now.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, BookingModifyProblem)] = &[
        (SOLD_OUT, Problem::SoldOut),
        (CLOSED, Problem::SoldOut),
        (TAKEN, Problem::SlotTaken),
        (SEATS, Problem::SoldOut),
        (
            "reservation_details_occupancy_check",
            Problem::TooManyGuests,
        ),
        (
            "booking_features_order_id_feature_id_key",
            Problem::HasFeature,
        ),
    ];

    fn types(registry: &mut Registry) {
        <BookingPrice as OutputType>::create_type_info(registry);
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
        within(&input)?;
        check_prices(act, &order, &input)?;
        let changes = input.change_lines.as_deref().unwrap_or_default();
        let changed = lines::change(act, &order, changes).await?;
        let added = Box::pin(added::write(act, &order, &input)).await?;
        let mut base = order.amounts.base + changed + added.delta;
        let days = days::read(act.scope, order.id).await?;
        let days = units::write(act, &order, &input, days, &mut base).await?;
        people::write(act, &order, &input).await?;
        features::write(act, &order, &input, days.as_ref()).await?;
        let amounts = amounts(act, &order, base, days.as_ref()).await?;
        let Some(amounts) = bill::set(act.scope, &order, amounts, &added.sold).await? else {
            let message = "Those who take part have paid more than it would cost.";
            return Err(Fault::at(Problem::SharesPaid, "id", message));
        };
        let delta = amounts.total() - order.amounts.total();
        let request = Request {
            kind: "modify",
            requested_by: input.requested_by.as_ref().map_or("customer", |by| by.0),
            before: json!({"base_minor": order.amounts.base, "total_minor": order.amounts.total(), "party_size": order.party_size}),
            after: json!({"base_minor": base, "total_minor": amounts.total(), "line_ids": added.ids}),
            price_delta: delta,
            fee: 0,
            reason: input.reason.as_deref(),
        };
        bill::log(act.scope, &[(order.id, request)]).await?;
        offer_freed(act, Freed::Orders(&[order.id])).await?;
        let outcome = Outcome::row("bookingOrder", order.id);
        let outcome = rows(outcome, "lines", &added.ids);
        let outcome = rows(outcome, "conflicts", &added.conflicts);
        Ok(outcome
            .and_value("priceDeltaMinor", delta)
            .detail("location_id", order.location_id.to_string())
            .detail("price_delta_minor", delta))
    }
}

fn rows(outcome: Outcome, part: &'static str, ids: &[Uuid]) -> Outcome {
    let ids = ids.iter();
    ids.fold(outcome, |outcome, id| outcome.and_row(part, *id))
}

/// Refuses prices of somebody who may not give any.
fn check_prices(act: &Act<'_>, order: &Locked, input: &BookingModifyInput) -> Checked<()> {
    let mut added = input.add_lines.iter().flatten();
    let of_new = added.any(|line| line.unit_price.is_some() || line.discount.is_some());
    let mut changed = input.change_lines.iter().flatten();
    let of_old = changed.any(|change| change.unit_price.is_some() || change.discount.is_some());
    if !(of_new || of_old) || act.principal()?.may_at(SET_PRICE, order.location_id) {
        return Ok(());
    }
    let field = if of_new { "addLines" } else { "changeLines" };
    let message =
        "Only who holds booking.set_price gives prices; without one it costs what the lists say.";
    Err(Fault::at(Problem::PriceNotAllowed, field, message))
}

/// Refuses requests that name nothing, or too much.
fn within(input: &BookingModifyInput) -> Checked<()> {
    let named = [
        ("addLines", input.add_lines.as_ref().map_or(0, Vec::len)),
        (
            "changeLines",
            input.change_lines.as_ref().map_or(0, Vec::len),
        ),
        (
            "addFeatures",
            input.add_features.as_ref().map_or(0, Vec::len),
        ),
        (
            "removeFeatureIds",
            input.remove_feature_ids.as_ref().map_or(0, Vec::len),
        ),
        (
            "addParticipants",
            input.add_participants.as_ref().map_or(0, Vec::len),
        ),
        (
            "removeParticipantIds",
            input.remove_participant_ids.as_ref().map_or(0, Vec::len),
        ),
    ];
    if let Some((field, count)) = named.iter().find(|(_, count)| *count > MOST) {
        let message = format!("{field} names {MOST} at most, not {count}.");
        return Err(Fault::at(Problem::TooMany, field, message));
    }
    let nothing = named.iter().all(|(_, count)| *count == 0);
    if nothing && input.units.is_none() && input.party_size.is_none() {
        let message = "Nothing is to be changed.";
        return Err(Fault::at(Problem::Incomplete, "id", message));
    }
    Ok(())
}

/// What the order costs with this base: its features follow.
async fn amounts(
    act: &Act<'_>,
    order: &Locked,
    base: i64,
    days: Option<&Days>,
) -> Checked<Amounts> {
    let amounts = follow(act.scope, order, base, days.map(Days::size)).await?;
    amounts.ok_or_else(|| {
        let message = "The price is too large.";
        Fault::at(Problem::InvalidPrice, "addFeatures", message)
    })
}

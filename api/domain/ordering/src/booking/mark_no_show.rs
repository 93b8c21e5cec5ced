//! `bookingMarkNoShow`.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, TimeDelta, Utc};
use entities::booking::booking_order;

use super::booking_policy::of_order;
use super::finish;
use super::locked::{Locked, lock};
use super::rules::Move;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::rules::{day_start, local_day, wall_time};
use scheduling::availability::store::release;
use scheduling::availability::waitlist::freed::{Freed, offer_freed};

const PERMISSION: &str = "booking.no_show";
/// What the histories say where no reason is given.
const REASON: &str = "The customer did not come.";

/// Notes that the customer did not come, after the booking has begun. What is left of its time is
/// free for others.
#[derive(InputObject)]
pub struct BookingMarkNoShowInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// What is known about it.
    #[graphql(validator(max_length = 2000))]
    pub reason: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a booking cannot be marked as no-show.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingMarkNoShowErrorCode")]
pub enum BookingMarkNoShowProblem {
    /// The booking has not begun yet, or the grace of the booking policy is not over.
    TooEarly,
    /// The booking is in a status that cannot be marked as no-show.
    WrongStatus,
}

/// The verb.
pub struct BookingMarkNoShow;

impl Verb for BookingMarkNoShow {
    type Input = BookingMarkNoShowInput;
    type Problem = BookingMarkNoShowProblem;

    const NAME: &'static str = "bookingMarkNoShow";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.no_show");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("bookingOrder", "BookingOrder", "The booking as it now is."),
        Part::Value(
            "feeMinor",
            "Long",
            "What the customer owes for not coming, by the policy as it was when booked, in minor units.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let order = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        order.allow(Move::MarkNoShow, BookingMarkNoShowProblem::WrongStatus)?;
        let now = act.scope.now();
        let policy = of_order(act.scope, order.location_id, order.id).await?;
        let grace = TimeDelta::minutes(policy.no_show_grace_minutes.unwrap_or(0).into());
        if now < order.starts_at + grace {
            let message = format!(
                "The booking counts as missed from {} on, local time.",
                wall_time(order.zone, order.starts_at + grace).format("%F %R")
            );
            return Err(Fault::at(BookingMarkNoShowProblem::TooEarly, "id", message));
        }
        let fee = order
            .policy
            .as_ref()
            .map_or(0, |policy| policy.no_show_fee(order.price));
        if let Some(free_from) = free_from(&order, now) {
            release(act.scope, "no_show", [(order.id, Some(free_from))]).await?;
        }
        let reason = input
            .reason
            .as_deref()
            .map(str::trim)
            .filter(|reason| !reason.is_empty());
        finish::mark_no_show(act.scope, reason.unwrap_or(REASON), vec![order.id]).await?;
        offer_freed(act, Freed::Orders(&[order.id])).await?;
        let outcome = Outcome::row("bookingOrder", order.id).and_value("feeMinor", fee);
        Ok(outcome
            .detail("location_id", order.location_id.to_string())
            .detail("fee_minor", fee))
    }
}

/// From when on what the booking takes is free: tonight's bed too, though its day has begun.
fn free_from(order: &Locked, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if order.is_stay {
        return Some(day_start(order.zone, local_day(order.zone, now)));
    }
    (now < order.ends_at).then_some(order.starts_at)
}

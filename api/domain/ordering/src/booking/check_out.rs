//! `bookingCheckOut`.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::booking::booking_order;

use super::early_departure::{charge, shorten};
use super::finish::{self, Departure};
use super::locked::{Locked, lock};
use super::rules::{Move, shortened};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::rules::day_start;
use scheduling::availability::store::release;
use scheduling::availability::waitlist::freed::{Freed, offer_freed};

const PERMISSION: &str = "booking.check_out";

/// Notes that the guest has left, or that the service has ended. The nights that a guest who leaves
/// early does not stay are free for others; what was agreed for them is still owed, unless they are
/// let off.
#[derive(InputObject)]
pub struct BookingCheckOutInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// Whether the nights that a guest who leaves early does not stay need not be paid: the price of
    /// the stay is then that of the nights stayed.
    #[graphql(default = false)]
    pub let_off_nights: bool,
    /// Whether the nights that a guest who leaves early does not stay count as cancelled now: they
    /// need not be paid, and the fee of the policy is owed for them.
    #[graphql(default = false)]
    pub by_policy: bool,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a booking cannot be checked out.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingCheckOutErrorCode")]
pub enum BookingCheckOutProblem {
    /// The booking is in a status that cannot be checked out.
    WrongStatus,
    /// What those who take part have paid already is more than the nights stayed cost.
    SharesPaid,
}

/// The verb.
pub struct BookingCheckOut;

impl Verb for BookingCheckOut {
    type Input = BookingCheckOutInput;
    type Problem = BookingCheckOutProblem;

    const NAME: &'static str = "bookingCheckOut";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.checked_out");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("bookingOrder", "BookingOrder", "The booking as it now is."),
        Part::Value(
            "feeMinor",
            "Long",
            "What is owed by the policy for nights that are given back, in minor units.",
        ),
        Part::Value(
            "refundDueMinor",
            "Long",
            "Where the policy says: what goes back of what was paid, in minor units.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let order = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        order.allow(Move::CheckOut, BookingCheckOutProblem::WrongStatus)?;
        let at = act.scope.now();
        let shortened_to = shortened_to(&order, at);
        if let Some((day, _)) = shortened_to {
            let free_from = day_start(order.zone, day);
            release(act.scope, "early_departure", [(order.id, Some(free_from))]).await?;
        }
        finish::check_out(
            act.scope,
            &[Departure {
                order_id: order.id,
                at,
                shortened_to,
            }],
        )
        .await?;
        let (mut fee, mut refund) = (0, None);
        if let Some((day, _)) = shortened_to
            && (input.let_off_nights || input.by_policy)
            && let Some(shortened) = shorten(act, &order, day).await?
            && !input.let_off_nights
        {
            let charged = charge(act, &order, day, &shortened).await?;
            (fee, refund) = (charged.0, Some(charged.1));
        }
        offer_freed(act, Freed::Orders(&[order.id])).await?;
        let outcome = Outcome::row("bookingOrder", order.id);
        let outcome = outcome
            .and_value("feeMinor", fee)
            .and_value("refundDueMinor", refund);
        let outcome = outcome.detail("location_id", order.location_id.to_string());
        Ok(match shortened_to {
            Some((day, _)) => outcome.detail("shortened_to", day.to_string()),
            None => outcome,
        })
    }
}

/// The new end of a stay whose guest leaves before it.
fn shortened_to(order: &Locked, at: DateTime<Utc>) -> Option<(NaiveDate, DateTime<Utc>)> {
    let (check_in_on, check_out_on) = (order.check_in_on?, order.check_out_on?);
    shortened(order.zone, (check_in_on, check_out_on), order.ends_at, at)
}

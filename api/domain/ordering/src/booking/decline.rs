//! `bookingDecline`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;

use super::approve::PERMISSION;
use super::locked::lock;
use super::rules::Move;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::store::release;
use scheduling::availability::waitlist::freed::{Freed, offer_freed};

/// Does not agree to a booking that waits for approval: what it kept is free for others.
#[derive(InputObject)]
pub struct BookingDeclineInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// Why it is declined, for the customer.
    #[graphql(validator(max_length = 2000))]
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a booking cannot be declined.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingDeclineErrorCode")]
pub enum BookingDeclineProblem {
    /// A reason must be given.
    ReasonRequired,
    /// The booking does not wait for approval.
    WrongStatus,
}

/// The verb.
pub struct BookingDecline;

impl Verb for BookingDecline {
    type Input = BookingDeclineInput;
    type Problem = BookingDeclineProblem;

    const NAME: &'static str = "bookingDecline";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.declined");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "bookingOrder",
        "BookingOrder",
        "The booking as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(BookingDeclineProblem::ReasonRequired, &input.reason)?;
        let order = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        order.allow(Move::Decline, BookingDeclineProblem::WrongStatus)?;
        act.scope.set_reason(reason).await?;
        release(act.scope, "declined", [(order.id, None)]).await?;
        let sql = "update booking.booking_orders o set status = 'declined' where o.biz_id = $1 and o.id = $2";
        act.scope
            .execute(sql, &[act.scope.biz_id().into(), order.id.into()])
            .await?;
        offer_freed(act, Freed::Orders(&[order.id])).await?;
        Ok(Outcome::row("bookingOrder", order.id)
            .detail("location_id", order.location_id.to_string())
            .detail("reason", reason))
    }
}

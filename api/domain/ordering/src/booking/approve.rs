//! `bookingApprove`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;

use super::confirm::make_firm;
use super::locked::lock;
use super::rules::Move;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::store::HOLD_EXPIRED;

/// Who holds it also confirms at once what others must ask for.
pub(super) const PERMISSION: &str = "booking.approve";

/// Agrees to a booking that waits for approval, before its deadline: what it keeps is its own from
/// now on, and its work is planned.
#[derive(InputObject)]
pub struct BookingApproveInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a booking cannot be approved.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingApproveErrorCode")]
pub enum BookingApproveProblem {
    /// The deadline has passed, and what it kept may be taken by others.
    DeadlinePassed,
    /// The booking does not wait for approval.
    WrongStatus,
}

/// The verb.
pub struct BookingApprove;

impl Verb for BookingApprove {
    type Input = BookingApproveInput;
    type Problem = BookingApproveProblem;

    const NAME: &'static str = "bookingApprove";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.approved");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "bookingOrder",
        "BookingOrder",
        "The booking as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, BookingApproveProblem)] =
        &[(HOLD_EXPIRED, BookingApproveProblem::DeadlinePassed)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let order = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        if order.has_expired() {
            let message = "The deadline for approval has passed; what it kept may be taken by others. Book again.";
            return Err(Fault::at(
                BookingApproveProblem::DeadlinePassed,
                "id",
                message,
            ));
        }
        order.allow(Move::Approve, BookingApproveProblem::WrongStatus)?;
        make_firm(act.scope, &order).await?;
        Ok(Outcome::row("bookingOrder", order.id)
            .detail("location_id", order.location_id.to_string()))
    }
}

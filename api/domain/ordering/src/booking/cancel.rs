//! `bookingCancel`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType};
use chrono::{DateTime, Utc};
use entities::booking::booking_order;

use super::choices::CancellationParty;
use super::finish::{self, At, Cancellation};
use super::locked::{Locked, lock};
use super::policy::{Tier, refund_due};
use super::rules::Move;
use super::split::dropped::{BookingShareRefund, drop_all};
use super::store::paid;
use foundation::database::Error;
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::store::release;
use scheduling::availability::waitlist::freed::{Freed, offer_freed};

const PERMISSION: &str = "booking.cancel";

/// Cancels a booking that has not begun: what it takes is free for others. A customer who cancels a
/// confirmed booking owes the fee of the policy it was booked under, by the clocks of the location;
/// with `dryRun`, this tells the fee and changes nothing.
#[derive(InputObject)]
pub struct BookingCancelInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// Why it is cancelled.
    pub reason: String,
    /// Who asks for it; the customer if not given. Where the business or the program does, there is
    /// no fee.
    pub requested_by: Option<Choice<CancellationParty>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a booking cannot be cancelled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingCancelErrorCode")]
pub enum BookingCancelProblem {
    /// A reason must be given, of 2,000 characters at most.
    ReasonRequired,
    /// The booking is in a status that cannot be cancelled.
    WrongStatus,
}

/// The verb.
pub struct BookingCancel;

impl Verb for BookingCancel {
    type Input = BookingCancelInput;
    type Problem = BookingCancelProblem;

    const NAME: &'static str = "bookingCancel";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.cancelled");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("bookingOrder", "BookingOrder", "The booking as it now is."),
        Part::Row(
            "cancellation",
            "Cancellation",
            "The cancellation with its fee.",
        ),
        Part::Value(
            "feeMinor",
            "Long",
            "What the customer owes for it, in minor units.",
        ),
        Part::Value(
            "refundDueMinor",
            "Long",
            "What the customer gets back of what was paid, in minor units.",
        ),
        Part::Value(
            "shareRefunds",
            "[BookingShareRefund!]",
            "Of a booking that was split, what each who paid a share gets back.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, BookingCancelProblem)] = &[(
        "cancellations_reason_check",
        BookingCancelProblem::ReasonRequired,
    )];

    fn types(registry: &mut Registry) {
        <BookingShareRefund as OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(BookingCancelProblem::ReasonRequired, &input.reason)?;
        let order = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        order.allow(Move::Cancel, BookingCancelProblem::WrongStatus)?;
        let requested_by = input.requested_by.map_or("customer", |party| party.0);
        let paid_minor = paid(act.scope, order.id).await?;
        let now = act.scope.now();
        let cancellation = cancellation(&order, requested_by, reason, now, paid_minor)?;
        // Slots before rows of the order's own, as the lock order has it.
        release(act.scope, "cancelled", [(order.id, None)]).await?;
        finish::cancel(act.scope, reason, std::slice::from_ref(&cancellation)).await?;
        let refunds = drop_all(act.scope, order.id, cancellation.fee_minor).await?;
        let refunds = serde_json::to_value(refunds);
        let refunds = refunds.map_err(|error| Error::Internal(error.to_string()))?;
        offer_freed(act, Freed::Orders(&[order.id])).await?;
        let Cancellation {
            id,
            fee_minor,
            refund_due_minor,
            ..
        } = cancellation;
        let outcome = Outcome::row("bookingOrder", order.id).and_row("cancellation", id);
        let outcome = outcome
            .and_value("feeMinor", fee_minor)
            .and_value("refundDueMinor", refund_due_minor)
            .and_value("shareRefunds", refunds);
        Ok(outcome
            .detail("location_id", order.location_id.to_string())
            .detail("fee_minor", fee_minor))
    }
}

/// What a cancellation at this instant costs, of which so much was paid.
pub(super) fn cancellation(
    order: &Locked,
    requested_by: &'static str,
    reason: &str,
    now: DateTime<Utc>,
    paid_minor: i64,
) -> Result<Cancellation, Error> {
    let tier = tier_at(order, requested_by, now);
    let fee_minor = tier.map_or(0, |tier| tier.fee(order.price));
    let snapshot = tier.map(serde_json::to_value).transpose();
    let at = At {
        order_id: order.id,
        at: now,
    };
    Ok(Cancellation {
        policy_tier_id: tier.map(|tier| tier.id),
        policy_tier: snapshot.map_err(|error| Error::Internal(error.to_string()))?,
        fee_minor,
        refund_due_minor: refund_due(paid_minor, fee_minor),
        ..Cancellation::free(at, requested_by, reason)
    })
}

/// The step of its policy under which an order would be cancelled at an instant; none where that is
/// free: before it is confirmed, or where the business itself calls it off.
pub(super) fn tier_at<'a>(
    order: &'a Locked,
    requested_by: &str,
    now: DateTime<Utc>,
) -> Option<&'a Tier> {
    let owes = order.status == "confirmed" && matches!(requested_by, "customer" | "channel");
    let policy = order.policy.as_ref().filter(|_| owes)?;
    policy.tier_at(order.zone, order.starts_at, now)
}

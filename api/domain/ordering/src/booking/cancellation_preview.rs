//! `bookingCancellationPreview`.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use entities::booking::{booking_order, booking_order_line};
use entities::pricing::cancellation_policy_tier;

use super::cancel::tier_at;
use super::cancel_lines::line_price;
use super::choices::CancellationParty;
use super::locked::{Locked, read};
use super::policy::{Policy, Price, refund_due};
use super::rules::Move;
use super::store::paid;
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Choice, Id, Instant, Money};
use foundation::graph::verb::Permission;

const PERMISSION: &str = "booking.cancel";

/// What cancelling a booking, or one line of it, would cost at an instant, by the policy as it was
/// when booked and by the clocks of the location. Changes nothing.
#[derive(InputObject)]
pub struct BookingCancellationPreviewInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// When it would be cancelled; now if not given.
    pub at: Option<Instant>,
    /// The line that would be cancelled; the whole booking if not given.
    pub line_id: Option<Id<booking_order_line::Entity>>,
    /// Who would ask for it; the customer if not given.
    pub requested_by: Option<Choice<CancellationParty>>,
}

/// What cancelling would cost.
#[derive(SimpleObject)]
pub struct BookingCancellationPreview {
    /// The instant that this holds for.
    pub at: Instant,
    /// Whether the booking is in a status in which it can be cancelled.
    pub is_allowed: bool,
    /// What would be owed for it.
    pub fee: Money,
    /// What was paid so far.
    pub paid: Money,
    /// What would go back of that.
    pub refund_due: Money,
    /// The tier of the policy that would apply; none where it would be free.
    pub policy_tier_id: Option<Id<cancellation_policy_tier::Entity>>,
    /// Until when it is free; none where it is not, or no longer.
    pub free_until: Option<Instant>,
    /// What it costs from when on, in the order of time.
    pub steps: Vec<BookingCancellationStep>,
}

/// From when on cancelling costs how much.
#[derive(SimpleObject)]
pub struct BookingCancellationStep {
    /// From this instant on, by the clocks of the location.
    pub from: Instant,
    /// So much is owed.
    pub fee: Money,
}

/// The question.
pub struct CancellationPreview;

impl Question for CancellationPreview {
    type Input = BookingCancellationPreviewInput;
    type Answer = BookingCancellationPreview;

    const NAME: &'static str = "bookingCancellationPreview";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let absent = || Failure::new(Code::NotFound, "There is no such booking.");
        let order = read(look.scope, input.id.uuid())
            .await?
            .ok_or_else(absent)?;
        look.permit_at(PERMISSION, order.location_id, "booking")?;
        let price = match input.line_id {
            None => order.price,
            Some(line) => line_price(look.scope, order.id, line.uuid())
                .await?
                .ok_or_else(|| Failure::new(Code::NotFound, "There is no such line."))?,
        };
        let at = input.at.map_or(look.scope.now(), |at| at.0);
        let paid_minor = paid(look.scope, order.id).await?;
        let requested_by = input.requested_by.map_or("customer", |party| party.0);
        Ok(preview(&order, price, at, paid_minor, requested_by))
    }
}

fn preview(
    order: &Locked,
    price: Price,
    at: DateTime<Utc>,
    paid_minor: i64,
    requested_by: &str,
) -> BookingCancellationPreview {
    let money = |minor| Money {
        minor,
        currency: order.currency.clone(),
    };
    let tier = tier_at(order, requested_by, at);
    let fee = tier.map_or(0, |tier| tier.fee(price));
    let owes = matches!(requested_by, "customer" | "channel");
    let steps = match order.policy.as_ref().filter(|_| owes) {
        Some(policy) => steps(policy, order, price),
        None => Vec::new(),
    };
    let first = steps.iter().find(|(_, fee)| *fee > 0);
    BookingCancellationPreview {
        at: Instant(at),
        is_allowed: Move::Cancel.is_allowed(&order.status),
        fee: money(fee),
        paid: money(paid_minor),
        refund_due: money(refund_due(paid_minor, fee)),
        policy_tier_id: tier.map(|tier| Id::new(tier.id)),
        free_until: first
            .filter(|(from, _)| *from > at)
            .map(|(from, _)| Instant(*from)),
        steps: steps
            .iter()
            .map(|(from, fee)| BookingCancellationStep {
                from: Instant(*from),
                fee: money(*fee),
            })
            .collect(),
    }
}

fn steps(policy: &Policy, order: &Locked, price: Price) -> Vec<(DateTime<Utc>, i64)> {
    let mut steps: Vec<(DateTime<Utc>, i64)> = policy
        .tiers
        .iter()
        .map(|tier| (tier.cutoff(order.zone, order.starts_at), tier.fee(price)))
        .collect();
    steps.sort_unstable();
    steps
}

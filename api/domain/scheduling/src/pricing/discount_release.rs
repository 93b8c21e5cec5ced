//! `discountRelease`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use entities::pricing::discount;

use super::discount_apply::PERMISSION;
use super::order_discounts::lock;
use super::record::{Source, release_use};
use foundation::graph::scalars::{Id, Money};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes a discount of a booking back: the booking costs what it did without it, and the use no longer
/// counts towards the limits of the discount.
#[derive(InputObject)]
pub struct DiscountReleaseInput {
    /// The booking.
    pub booking_order_id: Id<booking_order::Entity>,
    /// The discount.
    pub discount_id: Id<discount::Entity>,
}

/// Why a discount cannot be taken back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DiscountReleaseErrorCode")]
pub enum DiscountReleaseProblem {
    /// The booking is over or called off.
    WrongStatus,
    /// The booking does not have this discount.
    NotApplied,
    /// The discount is part of the price of lines, and goes only when they are priced anew.
    InLinePrices,
    /// The tax that follows cannot be reckoned: a rate is missing, or amounts are too large.
    TaxUnknown,
}

/// The verb.
pub struct DiscountRelease;

use DiscountReleaseProblem as Problem;

impl Verb for DiscountRelease {
    type Input = DiscountReleaseInput;
    type Problem = DiscountReleaseProblem;

    const NAME: &'static str = "discountRelease";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.discount_released");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("bookingOrder", "BookingOrder", "The booking as it now is."),
        Part::Value("amount", "Money", "What the discount had taken off."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.booking_order_id.uuid();
        let mut order = lock(act, PERMISSION, id, Vec::new()).await?;
        order.allow(Problem::WrongStatus)?;
        let wanted = input.discount_id.uuid();
        let found = order
            .standing
            .iter()
            .find(|(_, discount, _)| discount.id == wanted);
        let Some((use_id, _, amount_minor)) = found.map(|(id, of, amount)| (*id, of, *amount))
        else {
            let message = "The booking does not have this discount.";
            return Err(Fault::at(Problem::NotApplied, "discountId", message));
        };
        if order.on_order(use_id) != amount_minor {
            let message = "This discount is part of the price of lines: price the booking anew.";
            return Err(Fault::at(Problem::InLinePrices, "discountId", message));
        }
        order.discounted(Some(use_id), |_, _| Ok(0))?;
        release_use(act.scope, Source::order(id), use_id).await?;
        order
            .write(act, |_| {
                let message = "The tax of the booking cannot be reckoned anew.";
                Fault::at(Problem::TaxUnknown, "bookingOrderId", message)
            })
            .await?;
        let amount = Money {
            minor: amount_minor,
            currency: order.request.currency.clone().unwrap_or_default(),
        };
        let amount = serde_json::to_value(&amount).unwrap_or_default();
        let outcome = Outcome::row("bookingOrder", id).and_value("amount", amount);
        Ok(outcome
            .detail("location_id", order.request.location_id.to_string())
            .detail("discount_minor", amount_minor))
    }
}

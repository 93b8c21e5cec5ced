//! `discountApply`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use uuid::Uuid;

use super::discount::{apply, given};
use super::order_discounts::{Order, lock};
use super::reckoning::{Frame, Notes};
use super::refusal::{Refusal, RefusalCode};
use foundation::database::new_id;
use foundation::graph::scalars::{Id, Money};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::money::exponent;

/// Who may give discounts on bookings, and take them back.
pub const PERMISSION: &str = "booking.discount";

/// Gives a discount on a booking that is made: what it takes off is spread over all that it is for, its
/// taxes are reckoned anew, and the use counts towards the limits of the discount, however many are
/// given at the same time.
#[derive(InputObject)]
pub struct DiscountApplyInput {
    /// The booking.
    pub booking_order_id: Id<booking_order::Entity>,
    /// The code of the discount.
    pub code: String,
}

/// Why a discount cannot be given.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DiscountApplyErrorCode")]
pub enum DiscountApplyProblem {
    /// The booking is over or called off.
    WrongStatus,
    /// There is no such discount.
    UnknownCode,
    /// The booking has this discount already.
    AlreadyApplied,
    /// The discount is not valid now, for this customer, for what is booked, or for so little.
    NotApplicable,
    /// The discount was used as often as it can be, altogether or by this customer.
    Exhausted,
    /// The discount does not go together with others.
    NotStackable,
    /// The discount must be given by somebody who may approve discounts.
    ApprovalRequired,
    /// The discount is for prices in another currency.
    CurrencyMismatch,
    /// The tax that follows cannot be reckoned: a rate is missing, or amounts are too large.
    TaxUnknown,
}

/// The verb.
pub struct DiscountApply;

use DiscountApplyProblem as Problem;

const REDEEM: &str = "insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency) \
    values ($1, $2, $3, $4, 'BookingOrder', $5, $6, $7)";

impl Verb for DiscountApply {
    type Input = DiscountApplyInput;
    type Problem = DiscountApplyProblem;

    const NAME: &'static str = "discountApply";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.discounted");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("bookingOrder", "BookingOrder", "The booking as it now is."),
        Part::Row(
            "discountRedemption",
            "DiscountRedemption",
            "The use of the discount.",
        ),
        Part::Value("amount", "Money", "What the discount took off."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("discounts_usage_limit_check", Problem::Exhausted),
        (
            "discount_redemptions_per_customer_check",
            Problem::Exhausted,
        ),
        (
            "discount_redemptions_currency_check",
            Problem::CurrencyMismatch,
        ),
        ("booking_orders_discount_check", Problem::NotApplicable),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let code = input.code.trim().to_owned();
        let id = input.booking_order_id.uuid();
        let mut order = lock(act, PERMISSION, id, vec![code]).await?;
        order.allow(Problem::WrongStatus)?;
        let now = act.scope.now();
        let mut discount_id = Uuid::nil();
        let amount_minor = order.discounted(None, |order, basket| {
            let currency = order.request.currency.as_deref().unwrap_or_default();
            let frame = Frame {
                tariff: &order.tariff,
                request: &order.request,
                currency,
                exponent: exponent(currency),
                at: now,
            };
            let given = given(frame).map_err(refused)?;
            goes_with(order, &given)?;
            let applied = apply(frame, &given, basket, &mut Notes::default()).map_err(refused)?;
            discount_id = applied
                .first()
                .map(|given| given.discount_id)
                .unwrap_or_default();
            Ok(applied.iter().map(|given| given.amount_minor).sum())
        })?;
        let redemption = new_id();
        let currency = order.request.currency.clone().unwrap_or_default();
        let values = [
            act.scope.biz_id().into(),
            redemption.into(),
            discount_id.into(),
            order.request.customer_id.into(),
            id.into(),
            amount_minor.into(),
            currency.as_str().into(),
        ];
        act.scope.execute(REDEEM, &values).await?;
        order.write(act, |_| untaxed()).await?;
        let amount = Money {
            minor: amount_minor,
            currency,
        };
        let amount = serde_json::to_value(&amount).unwrap_or_default();
        let outcome = Outcome::row("bookingOrder", id).and_row("discountRedemption", redemption);
        Ok(outcome
            .and_value("amount", amount)
            .detail("location_id", order.request.location_id.to_string())
            .detail("discount_minor", amount_minor))
    }
}

fn untaxed() -> Fault<Problem> {
    let message = "The tax of the booking cannot be reckoned anew.";
    Fault::at(Problem::TaxUnknown, "bookingOrderId", message)
}

/// Refuses a second use on the same booking, and what does not go with those that stand.
fn goes_with(order: &Order, given: &[&super::tariff::Discount]) -> Result<(), Fault<Problem>> {
    for (_, standing, _) in &order.standing {
        for discount in given {
            if discount.id == standing.id {
                let message = format!("The booking has {} already.", discount.name);
                return Err(Fault::at(Problem::AlreadyApplied, "code", message));
            }
            if !discount.is_stackable || !standing.is_stackable {
                let message = format!("{} does not go with {}.", discount.name, standing.name);
                return Err(Fault::at(Problem::NotStackable, "code", message));
            }
        }
    }
    Ok(())
}

fn refused(refusal: Refusal) -> Fault<Problem> {
    let code = match refusal.code {
        RefusalCode::UnknownCode => Problem::UnknownCode,
        RefusalCode::DiscountExhausted => Problem::Exhausted,
        RefusalCode::NotStackable => Problem::NotStackable,
        RefusalCode::ApprovalRequired => Problem::ApprovalRequired,
        RefusalCode::CurrencyMismatch => Problem::CurrencyMismatch,
        _ => Problem::NotApplicable,
    };
    Fault::at(code, "code", refusal.message)
}

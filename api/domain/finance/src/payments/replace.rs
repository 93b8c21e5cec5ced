//! `paymentTendersReplace`.

use async_graphql::InputObject;
use entities::payments::payment_intent;

use super::create::{PAYLOAD, PERMISSION, begin};
use super::tenders::{self, CONSTRAINTS, PaymentProblem as Problem, PaymentTenderInput, Whole};
use super::{counters, guard};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Pays what of a payment is not paid yet in other ways: parts that were declined or not tried are
/// given up, those named here take their place.
#[derive(InputObject)]
pub struct PaymentTendersReplaceInput {
    /// The payment.
    pub id: Id<payment_intent::Entity>,
    /// The new parts, at most 50, which sum up to what is not paid yet.
    pub tenders: Vec<PaymentTenderInput>,
}

/// The verb.
pub struct PaymentTendersReplace;

impl Verb for PaymentTendersReplace {
    type Input = PaymentTendersReplaceInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentTendersReplace";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.tenders_replaced");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let mut intent = guard::lock(act, PERMISSION, input.id.uuid()).await?;
        guard::allow(
            &intent,
            &["requires_payment_method", "requires_confirmation"],
        )?;
        let first_seq = i32::try_from(intent.tenders.len() + 1).unwrap_or(i32::MAX);
        let mut kept = 0;
        for tender in &mut intent.tenders {
            match tender.status.as_str() {
                "pending" | "failed" => {
                    if let Some((attempt, _)) = tender.in_flight.take() {
                        let sql = "update payments.payment_attempts set status = 'abandoned', finished_at = $3 \
                                   where biz_id = $1 and id = $2";
                        let values = [
                            act.scope.biz_id().into(),
                            attempt.into(),
                            act.scope.now().into(),
                        ];
                        act.scope.execute(sql, &values).await?;
                    }
                    "canceled".clone_into(&mut tender.status);
                }
                "canceled" => {}
                _ => kept += tender.amount,
            }
        }
        let whole = Whole {
            intent_id: intent.id,
            amount: intent.amount - kept,
            currency: intent.currency.clone(),
            capture_mode: intent.capture_mode.clone(),
            location_id: intent.location_id,
            customer_id: intent.customer_id,
            first_seq,
            may_prefer: true,
        };
        counters::give_up(act.scope, &intent).await?;
        let tries = tenders::write(act, &whole, &input.tenders).await?;
        begin(
            act,
            intent.id,
            tries,
            Outcome::row("paymentIntent", intent.id),
        )
        .await
    }
}

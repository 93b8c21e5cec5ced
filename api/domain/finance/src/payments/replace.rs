//! `paymentTendersReplace`.

use async_graphql::InputObject;
use entities::payments::payment_intent;
use uuid::Uuid;

use super::create::{PAYLOAD, PERMISSION, begin};
use super::locked::Intent;
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
        let intent = guard::lock(act, PERMISSION, input.id.uuid()).await?;
        guard::allow(
            &intent,
            &["requires_payment_method", "requires_confirmation"],
        )?;
        let intent_id = intent.id;
        let tries = pay_otherwise(act, intent, &input.tenders, true).await?;
        begin(
            act,
            intent_id,
            tries,
            Outcome::row("paymentIntent", intent_id),
        )
        .await
    }
}

const ABANDON: &str = "update payments.payment_attempts set status = 'abandoned', finished_at = $3 where biz_id = $1 and id = $2";

/// Gives up the parts of a locked payment that were declined or not tried, and writes others in their
/// place: their tries, which are not sent yet.
pub async fn pay_otherwise(
    act: &Act<'_>,
    mut intent: Intent,
    tenders: &[PaymentTenderInput],
    may_prefer: bool,
) -> Result<Vec<Uuid>, Fault<Problem>> {
    let scope = act.scope;
    let first_seq = i32::try_from(intent.tenders.len() + 1).unwrap_or(i32::MAX);
    let mut kept = 0;
    for tender in &mut intent.tenders {
        match tender.status.as_str() {
            "pending" | "failed" => {
                if let Some((attempt, _)) = tender.in_flight.take() {
                    let values = [scope.biz_id().into(), attempt.into(), scope.now().into()];
                    scope.execute(ABANDON, &values).await?;
                }
                "canceled".clone_into(&mut tender.status);
            }
            "canceled" => {}
            _ => kept += tender.amount,
        }
    }
    counters::give_up(scope, &intent).await?;
    let whole = Whole {
        intent_id: intent.id,
        amount: intent.amount - kept,
        currency: intent.currency,
        capture_mode: intent.capture_mode,
        location_id: intent.location_id,
        customer_id: intent.customer_id,
        first_seq,
        may_prefer,
    };
    tenders::write(act, &whole, tenders).await
}

//! `paymentCancel`.

use async_graphql::InputObject;
use entities::payments::payment_intent;
use sea_orm::Value;

use super::attempts::{self, NewAttempt};
use super::create::{PAYLOAD, begin};
use super::locked::Intent;
use super::tenders::{CONSTRAINTS, PaymentProblem as Problem};
use super::{counters, guard};
use foundation::database::Error;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "payments.capture";

/// Gives a payment up: what was authorized and not taken is released. Of a payment of which a part
/// was taken, the rest is released; what was taken is given back by a refund.
#[derive(InputObject)]
pub struct PaymentCancelInput {
    /// The payment.
    pub id: Id<payment_intent::Entity>,
    /// Why it is given up.
    pub reason: String,
}

/// The verb.
pub struct PaymentCancel;

impl Verb for PaymentCancel {
    type Input = PaymentCancelInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentCancel";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.cancel_requested");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let mut intent = guard::lock(act, PERMISSION, input.id.uuid()).await?;
        guard::allow(
            &intent,
            &[
                "requires_payment_method",
                "requires_confirmation",
                "requires_action",
                "requires_capture",
                "partially_captured",
            ],
        )?;
        let sql =
            "update payments.payment_intents set cancel_reason = $3 where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), intent.id.into(), reason.into()];
        act.scope.execute(sql, &values).await?;
        abandon(act, &mut intent).await?;
        guard::idle(&intent)?;
        let mut tries = Vec::new();
        for tender in intent
            .tenders
            .iter()
            .filter(|tender| tender.status == "authorized")
        {
            let Some(account_id) = tender.account_id else {
                continue;
            };
            let new = NewAttempt::new(tender.id, account_id, "void", None);
            attempts::write(act.scope, &new).await?;
            tries.push(new.id);
        }
        counters::settle(act.scope, &mut intent).await?;
        let outcome = Outcome::row("paymentIntent", intent.id);
        begin(act, intent.id, tries, outcome).await
    }
}

const ABANDON: &str = "update payments.payment_attempts set status = 'abandoned', finished_at = $3 \
    where biz_id = $1 and id = $2";

/// Gives up parts that nothing was taken or authorized of. A challenge that the customer has not
/// answered is given up too: should they answer it after all, the processor's message says so.
async fn abandon(act: &Act<'_>, intent: &mut Intent) -> Result<(), Error> {
    for tender in &mut intent.tenders {
        let is_waiting = tender
            .in_flight
            .as_ref()
            .is_some_and(|(_, status)| status == "requires_action");
        let is_open = matches!(tender.status.as_str(), "pending" | "failed") || is_waiting;
        if !is_open {
            continue;
        }
        if let Some((attempt, _)) = tender.in_flight.take() {
            let values: [Value; 3] = [
                act.scope.biz_id().into(),
                attempt.into(),
                act.scope.now().into(),
            ];
            act.scope.execute(ABANDON, &values).await?;
        }
        "canceled".clone_into(&mut tender.status);
    }
    Ok(())
}

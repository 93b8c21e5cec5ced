//! `paymentCapture`.

use async_graphql::InputObject;
use entities::payments::payment_intent;

use super::attempts::{self, NewAttempt};
use super::create::{PAYLOAD, begin};
use super::guard;
use super::rules::fill;
use super::tenders::{CONSTRAINTS, PaymentProblem as Problem};
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "payments.capture";

/// Takes money that was authorized: all of it, or a part. What is not taken is released, unless the
/// payment is taken in several goes and more is to follow.
#[derive(InputObject)]
pub struct PaymentCaptureInput {
    /// The payment.
    pub id: Id<payment_intent::Entity>,
    /// How much is taken, tips included; all that can be if not given.
    pub amount: Option<MoneyInput>,
    /// Whether nothing more is taken afterwards. Only a payment that is taken in several goes can
    /// have more; of others the rest is always released.
    pub is_final: Option<bool>,
}

/// The verb.
pub struct PaymentCapture;

impl Verb for PaymentCapture {
    type Input = PaymentCaptureInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentCapture";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.capture_requested");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let intent = guard::lock(act, PERMISSION, input.id.uuid()).await?;
        guard::allow(&intent, &["requires_capture", "partially_captured"])?;
        guard::idle(&intent)?;
        let amount = match &input.amount {
            None => intent.capturable,
            Some(money) if money.currency != intent.currency || money.minor <= 0 => {
                let message = format!("An amount of {} is taken.", intent.currency);
                return Err(Fault::at(Problem::WrongAmount, "amount", message));
            }
            Some(money) => money.minor,
        };
        let is_multiple = intent.capture_mode == "manual_multiple";
        let is_final = !is_multiple || input.is_final.unwrap_or(amount >= intent.capturable);
        let held: Vec<i64> = intent
            .tenders
            .iter()
            .map(|tender| {
                if tender.status == "authorized" {
                    tender.held()
                } else {
                    0
                }
            })
            .collect();
        let parts = fill(amount, &held).ok_or_else(|| {
            let message = format!("At most {} minor units can be taken.", intent.capturable);
            Fault::at(Problem::ExceedsAuthorized, "amount", message)
        })?;
        let mut tries = Vec::new();
        for ((tender, part), held) in intent.tenders.iter().zip(parts).zip(held) {
            let Some(account_id) = tender.account_id.filter(|_| held > 0) else {
                continue;
            };
            let new = match part {
                0 if !is_final => continue,
                0 => NewAttempt::new(tender.id, account_id, "void", None),
                _ => NewAttempt {
                    is_final,
                    ..NewAttempt::new(tender.id, account_id, "capture", Some(part))
                },
            };
            attempts::write(act.scope, &new).await?;
            tries.push(new.id);
        }
        let outcome = Outcome::row("paymentIntent", intent.id).detail("amount_minor", amount);
        begin(act, intent.id, tries, outcome).await
    }
}

//! `paymentConfirm`.

use async_graphql::InputObject;
use entities::payments::{payment_intent, payment_intent_tender};
use uuid::Uuid;

use super::attempts::{self, NewAttempt};
use super::create::{PAYLOAD, PERMISSION, begin};
use super::locked::{Intent, Tender};
use super::tenders::{CONSTRAINTS, PaymentProblem as Problem};
use super::{guard, tenders};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// What a declined part is tried with again.
#[derive(InputObject)]
pub struct PaymentRetryInput {
    /// The part.
    pub tender_id: Id<payment_intent_tender::Entity>,
    /// What stands for the card at the processor; the same as before if not given.
    pub method_ref: Option<String>,
}

/// Confirms a payment that was written down, and tries declined parts again. Parts that are paid
/// stay as they are.
#[derive(InputObject)]
pub struct PaymentConfirmInput {
    /// The payment.
    pub id: Id<payment_intent::Entity>,
    /// What declined parts are tried with, at most 50; as before where one is not named.
    pub retries: Option<Vec<PaymentRetryInput>>,
}

/// The verb.
pub struct PaymentConfirm;

impl Verb for PaymentConfirm {
    type Input = PaymentConfirmInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentConfirm";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.confirmed");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let retries = input.retries.unwrap_or_default();
        if retries.len() > tenders::MOST {
            let message = "A payment has at most 50 parts.";
            return Err(Fault::at(Problem::TooManyParts, "retries", message));
        }
        let intent = guard::lock(act, PERMISSION, input.id.uuid()).await?;
        let allowed = ["requires_confirmation", "requires_payment_method"];
        guard::allow(&intent, &allowed)?;
        let mut tries = Vec::new();
        for tender in intent.tenders.iter().filter(|tender| is_open(tender)) {
            let retry = retries
                .iter()
                .find(|retry| retry.tender_id.uuid() == tender.id);
            tries.push(attempt(act, &intent, tender, retry).await?);
        }
        if tries.is_empty() {
            let message =
                "The payment has no part that could be tried: add one by paymentTendersReplace.";
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        begin(
            act,
            intent.id,
            tries,
            Outcome::row("paymentIntent", intent.id),
        )
        .await
    }
}

fn is_open(tender: &Tender) -> bool {
    matches!(tender.status.as_str(), "pending" | "failed")
}

async fn attempt(
    act: &Act<'_>,
    intent: &Intent,
    tender: &Tender,
    retry: Option<&PaymentRetryInput>,
) -> Result<Uuid, Fault<Problem>> {
    if let Some((id, _)) = &tender.in_flight {
        return Ok(*id);
    }
    let account = tender
        .account_id
        .ok_or_else(|| Fault::not_found("processor account"))?;
    let found = super::accounts::find(act.scope, account).await?;
    let (account, _) = found.ok_or_else(|| Fault::not_found("processor account"))?;
    let reserves = intent.capture_mode != "automatic" && tenders::can_reserve(&account);
    let operation = if reserves { "authorize" } else { "charge" };
    let method_ref = retry.and_then(|retry| retry.method_ref.clone());
    let new = NewAttempt {
        method_ref: method_ref.or_else(|| tender.method_ref.clone()),
        ..NewAttempt::new(
            tender.id,
            account.id,
            operation,
            Some(tender.amount + tender.tip),
        )
    };
    attempts::write(act.scope, &new).await?;
    Ok(new.id)
}

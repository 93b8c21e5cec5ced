//! `sandboxChallengeAnswer`.

use async_graphql::InputObject;
use entities::payments::payment_intent;

use super::create::{PAYLOAD, PERMISSION};
use super::processors::sandbox::challenged;
use super::tenders::{CONSTRAINTS, PaymentProblem as Problem};
use super::{attempts, counters, guard, record};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Answers a challenge of the sandbox in the customer's place, for development.
#[derive(InputObject)]
pub struct SandboxChallengeAnswerInput {
    /// The payment that waits for it.
    pub id: Id<payment_intent::Entity>,
    /// Whether the customer passes.
    pub passed: bool,
}

/// The verb.
pub struct SandboxChallengeAnswer;

impl Verb for SandboxChallengeAnswer {
    type Input = SandboxChallengeAnswerInput;
    type Problem = Problem;

    const NAME: &'static str = "sandboxChallengeAnswer";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.challenge_answered");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let mut intent = guard::lock(act, PERMISSION, input.id.uuid()).await?;
        guard::allow(&intent, &["requires_action"])?;
        let waiting = intent.tenders.iter().find_map(|tender| {
            let (id, status) = tender.in_flight.as_ref()?;
            (status == "requires_action").then_some(*id)
        });
        let id = waiting.ok_or_else(|| Fault::not_found("challenge"))?;
        let attempt = attempts::find(act.scope, id).await?;
        let attempt = attempt.filter(|attempt| attempt.account.processor == "sandbox");
        let attempt = attempt.ok_or_else(|| Fault::not_found("challenge"))?;
        let external = attempt.charge.authorization.clone().unwrap_or_default();
        let reserves = attempt.charge.operation == "authorize";
        let report = challenged(id, &external, input.passed, reserves);
        record::apply(act.scope, &mut intent, &attempt, report).await?;
        counters::settle(act.scope, &mut intent).await?;
        Ok(Outcome::row("paymentIntent", intent.id))
    }
}

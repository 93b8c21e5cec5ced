//! `paymentAuthorizationIncrease`.

use async_graphql::InputObject;
use entities::payments::payment_intent;

use super::attempts::{self, NewAttempt};
use super::create::{PAYLOAD, begin};
use super::guard;
use super::tenders::{CONSTRAINTS, PaymentProblem as Problem};
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "payments.take";

/// Authorizes more on a payment that waits to be taken, such as for a longer stay: on its last
/// authorized part.
#[derive(InputObject)]
pub struct PaymentAuthorizationIncreaseInput {
    /// The payment.
    pub id: Id<payment_intent::Entity>,
    /// How much more.
    pub by: MoneyInput,
}

/// The verb.
pub struct PaymentAuthorizationIncrease;

impl Verb for PaymentAuthorizationIncrease {
    type Input = PaymentAuthorizationIncreaseInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentAuthorizationIncrease";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.increase_requested");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let intent = guard::lock(act, PERMISSION, input.id.uuid()).await?;
        guard::allow(&intent, &["requires_capture"])?;
        guard::idle(&intent)?;
        if input.by.currency != intent.currency || input.by.minor <= 0 {
            let message = format!("An amount of {} is added.", intent.currency);
            return Err(Fault::at(Problem::WrongAmount, "by", message));
        }
        let mut held = intent
            .tenders
            .iter()
            .rev()
            .filter(|tender| tender.held() > 0);
        let tender = held.next().ok_or_else(|| Fault::not_found("part"))?;
        let account_id = tender
            .account_id
            .ok_or_else(|| Fault::not_found("processor account"))?;
        let new = NewAttempt::new(tender.id, account_id, "increment", Some(input.by.minor));
        attempts::write(act.scope, &new).await?;
        let outcome = Outcome::row("paymentIntent", intent.id);
        begin(act, intent.id, vec![new.id], outcome).await
    }
}

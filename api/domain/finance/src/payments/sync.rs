//! `paymentSync`.

use async_graphql::InputObject;
use entities::payments::payment_intent;
use uuid::Uuid;

use super::create::{PAYLOAD, PERMISSION};
use super::guard;
use super::hear::hear;
use super::processors::Meaning;
use super::send::send;
use super::tenders::{CONSTRAINTS, PaymentProblem as Problem};
use super::{accounts, processors};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::session::Shared;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Asks the processor how a payment stands, and records what is not recorded here: tries without an
/// answer, what the customer has confirmed meanwhile, and what was captured or released there. Nothing
/// changes where both say the same.
#[derive(InputObject)]
pub struct PaymentSyncInput {
    /// The payment.
    pub id: Id<payment_intent::Entity>,
}

/// The verb.
pub struct PaymentSync;

impl Verb for PaymentSync {
    type Input = PaymentSyncInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentSync";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = None;
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let intent = guard::lock(act, PERMISSION, input.id.uuid()).await?;
        let (biz_id, user_id) = (act.scope.biz_id(), act.scope.user_id());
        let mut unanswered = Vec::new();
        let mut known = Vec::new();
        for tender in &intent.tenders {
            match &tender.in_flight {
                Some((id, status)) if status != "requires_action" => unanswered.push(*id),
                _ => {}
            }
            if let (Some(account_id), Some(external_id)) =
                (tender.account_id, tender.external_id.clone())
            {
                known.push((account_id, external_id));
            }
        }
        Ok(
            Outcome::row("paymentIntent", intent.id).then(move |shared| async move {
                for id in unanswered {
                    if let Err(error) = send(&shared, biz_id, user_id, id, true).await {
                        tracing::error!(attempt_id = %id, %error, "a try could not be finished");
                    }
                }
                for (account_id, external_id) in known {
                    look(&shared, biz_id, account_id, &external_id).await?;
                }
                Ok::<_, Failure>(serde_json::Map::new())
            }),
        )
    }
}

/// Asks how a payment stands at its processor, and records that.
async fn look(
    shared: &Shared,
    biz_id: Uuid,
    account_id: Uuid,
    external_id: &str,
) -> Result<(), foundation::database::Error> {
    let request = foundation::database::new_id();
    let scope = shared.database.platform_in(biz_id, None, request).await?;
    let found = accounts::find(&scope, account_id).await?;
    scope.rollback().await?;
    let Some((account, _)) = found else {
        return Ok(());
    };
    let Some(processor) = processors::of(&account.processor) else {
        return Ok(());
    };
    let asking = account.asking(shared, biz_id)?;
    match processor.look(&asking, external_id).await {
        Ok(Meaning::Nothing) => Ok(()),
        Ok(meaning) => hear(&shared.database, biz_id, account_id, meaning).await,
        Err(unknown) => {
            tracing::warn!(external_id, why = unknown.0, "the processor does not say");
            Ok(())
        }
    }
}

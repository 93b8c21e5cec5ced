//! `webhookReplay`.

use async_graphql::{Enum, InputObject};
use entities::payments::webhook_event;

use super::webhooks::{Applied, apply_in};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Applies a processor's message again, such as one that failed or waits. One that was applied
/// leaves everything as it is.
#[derive(InputObject)]
pub struct WebhookReplayInput {
    /// The message.
    pub id: Id<webhook_event::Entity>,
}

/// Why a message cannot be applied.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WebhookReplayErrorCode")]
pub enum WebhookReplayProblem {
    /// It is being applied just now.
    InFlight,
}

/// The verb.
pub struct WebhookReplay;

impl Verb for WebhookReplay {
    type Input = WebhookReplayInput;
    type Problem = WebhookReplayProblem;

    const NAME: &'static str = "webhookReplay";
    const PERMISSION: Permission = Permission::Holds("payments.replay_webhook");
    const EVENT: Option<&'static str> = Some("payments.webhook_replayed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "webhookEvent",
        "WebhookEvent",
        "The message as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let applied = apply_in(act.scope, id).await?;
        let applied = applied.ok_or_else(|| Fault::not_found("message"))?;
        let what = match applied {
            Applied::Processed => "processed",
            Applied::Ignored => "ignored",
            Applied::Parked(_) | Applied::Asks(_) => "parked",
            Applied::Failed(_) => "failed",
        };
        Ok(Outcome::row("webhookEvent", id).detail("outcome", what))
    }
}

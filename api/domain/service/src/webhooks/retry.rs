//! `webhookDeliveryRetry`.

use super::MANAGE;
use async_graphql::{Enum, InputObject};
use entities::identity::webhook_delivery;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Tries a message again that was given up.
#[derive(InputObject)]
pub struct WebhookDeliveryRetryInput {
    /// The message.
    pub id: Id<webhook_delivery::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WebhookDeliveryRetryErrorCode")]
pub enum WebhookDeliveryRetryProblem {
    /// The message was not given up.
    WrongStatus,
}

/// The verb.
pub struct WebhookDeliveryRetry;

impl Verb for WebhookDeliveryRetry {
    type Input = WebhookDeliveryRetryInput;
    type Problem = WebhookDeliveryRetryProblem;

    const NAME: &'static str = "webhookDeliveryRetry";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("identity.webhook_retried");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "webhookDelivery",
        "WebhookDelivery",
        "The message as it is now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let sql = "update identity.webhook_deliveries set status = 'pending', attempts = 0, next_attempt_at = $3 \
                   where biz_id = $1 and id = $2 and status = 'failed' returning 1";
        let values = [
            act.scope.biz_id().into(),
            input.id.uuid().into(),
            act.scope.now().into(),
        ];
        if act.scope.query_opt(sql, &values).await?.is_some() {
            return Ok(Outcome::row("webhookDelivery", input.id.uuid()));
        }
        let sql = "select 1 from identity.webhook_deliveries where biz_id = $1 and id = $2";
        if act.scope.query_opt(sql, &values[..2]).await?.is_none() {
            return Err(Fault::not_found("message"));
        }
        let text = "The message was not given up.";
        Err(Fault::at(
            WebhookDeliveryRetryProblem::WrongStatus,
            "id",
            text,
        ))
    }
}

//! `webhookEndpointRotateSecret`.

use super::MANAGE;
use async_graphql::{Enum, InputObject};
use entities::identity::webhook_endpoint;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::token::Secret;

/// Gives an endpoint a new secret. For a day its messages are signed with the former one as well.
#[derive(InputObject)]
pub struct WebhookEndpointRotateSecretInput {
    /// The endpoint.
    pub id: Id<webhook_endpoint::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WebhookEndpointRotateSecretErrorCode")]
pub enum WebhookEndpointRotateSecretProblem {
    /// The endpoint is told no more: resume it first.
    Disabled,
}

/// The verb.
pub struct WebhookEndpointRotateSecret;

impl Verb for WebhookEndpointRotateSecret {
    type Input = WebhookEndpointRotateSecretInput;
    type Problem = WebhookEndpointRotateSecretProblem;

    const NAME: &'static str = "webhookEndpointRotateSecret";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("identity.webhook_secret_rotated");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "webhookEndpoint",
            "WebhookEndpoint",
            "The endpoint, without its secret.",
        ),
        Part::Secret(
            "secret",
            "String",
            "What its messages are signed with. It is shown only now.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let sql = "select status from identity.webhook_endpoints where biz_id = $1 and id = $2 and deleted_at is null for update";
        let key = [act.scope.biz_id().into(), input.id.uuid().into()];
        let row = act.scope.query_opt(sql, &key).await?;
        let row = row.ok_or_else(|| Fault::not_found("webhook endpoint"))?;
        let status: String = row.try_get(0)?;
        if status == "disabled" {
            let text = "The endpoint is told no more: resume it first.";
            return Err(Fault::at(
                WebhookEndpointRotateSecretProblem::Disabled,
                "id",
                text,
            ));
        }
        let secret = Secret::random()?;
        let sealed = act
            .session
            .shared
            .sealer
            .seal(act.scope.biz_id(), &secret.text)?;
        let sql = "update identity.webhook_endpoints set previous_secret_sealed = secret_sealed, \
                   previous_secret_until = $4::timestamptz + interval '1 day', secret_sealed = $3 where biz_id = $1 and id = $2";
        let [biz, id] = key;
        let values = [biz, id, sealed.into(), act.scope.now().into()];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("webhookEndpoint", input.id.uuid()).and_value("secret", secret.text))
    }
}

//! `webhookEndpointPause`.

use super::MANAGE;
use async_graphql::{Enum, InputObject};
use entities::identity::webhook_endpoint;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Tells an endpoint nothing for now; what happens meanwhile is told when it is resumed.
#[derive(InputObject)]
pub struct WebhookEndpointPauseInput {
    /// The endpoint.
    pub id: Id<webhook_endpoint::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WebhookEndpointPauseErrorCode")]
pub enum WebhookEndpointPauseProblem {
    /// The endpoint is not in a status where this is possible.
    WrongStatus,
}

/// The verb.
pub struct WebhookEndpointPause;

impl Verb for WebhookEndpointPause {
    type Input = WebhookEndpointPauseInput;
    type Problem = WebhookEndpointPauseProblem;

    const NAME: &'static str = "webhookEndpointPause";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("identity.webhook_paused");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "webhookEndpoint",
        "WebhookEndpoint",
        "The endpoint as it is now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let sql = "select status from identity.webhook_endpoints where biz_id = $1 and id = $2 and deleted_at is null for update";
        let key = [act.scope.biz_id().into(), input.id.uuid().into()];
        let row = act.scope.query_opt(sql, &key).await?;
        let row = row.ok_or_else(|| Fault::not_found("webhook endpoint"))?;
        let status: String = row.try_get(0)?;
        if !["active"].contains(&status.as_str()) {
            let text = format!("The endpoint is {status}.");
            return Err(Fault::at(
                WebhookEndpointPauseProblem::WrongStatus,
                "id",
                text,
            ));
        }
        let sql =
            "update identity.webhook_endpoints set status = 'paused' where biz_id = $1 and id = $2";
        act.scope.execute(sql, &key).await?;
        Ok(Outcome::row("webhookEndpoint", input.id.uuid()))
    }
}

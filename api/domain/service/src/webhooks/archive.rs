//! `webhookEndpointArchive`.

use super::MANAGE;
use async_graphql::{Enum, InputObject};
use entities::identity::webhook_endpoint;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Ends an endpoint: it is told of nothing any more, and what was still due is given up.
#[derive(InputObject)]
pub struct WebhookEndpointArchiveInput {
    /// The endpoint.
    pub id: Id<webhook_endpoint::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WebhookEndpointArchiveErrorCode")]
pub enum WebhookEndpointArchiveProblem {
    /// A message is being sent just now; try again.
    Busy,
}

/// The verb.
pub struct WebhookEndpointArchive;

impl Verb for WebhookEndpointArchive {
    type Input = WebhookEndpointArchiveInput;
    type Problem = WebhookEndpointArchiveProblem;

    const NAME: &'static str = "webhookEndpointArchive";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("identity.webhook_archived");
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
        let _: String = row.try_get(0)?;
        let sql =
            "update identity.webhook_endpoints set deleted_at = $3 where biz_id = $1 and id = $2";
        let [biz, id] = key;
        let values = [biz.clone(), id.clone(), act.scope.now().into()];
        act.scope.execute(sql, &values).await?;
        let sql = "update identity.webhook_deliveries set status = 'failed', next_attempt_at = null \
                   where biz_id = $1 and endpoint_id = $2 and status in ('pending', 'retrying')";
        act.scope.execute(sql, &[biz, id]).await?;
        Ok(Outcome::row("webhookEndpoint", input.id.uuid()))
    }
}

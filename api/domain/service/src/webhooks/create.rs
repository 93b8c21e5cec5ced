//! `webhookEndpointCreate`.

use super::MANAGE;
use crate::webhooks::rules::is_topic;
use async_graphql::{Enum, InputObject};
use foundation::database::new_id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::token::Secret;

/// Lets a program of yours be told of events over HTTPS, from now on. Each message is signed (Standard
/// Webhooks), carries the id of its event, and is tried again for hours until it is taken.
#[derive(InputObject)]
pub struct WebhookEndpointCreateInput {
    /// What it is for.
    pub name: String,
    /// Where events are posted: a public host by name, over https.
    pub url: String,
    /// The topics it is told of, such as booking.confirmed, booking.* or *; 200 at most.
    pub topics: Vec<String>,
}

/// Why no endpoint was made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WebhookEndpointCreateErrorCode")]
pub enum WebhookEndpointCreateProblem {
    /// The address is not that of a public host by name, over https.
    UrlInvalid,
    /// There is an endpoint at this address already.
    UrlTaken,
    /// A topic is a code such as booking.confirmed, a context such as booking.*, or *.
    TopicInvalid,
}

/// The verb.
pub struct WebhookEndpointCreate;

impl Verb for WebhookEndpointCreate {
    type Input = WebhookEndpointCreateInput;
    type Problem = WebhookEndpointCreateProblem;

    const NAME: &'static str = "webhookEndpointCreate";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("identity.webhook_created");
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
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[
        (
            "webhook_endpoints_url_check",
            WebhookEndpointCreateProblem::UrlInvalid,
        ),
        (
            "webhook_endpoints_url_key",
            WebhookEndpointCreateProblem::UrlTaken,
        ),
        (
            "webhook_endpoints_topics_check",
            WebhookEndpointCreateProblem::TopicInvalid,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        if let Some(wrong) = input.topics.iter().find(|topic| !is_topic(topic)) {
            let text = format!("{wrong} is no topic, such as booking.confirmed or booking.*.");
            return Err(Fault::at(
                WebhookEndpointCreateProblem::TopicInvalid,
                "topics",
                text,
            ));
        }
        let secret = Secret::random()?;
        let id = new_id();
        let sealed = act
            .session
            .shared
            .sealer
            .seal(act.scope.biz_id(), &secret.text)?;
        // It is told of what commits from now on.
        let sql = "insert into identity.webhook_endpoints \
            (biz_id, id, name, url, topics, secret_sealed, cursor_transaction_id, cursor_seq) \
            values ($1, $2, $3, $4, $5, $6, pg_snapshot_xmin(pg_current_snapshot()), 0)";
        let values: [sea_orm::Value; 6] = [
            act.scope.biz_id().into(),
            id.into(),
            input.name.trim().into(),
            input.url.trim().into(),
            input.topics.into(),
            sealed.into(),
        ];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("webhookEndpoint", id).and_value("secret", secret.text))
    }
}

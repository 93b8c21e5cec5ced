//! Webhooks: programs of a tenant that are told of events over HTTPS.

mod archive;
pub mod courier;
mod create;
pub mod deliver;
mod pause;
mod resume;
mod retry;
mod rotate;
pub mod rules;
pub mod verify;

use std::sync::Arc;
use std::time::Duration;

use self::courier::{Courier, Https};
use foundation::graph::verb::{Declaration, declare};
use foundation::worker::Job;

/// What one must hold to say which programs are told of events.
pub const MANAGE: &str = "identity.manage_webhooks";

/// How often messages are planned and sent.
const TURN: Duration = Duration::from_secs(1);

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<create::WebhookEndpointCreate>(),
        declare::<pause::WebhookEndpointPause>(),
        declare::<resume::WebhookEndpointResume>(),
        declare::<rotate::WebhookEndpointRotateSecret>(),
        declare::<archive::WebhookEndpointArchive>(),
        declare::<retry::WebhookDeliveryRetry>(),
    ]
}

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("webhook_plan", TURN, |shared| async move {
            deliver::plan(&shared.database).await
        }),
        Job::new("webhook_deliver", TURN, |shared| async move {
            let courier: Arc<dyn Courier> = Arc::new(Https);
            deliver::deliver(&shared.database, &shared.sealer, &courier).await
        }),
    ]
}

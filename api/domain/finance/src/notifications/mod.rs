//! What the business tells people: messages of conversations are written here by other contexts, in
//! their transaction, and carried afterwards by a job, by mail.

mod carriers;
mod choices;
mod letter;
pub mod message;
mod retry;
mod rules;
mod send;

use std::time::Duration;

pub use self::carriers::{Carried, Carrier, Mail, Post, Refusal, sandbox, smtp};
pub use self::choices::MessageChannel;
use foundation::graph::verb::{Declaration, declare};
use foundation::worker::Job;

/// How often messages that wait are looked for.
const TURN: Duration = Duration::from_secs(2);

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![declare::<retry::MessageRetry>()]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    vec![Job::new("message_send", TURN, |shared| async move {
        send::send(&shared).await
    })]
}

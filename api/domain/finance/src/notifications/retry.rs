//! `messageRetry`.

use async_graphql::{Enum, InputObject};
use entities::comms::message;
use uuid::Uuid;

use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "comms.send";

/// Puts a message back into the queue that could not be brought, once what stood in its way is gone:
/// the address was put right, or the server is back.
#[derive(InputObject)]
pub struct MessageRetryInput {
    /// The message.
    pub id: Id<message::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MessageRetryErrorCode")]
pub enum MessageRetryProblem {
    /// The message was not given up.
    WrongStatus,
}

/// The verb.
pub struct MessageRetry;

const LOCK: &str = "select m.status::text, t.location_id from comms.messages m \
    join comms.message_threads t on t.biz_id = m.biz_id and t.id = m.thread_id \
    where m.biz_id = $1 and m.id = $2 for update of m";
const QUEUE: &str = "update comms.messages set status = 'queued', attempts = 0, error = null where biz_id = $1 and id = $2";

impl Verb for MessageRetry {
    type Input = MessageRetryInput;
    type Problem = MessageRetryProblem;

    const NAME: &'static str = "messageRetry";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("comms.message_retried");
    const PAYLOAD: &'static [Part] =
        &[Part::Row("message", "Message", "The message as it is now.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let values = [act.scope.biz_id().into(), id.into()];
        let row = act.scope.query_opt(LOCK, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("message"))?;
        let location_id: Option<Uuid> = row.try_get(1)?;
        if let Some(location_id) = location_id {
            act.permit_at(PERMISSION, location_id, "message")?;
        }
        let status: String = row.try_get(0)?;
        if status != "failed" {
            let text = "The message was not given up.";
            return Err(Fault::at(MessageRetryProblem::WrongStatus, "id", text));
        }
        act.scope.execute(QUEUE, &values).await?;
        Ok(Outcome::row("message", id))
    }
}

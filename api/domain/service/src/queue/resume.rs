//! `queueResume`.

use crate::queue::store::end_pause;
use crate::queue::store::line;
use async_graphql::{Enum, InputObject};
use entities::queue::queue;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.manage";

/// Ends the pause of a queue: people are called again.
#[derive(InputObject)]
pub struct QueueResumeInput {
    /// The queue.
    pub id: Id<queue::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueResumeErrorCode")]
pub enum QueueResumeProblem {
    /// The queue is not in a status where this is possible.
    WrongStatus,
}

/// The verb.
pub struct QueueResume;

impl Verb for QueueResume {
    type Input = QueueResumeInput;
    type Problem = QueueResumeProblem;

    const NAME: &'static str = "queueResume";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.resumed");
    const PAYLOAD: &'static [Part] = &[Part::Row("queue", "Queue", "The queue as it is now.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let line = line(act, PERMISSION, input.id.uuid()).await?;
        if !["paused"].contains(&line.status.as_str()) {
            let text = format!("The queue is {}.", line.status);
            return Err(Fault::at(QueueResumeProblem::WrongStatus, "id", text));
        }
        end_pause(act.scope, line.id).await?;
        let sql = "update queue.queues set status = 'open' where biz_id = $1 and id = $2";
        act.scope
            .execute(sql, &[act.scope.biz_id().into(), line.id.into()])
            .await?;
        Ok(Outcome::row("queue", line.id))
    }
}

//! `queueOpen`.

use crate::queue::store::line;
use async_graphql::{Enum, InputObject};
use entities::queue::queue;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.manage";

/// Opens a queue: people may join and are called.
#[derive(InputObject)]
pub struct QueueOpenInput {
    /// The queue.
    pub id: Id<queue::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueOpenErrorCode")]
pub enum QueueOpenProblem {
    /// The queue is not in a status where this is possible.
    WrongStatus,
}

/// The verb.
pub struct QueueOpen;

impl Verb for QueueOpen {
    type Input = QueueOpenInput;
    type Problem = QueueOpenProblem;

    const NAME: &'static str = "queueOpen";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.opened");
    const PAYLOAD: &'static [Part] = &[Part::Row("queue", "Queue", "The queue as it is now.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let line = line(act, PERMISSION, input.id.uuid()).await?;
        if !["closed", "closing"].contains(&line.status.as_str()) {
            let text = format!("The queue is {}.", line.status);
            return Err(Fault::at(QueueOpenProblem::WrongStatus, "id", text));
        }
        let sql = "update queue.queues set status = 'open' where biz_id = $1 and id = $2";
        act.scope
            .execute(sql, &[act.scope.biz_id().into(), line.id.into()])
            .await?;
        Ok(Outcome::row("queue", line.id))
    }
}

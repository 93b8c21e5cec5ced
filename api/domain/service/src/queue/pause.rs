//! `queuePause`.

use crate::queue::store::line;
use async_graphql::{Enum, InputObject};
use entities::queue::queue;
use foundation::database::new_id;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.manage";

/// Pauses a queue: nobody is called for now, and who waits reads why.
#[derive(InputObject)]
pub struct QueuePauseInput {
    /// The queue.
    pub id: Id<queue::Entity>,
    /// Why, as shown to who waits.
    pub reason: String,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueuePauseErrorCode")]
pub enum QueuePauseProblem {
    /// The queue is not in a status where this is possible.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct QueuePause;

impl Verb for QueuePause {
    type Input = QueuePauseInput;
    type Problem = QueuePauseProblem;

    const NAME: &'static str = "queuePause";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.paused");
    const PAYLOAD: &'static [Part] = &[Part::Row("queue", "Queue", "The queue as it is now.")];
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[(
        "queue_pauses_reason_check",
        QueuePauseProblem::ReasonRequired,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let line = line(act, PERMISSION, input.id.uuid()).await?;
        if !["open"].contains(&line.status.as_str()) {
            let text = format!("The queue is {}.", line.status);
            return Err(Fault::at(QueuePauseProblem::WrongStatus, "id", text));
        }
        let sql = "insert into queue.queue_pauses (biz_id, id, queue_id, starts_at, reason) values ($1, $2, $3, $4, $5)";
        let values: [sea_orm::Value; 5] = [
            act.scope.biz_id().into(),
            new_id().into(),
            line.id.into(),
            act.scope.now().into(),
            input.reason.trim().into(),
        ];
        act.scope.execute(sql, &values).await?;
        let sql = "update queue.queues set status = 'paused' where biz_id = $1 and id = $2";
        act.scope
            .execute(sql, &[act.scope.biz_id().into(), line.id.into()])
            .await?;
        Ok(Outcome::row("queue", line.id))
    }
}

//! `queueClose`.

use crate::queue::store::{end_pause, leftovers, line};
use async_graphql::{Enum, InputObject};
use entities::queue::queue;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.manage";

/// Closes a queue. First nobody may join any more, while who waits is still served; with `now`, or where
/// nobody is left, it closes for good: who still waits then counts as not come, or keeps the place for
/// the next day, as the queue says.
#[derive(InputObject)]
pub struct QueueCloseInput {
    /// The queue.
    pub id: Id<queue::Entity>,
    /// Closes it for good, whoever still waits.
    pub now: Option<bool>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueCloseErrorCode")]
pub enum QueueCloseProblem {
    /// The queue is closed.
    WrongStatus,
    /// Somebody is called or being served: finish with them first.
    StillServing,
}

/// The verb.
pub struct QueueClose;

impl Verb for QueueClose {
    type Input = QueueCloseInput;
    type Problem = QueueCloseProblem;

    const NAME: &'static str = "queueClose";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.closed");
    const PAYLOAD: &'static [Part] = &[Part::Row("queue", "Queue", "The queue as it is now.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let line = line(act, PERMISSION, input.id.uuid()).await?;
        if line.status == "closed" {
            let text = "The queue is closed already.";
            return Err(Fault::at(QueueCloseProblem::WrongStatus, "id", text));
        }
        end_pause(act.scope, line.id).await?;
        let values = [act.scope.biz_id().into(), line.id.into()];
        if line.status != "closing" {
            let sql = "update queue.queues set status = 'closing' where biz_id = $1 and id = $2";
            act.scope.execute(sql, &values).await?;
        }
        let sql = "select count(*) filter (where status in ('called', 'serving', 'reopened')), \
                     count(*) filter (where status in ('waiting', 'parked')) \
                   from queue.queue_entries where biz_id = $1 and queue_id = $2 \
                     and status in ('called', 'serving', 'reopened', 'waiting', 'parked')";
        let row = act.scope.query_opt(sql, &values).await?;
        let (busy, waiting): (i64, i64) = match row {
            Some(row) => (row.try_get(0)?, row.try_get(1)?),
            None => (0, 0),
        };
        let for_good = input.now.unwrap_or(false);
        if for_good && busy > 0 {
            let text = "Somebody is called or being served: finish with them first.";
            return Err(Fault::at(QueueCloseProblem::StillServing, "now", text));
        }
        if busy == 0 && (for_good || waiting == 0) {
            leftovers(act.scope, &line).await?;
            let sql = "update queue.queues set status = 'closed' where biz_id = $1 and id = $2";
            act.scope.execute(sql, &values).await?;
        }
        Ok(Outcome::row("queue", line.id).detail("waiting", waiting))
    }
}

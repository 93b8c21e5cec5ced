//! `queueEntryRecall`.

use crate::queue::store::{entry, note};
use async_graphql::{Enum, InputObject};
use entities::queue::queue_entry;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Calls somebody once more, who was called and has not come: displays announce it again.
#[derive(InputObject)]
pub struct QueueEntryRecallInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryRecallErrorCode")]
pub enum QueueEntryRecallProblem {
    /// They do not stand where this is possible.
    WrongStatus,
}

/// The verb.
pub struct QueueEntryRecall;

impl Verb for QueueEntryRecall {
    type Input = QueueEntryRecallInput;
    type Problem = QueueEntryRecallProblem;

    const NAME: &'static str = "queueEntryRecall";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_recalled");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(&["called"], QueueEntryRecallProblem::WrongStatus)?;
        let values = [
            act.scope.biz_id().into(),
            entry.id.into(),
            act.scope.now().into(),
        ];
        act.scope
            .execute(
                "update queue.queue_entries set called_at = $3 where biz_id = $1 and id = $2",
                &values,
            )
            .await?;
        note(act.scope, entry.event("recalled")).await?;
        Ok(Outcome::row("queueEntry", entry.id).detail("queue_id", entry.queue_id.to_string()))
    }
}

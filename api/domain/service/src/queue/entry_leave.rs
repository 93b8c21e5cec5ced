//! `queueEntryLeave`.

use crate::queue::store::{entry, note};
use async_graphql::{Enum, InputObject};
use entities::queue::queue_entry;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Notes that somebody has gone of their own will.
#[derive(InputObject)]
pub struct QueueEntryLeaveInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
    /// Why, if they said.
    pub reason: Option<String>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryLeaveErrorCode")]
pub enum QueueEntryLeaveProblem {
    /// They do not stand where this is possible.
    WrongStatus,
}

/// The verb.
pub struct QueueEntryLeave;

impl Verb for QueueEntryLeave {
    type Input = QueueEntryLeaveInput;
    type Problem = QueueEntryLeaveProblem;

    const NAME: &'static str = "queueEntryLeave";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_left");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(
            &["waiting", "called", "parked"],
            QueueEntryLeaveProblem::WrongStatus,
        )?;
        let values = [
            act.scope.biz_id().into(),
            entry.id.into(),
            input.reason.into(),
        ];
        act.scope.execute("update queue.queue_entries set status = 'left', left_reason = $3, parked_until = null where biz_id = $1 and id = $2", &values).await?;
        note(act.scope, entry.event("left")).await?;
        Ok(Outcome::row("queueEntry", entry.id).detail("queue_id", entry.queue_id.to_string()))
    }
}

//! `queueEntryStart`.

use crate::queue::store::{entry, note};
use async_graphql::{Enum, InputObject};
use entities::queue::queue_entry;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Begins to serve somebody who was called and has come, or who is back.
#[derive(InputObject)]
pub struct QueueEntryStartInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryStartErrorCode")]
pub enum QueueEntryStartProblem {
    /// They do not stand where this is possible.
    WrongStatus,
    /// Somebody else is being served at the desk.
    DeskBusy,
}

/// The verb.
pub struct QueueEntryStart;

impl Verb for QueueEntryStart {
    type Input = QueueEntryStartInput;
    type Problem = QueueEntryStartProblem;

    const NAME: &'static str = "queueEntryStart";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_started");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[(
        "queue_entries_service_point_serving_key",
        QueueEntryStartProblem::DeskBusy,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(&["called", "reopened"], QueueEntryStartProblem::WrongStatus)?;
        let values = [
            act.scope.biz_id().into(),
            entry.id.into(),
            act.scope.now().into(),
        ];
        act.scope.execute("update queue.queue_entries set status = 'serving', serving_started_at = greatest($3::timestamptz, called_at) where biz_id = $1 and id = $2", &values).await?;
        note(act.scope, entry.event("serving")).await?;
        Ok(Outcome::row("queueEntry", entry.id).detail("queue_id", entry.queue_id.to_string()))
    }
}

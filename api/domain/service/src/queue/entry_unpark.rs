//! `queueEntryUnpark`.

use crate::queue::store::{entry, note};
use async_graphql::{Enum, InputObject};
use entities::queue::queue_entry;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Lets somebody who was set aside wait again, where they stood.
#[derive(InputObject)]
pub struct QueueEntryUnparkInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryUnparkErrorCode")]
pub enum QueueEntryUnparkProblem {
    /// They do not stand where this is possible.
    WrongStatus,
}

/// The verb.
pub struct QueueEntryUnpark;

impl Verb for QueueEntryUnpark {
    type Input = QueueEntryUnparkInput;
    type Problem = QueueEntryUnparkProblem;

    const NAME: &'static str = "queueEntryUnpark";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_unparked");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(&["parked"], QueueEntryUnparkProblem::WrongStatus)?;
        let values = [act.scope.biz_id().into(), entry.id.into()];
        act.scope.execute("update queue.queue_entries set status = 'waiting', parked_until = null where biz_id = $1 and id = $2", &values).await?;
        note(act.scope, entry.event("unparked")).await?;
        Ok(Outcome::row("queueEntry", entry.id).detail("queue_id", entry.queue_id.to_string()))
    }
}

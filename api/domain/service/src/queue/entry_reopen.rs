//! `queueEntryReopen`.

use crate::queue::store::{entry, note};
use async_graphql::{Enum, InputObject};
use entities::queue::queue_entry;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Takes somebody back who was served within the last five minutes, as something was missing.
#[derive(InputObject)]
pub struct QueueEntryReopenInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryReopenErrorCode")]
pub enum QueueEntryReopenProblem {
    /// They do not stand where this is possible.
    WrongStatus,
    /// They were served more than five minutes ago.
    TooLate,
}

/// The verb.
pub struct QueueEntryReopen;

impl Verb for QueueEntryReopen {
    type Input = QueueEntryReopenInput;
    type Problem = QueueEntryReopenProblem;

    const NAME: &'static str = "queueEntryReopen";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_reopened");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[(
        "queue_entries_reopen_check",
        QueueEntryReopenProblem::TooLate,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(&["served"], QueueEntryReopenProblem::WrongStatus)?;
        let values = [act.scope.biz_id().into(), entry.id.into()];
        act.scope
            .execute(
                "update queue.queue_entries set status = 'reopened' where biz_id = $1 and id = $2",
                &values,
            )
            .await?;
        note(act.scope, entry.event("reopened")).await?;
        Ok(Outcome::row("queueEntry", entry.id).detail("queue_id", entry.queue_id.to_string()))
    }
}

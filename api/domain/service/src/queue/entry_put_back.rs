//! `queueEntryPutBack`.

use crate::queue::store::{entry, note};
use async_graphql::{Enum, InputObject};
use entities::queue::queue_entry;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Puts somebody who was called back to where they stood, as if they had not been.
#[derive(InputObject)]
pub struct QueueEntryPutBackInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryPutBackErrorCode")]
pub enum QueueEntryPutBackProblem {
    /// They do not stand where this is possible.
    WrongStatus,
}

/// The verb.
pub struct QueueEntryPutBack;

impl Verb for QueueEntryPutBack {
    type Input = QueueEntryPutBackInput;
    type Problem = QueueEntryPutBackProblem;

    const NAME: &'static str = "queueEntryPutBack";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_put_back");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(&["called"], QueueEntryPutBackProblem::WrongStatus)?;
        let values = [act.scope.biz_id().into(), entry.id.into()];
        act.scope.execute("update queue.queue_entries set status = 'waiting', called_at = null, called_by_id = null, service_point_id = null where biz_id = $1 and id = $2", &values).await?;
        note(act.scope, entry.event("put_back")).await?;
        Ok(Outcome::row("queueEntry", entry.id).detail("queue_id", entry.queue_id.to_string()))
    }
}

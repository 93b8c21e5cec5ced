//! `queueEntryCancel`.

use crate::queue::store::{entry, note};
use async_graphql::{Enum, InputObject};
use entities::queue::queue_entry;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Takes somebody off the queue who has not been served.
#[derive(InputObject)]
pub struct QueueEntryCancelInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
    /// Why they are taken off.
    pub reason: String,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryCancelErrorCode")]
pub enum QueueEntryCancelProblem {
    /// They do not stand where this is possible.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct QueueEntryCancel;

impl Verb for QueueEntryCancel {
    type Input = QueueEntryCancelInput;
    type Problem = QueueEntryCancelProblem;

    const NAME: &'static str = "queueEntryCancel";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_cancelled");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(
            &["waiting", "called", "parked"],
            QueueEntryCancelProblem::WrongStatus,
        )?;
        let reason = Fault::unless_said(QueueEntryCancelProblem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        let values = [act.scope.biz_id().into(), entry.id.into(), reason.into()];
        act.scope.execute("update queue.queue_entries set status = 'cancelled', left_reason = $3, parked_until = null where biz_id = $1 and id = $2", &values).await?;
        note(act.scope, entry.event("cancelled")).await?;
        Ok(Outcome::row("queueEntry", entry.id).detail("queue_id", entry.queue_id.to_string()))
    }
}

//! `queueEntryMarkNoShow`.

use crate::queue::rules::is_removed;
use crate::queue::store::{Entry, entry, line, note, queue_of};
use async_graphql::{Enum, InputObject};
use entities::queue::queue_entry;
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Notes that somebody who was called did not come. Who fails to come more often than the queue allows
/// is taken off; others can return.
#[derive(InputObject)]
pub struct QueueEntryMarkNoShowInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryMarkNoShowErrorCode")]
pub enum QueueEntryMarkNoShowProblem {
    /// They do not stand where they could have failed to come.
    WrongStatus,
}

/// The verb.
pub struct QueueEntryMarkNoShow;

impl Verb for QueueEntryMarkNoShow {
    type Input = QueueEntryMarkNoShowInput;
    type Problem = QueueEntryMarkNoShowProblem;

    const NAME: &'static str = "queueEntryMarkNoShow";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_no_show");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let queue = queue_of(act, input.id.uuid()).await?;
        let line = line(act, PERMISSION, queue).await?;
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(&["called"], QueueEntryMarkNoShowProblem::WrongStatus)?;
        missed(act.scope, &entry, line.max_no_shows).await?;
        Ok(Outcome::row("queueEntry", entry.id).detail("queue_id", entry.queue_id.to_string()))
    }
}

/// Notes that somebody who was called did not come, and takes them off if that was too often.
pub async fn missed(scope: &Scope, entry: &Entry, most: i32) -> Result<(), Error> {
    let sql = "update queue.queue_entries set status = 'no_show', no_show_count = no_show_count + 1 \
               where biz_id = $1 and id = $2";
    let values = [scope.biz_id().into(), entry.id.into()];
    scope.execute(sql, &values).await?;
    note(scope, entry.event("no_show")).await?;
    if is_removed(entry.no_shows + 1, most) {
        let sql = "update queue.queue_entries set status = 'removed', left_reason = 'Did not come too often' \
                   where biz_id = $1 and id = $2";
        scope.execute(sql, &values).await?;
        note(scope, entry.event("removed")).await?;
    }
    Ok(())
}

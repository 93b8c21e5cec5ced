//! `queueEntryReturn`.

use crate::queue::rules::time_of_place;
use crate::queue::store::{entry, line, note, queue_of, times};
use async_graphql::{Enum, InputObject};
use entities::queue::queue_entry;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Lets somebody who did not come when called wait again: where the queue says that they return to, or
/// where staff say. Nobody returns more often than the queue allows.
#[derive(InputObject)]
pub struct QueueEntryReturnInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
    /// The place from 1, if not that of the queue's rule.
    pub position: Option<i32>,
}

/// Why nobody returned.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryReturnErrorCode")]
pub enum QueueEntryReturnProblem {
    /// They do not stand where they could return.
    WrongStatus,
    /// They did not come too often.
    TooOften,
    /// A place is between 1 and 10,000.
    PositionInvalid,
}

/// The verb.
pub struct QueueEntryReturn;

impl Verb for QueueEntryReturn {
    type Input = QueueEntryReturnInput;
    type Problem = QueueEntryReturnProblem;

    const NAME: &'static str = "queueEntryReturn";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_returned");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[(
        "queue_entries_max_no_shows_check",
        QueueEntryReturnProblem::TooOften,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let queue = queue_of(act, input.id.uuid()).await?;
        let line = line(act, PERMISSION, queue).await?;
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(&["no_show"], QueueEntryReturnProblem::WrongStatus)?;
        let times = times(act.scope, entry.queue_id, entry.id).await?;
        let place = match input.position {
            Some(position) if (1..=10_000).contains(&position) => position - 1,
            Some(_) => {
                let text = "A place is between 1 and 10,000.";
                return Err(Fault::at(
                    QueueEntryReturnProblem::PositionInvalid,
                    "position",
                    text,
                ));
            }
            None => match line.no_show_position.as_str() {
                "front" => 0,
                "after_some" => line.no_show_after,
                _ => i32::MAX,
            },
        };
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let at = time_of_place(&times, place, act.scope.now());
        let sql = "update queue.queue_entries set status = 'waiting', effective_priority_at = $3, called_at = null, \
                   called_by_id = null, service_point_id = null where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), entry.id.into(), at.into()];
        act.scope.execute(sql, &values).await?;
        note(act.scope, entry.event("returned")).await?;
        Ok(Outcome::row("queueEntry", entry.id).detail("queue_id", entry.queue_id.to_string()))
    }
}

//! `queueEntryMove`.

use crate::queue::rules::time_of_place;
use crate::queue::store::{Happened, entry, line, note, queue_of, standing, times};
use async_graphql::{Enum, InputObject};
use entities::queue::queue_entry;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.manage";

/// Moves somebody who waits to another place in the queue. It is noted who did it.
#[derive(InputObject)]
pub struct QueueEntryMoveInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
    /// The place to move to, from 1, which is called next.
    pub position: i32,
    /// Why.
    pub reason: Option<String>,
}

/// Why nobody was moved.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryMoveErrorCode")]
pub enum QueueEntryMoveProblem {
    /// They do not stand where they could be moved.
    WrongStatus,
    /// A place is between 1 and 10,000.
    PositionInvalid,
}

/// The verb.
pub struct QueueEntryMove;

impl Verb for QueueEntryMove {
    type Input = QueueEntryMoveInput;
    type Problem = QueueEntryMoveProblem;

    const NAME: &'static str = "queueEntryMove";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_moved");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        if !(1..=10_000).contains(&input.position) {
            let text = "A place is between 1 and 10,000.";
            return Err(Fault::at(
                QueueEntryMoveProblem::PositionInvalid,
                "position",
                text,
            ));
        }
        let queue = queue_of(act, input.id.uuid()).await?;
        let line = line(act, PERMISSION, queue).await?;
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(&["waiting"], QueueEntryMoveProblem::WrongStatus)?;
        let before = standing(act.scope, entry.id).await?;
        let times = times(act.scope, line.id, entry.id).await?;
        let place = usize::try_from(input.position - 1).unwrap_or(0);
        let at = time_of_place(&times, place, act.scope.now());
        let sql = "update queue.queue_entries set effective_priority_at = $3 where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), entry.id.into(), at.into()];
        act.scope.execute(sql, &values).await?;
        let from = before.map_or(0, |standing| standing.position);
        let details =
            serde_json::json!({ "from": from, "to": input.position, "reason": input.reason });
        let moved = Happened {
            details: Some(details),
            ..entry.event("reordered")
        };
        note(act.scope, moved).await?;
        Ok(Outcome::row("queueEntry", entry.id)
            .detail("queue_id", entry.queue_id.to_string())
            .detail("from", from)
            .detail("to", input.position))
    }
}

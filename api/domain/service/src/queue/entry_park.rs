//! `queueEntryPark`.

use crate::queue::store::{entry, note};
use async_graphql::{Enum, InputObject};
use entities::queue::queue_entry;
use foundation::graph::scalars::Id;
use foundation::graph::scalars::Instant;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Sets somebody aside for a while, for instance to fill in a form. They keep their place, and are let
/// back by themselves when the time is over.
#[derive(InputObject)]
pub struct QueueEntryParkInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
    /// Until when; until somebody lets them back if not given.
    pub until: Option<Instant>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryParkErrorCode")]
pub enum QueueEntryParkProblem {
    /// They do not stand where this is possible.
    WrongStatus,
    /// That time has passed.
    UntilPassed,
}

/// The verb.
pub struct QueueEntryPark;

impl Verb for QueueEntryPark {
    type Input = QueueEntryParkInput;
    type Problem = QueueEntryParkProblem;

    const NAME: &'static str = "queueEntryPark";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_parked");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(&["waiting"], QueueEntryParkProblem::WrongStatus)?;
        let until = input.until.map(|until| until.0);
        if until.is_some_and(|until| until <= act.scope.now()) {
            let text = "The time until when must be ahead.";
            return Err(Fault::at(QueueEntryParkProblem::UntilPassed, "until", text));
        }
        let values = [act.scope.biz_id().into(), entry.id.into(), until.into()];
        act.scope.execute("update queue.queue_entries set status = 'parked', parked_until = $3 where biz_id = $1 and id = $2", &values).await?;
        note(act.scope, entry.event("parked")).await?;
        Ok(Outcome::row("queueEntry", entry.id).detail("queue_id", entry.queue_id.to_string()))
    }
}

//! `queueEntryFinish`.

use crate::queue::store::{entry, note};
use async_graphql::{Enum, InputObject};
use entities::queue::queue_entry;
use foundation::database::{Error, Scope, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use uuid::Uuid;

const PERMISSION: &str = "queue.serve";

/// Ends the service of somebody. How long they waited and were served is noted, and predictions learn
/// from it.
#[derive(InputObject)]
pub struct QueueEntryFinishInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
}

/// Why nothing was done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryFinishErrorCode")]
pub enum QueueEntryFinishProblem {
    /// They do not stand where service can end.
    WrongStatus,
}

/// The verb.
pub struct QueueEntryFinish;

impl Verb for QueueEntryFinish {
    type Input = QueueEntryFinishInput;
    type Problem = QueueEntryFinishProblem;

    const NAME: &'static str = "queueEntryFinish";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_finished");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(
            &["serving", "reopened"],
            QueueEntryFinishProblem::WrongStatus,
        )?;
        finish(act.scope, entry.id).await?;
        note(act.scope, entry.event("served")).await?;
        Ok(Outcome::row("queueEntry", entry.id).detail("queue_id", entry.queue_id.to_string()))
    }
}

// Somebody who came back was observed the first time.
const FINISH: &str = "with done as ( \
      update queue.queue_entries e set status = 'served', served_at = greatest($3::timestamptz, e.serving_started_at) \
      from (select p.biz_id, p.id, p.status from queue.queue_entries p where p.biz_id = $1 and p.id = $2) before \
      where e.biz_id = $1 and e.id = $2 returning e.*, before.status as was) \
    insert into queue.service_time_observations \
      (biz_id, id, entry_id, queue_id, service_id, member_id, waited_seconds, served_seconds, business_date, local_hour) \
    select d.biz_id, $4, d.id, d.queue_id, d.service_id, d.called_by_id, \
      greatest(0, extract(epoch from d.called_at - d.joined_at))::integer, \
      greatest(0, extract(epoch from d.served_at - d.serving_started_at))::integer, \
      core.business_date(d.biz_id, q.location_id, d.joined_at), \
      extract(hour from d.joined_at at time zone l.timezone)::smallint \
    from done d join queue.queues q on q.biz_id = d.biz_id and q.id = d.queue_id \
    join core.locations l on l.biz_id = q.biz_id and l.id = q.location_id \
    where d.was = 'serving'";

async fn finish(scope: &Scope, id: Uuid) -> Result<(), Error> {
    let values = [
        scope.biz_id().into(),
        id.into(),
        scope.now().into(),
        new_id().into(),
    ];
    scope.execute(FINISH, &values).await.map(drop)
}

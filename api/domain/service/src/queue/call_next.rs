//! `queueCallNext`.

use crate::queue::store::{Happened, desk, keys, note};
use async_graphql::{Enum, InputObject};
use entities::queue::{queue, service_point};
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use sea_orm::Value;
use uuid::Uuid;

/// How many queues may be named.
const MOST: usize = 50;

const PERMISSION: &str = "queue.serve";

/// Calls whoever is next to a desk, among those who wait in the queues that the desk serves. Two clerks
/// never call the same, and neither waits for the other.
#[derive(InputObject)]
pub struct QueueCallNextInput {
    /// The desk they are called to.
    pub service_point_id: Id<service_point::Entity>,
    /// Only from these of its queues, 50 at most; from all of them if not given.
    pub queue_ids: Option<Vec<Id<queue::Entity>>>,
}

/// Why nobody was called.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueCallNextErrorCode")]
pub enum QueueCallNextProblem {
    /// Nobody is at this desk: open it first.
    DeskClosed,
    /// Somebody was just called to this desk.
    DeskBusy,
    /// Nobody waits in these queues, or they are paused.
    NobodyWaiting,
    /// The desk does not serve one of these queues, or they are too many.
    NotServedHere,
}

/// The verb.
pub struct QueueCallNext;

impl Verb for QueueCallNext {
    type Input = QueueCallNextInput;
    type Problem = QueueCallNextProblem;

    const NAME: &'static str = "queueCallNext";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_called");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[(
        "queue_entries_service_point_called_key",
        QueueCallNextProblem::DeskBusy,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let desk = desk(act, PERMISSION, input.service_point_id.uuid()).await?;
        if desk.status != "staffed" {
            let text = "Nobody is at this desk: open it first.";
            return Err(Fault::at(
                QueueCallNextProblem::DeskClosed,
                "servicePointId",
                text,
            ));
        }
        let mut queues = served(act.scope, desk.id).await?;
        if let Some(asked) = &input.queue_ids {
            let asked: Vec<Uuid> = asked.iter().map(Id::uuid).collect();
            if asked.len() > MOST || asked.iter().any(|id| !queues.contains(id)) {
                let text = "The desk does not serve all of these queues; name 50 at most.";
                return Err(Fault::at(
                    QueueCallNextProblem::NotServedHere,
                    "queueIds",
                    text,
                ));
            }
            queues = asked;
        }
        let values: [Value; 5] = [
            act.scope.biz_id().into(),
            keys(&queues),
            act.scope.now().into(),
            desk.member_id.into(),
            desk.id.into(),
        ];
        let Some(row) = act.scope.query_opt(CALL, &values).await? else {
            let text = "Nobody is waiting.";
            return Err(Fault::problem(QueueCallNextProblem::NobodyWaiting, text));
        };
        let (id, queue_id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let called = Happened {
            entry_id: id,
            kind: "called",
            queue_id,
            service_point_id: Some(desk.id),
            ..Happened::default()
        };
        note(act.scope, called).await?;
        Ok(Outcome::row("queueEntry", id).detail("queue_id", queue_id.to_string()))
    }
}

/// The queues that a desk serves.
async fn served(scope: &Scope, desk: Uuid) -> Result<Vec<Uuid>, Error> {
    let sql = "select queue_id from queue.service_point_queues where biz_id = $1 and service_point_id = $2";
    let rows = scope
        .query(sql, &[scope.biz_id().into(), desk.into()])
        .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

// Where appointments go first, so many of them are called for each who has none: it is the turn of
// who has none once the last so many called were all appointments.
const CALL: &str = "with lines as ( \
      select q.biz_id, q.id, q.fairness, q.fairness = 'appointment_first' and q.appointments_per_walk_in <= ( \
        select count(l.appointment_order_id) from ( \
          select e.appointment_order_id from queue.queue_events v \
          join queue.queue_entries e on e.biz_id = v.biz_id and e.id = v.entry_id \
          where v.biz_id = q.biz_id and v.queue_id = q.id and v.kind = 'called' \
          order by v.occurred_at desc, v.id desc limit q.appointments_per_walk_in) l) as walk_ins_turn \
      from queue.queues q \
      where q.biz_id = $1 and q.id = any($2) and q.status in ('open', 'closing') and q.deleted_at is null), \
    next as ( \
      select e.id from lines q join queue.queue_entries e on e.biz_id = q.biz_id and e.queue_id = q.id \
      where e.biz_id = $1 and e.status = 'waiting' \
      order by q.fairness = 'appointment_first' and (e.appointment_order_id is not null) = q.walk_ins_turn, \
        e.effective_priority_at, e.joined_at, e.id \
      limit 1 for no key update of e skip locked) \
    update queue.queue_entries e \
    set status = 'called', called_at = $3, called_by_id = $4, service_point_id = $5 \
    from next where e.biz_id = $1 and e.id = next.id and e.status = 'waiting' returning e.id, e.queue_id";

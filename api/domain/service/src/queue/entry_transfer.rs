//! `queueEntryTransfer`.

use crate::queue::rules::effective_priority;
use crate::queue::store::{Entry, Happened, Line, entry, line, note};
use async_graphql::{Enum, InputObject};
use entities::queue::{queue, queue_entry};
use foundation::database::new_id;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Sends somebody to another queue of the tenant, with the time they have waited unless it is to begin
/// anew.
#[derive(InputObject)]
pub struct QueueEntryTransferInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
    /// The queue they go to.
    pub to_queue_id: Id<queue::Entity>,
    /// Whether the time they have waited counts there; it does if not given.
    pub keep_place: Option<bool>,
    /// Why.
    pub reason: Option<String>,
}

/// Why nobody was sent.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryTransferErrorCode")]
pub enum QueueEntryTransferProblem {
    /// They do not stand where they could go.
    WrongStatus,
    /// They are in that queue already.
    SameQueue,
    /// That queue takes nobody now.
    QueueClosed,
}

/// The verb.
pub struct QueueEntryTransfer;

impl Verb for QueueEntryTransfer {
    type Input = QueueEntryTransferInput;
    type Problem = QueueEntryTransferProblem;

    const NAME: &'static str = "queueEntryTransfer";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_transferred");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let target = line(act, PERMISSION, input.to_queue_id.uuid()).await?;
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(
            &["waiting", "called", "serving"],
            QueueEntryTransferProblem::WrongStatus,
        )?;
        takes(&target, &entry)?;
        let keeps = input.keep_place.unwrap_or(true);
        let joined = if keeps {
            entry.joined_at
        } else {
            act.scope.now()
        };
        let at = effective_priority(target.fairness, joined, entry.band, target.aging_minutes);
        let sql =
            "update queue.queue_entries set status = 'transferred' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), entry.id.into()];
        act.scope.execute(sql, &values).await?;
        let sql = "update queue.queue_entries set status = 'waiting', queue_id = $3, joined_at = $4, effective_priority_at = $5, \
                   called_at = null, called_by_id = null, service_point_id = null, serving_started_at = null \
                   where biz_id = $1 and id = $2";
        let values: [sea_orm::Value; 5] = [
            act.scope.biz_id().into(),
            entry.id.into(),
            target.id.into(),
            joined.into(),
            at.into(),
        ];
        act.scope.execute(sql, &values).await?;
        let sql = "insert into queue.queue_transfers (biz_id, id, entry_id, from_queue_id, to_queue_id, keep_joined_at, reason) \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        let values: [sea_orm::Value; 7] = [
            act.scope.biz_id().into(),
            new_id().into(),
            entry.id.into(),
            entry.queue_id.into(),
            target.id.into(),
            keeps.into(),
            input.reason.into(),
        ];
        act.scope.execute(sql, &values).await?;
        let went = Happened {
            to_queue_id: Some(target.id),
            ..entry.event("transferred")
        };
        note(act.scope, went).await?;
        Ok(Outcome::row("queueEntry", entry.id)
            .detail("queue_id", entry.queue_id.to_string())
            .detail("to_queue_id", target.id.to_string()))
    }
}

/// Whether a queue takes somebody from another.
fn takes(target: &Line, entry: &Entry) -> Result<(), Fault<QueueEntryTransferProblem>> {
    let (code, text) = if entry.queue_id == target.id {
        let text = "They are in that queue already.";
        (QueueEntryTransferProblem::SameQueue, text)
    } else if matches!(target.status.as_str(), "closing" | "closed") {
        let text = "That queue takes nobody now.";
        (QueueEntryTransferProblem::QueueClosed, text)
    } else {
        return Ok(());
    };
    Err(Fault::at(code, "toQueueId", text))
}

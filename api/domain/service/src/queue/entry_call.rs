//! `queueEntryCall`.

use crate::queue::store::{Happened, desk, entry, note};
use async_graphql::{Enum, InputObject};
use entities::queue::{queue_entry, service_point};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "queue.serve";

/// Calls one of those who wait to a desk, out of their turn.
#[derive(InputObject)]
pub struct QueueEntryCallInput {
    /// Who it is.
    pub id: Id<queue_entry::Entity>,
    /// The desk they are called to.
    pub service_point_id: Id<service_point::Entity>,
}

/// Why nobody was called.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueEntryCallErrorCode")]
pub enum QueueEntryCallProblem {
    /// They do not stand where they could be called.
    WrongStatus,
    /// Nobody is at this desk: open it first.
    DeskClosed,
    /// Somebody was just called to this desk.
    DeskBusy,
}

/// The verb.
pub struct QueueEntryCall;

impl Verb for QueueEntryCall {
    type Input = QueueEntryCallInput;
    type Problem = QueueEntryCallProblem;

    const NAME: &'static str = "queueEntryCall";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("queue.entry_called");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "queueEntry",
        "QueueEntry",
        "Where they stand now.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[(
        "queue_entries_service_point_called_key",
        QueueEntryCallProblem::DeskBusy,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let desk = desk(act, PERMISSION, input.service_point_id.uuid()).await?;
        if desk.status != "staffed" {
            let text = "Nobody is at this desk: open it first.";
            return Err(Fault::at(
                QueueEntryCallProblem::DeskClosed,
                "servicePointId",
                text,
            ));
        }
        let entry = entry(act, PERMISSION, input.id.uuid()).await?;
        entry.must_be(&["waiting"], QueueEntryCallProblem::WrongStatus)?;
        let sql = "update queue.queue_entries set status = 'called', called_at = $3, called_by_id = $4, service_point_id = $5 \
                   where biz_id = $1 and id = $2";
        let values: [sea_orm::Value; 5] = [
            act.scope.biz_id().into(),
            entry.id.into(),
            act.scope.now().into(),
            desk.member_id.into(),
            desk.id.into(),
        ];
        act.scope.execute(sql, &values).await?;
        let called = Happened {
            service_point_id: Some(desk.id),
            ..entry.event("called")
        };
        note(act.scope, called).await?;
        Ok(Outcome::row("queueEntry", entry.id).detail("queue_id", entry.queue_id.to_string()))
    }
}

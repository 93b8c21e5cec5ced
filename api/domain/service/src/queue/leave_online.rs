//! `queueLeaveOnline`.

use crate::queue::codes::holder;
use crate::queue::store::{Happened, note};
use async_graphql::{Enum, InputObject};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use uuid::Uuid;

/// Leaves a queue, by the token of one's ticket.
#[derive(InputObject)]
pub struct QueueLeaveOnlineInput {
    /// The token that joining gave.
    pub ticket_token: String,
    /// Why, if you like to say.
    pub reason: Option<String>,
}

/// Why nobody left.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QueueLeaveOnlineErrorCode")]
pub enum QueueLeaveOnlineProblem {
    /// The token opens no ticket.
    TokenInvalid,
    /// You do not wait any more.
    WrongStatus,
}

/// The verb.
pub struct QueueLeaveOnline;

impl Verb for QueueLeaveOnline {
    type Input = QueueLeaveOnlineInput;
    type Problem = QueueLeaveOnlineProblem;

    const NAME: &'static str = "queueLeaveOnline";
    const PERMISSION: Permission = Permission::Anyone;
    const EVENT: Option<&'static str> = Some("queue.entry_left");
    const PAYLOAD: &'static [Part] = &[Part::Value("left", "Boolean", "That you have left.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let invalid = || {
            let text = "The token opens no ticket.";
            Fault::at(QueueLeaveOnlineProblem::TokenInvalid, "ticketToken", text)
        };
        let held = holder(act.scope, &input.ticket_token)
            .await?
            .ok_or_else(invalid)?;
        act.scope.enter(held.biz_id, None).await?;
        let sql = "update queue.queue_entries set status = 'left', left_reason = $3, parked_until = null \
                   where biz_id = $1 and id = $2 and status in ('waiting', 'called', 'parked') returning queue_id";
        let values = [
            held.biz_id.into(),
            held.entry_id.into(),
            input.reason.into(),
        ];
        let Some(row) = act.scope.query_opt(sql, &values).await? else {
            let text = "You do not wait any more.";
            return Err(Fault::at(
                QueueLeaveOnlineProblem::WrongStatus,
                "ticketToken",
                text,
            ));
        };
        let queue_id: Uuid = row.try_get(0)?;
        let left = Happened {
            entry_id: held.entry_id,
            kind: "left",
            queue_id,
            ..Happened::default()
        };
        note(act.scope, left).await?;
        let mut outcome = Outcome::default()
            .and_value("left", true)
            .detail("queue_id", queue_id.to_string());
        outcome.subject = Some(("QueueEntry", held.entry_id));
        Ok(outcome)
    }
}

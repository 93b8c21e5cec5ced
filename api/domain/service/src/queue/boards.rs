//! `queueBoard`: who waits, is called and is served.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entities::core::location;
use entities::queue::queue;
use serde_json::{Value, json};

use crate::places::reach;
use foundation::graph::board::Board;
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::Look;
use foundation::graph::scalars::Id;

/// A queue as its clerks see it: who waits, in the order in which they are called, who is called,
/// being served or set aside, and who did not come and may return.
#[derive(InputObject)]
pub struct QueueBoardInput {
    /// The queue.
    pub queue_id: Id<queue::Entity>,
}

/// The board.
pub struct QueueBoard;

impl Board for QueueBoard {
    type Input = QueueBoardInput;

    const NAME: &'static str = "queueBoard";
    const ENTITY: &'static str = "QueueEntry";
    const ORDER: &'static [&'static str] = &["effective_priority_at", "joined_at"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        Ok(json!({
            "queueId": { "eq": input.queue_id.text() },
            "status": { "in": ["WAITING", "CALLED", "SERVING", "PARKED", "NO_SHOW", "TRANSFERRED", "REOPENED"] },
        }))
    }

    async fn admit(look: &Look<'_>, input: &Self::Input) -> Result<(), Failure> {
        let sql = "select location_id from queue.queues where biz_id = $1 and id = $2";
        let values = [look.scope.biz_id().into(), input.queue_id.uuid().into()];
        let Some(row) = look.scope.query_opt(sql, &values).await? else {
            return Err(Failure::new(Code::NotFound, "There is no such queue."));
        };
        let location = row.try_get(0).map_err(Failure::internal)?;
        look.permit_at("queue.read", location, "queue")
    }
}

/// The desks of a location: which are staffed, by whom, and on a break.
#[derive(InputObject)]
pub struct DeskStatusInput {
    /// The location.
    pub location_id: Id<location::Entity>,
}

/// The board.
pub struct DeskStatus;

impl Board for DeskStatus {
    type Input = DeskStatusInput;

    const NAME: &'static str = "deskStatus";
    const ENTITY: &'static str = "ServicePoint";
    const ORDER: &'static [&'static str] = &["name"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        Ok(json!({ "locationId": { "eq": input.location_id.text() } }))
    }

    async fn admit(look: &Look<'_>, input: &Self::Input) -> Result<(), Failure> {
        reach(look, "queue.read", input.location_id.uuid()).await
    }
}

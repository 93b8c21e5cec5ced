//! `myPosition`: a customer's place, by the token of their ticket.

use std::time::Duration;

use async_graphql::{ID, InputObject, SimpleObject};
use serde::Serialize;
use uuid::Uuid;

use super::codes::holder;
use super::store::standing;
use foundation::graph::board::{Place, Screen};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::{Look, Question};
use foundation::graph::type_id;
use foundation::graph::verb::Permission;

/// Where the holder of a ticket stands, and how long they wait: sent again whenever it changes.
#[derive(InputObject)]
pub struct MyPositionInput {
    /// The token that joining gave.
    pub ticket_token: String,
}

/// Where somebody stands in a queue.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QueuePosition {
    /// The entry's id.
    pub id: ID,
    /// The number that is called.
    pub number: String,
    /// Where they stand, such as WAITING, CALLED or SERVED.
    pub status: String,
    /// Their place among those who wait, from 1; null where they do not wait.
    pub position: Option<i32>,
    /// How long they wait in half of the cases at most, in seconds.
    pub p50_seconds: Option<i32>,
    /// How long they wait in nine of ten cases at most, in seconds.
    pub p90_seconds: Option<i32>,
    /// The desk to which they are called.
    pub service_point: Option<String>,
    /// The name of the queue.
    pub queue: String,
    /// Whether the queue is open, paused, closing or closed.
    pub queue_status: String,
    /// Why it is paused.
    pub paused_reason: Option<String>,
}

const STANDS: &str = "select t.display_number, e.status, p.name, q.name, q.status, \
      (select u.reason from queue.queue_pauses u where u.biz_id = q.biz_id and u.queue_id = q.id and u.ends_at is null \
        and q.status = 'paused' order by u.starts_at desc limit 1) \
    from queue.queue_entries e \
    join queue.queue_tickets t on t.biz_id = e.biz_id and t.id = e.ticket_id \
    join queue.queues q on q.biz_id = e.biz_id and q.id = e.queue_id \
    left join queue.service_points p on p.biz_id = e.biz_id and p.id = e.service_point_id \
      and e.status in ('called', 'serving') \
    where e.biz_id = $1 and e.id = $2";

async fn position(
    look: &Look<'_>,
    entry: Uuid,
    biz_id: Uuid,
) -> Result<Option<QueuePosition>, Failure> {
    let row = look
        .scope
        .query_opt(STANDS, &[biz_id.into(), entry.into()])
        .await?;
    let Some(row) = row else { return Ok(None) };
    let standing = standing(look.scope, entry).await?;
    let waits = standing.filter(|standing| standing.position > 0);
    let read = || -> Result<QueuePosition, tokio_postgres::Error> {
        let (status, queue_status): (String, String) = (row.try_get(1)?, row.try_get(4)?);
        Ok(QueuePosition {
            id: ID(type_id::encode("quen", entry)),
            number: row.try_get(0)?,
            status: status.to_uppercase(),
            position: waits.map(|standing| standing.position),
            p50_seconds: waits.map(|standing| standing.wait.p50),
            p90_seconds: waits.map(|standing| standing.wait.p90),
            service_point: row.try_get(2)?,
            queue: row.try_get(3)?,
            queue_status: queue_status.to_uppercase(),
            paused_reason: row.try_get(5)?,
        })
    };
    Ok(Some(read().map_err(Failure::internal)?))
}

fn not_found() -> Failure {
    Failure::new(Code::NotFound, "There is no such ticket.")
}

/// The board.
pub struct MyPosition;

impl Screen for MyPosition {
    type Input = MyPositionInput;
    type Row = QueuePosition;

    const NAME: &'static str = "myPosition";
    const ENTITY: &'static str = "QueueEntry";
    const TOUCHED_BY: &'static [&'static str] = &["QueueEntry", "Queue", "ServicePoint"];

    async fn find(look: &Look<'_>, input: &MyPositionInput) -> Result<Place, Failure> {
        let held = holder(look.scope, &input.ticket_token).await?;
        let held = held.ok_or_else(not_found)?;
        Ok(Place {
            biz_id: held.biz_id,
            id: held.entry_id,
        })
    }

    async fn show(look: &Look<'_>, place: Place) -> Result<Vec<(Uuid, QueuePosition)>, Failure> {
        let found = position(look, place.id, place.biz_id).await?;
        Ok(found.map(|found| (place.id, found)).into_iter().collect())
    }

    const EVERY: Option<Duration> = None;
}

/// The same, asked once.
pub struct QueueTicketPosition;

impl Question for QueueTicketPosition {
    type Input = QueueTicketPositionInput;
    type Answer = QueuePosition;

    const NAME: &'static str = "queueTicketPosition";
    const PERMISSION: Permission = Permission::Anyone;

    async fn ask(
        look: &Look<'_>,
        input: QueueTicketPositionInput,
    ) -> Result<QueuePosition, Failure> {
        let held = holder(look.scope, &input.ticket_token).await?;
        let held = held.ok_or_else(not_found)?;
        look.scope.enter(held.biz_id, None).await?;
        let found = position(look, held.entry_id, held.biz_id).await?;
        found.ok_or_else(not_found)
    }
}

/// Where the holder of a ticket stands now, and how long they wait.
#[derive(InputObject)]
pub struct QueueTicketPositionInput {
    /// The token that joining gave.
    pub ticket_token: String,
}

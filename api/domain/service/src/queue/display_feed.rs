//! `displayFeed`: what a screen announces. Each announcement is a row of its own, in order: a second
//! one never takes the place of the first.

use std::time::Duration;

use async_graphql::{ID, InputObject, SimpleObject};
use chrono::{DateTime, SecondsFormat, Utc};
use entities::queue::queue_display as display;
use serde::Serialize;
use uuid::Uuid;

use super::codes::{display_token, same};
use foundation::graph::board::{Place, Screen};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::Look;
use foundation::graph::scalars::Id;
use foundation::graph::type_id;

/// What a display shows for everybody's eyes: the last calls of its queues, newest first, each with
/// number and desk; names only where the display allows them. Staff need no token.
#[derive(InputObject)]
pub struct DisplayFeedInput {
    /// The display.
    pub display_id: Id<display::Entity>,
    /// The token that pairing the screen gave.
    pub token: Option<String>,
}

/// A call that a screen shows.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DisplayCall {
    /// Which call it is.
    pub id: ID,
    /// The number that is called.
    pub number: String,
    /// The name that is called, where the display shows names.
    pub name: Option<String>,
    /// The desk.
    pub service_point: Option<String>,
    /// The queue.
    pub queue: String,
    /// CALLED, or RECALLED where it is called once more.
    pub kind: String,
    /// Whether they are still awaited: nobody has come yet.
    pub is_open: bool,
    /// When it was called.
    pub called_at: String,
}

const CALLS: &str = "select v.id, t.display_number, p.name, q.name, v.kind, e.status = 'called', v.occurred_at, \
      case when d.shows_names then e.name_enc end \
    from queue.displays d \
    join queue.display_queues l on l.biz_id = d.biz_id and l.display_id = d.id \
    join queue.queues q on q.biz_id = l.biz_id and q.id = l.queue_id \
    cross join lateral (select * from queue.queue_events v \
      where v.biz_id = l.biz_id and v.queue_id = l.queue_id and v.kind in ('called', 'recalled') \
        and v.occurred_at > $3::timestamptz - interval '12 hours' \
      order by v.occurred_at desc, v.id desc limit 20) v \
    join queue.queue_entries e on e.biz_id = v.biz_id and e.id = v.entry_id \
    join queue.queue_tickets t on t.biz_id = e.biz_id and t.id = e.ticket_id \
    left join queue.service_points p on p.biz_id = v.biz_id and p.id = v.service_point_id \
    where d.biz_id = $1 and d.id = $2 \
    order by v.occurred_at desc, v.id desc limit 20";

/// The board.
pub struct DisplayFeed;

impl Screen for DisplayFeed {
    type Input = DisplayFeedInput;
    type Row = DisplayCall;

    const NAME: &'static str = "displayFeed";
    const ENTITY: &'static str = "QueueEvent";
    const TOUCHED_BY: &'static [&'static str] = &["QueueEvent", "QueueEntry", "QueueDisplay"];
    const EVERY: Option<Duration> = Some(Duration::from_mins(5));

    async fn find(look: &Look<'_>, input: &DisplayFeedInput) -> Result<Place, Failure> {
        let no_such = || Failure::new(Code::NotFound, "There is no such display.");
        let id = input.display_id.uuid();
        let sql = "select biz_id, location_id, paired_at from queue.displays where id = $1 and deleted_at is null";
        let row = look
            .scope
            .query_opt(sql, &[id.into()])
            .await?
            .ok_or_else(no_such)?;
        let read = || -> Result<(Uuid, Uuid, Option<DateTime<Utc>>), tokio_postgres::Error> {
            Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
        };
        let (biz_id, location, paired_at) = read().map_err(Failure::internal)?;
        let is_staff = look
            .principal()
            .is_ok_and(|staff| staff.biz_id() == biz_id && staff.may_at("queue.read", location));
        let sealer = &look.session.shared.sealer;
        let is_paired = input.token.as_deref().is_some_and(|token| {
            paired_at.is_some_and(|at| same(token, &display_token(sealer, biz_id, id, at)))
        });
        if is_staff || is_paired {
            return Ok(Place { biz_id, id });
        }
        Err(no_such())
    }

    async fn show(look: &Look<'_>, place: Place) -> Result<Vec<(Uuid, DisplayCall)>, Failure> {
        let values = [
            place.biz_id.into(),
            place.id.into(),
            look.scope.now().into(),
        ];
        let sealer = &look.session.shared.sealer;
        let rows = look.scope.query(CALLS, &values).await?;
        let read = |row: &tokio_postgres::Row| -> Result<(Uuid, DisplayCall, Option<Vec<u8>>), tokio_postgres::Error> {
            let (id, at): (Uuid, DateTime<Utc>) = (row.try_get(0)?, row.try_get(6)?);
            let kind: String = row.try_get(4)?;
            let call = DisplayCall {
                id: ID(type_id::encode("quev", id)),
                number: row.try_get(1)?,
                name: None,
                service_point: row.try_get(2)?,
                queue: row.try_get(3)?,
                kind: kind.to_uppercase(),
                is_open: row.try_get(5)?,
                called_at: at.to_rfc3339_opts(SecondsFormat::Secs, true),
            };
            Ok((id, call, row.try_get(7)?))
        };
        let mut calls = Vec::with_capacity(rows.len());
        for row in &rows {
            let (id, mut call, sealed) = read(row).map_err(Failure::internal)?;
            call.name = sealed
                .map(|sealed| sealer.open(place.biz_id, &sealed))
                .transpose()?;
            calls.push((id, call));
        }
        Ok(calls)
    }
}

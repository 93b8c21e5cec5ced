//! That what was asked for is taken: said of what and when, with other times that would do.

use async_graphql::SimpleObject;
use chrono::{DateTime, TimeDelta, Utc};
use entities::availability::slot;
use entities::resources::resource;
use serde::Serialize;
use uuid::Uuid;

use super::check::Checked;
use super::input::BookingCreateProblem as Problem;
use crate::booking::series::rules::alternatives;
use foundation::database::{Error, Scope};
use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::hold::store::NOT_ENOUGH;
use scheduling::availability::search::direct::{Direct, Use};
use scheduling::availability::search::{Starts, Target, Wanted, resolve};
use scheduling::availability::store::{CLOSED, HOLD_EXPIRED, SOLD_OUT, TAKEN};

/// How many other times are told.
const MOST: usize = 3;
/// How far other times are looked for.
const DAYS: i64 = 14;

/// Another time at which the same could be had.
#[derive(Clone, SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingAlternative {
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The resources that would give it.
    pub resource_ids: Vec<Id<resource::Entity>>,
    /// The session, of places in one.
    pub slot_id: Option<Id<slot::Entity>>,
}

/// Does what may find something taken; what it wrote is undone then, so that the transaction goes on.
pub(super) async fn attempt<T>(
    scope: &Scope,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<Result<T, Error>, Error> {
    scope.batch("savepoint attempt").await?;
    match Box::pin(work).await {
        Err(error @ Error::Violation(_)) => {
            scope
                .batch("rollback to savepoint attempt; release savepoint attempt")
                .await?;
            Ok(Err(error))
        }
        done => Ok(Ok(done?)),
    }
}

/// Whether an error says that something is taken, closed or sold out.
pub(super) fn is_taken(error: &Error) -> bool {
    matches!(error, Error::Violation(violation)
        if [SOLD_OUT, CLOSED, TAKEN, NOT_ENOUGH].contains(&violation.constraint.as_str()))
}

/// Says of what, and when, there is nothing left.
pub(super) fn refused(error: Error, what: &str, field: &str) -> Fault<Problem> {
    let Error::Violation(violation) = &error else {
        return error.into();
    };
    let dates = violation
        .detail
        .as_deref()
        .unwrap_or_default()
        .replace(',', ", ");
    match violation.constraint.as_str() {
        SOLD_OUT | NOT_ENOUGH => Fault::at(Problem::SoldOut, field, nothing_left(what, &dates)),
        CLOSED => Fault::at(
            Problem::Closed,
            field,
            format!("{what} cannot be booked on {dates}."),
        ),
        TAKEN => Fault::at(
            Problem::SlotTaken,
            field,
            format!("{what} is taken at that time."),
        ),
        HOLD_EXPIRED => Fault::at(
            Problem::HoldExpired,
            "holdId",
            "The hold ended a moment ago; what it kept may be taken by others.",
        ),
        _ => error.into(),
    }
}

fn nothing_left(what: &str, dates: &str) -> String {
    if dates.is_empty() {
        return format!("{what} has not so many places left.");
    }
    format!("Nothing is left of {what} on {dates}.")
}

/// The same fault, with other times.
pub(super) fn instead(fault: Fault<Problem>, others: &[BookingAlternative]) -> Fault<Problem> {
    fault.with(
        "alternatives",
        serde_json::to_value(others).unwrap_or_default(),
    )
}

/// Times on the same day at which a resource can be had for as long.
pub(super) fn of_resource(
    direct: &Direct,
    usage: &Use,
    zone: chrono_tz::Tz,
    now: DateTime<Utc>,
) -> Vec<BookingAlternative> {
    let is_free = |start| direct.is_free(&usage.starting(start));
    let starts = alternatives(zone, usage.service.0, now, is_free).into_iter();
    let length = usage.service.1 - usage.service.0;
    let found = starts.take(MOST).map(|start| BookingAlternative {
        starts_at: Instant(start),
        ends_at: Instant(start + length),
        resource_ids: vec![Id::new(usage.resource_id)],
        slot_id: None,
    });
    found.collect()
}

const SESSIONS: &str = "select s.id, s.starts_at, s.ends_at from availability.slots o \
    join availability.slots s on s.biz_id = o.biz_id and s.pool_id is not distinct from o.pool_id \
      and s.resource_id is not distinct from o.resource_id and s.id <> o.id \
    where o.biz_id = $1 and o.id = $2 and s.status = 'open' and s.starts_at > $4 \
      and s.starts_at between o.starts_at - interval '14 days' and o.starts_at + interval '14 days' \
      and s.capacity + s.overbook_limit - s.held - s.occupied >= $3 \
    order by abs(extract(epoch from s.starts_at - o.starts_at)), s.starts_at limit 3";

/// Other sessions near one that have so many places left.
pub(super) async fn of_session(
    act: &Act<'_>,
    slot_id: Uuid,
    places: i32,
) -> Checked<Vec<BookingAlternative>> {
    let scope = act.scope;
    let values = [
        scope.biz_id().into(),
        slot_id.into(),
        places.into(),
        scope.now().into(),
    ];
    let rows = scope.query(SESSIONS, &values).await?;
    let read = |row: &tokio_postgres::Row| {
        Ok(BookingAlternative {
            starts_at: Instant(row.try_get(1)?),
            ends_at: Instant(row.try_get(2)?),
            resource_ids: Vec::new(),
            slot_id: Some(Id::new(row.try_get(0)?)),
        })
    };
    rows.iter().map(read).collect()
}

/// The next times at which an offer can be had, by the search that customers use.
pub(super) async fn of_offer(
    act: &Act<'_>,
    wanted: &Wanted,
    at: DateTime<Utc>,
) -> Checked<Vec<BookingAlternative>> {
    let from = at.max(act.scope.now());
    let starts = Starts::Every {
        from,
        to: from + TimeDelta::days(DAYS),
        step_minutes: 15,
        at_most: MOST,
    };
    // That it cannot be had at any time is no reason not to say that it is taken now.
    let found = resolve(act.scope, wanted, &starts).await.ok();
    let slots = found.into_iter().flat_map(|found| found.slots);
    Ok(slots
        .map(|slot| BookingAlternative {
            starts_at: Instant(slot.time.start),
            ends_at: Instant(slot.time.end),
            resource_ids: slot
                .picks
                .iter()
                .filter_map(|pick| match pick.target {
                    Target::Resource(id) => Some(Id::new(id)),
                    Target::Pool(_) | Target::Slot(_) => None,
                })
                .collect(),
            slot_id: slot.picks.iter().find_map(|pick| match pick.target {
                Target::Slot(id) => Some(Id::new(id)),
                Target::Resource(_) | Target::Pool(_) => None,
            }),
        })
        .collect())
}

//! `taskTracking` as a subscription: what a customer sees, for as long as the link holds.

use std::time::Duration;

use async_graphql::{ID, InputObject, SimpleObject};
use chrono::{DateTime, SecondsFormat, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use super::{tenant_of, tracked};
use foundation::database::Error;
use foundation::graph::board::{Place, Screen};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::Look;
use foundation::graph::type_id;
use foundation::identity::token::digest;

/// Where the driver is, sent again whenever that changes: only while the driver is on the way to whoever
/// holds the token, and nothing any more once the link is void or has expired.
#[derive(InputObject)]
pub struct TaskTrackingLiveInput {
    /// What the link carries.
    pub token: String,
}

/// What a customer sees of a task.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrackedTask {
    /// The task's id.
    pub id: ID,
    /// Where the task stands, such as `EN_ROUTE`.
    pub status: String,
    /// From when on they can expect the driver, as RFC 3339.
    pub starts_at: String,
    /// Until when they can expect the driver, as RFC 3339.
    pub ends_at: String,
    /// When the driver will be there, by the latest reckoning, as RFC 3339.
    pub eta_at: Option<String>,
    /// Latitude of the vehicle, in degrees; only while it is on the way to them.
    pub lat: Option<String>,
    /// Longitude of the vehicle, in degrees; only while it is on the way to them.
    pub lng: Option<String>,
    /// When the vehicle was there, as RFC 3339.
    pub position_at: Option<String>,
}

/// The board.
pub struct TaskTrackingLive;

const FIND: &str = "select l.id from dispatch.tracking_links l \
    where l.biz_id = $1 and l.token_hash = $2 and l.revoked_at is null and l.expires_at > $3";

const VIEW: &str = concat!(tracked!(), "l.id = $2");

impl Screen for TaskTrackingLive {
    type Input = TaskTrackingLiveInput;
    type Row = TrackedTask;

    const NAME: &'static str = "taskTracking";
    const ENTITY: &'static str = "DispatchTask";
    const TOUCHED_BY: &'static [&'static str] = &["DispatchTask", "FleetVehicle", "TrackingLink"];
    // A link expires by the clock.
    const EVERY: Option<Duration> = Some(Duration::from_secs(5));
    const REST: Duration = Duration::from_secs(1);

    async fn find(look: &Look<'_>, input: &Self::Input) -> Result<Place, Failure> {
        let unknown = || Failure::new(Code::NotFound, "There is no such link.");
        let biz_id = tenant_of(&input.token).ok_or_else(unknown)?;
        let values = [
            biz_id.into(),
            digest(&input.token).into(),
            look.scope.now().into(),
        ];
        let row = look.scope.query_opt(FIND, &values).await?;
        let row = row.ok_or_else(unknown)?;
        Ok(Place {
            biz_id,
            id: row.try_get(0).map_err(Error::from)?,
        })
    }

    async fn show(look: &Look<'_>, place: Place) -> Result<Vec<(Uuid, TrackedTask)>, Failure> {
        let values = [
            place.biz_id.into(),
            place.id.into(),
            look.scope.now().into(),
        ];
        let Some(row) = look.scope.query_opt(VIEW, &values).await? else {
            return Ok(Vec::new());
        };
        let text = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let read = || -> Result<(Uuid, TrackedTask), Error> {
            let id: Uuid = row.try_get(0)?;
            let status: String = row.try_get(1)?;
            let instant = |index: usize| -> Result<Option<String>, Error> {
                Ok(row.try_get::<_, Option<DateTime<Utc>>>(index)?.map(text))
            };
            let degrees = |index: usize| -> Result<Option<String>, Error> {
                let value: Option<Decimal> = row.try_get(index)?;
                Ok(value.map(|value| value.normalize().to_string()))
            };
            let seen = TrackedTask {
                id: ID(type_id::encode("dptk", id)),
                status: status.to_uppercase(),
                starts_at: text(row.try_get(2)?),
                ends_at: text(row.try_get(3)?),
                eta_at: instant(4)?,
                lat: degrees(5)?,
                lng: degrees(6)?,
                position_at: instant(7)?,
            };
            Ok((id, seen))
        };
        Ok(vec![read()?])
    }
}

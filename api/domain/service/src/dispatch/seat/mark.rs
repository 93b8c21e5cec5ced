//! `tripPassengerMark`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::trip_manifest;
use sea_orm::Value;

use crate::dispatch::BOARD;
use crate::dispatch::choices::ManifestStatus;
use crate::dispatch::store::lock_trip;
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::token::digest;

/// Says what becomes of a passenger: there, got in, got out, or not come. Getting in is shown with the
/// ticket where its code is given.
#[derive(InputObject)]
pub struct TripPassengerMarkInput {
    /// The passenger's place on the trip.
    pub id: Id<trip_manifest::Entity>,
    /// What becomes of them: `CHECKED_IN`, `BOARDED`, `ALIGHTED` or `NO_SHOW`.
    pub status: Choice<ManifestStatus>,
    /// The code on the ticket, where it was read.
    pub ticket_code: Option<String>,
}

/// Why a passenger cannot be marked so.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TripPassengerMarkErrorCode")]
pub enum TripPassengerMarkProblem {
    /// That does not follow from what they are.
    WrongStatus,
    /// The code is not that of the ticket.
    WrongTicket,
    /// The trip is not open for passengers.
    TripClosed,
}

/// The verb.
pub struct TripPassengerMark;

const FIND: &str = "select trip_id from dispatch.trip_manifests where biz_id = $1 and id = $2";
const LOCK: &str = "select status::text, ticket_hash from dispatch.trip_manifests \
    where biz_id = $1 and id = $2 for no key update";
const MARK: &str = "update dispatch.trip_manifests set status = $3::text, \
      boarded_at = case $3::text when 'boarded' then $4 else boarded_at end, \
      alighted_at = case $3::text when 'alighted' then $4 else alighted_at end \
    where biz_id = $1 and id = $2";

impl Verb for TripPassengerMark {
    type Input = TripPassengerMarkInput;
    type Problem = TripPassengerMarkProblem;

    const NAME: &'static str = "tripPassengerMark";
    const PERMISSION: Permission = Permission::Holds(BOARD);
    const EVENT: Option<&'static str> = Some("dispatch.passenger_marked");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "tripManifest",
        "TripManifest",
        "The passenger's place as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let key = [scope.biz_id().into(), id.into()];
        let row = scope.query_opt(FIND, &key).await?;
        let trip_id = row
            .ok_or_else(|| Fault::not_found("passenger"))?
            .try_get(0)?;
        let trip = lock_trip(act, BOARD, trip_id, None).await?;
        let row = scope.query_opt(LOCK, &key).await?;
        let row = row.ok_or_else(|| Fault::not_found("passenger"))?;
        let (was, becomes): (String, &str) = (row.try_get(0)?, input.status.0);
        let follows = matches!(
            (was.as_str(), becomes),
            ("reserved", "checked_in" | "boarded" | "no_show")
                | ("checked_in", "boarded" | "no_show")
                | ("boarded", "alighted")
                | ("no_show", "checked_in")
        );
        if !follows {
            let text = format!(
                "The passenger is {}; {} does not follow from that.",
                was.replace('_', " "),
                becomes.replace('_', " ")
            );
            return Err(Fault::at(
                TripPassengerMarkProblem::WrongStatus,
                "status",
                text,
            ));
        }
        if becomes == "boarded" && !matches!(trip.status.as_str(), "boarding" | "departed") {
            let text = format!("The trip is {}: nobody gets in.", trip.status);
            return Err(Fault::at(TripPassengerMarkProblem::TripClosed, "id", text));
        }
        let ticket: Option<Vec<u8>> = row.try_get(1)?;
        let shown = input.ticket_code.as_deref().map(str::trim).map(digest);
        if shown.is_some() && shown != ticket {
            let text = "This is not the code of the ticket.";
            return Err(Fault::at(
                TripPassengerMarkProblem::WrongTicket,
                "ticketCode",
                text,
            ));
        }
        let [biz_id, manifest_id] = key;
        let values: [Value; 4] = [biz_id, manifest_id, becomes.into(), scope.now().into()];
        scope.execute(MARK, &values).await?;
        let outcome = Outcome::row("tripManifest", id);
        Ok(outcome
            .detail("location_id", trip.location_id.to_string())
            .detail("trip_id", trip.id.to_string()))
    }
}

//! `tripSeatCancel`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::trip_manifest;

use super::{HoldEnd, give_back};
use crate::dispatch::BOARD;
use crate::dispatch::store::lock_trip;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Gives a seat back, sold or kept: every leg it took is free for others.
#[derive(InputObject)]
pub struct TripSeatCancelInput {
    /// The passenger's place on the trip.
    pub id: Id<trip_manifest::Entity>,
    /// Why it is given back.
    pub reason: String,
}

/// Why a seat cannot be given back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TripSeatCancelErrorCode")]
pub enum TripSeatCancelProblem {
    /// The passenger has got in, did not come, or gave it back before.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct TripSeatCancel;

const TRIP: &str = "select trip_id from dispatch.trip_manifests where biz_id = $1 and id = $2";
const STATUS: &str = "select status::text from dispatch.trip_manifests where biz_id = $1 and id = $2 for no key update";

impl Verb for TripSeatCancel {
    type Input = TripSeatCancelInput;
    type Problem = TripSeatCancelProblem;

    const NAME: &'static str = "tripSeatCancel";
    const PERMISSION: Permission = Permission::Holds(BOARD);
    const EVENT: Option<&'static str> = Some("dispatch.seat_cancelled");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "tripManifest",
        "TripManifest",
        "The passenger's place as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let reason = Fault::unless_said(TripSeatCancelProblem::ReasonRequired, &input.reason)?;
        let key = [scope.biz_id().into(), id.into()];
        let row = scope.query_opt(TRIP, &key).await?;
        let trip_id = row
            .ok_or_else(|| Fault::not_found("passenger"))?
            .try_get(0)?;
        let trip = lock_trip(act, BOARD, trip_id, None).await?;
        let row = scope.query_opt(STATUS, &key).await?;
        let status: String = row
            .ok_or_else(|| Fault::not_found("passenger"))?
            .try_get(0)?;
        if !matches!(status.as_str(), "held" | "reserved" | "checked_in") {
            let text = format!("The passenger is {}.", status.replace('_', " "));
            return Err(Fault::at(TripSeatCancelProblem::WrongStatus, "id", text));
        }
        scope.set_reason(reason).await?;
        give_back(scope, trip.id, &[id], HoldEnd::Released).await?;
        let outcome = Outcome::row("tripManifest", id);
        Ok(outcome
            .detail("location_id", trip.location_id.to_string())
            .detail("trip_id", trip.id.to_string()))
    }
}

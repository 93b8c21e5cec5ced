//! `transportTripCancel`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::transport_trip;

use super::allow;
use super::notice::{awaiting, tell_cancelled};
use crate::dispatch::PLAN;
use crate::dispatch::seat::{HoldEnd, give_back};
use crate::dispatch::store::lock_trip;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Cancels a trip that has not departed. Its passengers lose their seats, are told by mail where it is
/// known, and are answered: they are to be booked on another trip, or to get their money back.
#[derive(InputObject)]
pub struct TransportTripCancelInput {
    /// The trip.
    pub id: Id<transport_trip::Entity>,
    /// Why it does not take place.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a trip cannot be cancelled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TransportTripCancelErrorCode")]
pub enum TransportTripCancelProblem {
    /// It has departed, or was cancelled before.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct TransportTripCancel;

const PASSENGERS: &str = "select id from dispatch.trip_manifests \
    where biz_id = $1 and trip_id = $2 and status in ('held', 'reserved', 'checked_in') order by id";

impl Verb for TransportTripCancel {
    type Input = TransportTripCancelInput;
    type Problem = TransportTripCancelProblem;

    const NAME: &'static str = "transportTripCancel";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.trip_cancelled");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("transportTrip", "TransportTrip", "The trip as it now is."),
        Part::Rows(
            "passengers",
            "TripManifest",
            "Who lost a seat, to be booked anew or refunded.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let reason = Fault::unless_said(TransportTripCancelProblem::ReasonRequired, &input.reason)?;
        let trip = lock_trip(act, PLAN, input.id.uuid(), input.expected_version).await?;
        allow(
            &trip,
            &["scheduled", "boarding"],
            TransportTripCancelProblem::WrongStatus,
        )?;
        scope.set_reason(reason).await?;
        let key = [scope.biz_id().into(), trip.id.into()];
        let mut passengers: Vec<uuid::Uuid> = Vec::new();
        for row in scope.query(PASSENGERS, &key).await? {
            passengers.push(row.try_get(0)?);
        }
        tell_cancelled(scope, &trip, &awaiting(scope, trip.id).await?, reason).await?;
        give_back(scope, trip.id, &passengers, HoldEnd::Cancelled).await?;
        let sql = "update dispatch.transport_trips set status = 'cancelled', cancel_reason = $3 \
            where biz_id = $1 and id = $2";
        let [biz_id, id] = key;
        scope.execute(sql, &[biz_id, id, reason.into()]).await?;
        let outcome = Outcome::row("transportTrip", trip.id)
            .detail("location_id", trip.location_id.to_string())
            .detail("passengers", passengers.len());
        let add = |outcome: Outcome, id: uuid::Uuid| outcome.and_row("passengers", id);
        Ok(passengers.into_iter().fold(outcome, add))
    }
}

//! `transportTripComplete`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::transport_trip;

use super::allow;
use crate::dispatch::BOARD;
use crate::dispatch::store::lock_trip;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A trip has arrived at its last stop: everybody gets out, and the vehicle is free.
#[derive(InputObject)]
pub struct TransportTripCompleteInput {
    /// The trip.
    pub id: Id<transport_trip::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a trip cannot be completed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TransportTripCompleteErrorCode")]
pub enum TransportTripCompleteProblem {
    /// It has not departed, or has ended.
    WrongStatus,
}

/// The verb.
pub struct TransportTripComplete;

const COMPLETE: &str = "with trip as (update dispatch.transport_trips set status = 'completed', completed_at = $3 \
      where biz_id = $1 and id = $2), \
    vehicle as (update dispatch.fleet_vehicles v set duty_status = 'available' \
      from dispatch.transport_trips t where t.biz_id = $1 and t.id = $2 and v.biz_id = t.biz_id \
        and v.id = t.vehicle_id and v.duty_status = 'on_task'), \
    out as (update dispatch.trip_manifests set status = 'alighted', alighted_at = $3 \
      where biz_id = $1 and trip_id = $2 and status = 'boarded'), \
    missed as (update dispatch.trip_manifests set status = 'no_show' \
      where biz_id = $1 and trip_id = $2 and status in ('reserved', 'checked_in')) \
    update dispatch.trip_stops set status = 'arrived', actual_arrival_at = $3 \
    where biz_id = $1 and trip_id = $2 and status = 'planned' \
      and seq = (select max(l.seq) from dispatch.trip_stops l where l.biz_id = $1 and l.trip_id = $2)";

impl Verb for TransportTripComplete {
    type Input = TransportTripCompleteInput;
    type Problem = TransportTripCompleteProblem;

    const NAME: &'static str = "transportTripComplete";
    const PERMISSION: Permission = Permission::Holds(BOARD);
    const EVENT: Option<&'static str> = Some("dispatch.trip_completed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "transportTrip",
        "TransportTrip",
        "The trip as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let trip = lock_trip(act, BOARD, input.id.uuid(), input.expected_version).await?;
        allow(
            &trip,
            &["departed"],
            TransportTripCompleteProblem::WrongStatus,
        )?;
        scope
            .execute(
                COMPLETE,
                &[scope.biz_id().into(), trip.id.into(), scope.now().into()],
            )
            .await?;
        let outcome = Outcome::row("transportTrip", trip.id);
        Ok(outcome.detail("location_id", trip.location_id.to_string()))
    }
}

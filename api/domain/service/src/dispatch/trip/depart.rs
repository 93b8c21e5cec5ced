//! `transportTripDepart`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::transport_trip;

use super::allow;
use crate::dispatch::BOARD;
use crate::dispatch::store::lock_trip;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A trip leaves its first stop. Who should have got in there and did not has not come.
#[derive(InputObject)]
pub struct TransportTripDepartInput {
    /// The trip.
    pub id: Id<transport_trip::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a trip cannot depart.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TransportTripDepartErrorCode")]
pub enum TransportTripDepartProblem {
    /// Passengers are not getting in.
    WrongStatus,
    /// It has no vehicle.
    VehicleRequired,
}

/// The verb.
pub struct TransportTripDepart;

const DEPART: &str = "with trip as (update dispatch.transport_trips set status = 'departed', departed_at = $3 \
      where biz_id = $1 and id = $2), \
    missed as (update dispatch.trip_manifests set status = 'no_show' \
      where biz_id = $1 and trip_id = $2 and from_seq = 1 and status in ('reserved', 'checked_in')), \
    vehicle as (update dispatch.fleet_vehicles v set duty_status = 'on_task' \
      from dispatch.transport_trips t where t.biz_id = $1 and t.id = $2 and v.biz_id = t.biz_id \
        and v.id = t.vehicle_id and v.duty_status in ('off_duty', 'available')) \
    update dispatch.trip_stops set status = 'departed', actual_departure_at = $3 \
    where biz_id = $1 and trip_id = $2 and seq = 1 and status = 'arrived'";

impl Verb for TransportTripDepart {
    type Input = TransportTripDepartInput;
    type Problem = TransportTripDepartProblem;

    const NAME: &'static str = "transportTripDepart";
    const PERMISSION: Permission = Permission::Holds(BOARD);
    const EVENT: Option<&'static str> = Some("dispatch.trip_departed");
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
            &["boarding"],
            TransportTripDepartProblem::WrongStatus,
        )?;
        if !trip.has_vehicle {
            let text = "The trip has no vehicle: give it one first.";
            return Err(Fault::at(
                TransportTripDepartProblem::VehicleRequired,
                "id",
                text,
            ));
        }
        scope
            .execute(
                DEPART,
                &[scope.biz_id().into(), trip.id.into(), scope.now().into()],
            )
            .await?;
        let outcome = Outcome::row("transportTrip", trip.id);
        Ok(outcome.detail("location_id", trip.location_id.to_string()))
    }
}

//! `transportTripDelay`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::transport_trip;
use sea_orm::Value;

use super::allow;
use super::notice::{awaiting, tell_delay};
use crate::dispatch::BOARD;
use crate::dispatch::store::lock_trip;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Says how late a trip is: it will be at each stop still ahead so much later than planned. Those who
/// wait for it are told by mail where it is known.
#[derive(InputObject)]
pub struct TransportTripDelayInput {
    /// The trip.
    pub id: Id<transport_trip::Entity>,
    /// How many minutes it is late, counted from the plan; 0 when it has caught up.
    pub minutes: i32,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why no delay was noted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TransportTripDelayErrorCode")]
pub enum TransportTripDelayProblem {
    /// The trip has ended or does not take place.
    WrongStatus,
    /// A delay is 0 to 2,880 minutes.
    InvalidDelay,
}

/// The verb.
pub struct TransportTripDelay;

const DELAY: &str = "with trip as (update dispatch.transport_trips set delay_minutes = $3 \
      where biz_id = $1 and id = $2) \
    insert into dispatch.eta_events (biz_id, id, trip_stop_id, computed_at, eta_at, source) \
    select s.biz_id, core.uuid_v7(), s.id, $4::timestamptz, \
      greatest(s.planned_arrival_at + make_interval(mins => $3), $4::timestamptz), 'manual' \
    from dispatch.trip_stops s where s.biz_id = $1 and s.trip_id = $2 and s.status = 'planned'";

impl Verb for TransportTripDelay {
    type Input = TransportTripDelayInput;
    type Problem = TransportTripDelayProblem;

    const NAME: &'static str = "transportTripDelay";
    const PERMISSION: Permission = Permission::Holds(BOARD);
    const EVENT: Option<&'static str> = Some("dispatch.trip_delayed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "transportTrip",
        "TransportTrip",
        "The trip as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        if !(0..=2_880).contains(&input.minutes) {
            let text = "A delay is 0 to 2,880 minutes.";
            return Err(Fault::at(
                TransportTripDelayProblem::InvalidDelay,
                "minutes",
                text,
            ));
        }
        let trip = lock_trip(act, BOARD, input.id.uuid(), input.expected_version).await?;
        let open = ["scheduled", "boarding", "departed"];
        allow(&trip, &open, TransportTripDelayProblem::WrongStatus)?;
        let values: [Value; 4] = [
            scope.biz_id().into(),
            trip.id.into(),
            input.minutes.into(),
            scope.now().into(),
        ];
        let awaiting = awaiting(scope, trip.id).await?;
        scope.execute(DELAY, &values).await?;
        tell_delay(scope, &trip, &awaiting, input.minutes).await?;
        let outcome = Outcome::row("transportTrip", trip.id);
        Ok(outcome
            .detail("location_id", trip.location_id.to_string())
            .detail("delay_minutes", input.minutes))
    }
}

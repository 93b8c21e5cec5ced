//! `transportTripBoard`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::transport_trip;

use super::allow;
use crate::dispatch::BOARD;
use crate::dispatch::store::lock_trip;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Opens a trip for passengers to get in.
#[derive(InputObject)]
pub struct TransportTripBoardInput {
    /// The trip.
    pub id: Id<transport_trip::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a trip cannot be opened.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TransportTripBoardErrorCode")]
pub enum TransportTripBoardProblem {
    /// It is open already, has departed or does not take place.
    WrongStatus,
}

/// The verb.
pub struct TransportTripBoard;

impl Verb for TransportTripBoard {
    type Input = TransportTripBoardInput;
    type Problem = TransportTripBoardProblem;

    const NAME: &'static str = "transportTripBoard";
    const PERMISSION: Permission = Permission::Holds(BOARD);
    const EVENT: Option<&'static str> = Some("dispatch.trip_boarding");
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
            &["scheduled"],
            TransportTripBoardProblem::WrongStatus,
        )?;
        let sql = "with trip as (update dispatch.transport_trips set status = 'boarding' \
              where biz_id = $1 and id = $2) \
            update dispatch.trip_stops set status = 'arrived', actual_arrival_at = $3 \
            where biz_id = $1 and trip_id = $2 and seq = 1 and status = 'planned'";
        scope
            .execute(
                sql,
                &[scope.biz_id().into(), trip.id.into(), scope.now().into()],
            )
            .await?;
        let outcome = Outcome::row("transportTrip", trip.id);
        Ok(outcome.detail("location_id", trip.location_id.to_string()))
    }
}

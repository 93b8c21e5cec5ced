//! `tripStopMark`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::trip_stop;
use sea_orm::Value;
use uuid::Uuid;

use crate::dispatch::BOARD;
use crate::dispatch::choices::StopStatus;
use crate::dispatch::store::lock_trip;
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Says what becomes of a stop of a trip under way: the vehicle is there, has left, or does not stop.
/// When it leaves, who should have got in there and did not has not come.
#[derive(InputObject)]
pub struct TripStopMarkInput {
    /// The stop.
    pub id: Id<trip_stop::Entity>,
    /// What becomes of it: ARRIVED, DEPARTED, SKIPPED, or PLANNED again after all.
    pub status: Choice<StopStatus>,
}

/// Why a stop cannot be marked so.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TripStopMarkErrorCode")]
pub enum TripStopMarkProblem {
    /// The trip has not departed.
    TripNotUnderWay,
    /// The stop is in a status from which that does not follow.
    WrongStatus,
}

/// The verb.
pub struct TripStopMark;

const STOP: &str =
    "select trip_id, status::text, seq from dispatch.trip_stops where biz_id = $1 and id = $2";

const MARK: &str = "update dispatch.trip_stops set status = $3::text, \
      actual_arrival_at = case $3::text when 'arrived' then $4 else actual_arrival_at end, \
      actual_departure_at = case $3::text when 'departed' then $4 else actual_departure_at end \
    where biz_id = $1 and id = $2";

const MISSED: &str = "update dispatch.trip_manifests set status = 'no_show' \
    where biz_id = $1 and trip_id = $2 and from_seq = $3 and status in ('reserved', 'checked_in')";

impl Verb for TripStopMark {
    type Input = TripStopMarkInput;
    type Problem = TripStopMarkProblem;

    const NAME: &'static str = "tripStopMark";
    const PERMISSION: Permission = Permission::Holds(BOARD);
    const EVENT: Option<&'static str> = Some("dispatch.stop_marked");
    const PAYLOAD: &'static [Part] = &[Part::Row("tripStop", "TripStop", "The stop as it now is.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let key = [scope.biz_id().into(), id.into()];
        let row = scope.query_opt(STOP, &key).await?;
        let row = row.ok_or_else(|| Fault::not_found("stop"))?;
        let trip_id: Uuid = row.try_get(0)?;
        let trip = lock_trip(act, BOARD, trip_id, None).await?;
        if trip.status != "departed" {
            let text = format!(
                "The trip is {}; its stops are marked while it is under way.",
                trip.status
            );
            return Err(Fault::at(TripStopMarkProblem::TripNotUnderWay, "id", text));
        }
        let (was, becomes): (String, &str) = (row.try_get(1)?, input.status.0);
        let follows = matches!(
            (was.as_str(), becomes),
            ("planned", "arrived" | "skipped") | ("arrived", "departed") | ("skipped", "planned")
        );
        if !follows {
            let text = format!("The stop is {was}; it does not become {becomes} from there.");
            return Err(Fault::at(TripStopMarkProblem::WrongStatus, "status", text));
        }
        let values: [Value; 4] = [
            scope.biz_id().into(),
            id.into(),
            becomes.into(),
            scope.now().into(),
        ];
        scope.execute(MARK, &values).await?;
        if becomes == "departed" {
            let seq: i32 = row.try_get(2)?;
            let values = [scope.biz_id().into(), trip_id.into(), seq.into()];
            scope.execute(MISSED, &values).await?;
        }
        let outcome = Outcome::row("tripStop", id);
        Ok(outcome
            .detail("location_id", trip.location_id.to_string())
            .detail("trip_id", trip_id.to_string()))
    }
}

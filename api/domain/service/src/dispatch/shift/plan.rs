//! `driverShiftPlan`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::dispatch::fleet_vehicle;
use entities::resources::resource;
use sea_orm::Value;

use crate::dispatch::PLAN;
use foundation::database::new_id;
use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Plans the time in which somebody drives. Neither a driver nor a vehicle has two shifts at once.
#[derive(InputObject)]
pub struct DriverShiftPlanInput {
    /// The driver: a resource that is a person.
    pub driver_id: Id<resource::Entity>,
    /// The vehicle; it may be given out when the shift begins.
    pub vehicle_id: Option<Id<fleet_vehicle::Entity>>,
    /// The depot it begins at.
    pub location_id: Id<location::Entity>,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
}

/// Why no shift was planned.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DriverShiftPlanErrorCode")]
pub enum DriverShiftPlanProblem {
    /// The end is not after the start.
    InvalidPeriod,
    /// The driver has another shift at that time.
    DriverTaken,
    /// The vehicle is driven by somebody else at that time.
    VehicleTaken,
    /// The resource is not a person.
    NotADriver,
}

/// The verb.
pub struct DriverShiftPlan;

impl Verb for DriverShiftPlan {
    type Input = DriverShiftPlanInput;
    type Problem = DriverShiftPlanProblem;

    const NAME: &'static str = "driverShiftPlan";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.shift_planned");
    const PAYLOAD: &'static [Part] = &[Part::Row("driverShift", "DriverShift", "The new shift.")];
    const CONSTRAINTS: &'static [(&'static str, DriverShiftPlanProblem)] = &[
        (
            "driver_shifts_times_check",
            DriverShiftPlanProblem::InvalidPeriod,
        ),
        (
            "driver_shifts_driver_no_overlap_excl",
            DriverShiftPlanProblem::DriverTaken,
        ),
        (
            "driver_shifts_vehicle_no_overlap_excl",
            DriverShiftPlanProblem::VehicleTaken,
        ),
        (
            "driver_shifts_driver_kind_check",
            DriverShiftPlanProblem::NotADriver,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id, location_id) = (act.scope, new_id(), input.location_id.uuid());
        act.permit_at(PLAN, location_id, "location")?;
        let sql = "insert into dispatch.driver_shifts \
              (biz_id, id, driver_id, vehicle_id, location_id, starts_at, ends_at) \
            values ($1, $2, $3, $4, $5, $6, $7)";
        let values: [Value; 7] = [
            scope.biz_id().into(),
            id.into(),
            input.driver_id.uuid().into(),
            input.vehicle_id.map(|id| id.uuid()).into(),
            location_id.into(),
            input.starts_at.0.into(),
            input.ends_at.0.into(),
        ];
        scope.execute(sql, &values).await?;
        let outcome = Outcome::row("driverShift", id);
        Ok(outcome.detail("location_id", location_id.to_string()))
    }
}

//! `driverShiftBegin`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::{driver_shift, fleet_vehicle};
use sea_orm::Value;

use super::lock;
use crate::dispatch::DRIVE;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A driver goes on duty with a vehicle, which is available from then on.
#[derive(InputObject)]
pub struct DriverShiftBeginInput {
    /// The shift.
    pub id: Id<driver_shift::Entity>,
    /// The vehicle, where the plan names none, or another.
    pub vehicle_id: Option<Id<fleet_vehicle::Entity>>,
    /// What the odometer says, in metres.
    pub odometer_m: Option<i64>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a shift cannot begin.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DriverShiftBeginErrorCode")]
pub enum DriverShiftBeginProblem {
    /// It has begun, ended or been cancelled.
    WrongStatus,
    /// No vehicle was given out.
    VehicleRequired,
    /// The vehicle is driven by somebody else at that time.
    VehicleTaken,
}

/// The verb.
pub struct DriverShiftBegin;

const BEGIN: &str = "with begun as ( \
      update dispatch.driver_shifts set status = 'active', started_at = $3, \
        vehicle_id = coalesce($4, vehicle_id), start_odometer_m = $5 \
      where biz_id = $1 and id = $2 returning vehicle_id) \
    update dispatch.fleet_vehicles v set duty_status = 'available' from begun b \
    where v.biz_id = $1 and v.id = b.vehicle_id and v.duty_status = 'off_duty'";

impl Verb for DriverShiftBegin {
    type Input = DriverShiftBeginInput;
    type Problem = DriverShiftBeginProblem;

    const NAME: &'static str = "driverShiftBegin";
    const PERMISSION: Permission = Permission::Holds(DRIVE);
    const EVENT: Option<&'static str> = Some("dispatch.shift_begun");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "driverShift",
        "DriverShift",
        "The shift as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, DriverShiftBeginProblem)] = &[
        (
            "driver_shifts_actual_check",
            DriverShiftBeginProblem::VehicleRequired,
        ),
        (
            "driver_shifts_vehicle_no_overlap_excl",
            DriverShiftBeginProblem::VehicleTaken,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let (status, location_id) =
            lock(act, DRIVE, input.id.uuid(), input.expected_version).await?;
        if status != "planned" {
            let text = format!("The shift is {status}; only a planned one begins.");
            return Err(Fault::at(DriverShiftBeginProblem::WrongStatus, "id", text));
        }
        let values: [Value; 5] = [
            scope.biz_id().into(),
            input.id.uuid().into(),
            scope.now().into(),
            input.vehicle_id.map(|id| id.uuid()).into(),
            input.odometer_m.into(),
        ];
        scope.execute(BEGIN, &values).await?;
        let outcome = Outcome::row("driverShift", input.id.uuid());
        Ok(outcome.detail("location_id", location_id.to_string()))
    }
}

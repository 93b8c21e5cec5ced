//! `driverShiftFinish`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::driver_shift;
use sea_orm::Value;

use super::lock;
use crate::dispatch::DRIVE;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A driver goes off duty; no task of theirs may be under way.
#[derive(InputObject)]
pub struct DriverShiftFinishInput {
    /// The shift.
    pub id: Id<driver_shift::Entity>,
    /// What the odometer says, in metres.
    pub odometer_m: Option<i64>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a shift cannot end.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DriverShiftFinishErrorCode")]
pub enum DriverShiftFinishProblem {
    /// It has not begun, or has ended.
    WrongStatus,
    /// A task of the driver is under way: complete it, or take it away.
    TaskUnderWay,
    /// The odometer would have run backwards.
    OdometerBackwards,
}

/// The verb.
pub struct DriverShiftFinish;

const FINISH: &str = "with ended as ( \
      update dispatch.driver_shifts set status = 'completed', finished_at = $3, end_odometer_m = $4 \
      where biz_id = $1 and id = $2 returning vehicle_id) \
    update dispatch.fleet_vehicles v set duty_status = 'off_duty' from ended e \
    where v.biz_id = $1 and v.id = e.vehicle_id and v.duty_status in ('available', 'on_task')";

const UNDER_WAY: &str = "select 1 from dispatch.dispatch_tasks t \
    join dispatch.driver_shifts s on s.biz_id = t.biz_id and s.driver_id = t.driver_id \
    where s.biz_id = $1 and s.id = $2 and t.status in ('en_route', 'arrived') limit 1";

impl Verb for DriverShiftFinish {
    type Input = DriverShiftFinishInput;
    type Problem = DriverShiftFinishProblem;

    const NAME: &'static str = "driverShiftFinish";
    const PERMISSION: Permission = Permission::Holds(DRIVE);
    const EVENT: Option<&'static str> = Some("dispatch.shift_finished");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "driverShift",
        "DriverShift",
        "The shift as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, DriverShiftFinishProblem)] = &[(
        "driver_shifts_odometer_check",
        DriverShiftFinishProblem::OdometerBackwards,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let (status, location_id) = lock(act, DRIVE, id, input.expected_version).await?;
        if status != "active" {
            let text = format!("The shift is {status}; only an active one ends.");
            return Err(Fault::at(DriverShiftFinishProblem::WrongStatus, "id", text));
        }
        let key: [Value; 2] = [scope.biz_id().into(), id.into()];
        if scope.query_opt(UNDER_WAY, &key).await?.is_some() {
            return Err(Fault::at(
                DriverShiftFinishProblem::TaskUnderWay,
                "id",
                "A task of the driver is under way: complete it, or take it away.",
            ));
        }
        let [biz_id, shift_id] = key;
        let values = [
            biz_id,
            shift_id,
            scope.now().into(),
            input.odometer_m.into(),
        ];
        scope.execute(FINISH, &values).await?;
        let outcome = Outcome::row("driverShift", id);
        Ok(outcome.detail("location_id", location_id.to_string()))
    }
}

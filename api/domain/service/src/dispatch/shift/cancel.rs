//! `driverShiftCancel`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::driver_shift;

use super::lock;
use crate::dispatch::PLAN;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Cancels a shift that has not begun: driver and vehicle are free for another.
#[derive(InputObject)]
pub struct DriverShiftCancelInput {
    /// The shift.
    pub id: Id<driver_shift::Entity>,
    /// Why it does not take place.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a shift cannot be cancelled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DriverShiftCancelErrorCode")]
pub enum DriverShiftCancelProblem {
    /// It has begun, ended or been cancelled.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct DriverShiftCancel;

impl Verb for DriverShiftCancel {
    type Input = DriverShiftCancelInput;
    type Problem = DriverShiftCancelProblem;

    const NAME: &'static str = "driverShiftCancel";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.shift_cancelled");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "driverShift",
        "DriverShift",
        "The shift as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let (status, location_id) = lock(act, PLAN, id, input.expected_version).await?;
        if status != "planned" {
            let text = format!("The shift is {status}; only a planned one is cancelled.");
            return Err(Fault::at(DriverShiftCancelProblem::WrongStatus, "id", text));
        }
        let reason = Fault::unless_said(DriverShiftCancelProblem::ReasonRequired, &input.reason)?;
        scope.set_reason(reason).await?;
        let sql =
            "update dispatch.driver_shifts set status = 'cancelled' where biz_id = $1 and id = $2";
        scope
            .execute(sql, &[scope.biz_id().into(), id.into()])
            .await?;
        let outcome = Outcome::row("driverShift", id);
        Ok(outcome.detail("location_id", location_id.to_string()))
    }
}

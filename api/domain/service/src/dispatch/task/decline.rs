//! `dispatchTaskDecline`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::dispatch_task;

use crate::dispatch::DRIVE;
use crate::dispatch::rules::Step;
use crate::dispatch::store::lock_task;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The driver does not take a task that was given to them: it is nobody's again.
#[derive(InputObject)]
pub struct DispatchTaskDeclineInput {
    /// The task.
    pub id: Id<dispatch_task::Entity>,
    /// Why the driver declines it.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a task cannot be declined.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DispatchTaskDeclineErrorCode")]
pub enum DispatchTaskDeclineProblem {
    /// The task is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct DispatchTaskDecline;

impl Verb for DispatchTaskDecline {
    type Input = DispatchTaskDeclineInput;
    type Problem = DispatchTaskDeclineProblem;

    const NAME: &'static str = "dispatchTaskDecline";
    const PERMISSION: Permission = Permission::Holds(DRIVE);
    const EVENT: Option<&'static str> = Some("dispatch.task_declined");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "dispatchTask",
        "DispatchTask",
        "The task as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let task = lock_task(act, DRIVE, input.id.uuid(), input.expected_version).await?;
        task.allow(Step::Decline, DispatchTaskDeclineProblem::WrongStatus)?;
        let scope = act.scope;
        let reason = Fault::unless_said(DispatchTaskDeclineProblem::ReasonRequired, &input.reason)?;
        scope.set_reason(reason).await?;
        let sql = "with declined as (update dispatch.task_assignments \
              set declined_at = $3, ended_at = $3, decline_reason = $4 \
              where biz_id = $1 and task_id = $2 and ended_at is null) \
            update dispatch.dispatch_tasks \
            set status = 'unassigned', driver_id = null, vehicle_id = null, seq = null, eta_at = null \
            where biz_id = $1 and id = $2";
        let values = [
            scope.biz_id().into(),
            task.id.into(),
            scope.now().into(),
            reason.into(),
        ];
        scope.execute(sql, &values).await?;
        let outcome = Outcome::row("dispatchTask", task.id);
        Ok(outcome.detail("location_id", task.location_id.to_string()))
    }
}

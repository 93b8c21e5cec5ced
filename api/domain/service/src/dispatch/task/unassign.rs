//! `dispatchTaskUnassign`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::dispatch_task;

use crate::dispatch::PLAN;
use crate::dispatch::rules::Step;
use crate::dispatch::store::{end_assignment, lock_task};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes a task away from whoever has it, so that it can be given to somebody else; not once the
/// driver is there.
#[derive(InputObject)]
pub struct DispatchTaskUnassignInput {
    /// The task.
    pub id: Id<dispatch_task::Entity>,
    /// Why it is taken away.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a task cannot be taken away.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DispatchTaskUnassignErrorCode")]
pub enum DispatchTaskUnassignProblem {
    /// The task is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct DispatchTaskUnassign;

impl Verb for DispatchTaskUnassign {
    type Input = DispatchTaskUnassignInput;
    type Problem = DispatchTaskUnassignProblem;

    const NAME: &'static str = "dispatchTaskUnassign";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.task_unassigned");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "dispatchTask",
        "DispatchTask",
        "The task as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let task = lock_task(act, PLAN, input.id.uuid(), input.expected_version).await?;
        task.allow(Step::Unassign, DispatchTaskUnassignProblem::WrongStatus)?;
        let scope = act.scope;
        let reason =
            Fault::unless_said(DispatchTaskUnassignProblem::ReasonRequired, &input.reason)?;
        scope.set_reason(reason).await?;
        end_assignment(scope, task.id).await?;
        let sql = "update dispatch.dispatch_tasks set status = 'unassigned', driver_id = null, \
              vehicle_id = null, seq = null, eta_at = null, started_at = null \
            where biz_id = $1 and id = $2";
        scope
            .execute(sql, &[scope.biz_id().into(), task.id.into()])
            .await?;
        let outcome = Outcome::row("dispatchTask", task.id);
        Ok(outcome.detail("location_id", task.location_id.to_string()))
    }
}

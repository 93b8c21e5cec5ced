//! `dispatchTaskCancel`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::dispatch_task;

use crate::dispatch::rules::Step;
use crate::dispatch::store::{end_assignment, lock_task};
use crate::dispatch::{PLAN, promises};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Cancels a task that is no longer wanted; not once the driver is there.
#[derive(InputObject)]
pub struct DispatchTaskCancelInput {
    /// The task.
    pub id: Id<dispatch_task::Entity>,
    /// Why it is no longer wanted.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a task cannot be cancelled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DispatchTaskCancelErrorCode")]
pub enum DispatchTaskCancelProblem {
    /// The task is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct DispatchTaskCancel;

impl Verb for DispatchTaskCancel {
    type Input = DispatchTaskCancelInput;
    type Problem = DispatchTaskCancelProblem;

    const NAME: &'static str = "dispatchTaskCancel";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.task_cancelled");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "dispatchTask",
        "DispatchTask",
        "The task as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let task = lock_task(act, PLAN, input.id.uuid(), input.expected_version).await?;
        task.allow(Step::Cancel, DispatchTaskCancelProblem::WrongStatus)?;
        let scope = act.scope;
        let reason = Fault::unless_said(DispatchTaskCancelProblem::ReasonRequired, &input.reason)?;
        scope.set_reason(reason).await?;
        end_assignment(scope, task.id).await?;
        let sql = "update dispatch.dispatch_tasks set status = 'cancelled', finished_at = $3, eta_at = null \
            where biz_id = $1 and id = $2";
        scope
            .execute(
                sql,
                &[scope.biz_id().into(), task.id.into(), scope.now().into()],
            )
            .await?;
        promises::give_up(scope, &task).await?;
        let outcome = Outcome::row("dispatchTask", task.id);
        Ok(outcome.detail("location_id", task.location_id.to_string()))
    }
}

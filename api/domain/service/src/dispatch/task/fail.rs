//! `dispatchTaskFail`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::dispatch_task;
use sea_orm::Value;

use crate::dispatch::DRIVE;
use crate::dispatch::choices::TaskFailure;
use crate::dispatch::rules::Step;
use crate::dispatch::store::{end_assignment, lock_task};
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A task could not be done. A further attempt is a task of its own: `dispatchTaskRetry`.
#[derive(InputObject)]
pub struct DispatchTaskFailInput {
    /// The task.
    pub id: Id<dispatch_task::Entity>,
    /// Why it could not be done.
    pub failure: Choice<TaskFailure>,
    /// What the driver says about it; required where the failure is OTHER.
    pub note: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a task cannot be said to have failed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DispatchTaskFailErrorCode")]
pub enum DispatchTaskFailProblem {
    /// The driver has not set out, or the task has ended.
    WrongStatus,
    /// A failure of another kind needs a note that says which.
    NoteRequired,
}

/// The verb.
pub struct DispatchTaskFail;

impl Verb for DispatchTaskFail {
    type Input = DispatchTaskFailInput;
    type Problem = DispatchTaskFailProblem;

    const NAME: &'static str = "dispatchTaskFail";
    const PERMISSION: Permission = Permission::Holds(DRIVE);
    const EVENT: Option<&'static str> = Some("dispatch.task_failed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "dispatchTask",
        "DispatchTask",
        "The task as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, DispatchTaskFailProblem)] = &[(
        "dispatch_tasks_failure_check",
        DispatchTaskFailProblem::NoteRequired,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let task = lock_task(act, DRIVE, input.id.uuid(), input.expected_version).await?;
        task.allow(Step::Fail, DispatchTaskFailProblem::WrongStatus)?;
        let sql = "update dispatch.dispatch_tasks \
            set status = 'failed', finished_at = $3, failure = $4, outcome_note = $5, eta_at = null \
            where biz_id = $1 and id = $2";
        let values: [Value; 5] = [
            scope.biz_id().into(),
            task.id.into(),
            scope.now().into(),
            input.failure.0.into(),
            input.note.into(),
        ];
        scope.execute(sql, &values).await?;
        end_assignment(scope, task.id).await?;
        let outcome = Outcome::row("dispatchTask", task.id);
        Ok(outcome
            .detail("location_id", task.location_id.to_string())
            .detail("failure", input.failure.0))
    }
}

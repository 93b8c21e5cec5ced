//! `dispatchTaskStart`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::dispatch_task;

use crate::dispatch::rules::Step;
use crate::dispatch::store::lock_task;
use crate::dispatch::{DRIVE, promises};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The driver sets out for a task. One that waits for another (the dropoff for its pickup) does not
/// begin before that is completed.
#[derive(InputObject)]
pub struct DispatchTaskStartInput {
    /// The task.
    pub id: Id<dispatch_task::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a task cannot be begun.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DispatchTaskStartErrorCode")]
pub enum DispatchTaskStartProblem {
    /// The task is in a status in which that is not done.
    WrongStatus,
    /// The task it waits for is not completed.
    PredecessorOpen,
}

/// The verb.
pub struct DispatchTaskStart;

impl Verb for DispatchTaskStart {
    type Input = DispatchTaskStartInput;
    type Problem = DispatchTaskStartProblem;

    const NAME: &'static str = "dispatchTaskStart";
    const PERMISSION: Permission = Permission::Holds(DRIVE);
    const EVENT: Option<&'static str> = Some("dispatch.task_started");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "dispatchTask",
        "DispatchTask",
        "The task as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, DispatchTaskStartProblem)] = &[(
        "dispatch_tasks_requires_completed_check",
        DispatchTaskStartProblem::PredecessorOpen,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let task = lock_task(act, DRIVE, input.id.uuid(), input.expected_version).await?;
        task.allow(Step::Start, DispatchTaskStartProblem::WrongStatus)?;
        let scope = act.scope;
        let sql = "update dispatch.dispatch_tasks set status = 'en_route', started_at = $3 \
            where biz_id = $1 and id = $2";
        scope
            .execute(
                sql,
                &[scope.biz_id().into(), task.id.into(), scope.now().into()],
            )
            .await?;
        let done = ["acknowledge", "respond", "start"];
        promises::follow(scope, &task, "en_route", &done).await?;
        let outcome = Outcome::row("dispatchTask", task.id);
        Ok(outcome.detail("location_id", task.location_id.to_string()))
    }
}

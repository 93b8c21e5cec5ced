//! `dispatchTaskAccept`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::dispatch_task;

use crate::dispatch::rules::Step;
use crate::dispatch::store::lock_task;
use crate::dispatch::{DRIVE, promises};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The driver takes a task that was given to them.
#[derive(InputObject)]
pub struct DispatchTaskAcceptInput {
    /// The task.
    pub id: Id<dispatch_task::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a task cannot be accepted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DispatchTaskAcceptErrorCode")]
pub enum DispatchTaskAcceptProblem {
    /// The task is in a status in which that is not done.
    WrongStatus,
}

/// The verb.
pub struct DispatchTaskAccept;

impl Verb for DispatchTaskAccept {
    type Input = DispatchTaskAcceptInput;
    type Problem = DispatchTaskAcceptProblem;

    const NAME: &'static str = "dispatchTaskAccept";
    const PERMISSION: Permission = Permission::Holds(DRIVE);
    const EVENT: Option<&'static str> = Some("dispatch.task_accepted");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "dispatchTask",
        "DispatchTask",
        "The task as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let task = lock_task(act, DRIVE, input.id.uuid(), input.expected_version).await?;
        task.allow(Step::Accept, DispatchTaskAcceptProblem::WrongStatus)?;
        let scope = act.scope;
        let sql = "with taken as (update dispatch.task_assignments set accepted_at = $3 \
              where biz_id = $1 and task_id = $2 and ended_at is null) \
            update dispatch.dispatch_tasks set status = 'accepted' where biz_id = $1 and id = $2";
        scope
            .execute(
                sql,
                &[scope.biz_id().into(), task.id.into(), scope.now().into()],
            )
            .await?;
        promises::follow(scope, &task, "accepted", &["acknowledge"]).await?;
        let outcome = Outcome::row("dispatchTask", task.id);
        Ok(outcome.detail("location_id", task.location_id.to_string()))
    }
}

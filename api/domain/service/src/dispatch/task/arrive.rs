//! `dispatchTaskArrive`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::dispatch_task;

use crate::dispatch::DRIVE;
use crate::dispatch::rules::Step;
use crate::dispatch::store::lock_task;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The driver is at the place of a task.
#[derive(InputObject)]
pub struct DispatchTaskArriveInput {
    /// The task.
    pub id: Id<dispatch_task::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a task cannot be arrived at.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DispatchTaskArriveErrorCode")]
pub enum DispatchTaskArriveProblem {
    /// The task is in a status in which that is not done.
    WrongStatus,
}

/// The verb.
pub struct DispatchTaskArrive;

impl Verb for DispatchTaskArrive {
    type Input = DispatchTaskArriveInput;
    type Problem = DispatchTaskArriveProblem;

    const NAME: &'static str = "dispatchTaskArrive";
    const PERMISSION: Permission = Permission::Holds(DRIVE);
    const EVENT: Option<&'static str> = Some("dispatch.task_arrived");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "dispatchTask",
        "DispatchTask",
        "The task as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let task = lock_task(act, DRIVE, input.id.uuid(), input.expected_version).await?;
        task.allow(Step::Arrive, DispatchTaskArriveProblem::WrongStatus)?;
        let scope = act.scope;
        let sql = "update dispatch.dispatch_tasks set status = 'arrived', arrived_at = $3, eta_at = null \
            where biz_id = $1 and id = $2";
        scope
            .execute(
                sql,
                &[scope.biz_id().into(), task.id.into(), scope.now().into()],
            )
            .await?;
        let outcome = Outcome::row("dispatchTask", task.id);
        Ok(outcome.detail("location_id", task.location_id.to_string()))
    }
}

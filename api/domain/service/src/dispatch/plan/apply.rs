//! `routePlanApply`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::route_plan;

use super::lock;
use crate::dispatch::PLAN;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Gives the tasks of a plan to the drivers it found for them. A plan whose tasks have changed since
/// it was reckoned is refused: reckon it anew.
#[derive(InputObject)]
pub struct RoutePlanApplyInput {
    /// The plan.
    pub id: Id<route_plan::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a plan cannot be applied.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RoutePlanApplyErrorCode")]
pub enum RoutePlanApplyProblem {
    /// It has been applied or thrown away, or is not reckoned yet.
    WrongStatus,
    /// A task of the plan has changed since it was reckoned.
    StalePlan,
}

/// The verb.
pub struct RoutePlanApply;

const ASSIGN: &str = "with places as ( \
      select p.task_id, p.vehicle_id, p.driver_id, p.seq, p.eta_at from dispatch.route_plan_tasks p \
      where p.biz_id = $1 and p.plan_id = $2 and p.vehicle_id is not null), \
    given as ( \
      insert into dispatch.task_assignments (biz_id, id, task_id, driver_id, vehicle_id, assigned_by_id) \
      select $1, core.uuid_v7(), p.task_id, p.driver_id, p.vehicle_id, $3 from places p) \
    update dispatch.dispatch_tasks t \
    set status = 'assigned', vehicle_id = p.vehicle_id, driver_id = p.driver_id, seq = p.seq, \
      eta_at = greatest(p.eta_at, $4) \
    from places p where t.biz_id = $1 and t.id = p.task_id returning t.id";

impl Verb for RoutePlanApply {
    type Input = RoutePlanApplyInput;
    type Problem = RoutePlanApplyProblem;

    const NAME: &'static str = "routePlanApply";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.plan_applied");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("routePlan", "RoutePlan", "The plan as it now is."),
        Part::Rows(
            "dispatchTasks",
            "DispatchTask",
            "The tasks that were given to somebody.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, RoutePlanApplyProblem)] =
        &[("route_plans_stale_check", RoutePlanApplyProblem::StalePlan)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let (status, location_id) = lock(act, id, input.expected_version).await?;
        if status != "proposed" {
            let text = format!("The plan is {status}; only a proposed one is applied.");
            return Err(Fault::at(RoutePlanApplyProblem::WrongStatus, "id", text));
        }
        // The plan first: that locks its tasks and checks that they are as they were.
        let apply = "update dispatch.route_plans set status = 'applied', applied_at = $3 \
            where biz_id = $1 and id = $2";
        scope
            .execute(
                apply,
                &[scope.biz_id().into(), id.into(), scope.now().into()],
            )
            .await?;
        let values = [
            scope.biz_id().into(),
            id.into(),
            scope.user_id().into(),
            scope.now().into(),
        ];
        let mut outcome = Outcome::row("routePlan", id);
        let mut task_ids = Vec::new();
        for row in scope.query(ASSIGN, &values).await? {
            let task_id: uuid::Uuid = row.try_get(0)?;
            task_ids.push(task_id.to_string());
            outcome = outcome.and_row("dispatchTasks", task_id);
        }
        Ok(outcome
            .detail("location_id", location_id.to_string())
            .detail("task_ids", task_ids))
    }
}

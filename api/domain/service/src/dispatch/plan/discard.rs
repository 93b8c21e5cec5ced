//! `routePlanDiscard`.

use async_graphql::{Enum, InputObject};
use entities::dispatch::route_plan;

use super::lock;
use crate::dispatch::PLAN;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Throws away a plan that has not been applied.
#[derive(InputObject)]
pub struct RoutePlanDiscardInput {
    /// The plan.
    pub id: Id<route_plan::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a plan cannot be thrown away.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RoutePlanDiscardErrorCode")]
pub enum RoutePlanDiscardProblem {
    /// It has been applied, or thrown away before.
    WrongStatus,
}

/// The verb.
pub struct RoutePlanDiscard;

impl Verb for RoutePlanDiscard {
    type Input = RoutePlanDiscardInput;
    type Problem = RoutePlanDiscardProblem;

    const NAME: &'static str = "routePlanDiscard";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.plan_discarded");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "routePlan",
        "RoutePlan",
        "The plan as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let (status, location_id) = lock(act, id, input.expected_version).await?;
        if matches!(status.as_str(), "applied" | "discarded") {
            let text = format!("The plan is {status} already.");
            return Err(Fault::at(RoutePlanDiscardProblem::WrongStatus, "id", text));
        }
        let sql =
            "update dispatch.route_plans set status = 'discarded' where biz_id = $1 and id = $2";
        scope
            .execute(sql, &[scope.biz_id().into(), id.into()])
            .await?;
        let outcome = Outcome::row("routePlan", id);
        Ok(outcome.detail("location_id", location_id.to_string()))
    }
}

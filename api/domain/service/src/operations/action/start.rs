//! `correctiveActionStart`.

use async_graphql::{Enum, InputObject};
use entities::operations::corrective_action;

use crate::operations::REPORT_INCIDENT;
use crate::operations::locked::{ACTION, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Its owner sees to it now, or again after it was found not done.
#[derive(InputObject)]
pub struct CorrectiveActionStartInput {
    /// The action.
    pub id: Id<corrective_action::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not started.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "CorrectiveActionStartErrorCode")]
pub enum CorrectiveActionStartProblem {
    /// The action is in a status in which that is not done.
    WrongStatus,
}

use CorrectiveActionStartProblem as Problem;

/// The verb.
pub struct CorrectiveActionStart;

impl Verb for CorrectiveActionStart {
    type Input = CorrectiveActionStartInput;
    type Problem = Problem;

    const NAME: &'static str = "correctiveActionStart";
    const PERMISSION: Permission = Permission::Holds(REPORT_INCIDENT);
    const EVENT: Option<&'static str> = Some("corrective_action.started");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "correctiveAction",
        "CorrectiveAction",
        "The action as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            REPORT_INCIDENT,
            ACTION,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(&["open", "rejected"], Problem::WrongStatus)?;
        let sql = "update operations.corrective_actions set status = 'in_progress', done_at = null, verified_by_id = null, verified_at = null where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), row.id.into()];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("correctiveAction", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

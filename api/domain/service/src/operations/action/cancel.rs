//! `correctiveActionCancel`.

use async_graphql::{Enum, InputObject};
use entities::operations::corrective_action;

use crate::operations::INVESTIGATE;
use crate::operations::locked::{ACTION, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// It is not needed any more.
#[derive(InputObject)]
pub struct CorrectiveActionCancelInput {
    /// The action.
    pub id: Id<corrective_action::Entity>,
    /// Why it is not needed.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not cancelled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "CorrectiveActionCancelErrorCode")]
pub enum CorrectiveActionCancelProblem {
    /// The action is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use CorrectiveActionCancelProblem as Problem;

/// The verb.
pub struct CorrectiveActionCancel;

impl Verb for CorrectiveActionCancel {
    type Input = CorrectiveActionCancelInput;
    type Problem = Problem;

    const NAME: &'static str = "correctiveActionCancel";
    const PERMISSION: Permission = Permission::Holds(INVESTIGATE);
    const EVENT: Option<&'static str> = Some("corrective_action.cancelled");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "correctiveAction",
        "CorrectiveAction",
        "The action as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            INVESTIGATE,
            ACTION,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(&["open", "in_progress"], Problem::WrongStatus)?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        let sql = "update operations.corrective_actions set status = 'cancelled' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), row.id.into()];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("correctiveAction", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

//! `correctiveActionReject`.

use async_graphql::{Enum, InputObject};
use entities::operations::corrective_action;

use crate::operations::INVESTIGATE;
use crate::operations::locked::{ACTION, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// It is not done as it should, as somebody other than its owner found.
#[derive(InputObject)]
pub struct CorrectiveActionRejectInput {
    /// The action.
    pub id: Id<corrective_action::Entity>,
    /// What is missing.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not rejected.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "CorrectiveActionRejectErrorCode")]
pub enum CorrectiveActionRejectProblem {
    /// The action is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
    /// Nobody verifies what is their own to do, and no program does.
    OwnAction,
}

use CorrectiveActionRejectProblem as Problem;

/// The verb.
pub struct CorrectiveActionReject;

impl Verb for CorrectiveActionReject {
    type Input = CorrectiveActionRejectInput;
    type Problem = Problem;

    const NAME: &'static str = "correctiveActionReject";
    const PERMISSION: Permission = Permission::Holds(INVESTIGATE);
    const EVENT: Option<&'static str> = Some("corrective_action.rejected");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "correctiveAction",
        "CorrectiveAction",
        "The action as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("corrective_actions_verifier_check", Problem::OwnAction)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            INVESTIGATE,
            ACTION,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(&["done"], Problem::WrongStatus)?;
        let Some(member) = act.principal()?.member_id() else {
            let text = "A member of the business verifies it.";
            return Err(Fault::problem(Problem::OwnAction, text));
        };
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        let sql = "update operations.corrective_actions set status = 'rejected', verified_at = $3, verified_by_id = $4, note = $5 where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            row.id.into(),
            act.scope.now().into(),
            member.into(),
            reason.into(),
        ];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("correctiveAction", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

//! `correctiveActionFinish`.

use async_graphql::{Enum, InputObject};
use entities::core::media_asset;
use entities::operations::corrective_action;

use crate::operations::REPORT_INCIDENT;
use crate::operations::locked::{ACTION, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// It is done, as its owner says: somebody else has to verify it.
#[derive(InputObject)]
pub struct CorrectiveActionFinishInput {
    /// The action.
    pub id: Id<corrective_action::Entity>,
    /// What was done.
    pub note: Option<String>,
    /// A photo or document that shows it.
    pub evidence_media_id: Option<Id<media_asset::Entity>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it is not done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "CorrectiveActionFinishErrorCode")]
pub enum CorrectiveActionFinishProblem {
    /// The action is in a status in which that is not done.
    WrongStatus,
}

use CorrectiveActionFinishProblem as Problem;

/// The verb.
pub struct CorrectiveActionFinish;

impl Verb for CorrectiveActionFinish {
    type Input = CorrectiveActionFinishInput;
    type Problem = Problem;

    const NAME: &'static str = "correctiveActionFinish";
    const PERMISSION: Permission = Permission::Holds(REPORT_INCIDENT);
    const EVENT: Option<&'static str> = Some("corrective_action.done");
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
        row.allow(&["in_progress"], Problem::WrongStatus)?;
        let note = input.note.as_deref().map(str::trim);
        let media = input.evidence_media_id.map(|id| id.uuid());
        let sql = "update operations.corrective_actions set status = 'done', done_at = $3, note = coalesce($4, note), evidence_media_id = coalesce($5, evidence_media_id) where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            row.id.into(),
            act.scope.now().into(),
            note.into(),
            media.into(),
        ];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("correctiveAction", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

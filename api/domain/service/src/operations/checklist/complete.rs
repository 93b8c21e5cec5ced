//! `checklistComplete`.

use async_graphql::{Enum, InputObject};
use entities::operations::checklist_run;

use crate::operations::CHECK;
use crate::operations::checklist::answers::fill;
use crate::operations::locked::{RUN, lock};
use foundation::graph::scalars::{Id, Json};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A checklist is gone through: all items that need an answer have one. It is not changed any more.
#[derive(InputObject)]
pub struct ChecklistCompleteInput {
    /// The run.
    pub id: Id<checklist_run::Entity>,
    /// The last answers: an object by the keys of the items.
    pub answers: Option<Json>,
    /// What there is to say about it.
    pub note: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not completed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ChecklistCompleteErrorCode")]
pub enum ChecklistCompleteProblem {
    /// The run is filled in, or given up.
    WrongStatus,
    /// An answer is to no item of this checklist, or is not what the item asks for.
    UnknownItem,
    /// All items that need an answer must have one.
    Unanswered,
}

use ChecklistCompleteProblem as Problem;

/// The verb.
pub struct ChecklistComplete;

impl Verb for ChecklistComplete {
    type Input = ChecklistCompleteInput;
    type Problem = Problem;

    const NAME: &'static str = "checklistComplete";
    const PERMISSION: Permission = Permission::Holds(CHECK);
    const EVENT: Option<&'static str> = Some("checklist.completed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "checklistRun",
        "ChecklistRun",
        "The run as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("checklist_runs_answered_check", Problem::Unanswered)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(act, CHECK, RUN, input.id.uuid(), input.expected_version).await?;
        row.allow(&["open"], Problem::WrongStatus)?;
        if let Some(answers) = input.answers {
            fill(act, row.id, answers.0)
                .await?
                .map_err(|text| Fault::at(Problem::UnknownItem, "answers", text))?;
        }
        let sql = "update operations.checklist_runs set status = 'completed', completed_at = $3, note = $4 \
                   where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            row.id.into(),
            act.scope.now().into(),
            input.note.as_deref().map(str::trim).into(),
        ];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("checklistRun", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

//! `checklistAnswer`.

use async_graphql::{Enum, InputObject};
use entities::operations::checklist_run;

use crate::operations::CHECK;
use crate::operations::checklist::answers::fill;
use crate::operations::locked::{RUN, lock};
use foundation::graph::scalars::{Id, Json};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Fills in some items of a checklist; what was answered before and is not given stays.
#[derive(InputObject)]
pub struct ChecklistAnswerInput {
    /// The run.
    pub id: Id<checklist_run::Entity>,
    /// The answers: an object by the keys of the items.
    pub answers: Json,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not filled in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ChecklistAnswerErrorCode")]
pub enum ChecklistAnswerProblem {
    /// The run is filled in, or given up.
    WrongStatus,
    /// An answer is to no item of this checklist, or is not what the item asks for.
    UnknownItem,
}

use ChecklistAnswerProblem as Problem;

/// The verb.
pub struct ChecklistAnswer;

impl Verb for ChecklistAnswer {
    type Input = ChecklistAnswerInput;
    type Problem = Problem;

    const NAME: &'static str = "checklistAnswer";
    const PERMISSION: Permission = Permission::Holds(CHECK);
    const EVENT: Option<&'static str> = Some("checklist.answered");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "checklistRun",
        "ChecklistRun",
        "The run as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(act, CHECK, RUN, input.id.uuid(), input.expected_version).await?;
        row.allow(&["open"], Problem::WrongStatus)?;
        fill(act, row.id, input.answers.0)
            .await?
            .map_err(|text| Fault::at(Problem::UnknownItem, "answers", text))?;
        let outcome = Outcome::row("checklistRun", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

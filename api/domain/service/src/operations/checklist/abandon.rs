//! `checklistAbandon`.

use async_graphql::{Enum, InputObject};
use entities::operations::checklist_run;

use crate::operations::CHECK;
use crate::operations::locked::{RUN, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A checklist is given up.
#[derive(InputObject)]
pub struct ChecklistAbandonInput {
    /// The run.
    pub id: Id<checklist_run::Entity>,
    /// Why it is given up.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not given up.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ChecklistAbandonErrorCode")]
pub enum ChecklistAbandonProblem {
    /// The run is filled in, or given up.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use ChecklistAbandonProblem as Problem;

/// The verb.
pub struct ChecklistAbandon;

impl Verb for ChecklistAbandon {
    type Input = ChecklistAbandonInput;
    type Problem = Problem;

    const NAME: &'static str = "checklistAbandon";
    const PERMISSION: Permission = Permission::Holds(CHECK);
    const EVENT: Option<&'static str> = Some("checklist.abandoned");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "checklistRun",
        "ChecklistRun",
        "The run as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(act, CHECK, RUN, input.id.uuid(), input.expected_version).await?;
        row.allow(&["open"], Problem::WrongStatus)?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        let sql = "update operations.checklist_runs set status = 'abandoned' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), row.id.into()];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("checklistRun", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

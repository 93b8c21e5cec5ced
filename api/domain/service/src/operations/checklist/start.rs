//! `checklistStart`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::operations::checklist;
use entities::resources::resource;
use entities::workforce::staff;
use sea_orm::Value;

use crate::operations::CHECK;
use foundation::database::new_id;
use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Begins to go through a checklist: its items are kept as they are now.
#[derive(InputObject)]
pub struct ChecklistStartInput {
    /// The checklist.
    pub checklist_id: Id<checklist::Entity>,
    /// Where.
    pub location_id: Id<location::Entity>,
    /// The resource that is checked, if not the location.
    pub resource_id: Option<Id<resource::Entity>>,
    /// Who goes through it.
    pub assignee_id: Option<Id<staff::Entity>>,
    /// Until when it is to be done.
    pub due_at: Option<Instant>,
}

/// Why it was not begun.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ChecklistStartErrorCode")]
pub enum ChecklistStartProblem {
    /// There is no such checklist, or it is not used any more.
    UnknownChecklist,
}

use ChecklistStartProblem as Problem;

/// The verb.
pub struct ChecklistStart;

impl Verb for ChecklistStart {
    type Input = ChecklistStartInput;
    type Problem = Problem;

    const NAME: &'static str = "checklistStart";
    const PERMISSION: Permission = Permission::Holds(CHECK);
    const EVENT: Option<&'static str> = Some("checklist.started");
    const PAYLOAD: &'static [Part] = &[Part::Row("checklistRun", "ChecklistRun", "The new run.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (id, location_id) = (new_id(), input.location_id.uuid());
        act.permit_at(CHECK, location_id, "location")?;
        let values: [Value; 8] = [
            act.scope.biz_id().into(),
            id.into(),
            input.checklist_id.uuid().into(),
            location_id.into(),
            input.resource_id.map(|id| id.uuid()).into(),
            input.assignee_id.map(|id| id.uuid()).into(),
            input.due_at.map(|at| at.0).into(),
            act.scope.now().into(),
        ];
        if act.scope.execute(INSERT, &values).await? == 0 {
            let text = "There is no such checklist.";
            return Err(Fault::at(Problem::UnknownChecklist, "checklistId", text));
        }
        let outcome = Outcome::row("checklistRun", id);
        Ok(outcome.detail("location_id", location_id.to_string()))
    }
}

const INSERT: &str = "insert into operations.checklist_runs (biz_id, id, checklist_id, subject_type, subject_id, location_id, \
      business_date, items, assignee_id, due_at) \
    select $1, $2, c.id, case when $5::uuid is not null then 'Resource' end, $5, $4, core.business_date($1, $4, $8), c.items, $6, $7 \
    from operations.checklists c where c.biz_id = $1 and c.id = $3 and c.deleted_at is null";

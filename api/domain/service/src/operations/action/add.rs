//! `correctiveActionAdd`.

use async_graphql::{Enum, InputObject};
use entities::identity::member;
use entities::operations::incident_report;
use sea_orm::Value;

use crate::operations::INVESTIGATE;
use crate::operations::locked::{INCIDENT, lock};
use foundation::database::new_id;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Adds what has to follow from an incident, who sees to it, and until when.
#[derive(InputObject)]
pub struct CorrectiveActionAddInput {
    /// The incident.
    pub incident_id: Id<incident_report::Entity>,
    /// What is to be done.
    pub description: String,
    /// The member who sees to it.
    pub owner_id: Id<member::Entity>,
    /// Until which day.
    pub due_on: Day,
}

/// Why it was not added.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "CorrectiveActionAddErrorCode")]
pub enum CorrectiveActionAddProblem {
    /// A closed report gets no more actions.
    IncidentClosed,
    /// It must be said what is to be done.
    DescriptionRequired,
}

use CorrectiveActionAddProblem as Problem;

/// The verb.
pub struct CorrectiveActionAdd;

impl Verb for CorrectiveActionAdd {
    type Input = CorrectiveActionAddInput;
    type Problem = Problem;

    const NAME: &'static str = "correctiveActionAdd";
    const PERMISSION: Permission = Permission::Holds(INVESTIGATE);
    const EVENT: Option<&'static str> = Some("corrective_action.added");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "correctiveAction",
        "CorrectiveAction",
        "The new action.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        (
            "corrective_actions_open_incident_check",
            Problem::IncidentClosed,
        ),
        (
            "corrective_actions_description_check",
            Problem::DescriptionRequired,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let incident = lock(act, INVESTIGATE, INCIDENT, input.incident_id.uuid(), None).await?;
        let id = new_id();
        let sql = "insert into operations.corrective_actions (biz_id, id, incident_id, description, owner_id, due_on) \
                   values ($1, $2, $3, $4, $5, $6)";
        let values: [Value; 6] = [
            act.scope.biz_id().into(),
            id.into(),
            incident.id.into(),
            input.description.trim().into(),
            input.owner_id.uuid().into(),
            input.due_on.0.into(),
        ];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("correctiveAction", id);
        Ok(outcome
            .detail("location_id", incident.location_id.to_string())
            .detail("incident_id", incident.id.to_string()))
    }
}

//! `incidentConclude`.

use async_graphql::{Enum, InputObject};
use entities::operations::incident_report;

use crate::operations::INVESTIGATE;
use crate::operations::locked::{INCIDENT, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// It is clear what led to it; not all that follows is done.
#[derive(InputObject)]
pub struct IncidentConcludeInput {
    /// The report.
    pub id: Id<incident_report::Entity>,
    /// What led to it, as was found.
    pub root_cause: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it is not concluded.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "IncidentConcludeErrorCode")]
pub enum IncidentConcludeProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
    /// It must be said what led to it.
    CauseRequired,
}

use IncidentConcludeProblem as Problem;

/// The verb.
pub struct IncidentConclude;

impl Verb for IncidentConclude {
    type Input = IncidentConcludeInput;
    type Problem = Problem;

    const NAME: &'static str = "incidentConclude";
    const PERMISSION: Permission = Permission::Holds(INVESTIGATE);
    const EVENT: Option<&'static str> = Some("incident.concluded");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "incidentReport",
        "IncidentReport",
        "The report as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("incident_reports_root_cause_check", Problem::CauseRequired)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            INVESTIGATE,
            INCIDENT,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(&["investigating"], Problem::WrongStatus)?;
        let sql = "update operations.incident_reports set status = 'actions_pending', root_cause = $3 where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            row.id.into(),
            input.root_cause.trim().into(),
        ];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("incidentReport", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

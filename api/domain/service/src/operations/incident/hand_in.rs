//! `incidentHandIn`.

use async_graphql::{Enum, InputObject};
use entities::operations::incident_report;

use crate::operations::REPORT_INCIDENT;
use crate::operations::locked::{INCIDENT, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Hands a draft in.
#[derive(InputObject)]
pub struct IncidentHandInInput {
    /// The report.
    pub id: Id<incident_report::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not handed in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "IncidentHandInErrorCode")]
pub enum IncidentHandInProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
}

use IncidentHandInProblem as Problem;

/// The verb.
pub struct IncidentHandIn;

impl Verb for IncidentHandIn {
    type Input = IncidentHandInInput;
    type Problem = Problem;

    const NAME: &'static str = "incidentHandIn";
    const PERMISSION: Permission = Permission::Holds(REPORT_INCIDENT);
    const EVENT: Option<&'static str> = Some("incident.handed_in");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "incidentReport",
        "IncidentReport",
        "The report as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            REPORT_INCIDENT,
            INCIDENT,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(&["draft"], Problem::WrongStatus)?;
        let sql = "update operations.incident_reports set status = 'reported', reported_at = $3 where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            row.id.into(),
            act.scope.now().into(),
        ];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("incidentReport", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

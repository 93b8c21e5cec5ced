//! `incidentReinvestigate`.

use async_graphql::{Enum, InputObject};
use entities::operations::incident_report;

use crate::operations::INVESTIGATE;
use crate::operations::locked::{INCIDENT, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// It is looked into again: what was found does not explain it.
#[derive(InputObject)]
pub struct IncidentReinvestigateInput {
    /// The report.
    pub id: Id<incident_report::Entity>,
    /// Why it is looked into again.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it is not looked into again.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "IncidentReinvestigateErrorCode")]
pub enum IncidentReinvestigateProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use IncidentReinvestigateProblem as Problem;

/// The verb.
pub struct IncidentReinvestigate;

impl Verb for IncidentReinvestigate {
    type Input = IncidentReinvestigateInput;
    type Problem = Problem;

    const NAME: &'static str = "incidentReinvestigate";
    const PERMISSION: Permission = Permission::Holds(INVESTIGATE);
    const EVENT: Option<&'static str> = Some("incident.reinvestigated");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "incidentReport",
        "IncidentReport",
        "The report as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            INVESTIGATE,
            INCIDENT,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(&["actions_pending"], Problem::WrongStatus)?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        let sql = "update operations.incident_reports set status = 'investigating' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), row.id.into()];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("incidentReport", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

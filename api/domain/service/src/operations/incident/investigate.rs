//! `incidentInvestigate`.

use async_graphql::{Enum, InputObject};
use entities::identity::member;
use entities::operations::incident_report;

use crate::operations::INVESTIGATE;
use crate::operations::locked::{INCIDENT, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Somebody looks into it.
#[derive(InputObject)]
pub struct IncidentInvestigateInput {
    /// The report.
    pub id: Id<incident_report::Entity>,
    /// Who looks into it; whoever says so if not given.
    pub investigator_id: Option<Id<member::Entity>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why nobody looks into it.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "IncidentInvestigateErrorCode")]
pub enum IncidentInvestigateProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
}

use IncidentInvestigateProblem as Problem;

/// The verb.
pub struct IncidentInvestigate;

impl Verb for IncidentInvestigate {
    type Input = IncidentInvestigateInput;
    type Problem = Problem;

    const NAME: &'static str = "incidentInvestigate";
    const PERMISSION: Permission = Permission::Holds(INVESTIGATE);
    const EVENT: Option<&'static str> = Some("incident.investigating");
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
        row.allow(&["reported"], Problem::WrongStatus)?;
        let own = act.principal()?.member_id();
        let investigator = input.investigator_id.map(|id| id.uuid()).or(own);
        let sql = "update operations.incident_reports set status = 'investigating', investigator_id = $3 where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            row.id.into(),
            investigator.into(),
        ];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("incidentReport", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

//! `incidentAmend`.

use async_graphql::{Enum, InputObject};
use entities::operations::incident_report;

use crate::operations::INVESTIGATE;
use crate::operations::locked::{INCIDENT, lock};
use foundation::database::new_id;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Adds something to a closed report, which stays as it is.
#[derive(InputObject)]
pub struct IncidentAmendInput {
    /// The report.
    pub id: Id<incident_report::Entity>,
    /// What is added or put right.
    pub body: String,
    /// Why.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why nothing was added.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "IncidentAmendErrorCode")]
pub enum IncidentAmendProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
    /// There must be a text, and a reason.
    Blank,
}

use IncidentAmendProblem as Problem;

/// The verb.
pub struct IncidentAmend;

impl Verb for IncidentAmend {
    type Input = IncidentAmendInput;
    type Problem = Problem;

    const NAME: &'static str = "incidentAmend";
    const PERMISSION: Permission = Permission::Holds(INVESTIGATE);
    const EVENT: Option<&'static str> = Some("incident.amended");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "incidentReport",
        "IncidentReport",
        "The report as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("incident_amendments_body_check", Problem::Blank),
        ("incident_amendments_reason_check", Problem::Blank),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            INVESTIGATE,
            INCIDENT,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(&["closed", "amended"], Problem::WrongStatus)?;
        let sql = "insert into operations.incident_amendments (biz_id, id, incident_id, body, reason) values ($1, $2, $3, $4, $5)";
        let values = [
            act.scope.biz_id().into(),
            new_id().into(),
            row.id.into(),
            input.body.trim().into(),
            input.reason.trim().into(),
        ];
        act.scope.execute(sql, &values).await?;
        if row.status == "closed" {
            let sql = "update operations.incident_reports set status = 'amended' where biz_id = $1 and id = $2";
            let values = [act.scope.biz_id().into(), row.id.into()];
            act.scope.execute(sql, &values).await?;
        }
        let outcome = Outcome::row("incidentReport", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

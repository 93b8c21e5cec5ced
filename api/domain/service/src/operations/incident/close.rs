//! `incidentClose`.

use async_graphql::{Enum, InputObject};
use entities::operations::incident_report;

use crate::operations::INVESTIGATE;
use crate::operations::locked::{INCIDENT, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Closes a report: all its actions are verified, and the authority was told where it has to be. It
/// is not changed any more.
#[derive(InputObject)]
pub struct IncidentCloseInput {
    /// The report.
    pub id: Id<incident_report::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not closed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "IncidentCloseErrorCode")]
pub enum IncidentCloseProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
    /// A report is closed when all its actions are verified.
    ActionsOpen,
    /// A report is closed after the authority was told.
    RegulatorNotTold,
}

use IncidentCloseProblem as Problem;

/// The verb.
pub struct IncidentClose;

impl Verb for IncidentClose {
    type Input = IncidentCloseInput;
    type Problem = Problem;

    const NAME: &'static str = "incidentClose";
    const PERMISSION: Permission = Permission::Holds(INVESTIGATE);
    const EVENT: Option<&'static str> = Some("incident.closed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "incidentReport",
        "IncidentReport",
        "The report as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        (
            "incident_reports_actions_verified_check",
            Problem::ActionsOpen,
        ),
        ("incident_reports_notified_check", Problem::RegulatorNotTold),
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
        row.allow(&["investigating", "actions_pending"], Problem::WrongStatus)?;
        let sql = "update operations.incident_reports set status = 'closed', closed_at = $3 where biz_id = $1 and id = $2";
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

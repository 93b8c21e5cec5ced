//! `incidentNotifyRegulator`.

use async_graphql::{Enum, InputObject};
use entities::operations::incident_report;

use crate::operations::INVESTIGATE;
use crate::operations::locked::{INCIDENT, lock};
use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Notes that the authority was told.
#[derive(InputObject)]
pub struct IncidentNotifyRegulatorInput {
    /// The report.
    pub id: Id<incident_report::Entity>,
    /// When it was told; now if not given.
    pub notified_at: Option<Instant>,
    /// Number at the authority.
    pub reference: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not noted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "IncidentNotifyRegulatorErrorCode")]
pub enum IncidentNotifyRegulatorProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
    /// This is not to be told to an authority.
    NotNotifiable,
}

use IncidentNotifyRegulatorProblem as Problem;

/// The verb.
pub struct IncidentNotifyRegulator;

impl Verb for IncidentNotifyRegulator {
    type Input = IncidentNotifyRegulatorInput;
    type Problem = Problem;

    const NAME: &'static str = "incidentNotifyRegulator";
    const PERMISSION: Permission = Permission::Holds(INVESTIGATE);
    const EVENT: Option<&'static str> = Some("incident.regulator_notified");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "incidentReport",
        "IncidentReport",
        "The report as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("incident_reports_regulator_check", Problem::NotNotifiable)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            INVESTIGATE,
            INCIDENT,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(
            &["reported", "investigating", "actions_pending"],
            Problem::WrongStatus,
        )?;
        let at = input.notified_at.map_or(act.scope.now(), |at| at.0);
        let reference = input.reference.as_deref().map(str::trim);
        let sql = "update operations.incident_reports set regulator_notified_at = $3, regulator_ref = $4 where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            row.id.into(),
            at.into(),
            reference.into(),
        ];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("incidentReport", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

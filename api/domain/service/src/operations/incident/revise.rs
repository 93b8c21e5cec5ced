//! `incidentRevise`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use entities::operations::incident_report;
use entities::resources::resource;
use sea_orm::Value;

use crate::operations::REPORT_INCIDENT;
use crate::operations::choices::{IncidentKind, IncidentSeverity};
use crate::operations::locked::{INCIDENT, lock};
use foundation::graph::scalars::{Choice, Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Goes on with a report that is not closed: what is given replaces what was there. A closed report
/// is amended instead.
#[derive(InputObject)]
pub struct IncidentReviseInput {
    /// The report.
    pub id: Id<incident_report::Entity>,
    /// What happened.
    pub kind: Option<Choice<IncidentKind>>,
    /// How bad it was.
    pub severity: Option<Choice<IncidentSeverity>>,
    /// What happened, in a line.
    pub title: Option<String>,
    /// The room or thing in which or with which it happened.
    pub resource_id: Option<Id<resource::Entity>>,
    /// The order of the customer who was concerned.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// What happened, at length, without the names of those concerned.
    pub narrative: Option<String>,
    /// Who was concerned, how to reach them and what they say; kept sealed.
    pub involved_parties: Option<String>,
    /// Whether an authority has to be told.
    pub is_regulator_notifiable: Option<bool>,
    /// Until when it has to be told.
    pub notify_regulator_by: Option<Instant>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not changed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "IncidentReviseErrorCode")]
pub enum IncidentReviseProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
    /// An authority is told of what it has to be told of.
    RegulatorInconsistent,
}

use IncidentReviseProblem as Problem;

/// The verb.
pub struct IncidentRevise;

impl Verb for IncidentRevise {
    type Input = IncidentReviseInput;
    type Problem = Problem;

    const NAME: &'static str = "incidentRevise";
    const PERMISSION: Permission = Permission::Holds(REPORT_INCIDENT);
    const EVENT: Option<&'static str> = Some("incident.revised");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "incidentReport",
        "IncidentReport",
        "The report as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[(
        "incident_reports_regulator_check",
        Problem::RegulatorInconsistent,
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
        let open = ["draft", "reported", "investigating", "actions_pending"];
        row.allow(&open, Problem::WrongStatus)?;
        let sealer = &act.session.shared.sealer;
        let parties = input.involved_parties.as_deref().map(str::trim);
        let parties = parties.map(|text| sealer.seal(act.scope.biz_id(), text));
        let values: [Value; 11] = [
            act.scope.biz_id().into(),
            row.id.into(),
            input.kind.map(|kind| kind.0).into(),
            input.severity.map(|severity| severity.0).into(),
            input.title.map(|title| title.trim().to_owned()).into(),
            input.narrative.into(),
            parties.transpose()?.into(),
            input.resource_id.map(|id| id.uuid()).into(),
            input.booking_order_id.map(|id| id.uuid()).into(),
            input.is_regulator_notifiable.into(),
            input.notify_regulator_by.map(|at| at.0).into(),
        ];
        act.scope.execute(REVISE, &values).await?;
        let outcome = Outcome::row("incidentReport", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

const REVISE: &str = "update operations.incident_reports set kind = coalesce($3::text, kind), severity = coalesce($4::text, severity), \
      title = coalesce($5, title), narrative = coalesce($6, narrative), \
      involved_parties_enc = coalesce($7, involved_parties_enc), resource_id = coalesce($8, resource_id), \
      booking_order_id = coalesce($9, booking_order_id), is_regulator_notifiable = coalesce($10, is_regulator_notifiable), \
      notify_regulator_by = coalesce($11, notify_regulator_by) \
    where biz_id = $1 and id = $2";

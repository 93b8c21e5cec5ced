//! `incidentReportCreate`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use entities::core::location;
use entities::resources::resource;
use sea_orm::Value;

use crate::operations::REPORT_INCIDENT;
use crate::operations::choices::{IncidentKind, IncidentSeverity};
use foundation::database::{Numbered, new_id};
use foundation::graph::scalars::{Choice, Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Reports something bad that happened, or nearly did: handed in at once, or as a draft to go on
/// with.
#[derive(InputObject)]
pub struct IncidentReportCreateInput {
    /// Where it happened.
    pub location_id: Id<location::Entity>,
    /// When it happened.
    pub occurred_at: Instant,
    /// What happened.
    pub kind: Choice<IncidentKind>,
    /// How bad it was.
    pub severity: Choice<IncidentSeverity>,
    /// What happened, in a line.
    pub title: String,
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
    /// Whether it is a draft: it is handed in later.
    pub draft: Option<bool>,
}

/// Why it was not reported.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "IncidentReportCreateErrorCode")]
pub enum IncidentReportCreateProblem {
    /// An incident is reported after it happened.
    NotYetHappened,
    /// It must be said what happened.
    TitleRequired,
    /// An authority is told of what it has to be told of.
    RegulatorInconsistent,
}

use IncidentReportCreateProblem as Problem;

/// The verb.
pub struct IncidentReportCreate;

impl Verb for IncidentReportCreate {
    type Input = IncidentReportCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "incidentReportCreate";
    const PERMISSION: Permission = Permission::Holds(REPORT_INCIDENT);
    const EVENT: Option<&'static str> = Some("incident.reported");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "incidentReport",
        "IncidentReport",
        "The new report.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("incident_reports_title_check", Problem::TitleRequired),
        (
            "incident_reports_regulator_check",
            Problem::RegulatorInconsistent,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (scope, id, location_id) = (act.scope, new_id(), input.location_id.uuid());
        act.permit_at(REPORT_INCIDENT, location_id, "location")?;
        if input.occurred_at.0 > scope.now() {
            let text = "An incident is reported after it happened.";
            return Err(Fault::at(Problem::NotYetHappened, "occurredAt", text));
        }
        let number = act.session.shared.database.number(scope, NUMBERS).await?;
        let sealer = &act.session.shared.sealer;
        let parties = input.involved_parties.as_deref().map(str::trim);
        let parties = parties
            .map(|text| sealer.seal(scope.biz_id(), text))
            .transpose()?;
        let is_draft = input.draft.unwrap_or(false);
        let values: [Value; 16] = [
            scope.biz_id().into(),
            id.into(),
            number.into(),
            location_id.into(),
            input.resource_id.map(|id| id.uuid()).into(),
            input.booking_order_id.map(|id| id.uuid()).into(),
            input.occurred_at.0.into(),
            input.kind.0.into(),
            input.severity.0.into(),
            input.title.trim().into(),
            input.narrative.unwrap_or_default().into(),
            parties.into(),
            act.principal()?.member_id().into(),
            (!is_draft).then(|| scope.now()).into(),
            input.is_regulator_notifiable.unwrap_or(false).into(),
            input.notify_regulator_by.map(|at| at.0).into(),
        ];
        scope.execute(INSERT, &values).await?;
        Ok(Outcome::row("incidentReport", id)
            .detail("location_id", location_id.to_string())
            .detail("severity", input.severity.0)
            .detail("draft", is_draft))
    }
}

/// How incidents are numbered.
const NUMBERS: Numbered = Numbered {
    document: "incident_report",
    prefix: "IR",
};

const INSERT: &str = "insert into operations.incident_reports (biz_id, id, number, location_id, resource_id, booking_order_id, \
      occurred_at, kind, severity, title, narrative, involved_parties_enc, reported_by_id, reported_at, status, \
      is_regulator_notifiable, notify_regulator_by) \
    values ($1, $2, $3, $4, $5, $6, $7, $8::text, $9::text, $10, $11, $12, $13, $14, \
      case when $14::timestamptz is null then 'draft' else 'reported' end, $15, $16)";

//! `maintenanceReport`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::crm::customer;
use entities::resources::resource;
use sea_orm::Value;
use uuid::Uuid;

use crate::operations::REPORT_FAULT;
use crate::operations::choices::FaultSeverity;
use crate::operations::sla::clocks::{Subject, start};
use foundation::database::{Error, Numbered, new_id};
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::identity::Principal;

/// Reports that something is broken or worn. What policies promise for it begins to run.
#[derive(InputObject)]
pub struct MaintenanceReportInput {
    /// Where it is.
    pub location_id: Id<location::Entity>,
    /// What is wrong.
    pub description: String,
    /// What is broken.
    pub resource_id: Option<Id<resource::Entity>>,
    /// How bad it is; medium if not given.
    pub severity: Option<Choice<FaultSeverity>>,
    /// Whether it cannot be used until it is repaired.
    pub blocks_resource: Option<bool>,
    /// The customer who told of it.
    pub customer_id: Option<Id<customer::Entity>>,
}

/// Why it was not reported.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MaintenanceReportErrorCode")]
pub enum MaintenanceReportProblem {
    /// What cannot be used is named.
    ResourceRequired,
    /// It must be said what is wrong.
    DescriptionRequired,
}

use MaintenanceReportProblem as Problem;

/// The verb.
pub struct MaintenanceReport;

impl Verb for MaintenanceReport {
    type Input = MaintenanceReportInput;
    type Problem = Problem;

    const NAME: &'static str = "maintenanceReport";
    const PERMISSION: Permission = Permission::Holds(REPORT_FAULT);
    const EVENT: Option<&'static str> = Some("maintenance.reported");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "maintenanceRequest",
        "MaintenanceRequest",
        "The new report.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        (
            "maintenance_requests_blocks_check",
            Problem::ResourceRequired,
        ),
        (
            "maintenance_requests_description_check",
            Problem::DescriptionRequired,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let location_id = input.location_id.uuid();
        act.permit_at(REPORT_FAULT, location_id, "location")?;
        let severity = input.severity.map_or("medium", |severity| severity.0);
        let fault = NewFault {
            location_id,
            resource_id: input.resource_id.map(|id| id.uuid()),
            service_request_id: None,
            customer_id: input.customer_id.map(|id| id.uuid()),
            severity,
            description: input.description,
            blocks_resource: input.blocks_resource.unwrap_or(false),
            priority: priority_of(severity).to_owned(),
        };
        let id = report(act, fault).await?;
        Ok(Outcome::row("maintenanceRequest", id)
            .detail("location_id", location_id.to_string())
            .detail("severity", severity))
    }
}

/// How reports are numbered.
const NUMBERS: Numbered = Numbered {
    document: "maintenance_request",
    prefix: "MR",
};

/// What is broken.
#[derive(Clone, Debug)]
pub struct NewFault {
    /// Where.
    pub location_id: Uuid,
    /// What.
    pub resource_id: Option<Uuid>,
    /// The request that it comes from.
    pub service_request_id: Option<Uuid>,
    /// The customer who told of it.
    pub customer_id: Option<Uuid>,
    /// How bad it is.
    pub severity: &'static str,
    /// What is wrong.
    pub description: String,
    /// Whether it cannot be used.
    pub blocks_resource: bool,
    /// How urgent it is, by which policies promise.
    pub priority: String,
}

/// The priority of policies that goes with a severity.
pub fn priority_of(severity: &str) -> &'static str {
    match severity {
        "low" => "low",
        "high" => "high",
        "critical" => "urgent",
        _ => "normal",
    }
}

const INSERT: &str = "insert into operations.maintenance_requests (biz_id, id, number, location_id, resource_id, \
      service_request_id, reporter_id, customer_id, severity, description, blocks_resource, reported_at) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text, $10, $11, $12)";

/// Notes a fault, and starts what is promised for it.
pub async fn report(act: &Act<'_>, fault: NewFault) -> Result<Uuid, Error> {
    let (scope, id) = (act.scope, new_id());
    let number = act.session.shared.database.number(scope, NUMBERS).await?;
    let values: [Value; 12] = [
        scope.biz_id().into(),
        id.into(),
        number.into(),
        fault.location_id.into(),
        fault.resource_id.into(),
        fault.service_request_id.into(),
        act.principal().ok().and_then(Principal::member_id).into(),
        fault.customer_id.into(),
        fault.severity.into(),
        fault.description.trim().into(),
        fault.blocks_resource.into(),
        scope.now().into(),
    ];
    scope.execute(INSERT, &values).await?;
    let subject = Subject {
        entity: "MaintenanceRequest",
        id,
        location_id: fault.location_id,
        priority: &fault.priority,
        policy_id: None,
    };
    start(scope, &subject).await?;
    Ok(id)
}

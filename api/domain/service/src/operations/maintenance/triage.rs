//! `maintenanceTriage`.

use async_graphql::{Enum, InputObject};
use entities::operations::maintenance_request;
use entities::resources::resource;
use sea_orm::Value;

use crate::operations::MAINTAIN;
use crate::operations::choices::FaultSeverity;
use crate::operations::locked::{FAULT, lock};
use crate::operations::sla::clocks::follow;
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Somebody has looked at a fault, and says what it is and how bad.
#[derive(InputObject)]
pub struct MaintenanceTriageInput {
    /// The report.
    pub id: Id<maintenance_request::Entity>,
    /// What is broken.
    pub resource_id: Option<Id<resource::Entity>>,
    /// How bad it is.
    pub severity: Option<Choice<FaultSeverity>>,
    /// Whether it cannot be used until it is repaired.
    pub blocks_resource: Option<bool>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not triaged.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MaintenanceTriageErrorCode")]
pub enum MaintenanceTriageProblem {
    /// The report is in a status in which that is not done.
    WrongStatus,
    /// What cannot be used is named.
    ResourceRequired,
}

use MaintenanceTriageProblem as Problem;

/// The verb.
pub struct MaintenanceTriage;

impl Verb for MaintenanceTriage {
    type Input = MaintenanceTriageInput;
    type Problem = Problem;

    const NAME: &'static str = "maintenanceTriage";
    const PERMISSION: Permission = Permission::Holds(MAINTAIN);
    const EVENT: Option<&'static str> = Some("maintenance.triaged");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "maintenanceRequest",
        "MaintenanceRequest",
        "The report as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[(
        "maintenance_requests_blocks_check",
        Problem::ResourceRequired,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            MAINTAIN,
            FAULT,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(&["reported"], Problem::WrongStatus)?;
        let values: [Value; 5] = [
            act.scope.biz_id().into(),
            row.id.into(),
            input.resource_id.map(|id| id.uuid()).into(),
            input.severity.map(|severity| severity.0).into(),
            input.blocks_resource.into(),
        ];
        act.scope.execute(TRIAGE, &values).await?;
        let done = ["acknowledge", "respond"];
        follow(act.scope, ("MaintenanceRequest", row.id), "triaged", &done).await?;
        let outcome = Outcome::row("maintenanceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

const TRIAGE: &str = "update operations.maintenance_requests set status = 'triaged', resource_id = coalesce($3, resource_id), \
      severity = coalesce($4::text, severity), blocks_resource = coalesce($5, blocks_resource) \
    where biz_id = $1 and id = $2";

//! `serviceRequestConvert`.

use async_graphql::{Enum, InputObject};
use entities::operations::service_request;
use entities::resources::resource;

use crate::operations::HANDLE as PERMISSION;
use crate::operations::choices::FaultSeverity;
use crate::operations::locked::{REQUEST, lock};
use crate::operations::maintenance::report::{NewFault, report};
use crate::operations::request::OPEN;
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A request turns out to be a fault: it is reported to maintenance, and the request goes on until
/// the customer is content.
#[derive(InputObject)]
pub struct ServiceRequestConvertInput {
    /// The request.
    pub id: Id<service_request::Entity>,
    /// What is broken; what the request is about if not given.
    pub resource_id: Option<Id<resource::Entity>>,
    /// What is wrong; what the request says if not given.
    pub description: Option<String>,
    /// How bad it is; medium if not given.
    pub severity: Option<Choice<FaultSeverity>>,
    /// Whether it cannot be used until it is repaired.
    pub blocks_resource: Option<bool>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why nothing was reported.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestConvertErrorCode")]
pub enum ServiceRequestConvertProblem {
    /// The request is in a status in which that is not done.
    WrongStatus,
    /// A fault was reported for this request already.
    AlreadyConverted,
    /// What cannot be used is named.
    ResourceRequired,
}

use ServiceRequestConvertProblem as Problem;

/// The verb.
pub struct ServiceRequestConvert;

impl Verb for ServiceRequestConvert {
    type Input = ServiceRequestConvertInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestConvert";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("service_request.converted");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "serviceRequest",
            "ServiceRequest",
            "The request as it now is.",
        ),
        Part::Row(
            "maintenanceRequest",
            "MaintenanceRequest",
            "What was reported.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[(
        "maintenance_requests_blocks_check",
        Problem::ResourceRequired,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            PERMISSION,
            REQUEST,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(&OPEN, Problem::WrongStatus)?;
        let values = [act.scope.biz_id().into(), row.id.into()];
        let found = act.scope.query_opt(ABOUT, &values).await?;
        let found = found.ok_or_else(|| Fault::not_found("request"))?;
        if found.try_get(4)? {
            let text = "A fault was reported for this request already.";
            return Err(Fault::at(Problem::AlreadyConverted, "id", text));
        }
        let said: String = found.try_get(3)?;
        let fault = NewFault {
            location_id: row.location_id,
            resource_id: input.resource_id.map(|id| id.uuid()).or(found.try_get(0)?),
            service_request_id: Some(row.id),
            customer_id: found.try_get(1)?,
            severity: input.severity.map_or("medium", |severity| severity.0),
            description: input.description.unwrap_or(said),
            blocks_resource: input.blocks_resource.unwrap_or(false),
            priority: found.try_get(2)?,
        };
        let id = report(act, fault).await?;
        Ok(Outcome::row("serviceRequest", row.id)
            .and_row("maintenanceRequest", id)
            .detail("location_id", row.location_id.to_string())
            .detail("maintenance_request_id", id.to_string()))
    }
}

const ABOUT: &str = "select r.resource_id, r.customer_id, r.priority::text, \
      r.summary || case when r.description = '' then '' else E'\n' || r.description end, exists ( \
        select from operations.maintenance_requests m where m.biz_id = r.biz_id and m.service_request_id = r.id \
          and m.status not in ('rejected', 'duplicate')) \
    from operations.service_requests r where r.biz_id = $1 and r.id = $2";

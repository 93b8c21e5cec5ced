//! `serviceRequestResolve`.

use async_graphql::{Enum, InputObject};
use entities::operations::service_request;

use crate::operations::HANDLE;
use crate::operations::locked::{REQUEST, lock};
use crate::operations::sla::clocks::follow;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A request is done, as staff see it. The customer may reopen it until it is closed.
#[derive(InputObject)]
pub struct ServiceRequestResolveInput {
    /// The request.
    pub id: Id<service_request::Entity>,
    /// What was done about it.
    pub resolution: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not resolved.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestResolveErrorCode")]
pub enum ServiceRequestResolveProblem {
    /// The request is in a status in which that is not done.
    WrongStatus,
    /// It must be said what was done.
    ResolutionRequired,
}

use ServiceRequestResolveProblem as Problem;

/// The verb.
pub struct ServiceRequestResolve;

impl Verb for ServiceRequestResolve {
    type Input = ServiceRequestResolveInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestResolve";
    const PERMISSION: Permission = Permission::Holds(HANDLE);
    const EVENT: Option<&'static str> = Some("service_request.resolved");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "serviceRequest",
        "ServiceRequest",
        "The request as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[(
        "service_requests_resolution_check",
        Problem::ResolutionRequired,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            HANDLE,
            REQUEST,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(&["in_progress", "waiting_customer"], Problem::WrongStatus)?;
        let sql = "update operations.service_requests set status = 'resolved', resolved_at = $3, resolution = $4 \
                   where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            row.id.into(),
            act.scope.now().into(),
            input.resolution.trim().into(),
        ];
        act.scope.execute(sql, &values).await?;
        let done = ["acknowledge", "respond", "start", "resolve", "deliver"];
        follow(act.scope, ("ServiceRequest", row.id), "resolved", &done).await?;
        let outcome = Outcome::row("serviceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

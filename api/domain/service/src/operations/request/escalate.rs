//! `serviceRequestEscalate`.

use async_graphql::{Enum, InputObject};
use entities::operations::service_request;
use entities::workforce::staff;
use sea_orm::Value;

use crate::operations::HANDLE;
use crate::operations::choices::Priority;
use crate::operations::locked::{REQUEST, lock};
use crate::operations::request::OPEN;
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Passes a request up: it counts one level more, may become more urgent, and may go to somebody
/// else.
#[derive(InputObject)]
pub struct ServiceRequestEscalateInput {
    /// The request.
    pub id: Id<service_request::Entity>,
    /// Why it is passed up.
    pub reason: String,
    /// How urgent it is from now on.
    pub priority: Option<Choice<Priority>>,
    /// Who sees to it from now on.
    pub assignee_id: Option<Id<staff::Entity>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not passed up.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestEscalateErrorCode")]
pub enum ServiceRequestEscalateProblem {
    /// The request is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
    /// It was passed up nine times already.
    TooHigh,
}

use ServiceRequestEscalateProblem as Problem;

/// The verb.
pub struct ServiceRequestEscalate;

impl Verb for ServiceRequestEscalate {
    type Input = ServiceRequestEscalateInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestEscalate";
    const PERMISSION: Permission = Permission::Holds(HANDLE);
    const EVENT: Option<&'static str> = Some("service_request.escalated");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "serviceRequest",
        "ServiceRequest",
        "The request as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("service_requests_escalation_check", Problem::TooHigh)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(
            act,
            HANDLE,
            REQUEST,
            input.id.uuid(),
            input.expected_version,
        )
        .await?;
        row.allow(&OPEN, Problem::WrongStatus)?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let values: [Value; 4] = [
            act.scope.biz_id().into(),
            row.id.into(),
            input.priority.map(|priority| priority.0).into(),
            input.assignee_id.map(|id| id.uuid()).into(),
        ];
        act.scope.execute(ESCALATE, &values).await?;
        let outcome = Outcome::row("serviceRequest", row.id);
        Ok(outcome
            .detail("location_id", row.location_id.to_string())
            .detail("reason", reason))
    }
}

const ESCALATE: &str = "update operations.service_requests set escalation_level = escalation_level + 1, \
      priority = coalesce($3::text, priority), assignee_id = coalesce($4, assignee_id) \
    where biz_id = $1 and id = $2";

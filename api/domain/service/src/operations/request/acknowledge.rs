//! `serviceRequestAcknowledge`.

use async_graphql::{Enum, InputObject};
use entities::operations::{request_category, service_request};
use entities::workforce::staff;
use sea_orm::Value;

use crate::operations::HANDLE;
use crate::operations::choices::Priority;
use crate::operations::locked::{REQUEST, lock};
use crate::operations::sla::clocks::follow;
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Somebody has seen a request, and sorts it: what kind it is, how urgent, and who sees to it. What
/// was promised stays as it was promised.
#[derive(InputObject)]
pub struct ServiceRequestAcknowledgeInput {
    /// The request.
    pub id: Id<service_request::Entity>,
    /// What kind it really is.
    pub category_id: Option<Id<request_category::Entity>>,
    /// How urgent it really is.
    pub priority: Option<Choice<Priority>>,
    /// Who sees to it.
    pub assignee_id: Option<Id<staff::Entity>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not acknowledged.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestAcknowledgeErrorCode")]
pub enum ServiceRequestAcknowledgeProblem {
    /// The request is in a status in which that is not done.
    WrongStatus,
}

use ServiceRequestAcknowledgeProblem as Problem;

/// The verb.
pub struct ServiceRequestAcknowledge;

impl Verb for ServiceRequestAcknowledge {
    type Input = ServiceRequestAcknowledgeInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestAcknowledge";
    const PERMISSION: Permission = Permission::Holds(HANDLE);
    const EVENT: Option<&'static str> = Some("service_request.acknowledged");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "serviceRequest",
        "ServiceRequest",
        "The request as it now is.",
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
        row.allow(&["new"], Problem::WrongStatus)?;
        let values: [Value; 6] = [
            act.scope.biz_id().into(),
            row.id.into(),
            act.scope.now().into(),
            input.category_id.map(|id| id.uuid()).into(),
            input.priority.map(|priority| priority.0).into(),
            input.assignee_id.map(|id| id.uuid()).into(),
        ];
        act.scope.execute(ACKNOWLEDGE, &values).await?;
        follow(
            act.scope,
            ("ServiceRequest", row.id),
            "acknowledged",
            &["acknowledge"],
        )
        .await?;
        let outcome = Outcome::row("serviceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

const ACKNOWLEDGE: &str = "update operations.service_requests set status = 'acknowledged', acknowledged_at = $3, \
      category_id = coalesce($4, category_id), priority = coalesce($5::text, priority), assignee_id = coalesce($6, assignee_id) \
    where biz_id = $1 and id = $2";

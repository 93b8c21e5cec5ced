//! `serviceRequestAssign`.

use async_graphql::{Enum, InputObject};
use entities::operations::service_request;
use entities::workforce::staff;
use sea_orm::Value;

use crate::operations::HANDLE;
use crate::operations::locked::{REQUEST, lock};
use crate::operations::request::OPEN;
use crate::operations::sla::clocks::follow;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Gives a request to somebody, or to nobody. What nobody had seen yet is seen by that.
#[derive(InputObject)]
pub struct ServiceRequestAssignInput {
    /// The request.
    pub id: Id<service_request::Entity>,
    /// Who sees to it; nobody if not given.
    pub assignee_id: Option<Id<staff::Entity>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not given to them.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestAssignErrorCode")]
pub enum ServiceRequestAssignProblem {
    /// The request is in a status in which that is not done.
    WrongStatus,
}

use ServiceRequestAssignProblem as Problem;

/// The verb.
pub struct ServiceRequestAssign;

impl Verb for ServiceRequestAssign {
    type Input = ServiceRequestAssignInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestAssign";
    const PERMISSION: Permission = Permission::Holds(HANDLE);
    const EVENT: Option<&'static str> = Some("service_request.assigned");
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
        row.allow(&OPEN, Problem::WrongStatus)?;
        let assignee = input.assignee_id.map(|id| id.uuid());
        let values: [Value; 4] = [
            act.scope.biz_id().into(),
            row.id.into(),
            act.scope.now().into(),
            assignee.into(),
        ];
        act.scope.execute(ASSIGN, &values).await?;
        if row.status == "new" && assignee.is_some() {
            let subject = ("ServiceRequest", row.id);
            follow(act.scope, subject, "acknowledged", &["acknowledge"]).await?;
        }
        let outcome = Outcome::row("serviceRequest", row.id);
        Ok(outcome
            .detail("location_id", row.location_id.to_string())
            .detail("assignee_id", assignee.map(|id| id.to_string())))
    }
}

const ASSIGN: &str = "update operations.service_requests set assignee_id = $4::uuid, \
      status = case when status = 'new' and $4::uuid is not null then 'acknowledged' else status end, \
      acknowledged_at = case when status = 'new' and $4::uuid is not null then $3 else acknowledged_at end \
    where biz_id = $1 and id = $2";

//! `serviceRequestStart`.

use async_graphql::{Enum, InputObject};
use entities::operations::service_request;
use uuid::Uuid;

use crate::operations::HANDLE;
use crate::operations::locked::{REQUEST, lock};
use crate::operations::sla::clocks::follow;
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Somebody sees to a request now: at first, after the customer has answered, or again after it was
/// reopened. What nobody had seen yet is seen by that.
#[derive(InputObject)]
pub struct ServiceRequestStartInput {
    /// The request.
    pub id: Id<service_request::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not started.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestStartErrorCode")]
pub enum ServiceRequestStartProblem {
    /// The request is in a status in which that is not done.
    WrongStatus,
}

use ServiceRequestStartProblem as Problem;

/// The verb.
pub struct ServiceRequestStart;

impl Verb for ServiceRequestStart {
    type Input = ServiceRequestStartInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestStart";
    const PERMISSION: Permission = Permission::Holds(HANDLE);
    const EVENT: Option<&'static str> = Some("service_request.started");
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
        let from = ["new", "acknowledged", "waiting_customer", "reopened"];
        row.allow(&from, Problem::WrongStatus)?;
        begin(act.scope, row.id, &row.status).await?;
        let outcome = Outcome::row("serviceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

const SEEN: &str = "update operations.service_requests set status = 'acknowledged', acknowledged_at = $3 \
    where biz_id = $1 and id = $2";
const BEGIN: &str =
    "update operations.service_requests set status = 'in_progress' where biz_id = $1 and id = $2";

/// Lets somebody see to a locked request from now on.
pub async fn begin(scope: &Scope, id: Uuid, status: &str) -> Result<(), Error> {
    let (biz_id, now) = (scope.biz_id(), scope.now());
    if status == "new" {
        scope
            .execute(SEEN, &[biz_id.into(), id.into(), now.into()])
            .await?;
    }
    scope.execute(BEGIN, &[biz_id.into(), id.into()]).await?;
    follow(
        scope,
        ("ServiceRequest", id),
        "in_progress",
        &["acknowledge", "start"],
    )
    .await
}

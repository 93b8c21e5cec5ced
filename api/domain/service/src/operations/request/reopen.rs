//! `serviceRequestReopen`.

use async_graphql::{Enum, InputObject};
use entities::operations::service_request;
use uuid::Uuid;

use crate::operations::REQUEST as PERMISSION;
use crate::operations::locked::{REQUEST, lock};
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A request was not done after all, as the customer sees it. It has to be started again; what was
/// promised was judged by when it was first done.
#[derive(InputObject)]
pub struct ServiceRequestReopenInput {
    /// The request.
    pub id: Id<service_request::Entity>,
    /// What is missing.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not reopened.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestReopenErrorCode")]
pub enum ServiceRequestReopenProblem {
    /// The request is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use ServiceRequestReopenProblem as Problem;

/// The verb.
pub struct ServiceRequestReopen;

impl Verb for ServiceRequestReopen {
    type Input = ServiceRequestReopenInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestReopen";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("service_request.reopened");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "serviceRequest",
        "ServiceRequest",
        "The request as it now is.",
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
        row.allow(&["resolved"], Problem::WrongStatus)?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        reopen(act.scope, row.id, reason).await?;
        let outcome = Outcome::row("serviceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

// What was thought of it was thought of what turned out not to be done.
const REOPEN: &str = "update operations.service_requests set status = 'reopened', resolved_at = null, resolution = null, \
      rating = null, rating_comment = null, reopened_count = reopened_count + 1 \
    where biz_id = $1 and id = $2";

/// Opens a locked request again that was done.
pub async fn reopen(scope: &Scope, id: Uuid, reason: &str) -> Result<(), Error> {
    scope.set_reason(reason).await?;
    let values = [scope.biz_id().into(), id.into()];
    scope.execute(REOPEN, &values).await.map(drop)
}

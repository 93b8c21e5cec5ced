//! `serviceRequestCancel`.

use async_graphql::{Enum, InputObject};
use entities::operations::service_request;
use uuid::Uuid;

use crate::operations::REQUEST as PERMISSION;
use crate::operations::locked::{REQUEST, lock};
use crate::operations::sla::clocks::give_up;
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A request is not wanted any more; not once somebody sees to it. What was promised for it does
/// not count.
#[derive(InputObject)]
pub struct ServiceRequestCancelInput {
    /// The request.
    pub id: Id<service_request::Entity>,
    /// Why it is not wanted any more.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not cancelled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestCancelErrorCode")]
pub enum ServiceRequestCancelProblem {
    /// The request is in a status in which that is not done.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use ServiceRequestCancelProblem as Problem;

/// The verb.
pub struct ServiceRequestCancel;

impl Verb for ServiceRequestCancel {
    type Input = ServiceRequestCancelInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestCancel";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("service_request.cancelled");
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
        row.allow(&["new", "acknowledged"], Problem::WrongStatus)?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        cancel(act.scope, row.id, reason).await?;
        let outcome = Outcome::row("serviceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

/// Ends a locked request that is not wanted any more, and what was promised for it.
pub async fn cancel(scope: &Scope, id: Uuid, reason: &str) -> Result<(), Error> {
    scope.set_reason(reason).await?;
    let sql =
        "update operations.service_requests set status = 'cancelled' where biz_id = $1 and id = $2";
    scope
        .execute(sql, &[scope.biz_id().into(), id.into()])
        .await?;
    give_up(scope, ("ServiceRequest", id)).await
}

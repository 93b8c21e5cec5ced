//! `serviceRequestClose`.

use async_graphql::{Enum, InputObject};
use entities::operations::service_request;

use crate::operations::HANDLE;
use crate::operations::locked::{REQUEST, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Closes a request that is done: it is not reopened any more. Those that nobody closes are closed
/// by the clock after some days.
#[derive(InputObject)]
pub struct ServiceRequestCloseInput {
    /// The request.
    pub id: Id<service_request::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it was not closed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestCloseErrorCode")]
pub enum ServiceRequestCloseProblem {
    /// The request is in a status in which that is not done.
    WrongStatus,
}

use ServiceRequestCloseProblem as Problem;

/// The verb.
pub struct ServiceRequestClose;

impl Verb for ServiceRequestClose {
    type Input = ServiceRequestCloseInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestClose";
    const PERMISSION: Permission = Permission::Holds(HANDLE);
    const EVENT: Option<&'static str> = Some("service_request.closed");
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
        row.allow(&["resolved"], Problem::WrongStatus)?;
        let sql = "update operations.service_requests set status = 'closed', closed_at = $3 where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            row.id.into(),
            act.scope.now().into(),
        ];
        act.scope.execute(sql, &values).await?;
        let outcome = Outcome::row("serviceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

//! `serviceRequestWait`.

use async_graphql::{Enum, InputObject};
use entities::operations::service_request;

use crate::operations::HANDLE;
use crate::operations::locked::{REQUEST, lock};
use crate::operations::request::comment::say;
use crate::operations::sla::clocks::follow;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A request waits for the customer, who has to answer. Promises whose policy says so stand still
/// meanwhile.
#[derive(InputObject)]
pub struct ServiceRequestWaitInput {
    /// The request.
    pub id: Id<service_request::Entity>,
    /// What the customer is asked; they read it.
    pub question: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it does not wait.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestWaitErrorCode")]
pub enum ServiceRequestWaitProblem {
    /// The request is in a status in which that is not done.
    WrongStatus,
}

use ServiceRequestWaitProblem as Problem;

/// The verb.
pub struct ServiceRequestWait;

impl Verb for ServiceRequestWait {
    type Input = ServiceRequestWaitInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestWait";
    const PERMISSION: Permission = Permission::Holds(HANDLE);
    const EVENT: Option<&'static str> = Some("service_request.waiting");
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
        row.allow(&["in_progress"], Problem::WrongStatus)?;
        let sql = "update operations.service_requests set status = 'waiting_customer' where biz_id = $1 and id = $2";
        act.scope
            .execute(sql, &[act.scope.biz_id().into(), row.id.into()])
            .await?;
        let mut done: &[&str] = &[];
        if let Some(question) = input.question.as_deref() {
            say(act.scope, row.id, "public", question).await?;
            done = &["respond"];
        }
        follow(
            act.scope,
            ("ServiceRequest", row.id),
            "waiting_customer",
            done,
        )
        .await?;
        let outcome = Outcome::row("serviceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

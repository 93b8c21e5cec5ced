//! `serviceRequestCancelOnline`.

use async_graphql::{Enum, InputObject};

use super::view::lock;
use crate::operations::request::cancel::cancel;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A guest does not want what they asked for any more; not once somebody sees to it.
#[derive(InputObject)]
pub struct ServiceRequestCancelOnlineInput {
    /// The token that asking gave.
    pub token: String,
}

/// Why it was not cancelled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestCancelOnlineErrorCode")]
pub enum ServiceRequestCancelOnlineProblem {
    /// The token is of no request.
    TokenInvalid,
    /// The request is in a status in which that is not done.
    WrongStatus,
}

use ServiceRequestCancelOnlineProblem as Problem;

/// The verb.
pub struct ServiceRequestCancelOnline;

impl Verb for ServiceRequestCancelOnline {
    type Input = ServiceRequestCancelOnlineInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestCancelOnline";
    const PERMISSION: Permission = Permission::Anyone;
    const EVENT: Option<&'static str> = Some("service_request.cancelled");
    const PAYLOAD: &'static [Part] = &[Part::Value(
        "status",
        "String",
        "Where the request now stands, such as IN_PROGRESS.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let found = lock(act, &input.token).await?;
        let (id, status) = found.ok_or_else(|| {
            Fault::at(
                Problem::TokenInvalid,
                "token",
                "The token is of no request.",
            )
        })?;
        if !matches!(status.as_str(), "new" | "acknowledged") {
            let text = format!("The request is {}.", status.replace('_', " "));
            return Err(Fault::at(Problem::WrongStatus, "token", text));
        }
        cancel(act.scope, id, "Not wanted any more, as the guest said").await?;
        let mut outcome = Outcome::default().and_value("status", "CANCELLED");
        outcome.subject = Some(("ServiceRequest", id));
        Ok(outcome)
    }
}

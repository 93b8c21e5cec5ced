//! `serviceRequestReopenOnline`.

use async_graphql::{Enum, InputObject};

use super::view::lock;
use crate::operations::request::comment::say;
use crate::operations::request::reopen::reopen;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A guest says that their request was not done after all.
#[derive(InputObject)]
pub struct ServiceRequestReopenOnlineInput {
    /// The token that asking gave.
    pub token: String,
    /// What is missing.
    pub reason: String,
}

/// Why it was not reopened.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestReopenOnlineErrorCode")]
pub enum ServiceRequestReopenOnlineProblem {
    /// The token is of no request.
    TokenInvalid,
    /// The request is in a status in which that is not done.
    WrongStatus,
    /// It must be said what is missing.
    Blank,
}

use ServiceRequestReopenOnlineProblem as Problem;

/// The verb.
pub struct ServiceRequestReopenOnline;

impl Verb for ServiceRequestReopenOnline {
    type Input = ServiceRequestReopenOnlineInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestReopenOnline";
    const PERMISSION: Permission = Permission::Anyone;
    const EVENT: Option<&'static str> = Some("service_request.reopened");
    const PAYLOAD: &'static [Part] = &[Part::Value(
        "status",
        "String",
        "Where the request now stands, such as IN_PROGRESS.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[("notes_body_check", Problem::Blank)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let found = lock(act, &input.token).await?;
        let (id, status) = found.ok_or_else(|| {
            Fault::at(
                Problem::TokenInvalid,
                "token",
                "The token is of no request.",
            )
        })?;
        if !matches!(status.as_str(), "resolved") {
            let text = format!("The request is {}.", status.replace('_', " "));
            return Err(Fault::at(Problem::WrongStatus, "token", text));
        }
        say(act.scope, id, "public", &input.reason).await?;
        reopen(act.scope, id, input.reason.trim()).await?;
        let mut outcome = Outcome::default().and_value("status", "REOPENED");
        outcome.subject = Some(("ServiceRequest", id));
        Ok(outcome)
    }
}

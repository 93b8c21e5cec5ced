//! `serviceRequestCommentOnline`.

use async_graphql::{Enum, InputObject};

use super::view::lock;
use crate::operations::request::comment::say;
use crate::operations::request::start::begin;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A guest says something about their request. If it waited for them, it goes on, and so does what
/// was promised.
#[derive(InputObject)]
pub struct ServiceRequestCommentOnlineInput {
    /// The token that asking gave.
    pub token: String,
    /// The text.
    pub body: String,
}

/// Why nothing was said.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestCommentOnlineErrorCode")]
pub enum ServiceRequestCommentOnlineProblem {
    /// The token is of no request.
    TokenInvalid,
    /// The request is in a status in which that is not done.
    WrongStatus,
    /// There must be a text.
    Blank,
}

use ServiceRequestCommentOnlineProblem as Problem;

/// The verb.
pub struct ServiceRequestCommentOnline;

impl Verb for ServiceRequestCommentOnline {
    type Input = ServiceRequestCommentOnlineInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestCommentOnline";
    const PERMISSION: Permission = Permission::Anyone;
    const EVENT: Option<&'static str> = Some("service_request.answered");
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
        if matches!(status.as_str(), "closed" | "cancelled") {
            let text = format!("The request is {status}.");
            return Err(Fault::at(Problem::WrongStatus, "token", text));
        }
        say(act.scope, id, "public", &input.body).await?;
        let mut now = status;
        if now == "waiting_customer" {
            begin(act.scope, id, &now).await?;
            "in_progress".clone_into(&mut now);
        }
        let mut outcome = Outcome::default().and_value("status", now.to_uppercase());
        outcome.subject = Some(("ServiceRequest", id));
        Ok(outcome)
    }
}

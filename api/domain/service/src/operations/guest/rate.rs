//! `serviceRequestRateOnline`.

use async_graphql::{Enum, InputObject};

use super::view::lock;
use crate::operations::request::rate::rate;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A guest says how they liked what was done.
#[derive(InputObject)]
pub struct ServiceRequestRateOnlineInput {
    /// The token that asking gave.
    pub token: String,
    /// From 1 to 5 stars.
    pub rating: i32,
    /// What there is to say of it.
    pub comment: Option<String>,
}

/// Why it was not rated.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestRateOnlineErrorCode")]
pub enum ServiceRequestRateOnlineProblem {
    /// The token is of no request.
    TokenInvalid,
    /// The request is in a status in which that is not done.
    WrongStatus,
    /// What is done is rated from 1 to 5.
    RatingInvalid,
}

use ServiceRequestRateOnlineProblem as Problem;

/// The verb.
pub struct ServiceRequestRateOnline;

impl Verb for ServiceRequestRateOnline {
    type Input = ServiceRequestRateOnlineInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestRateOnline";
    const PERMISSION: Permission = Permission::Anyone;
    const EVENT: Option<&'static str> = Some("service_request.rated");
    const PAYLOAD: &'static [Part] = &[Part::Value(
        "status",
        "String",
        "Where the request now stands, such as IN_PROGRESS.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("service_requests_rating_check", Problem::RatingInvalid)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let found = lock(act, &input.token).await?;
        let (id, status) = found.ok_or_else(|| {
            Fault::at(
                Problem::TokenInvalid,
                "token",
                "The token is of no request.",
            )
        })?;
        if !matches!(status.as_str(), "resolved" | "closed") {
            let text = format!("The request is {}.", status.replace('_', " "));
            return Err(Fault::at(Problem::WrongStatus, "token", text));
        }
        rate(act.scope, id, input.rating, input.comment.as_deref()).await?;
        let mut outcome = Outcome::default().and_value("status", status.to_uppercase());
        outcome.subject = Some(("ServiceRequest", id));
        Ok(outcome)
    }
}

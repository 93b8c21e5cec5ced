//! `quoteAccept`.

use async_graphql::{Enum, InputObject};
use entities::booking::quote;

use super::step::{PERMISSION, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Notes that the customer accepts a quote, while it is valid.
#[derive(InputObject)]
pub struct QuoteAcceptInput {
    /// The quote.
    pub id: Id<quote::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it cannot be done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QuoteAcceptErrorCode")]
pub enum QuoteAcceptProblem {
    /// The quote is in another status.
    WrongStatus,
    /// The quote is no longer valid.
    Expired,
}

/// The verb.
pub struct QuoteAccept;

impl Verb for QuoteAccept {
    type Input = QuoteAcceptInput;
    type Problem = QuoteAcceptProblem;

    const NAME: &'static str = "quoteAccept";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("quote.accepted");
    const PAYLOAD: &'static [Part] = &[Part::Row("quote", "Quote", "The quote as it now is.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let quote = lock(act, input.id.uuid(), input.expected_version).await?;
        if matches!(quote.status.as_str(), "sent" | "expired") {
            quote.in_time(act.scope.now(), QuoteAcceptProblem::Expired)?;
        }
        quote.allow(&["sent"], QuoteAcceptProblem::WrongStatus)?;
        quote.step(act, "accepted").await?;
        Ok(Outcome::row("quote", quote.id).detail("location_id", quote.location_id.to_string()))
    }
}

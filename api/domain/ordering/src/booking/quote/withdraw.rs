//! `quoteWithdraw`.

use async_graphql::{Enum, InputObject};
use entities::booking::quote;

use super::step::{PERMISSION, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes a quote back before it became a booking.
#[derive(InputObject)]
pub struct QuoteWithdrawInput {
    /// The quote.
    pub id: Id<quote::Entity>,
    /// Why, in words.
    #[graphql(validator(max_length = 2000))]
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it cannot be done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QuoteWithdrawErrorCode")]
pub enum QuoteWithdrawProblem {
    /// The quote is in another status.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct QuoteWithdraw;

impl Verb for QuoteWithdraw {
    type Input = QuoteWithdrawInput;
    type Problem = QuoteWithdrawProblem;

    const NAME: &'static str = "quoteWithdraw";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("quote.withdrawn");
    const PAYLOAD: &'static [Part] = &[Part::Row("quote", "Quote", "The quote as it now is.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(QuoteWithdrawProblem::ReasonRequired, &input.reason)?;
        let quote = lock(act, input.id.uuid(), input.expected_version).await?;
        quote.allow(
            &["draft", "sent", "accepted"],
            QuoteWithdrawProblem::WrongStatus,
        )?;
        act.scope.set_reason(reason).await?;
        quote.step(act, "withdrawn").await?;
        Ok(Outcome::row("quote", quote.id).detail("location_id", quote.location_id.to_string()))
    }
}

//! `quoteSend`.

use async_graphql::{Enum, InputObject};
use entities::booking::quote;

use super::step::{PERMISSION, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Sends a draft of a quote: from now on it is promised, and stays as it is.
#[derive(InputObject)]
pub struct QuoteSendInput {
    /// The quote.
    pub id: Id<quote::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it cannot be done.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "QuoteSendErrorCode")]
pub enum QuoteSendProblem {
    /// The quote is in another status.
    WrongStatus,
    /// The quote is no longer valid.
    Expired,
    /// A quote without lines promises nothing.
    Empty,
}

/// The verb.
pub struct QuoteSend;

impl Verb for QuoteSend {
    type Input = QuoteSendInput;
    type Problem = QuoteSendProblem;

    const NAME: &'static str = "quoteSend";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("quote.sent");
    const PAYLOAD: &'static [Part] = &[Part::Row("quote", "Quote", "The quote as it now is.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let quote = lock(act, input.id.uuid(), input.expected_version).await?;
        if matches!(quote.status.as_str(), "draft" | "expired") {
            quote.in_time(act.scope.now(), QuoteSendProblem::Expired)?;
        }
        quote.allow(&["draft"], QuoteSendProblem::WrongStatus)?;
        let sql = "select l.id from booking.quote_lines l where l.biz_id = $1 and l.quote_id = $2 and l.voided_at is null limit 1";
        let values = [act.scope.biz_id().into(), quote.id.into()];
        if act.scope.query_opt(sql, &values).await?.is_none() {
            let message = "A quote needs lines before it is sent.";
            return Err(Fault::at(QuoteSendProblem::Empty, "id", message));
        }
        quote.step(act, "sent").await?;
        Ok(Outcome::row("quote", quote.id).detail("location_id", quote.location_id.to_string()))
    }
}

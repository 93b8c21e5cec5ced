//! `paymentRefund`.

use async_graphql::InputObject;
use entities::billing::invoice_line;
use entities::booking::booking_order_line;
use entities::payments::{domains, payment_intent, payment_intent_tender};
use uuid::Uuid;

use super::guard;
use super::locked::Intent;
use super::refund_lines::lines;
use super::refund_send::{follow_up, launch};
use super::refunds::{self, LinePart, NotReserved, Wanted};
use super::store::limit;
use super::tenders::{CONSTRAINTS, PaymentProblem as Problem};
use foundation::choices;
use foundation::graph::scalars::{Choice, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// What refunding needs; its limit is what needs no approval.
pub const PERMISSION: &str = "payments.refund";

choices! {
    /// Why money goes back.
    RefundReason = domains::REFUND_REASON;
    /// How money goes back.
    RefundMethod = domains::REFUND_METHOD;
}

/// A line that money goes back for.
#[derive(InputObject)]
pub struct RefundLineInput {
    /// A line of the booking that was paid for.
    pub booking_order_line_id: Option<Id<booking_order_line::Entity>>,
    /// A line of the invoice that was paid for.
    pub invoice_line_id: Option<Id<invoice_line::Entity>>,
    /// How much goes back for it; all that was paid for it and has not gone back if not given.
    pub amount: Option<MoneyInput>,
}

/// Gives money back of a payment: an amount, or by line; all that is left if neither is given.
/// Refunds that together are more than was taken are refused, however many ask at once. What is
/// more than the limit of the caller's roles waits for somebody else's approval.
#[derive(InputObject)]
pub struct PaymentRefundInput {
    /// The payment.
    pub id: Id<payment_intent::Entity>,
    /// How much goes back, tips included.
    pub amount: Option<MoneyInput>,
    /// For which lines, at most 50, instead of an amount.
    pub lines: Option<Vec<RefundLineInput>>,
    /// The part of the payment that it goes back from; what was paid last goes back first if not given.
    pub tender_id: Option<Id<payment_intent_tender::Entity>>,
    /// Why.
    pub reason: Choice<RefundReason>,
    /// Why, in words; needed where the reason is another.
    pub note: Option<String>,
    /// How it goes back; the way it came if not given. Into a wallet, it is the customer's own of the
    /// currency, which is opened where there is none.
    pub method: Option<Choice<RefundMethod>>,
}

/// The verb.
pub struct PaymentRefund;

impl Verb for PaymentRefund {
    type Input = PaymentRefundInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentRefund";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.refund_requested");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "paymentIntent",
            "PaymentIntent",
            "The payment as it now is.",
        ),
        Part::Rows(
            "refunds",
            "Refund",
            "The refunds: one for each part of the payment that money goes back from.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let intent = guard::lock(act, PERMISSION, input.id.uuid()).await?;
        let lines = lines(act.scope, &intent, input.lines.as_deref()).await?;
        let amount = amount(&intent, input.amount.as_ref(), &lines)?;
        let most = limit(act, PERMISSION, &intent.currency).await?;
        let method = input.method.as_ref().map_or("original", |method| method.0);
        if method == "wallet" && intent.customer_id.is_none() {
            let message = "Only what a known customer paid goes into a wallet.";
            return Err(Fault::at(Problem::CustomerRequired, "method", message));
        }
        let wanted = Wanted {
            amount,
            lines,
            tender_id: input.tender_id.map(|id| id.uuid()),
            reason: input.reason.0,
            note: input.note.as_deref(),
            method,
            needs_approval: most.is_some_and(|most| amount > most),
        };
        let database = &act.session.shared.database;
        let refunds = refunds::request(database, act.scope, &intent, &wanted).await;
        let refunds = refunds.map_err(|error| match error {
            NotReserved::Database(error) => error.into(),
            NotReserved::Exceeds => exceeds(&intent),
        })?;
        let mut outcome = Outcome::row("paymentIntent", intent.id)
            .detail("amount_minor", amount)
            .detail("needs_approval", wanted.needs_approval);
        for id in &refunds {
            outcome = outcome.and_row("refunds", *id);
        }
        if wanted.needs_approval {
            return Ok(outcome);
        }
        dispatch(act, refunds, outcome).await
    }
}

fn exceeds(intent: &Intent) -> Fault<Problem> {
    let left = (intent.captured - intent.refund_reserved - intent.dispute_reserved).max(0);
    let message = format!(
        "At most {left} minor units of {} can go back.",
        intent.currency
    );
    Fault::at(Problem::RefundExceedsCaptured, "amount", message)
}

/// Sends approved refunds; what needs a processor follows once the outcome is committed.
pub async fn dispatch(
    act: &Act<'_>,
    refunds: Vec<Uuid>,
    outcome: Outcome,
) -> Result<Outcome, Fault<Problem>> {
    let remote = launch(act.scope, &refunds).await?;
    if remote.is_empty() {
        return Ok(outcome);
    }
    let (biz_id, user_id) = (act.scope.biz_id(), act.scope.user_id());
    Ok(outcome.then(move |shared| follow_up(shared, biz_id, user_id, remote)))
}

fn amount(
    intent: &Intent,
    given: Option<&MoneyInput>,
    lines: &[LinePart],
) -> Result<i64, Fault<Problem>> {
    let by_line: i64 = lines.iter().map(|line| line.amount).sum();
    match given {
        Some(money) if money.currency != intent.currency || money.minor <= 0 => {
            let message = format!("More than zero of {} goes back.", intent.currency);
            Err(Fault::at(Problem::WrongAmount, "amount", message))
        }
        Some(money) if !lines.is_empty() && money.minor != by_line => {
            let message = "Give an amount or lines.";
            Err(Fault::at(Problem::WrongAmount, "amount", message))
        }
        Some(money) => Ok(money.minor),
        None if !lines.is_empty() => Ok(by_line),
        None => Ok(intent.captured - intent.refund_reserved - intent.dispute_reserved),
    }
}

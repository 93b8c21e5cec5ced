//! `paymentRefund`.

use async_graphql::InputObject;
use entities::billing::invoice_line;
use entities::booking::booking_order_line;
use entities::payments::{domains, payment_intent, payment_intent_tender};
use uuid::Uuid;

use super::guard;
use super::locked::Intent;
use super::refund_send::{follow_up, launch};
use super::refunds::{self, LinePart, NotReserved, Wanted};
use super::store::limit;
use super::tenders::{CONSTRAINTS, MOST, PaymentProblem as Problem};
use crate::choices;
use crate::database::Scope;
use crate::graph::scalars::{Choice, Id, MoneyInput};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::money::split;

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

const BOOKING_LINES: &str = "select l.id, l.total_minor + l.tax_minor, l.tax_minor from booking.booking_order_lines l \
    where l.biz_id = $1 and l.order_id = $2 and l.voided_at is null order by l.id";
const INVOICE_LINES: &str = "select l.id, l.total_minor, l.tax_minor from billing.invoice_lines l \
    where l.biz_id = $1 and l.invoice_id = $2 order by l.id";
const BEFORE: &str = "select a.source_line_id, sum(a.amount_minor)::bigint, sum(a.tax_minor)::bigint \
    from payments.refund_allocations a join payments.refunds r on r.biz_id = a.biz_id and r.id = a.refund_id \
    where r.biz_id = $1 and r.intent_id = $2 and r.status not in ('failed', 'canceled') group by 1";

/// What goes back for each line: of what the payment was for it (its share of what was taken, by
/// the lines' prices), what has not gone back yet.
async fn lines(
    scope: &Scope,
    intent: &Intent,
    asked: Option<&[RefundLineInput]>,
) -> Result<Vec<LinePart>, Fault<Problem>> {
    let asked = asked.unwrap_or_default();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    if asked.len() > MOST {
        let message = format!("At most {MOST} lines at a time.");
        return Err(Fault::at(Problem::TooManyParts, "lines", message));
    }
    let unknown = || {
        Fault::at(
            Problem::UnknownLine,
            "lines",
            "The line is none of what was paid for.",
        )
    };
    let source = intent
        .source
        .as_ref()
        .map(|(entity, id)| (entity.as_str(), *id));
    let (entity, sql, source_id) = match source {
        Some(("BookingOrder", id)) => ("BookingOrderLine", BOOKING_LINES, id),
        Some(("Invoice", id)) => ("InvoiceLine", INVOICE_LINES, id),
        _ => return Err(unknown()),
    };
    let mut sold: Vec<(Uuid, i64, i64)> = Vec::new();
    for row in scope
        .query(sql, &[scope.biz_id().into(), source_id.into()])
        .await?
    {
        sold.push((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
    }
    let mut before: Vec<(Uuid, i64, i64)> = Vec::new();
    for row in scope
        .query(BEFORE, &[scope.biz_id().into(), intent.id.into()])
        .await?
    {
        before.push((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
    }
    let weights: Vec<u64> = sold
        .iter()
        .map(|(_, total, _)| total.unsigned_abs())
        .collect();
    let tips: i64 = intent
        .tenders
        .iter()
        .map(|t| (t.captured - t.amount).max(0))
        .sum();
    let shares = split(intent.captured - tips, &weights);
    let mut parts = Vec::with_capacity(asked.len());
    for line in asked {
        let booked = line
            .booking_order_line_id
            .map(|id| ("BookingOrderLine", id.uuid()));
        let billed = line.invoice_line_id.map(|id| ("InvoiceLine", id.uuid()));
        let named = booked
            .or(billed)
            .filter(|(kind, _)| *kind == entity)
            .ok_or_else(unknown)?;
        let place = sold
            .iter()
            .position(|(id, ..)| *id == named.1)
            .ok_or_else(unknown)?;
        let (share, (_, total, tax)) = (shares[place], sold[place]);
        let gone = before.iter().find(|(id, ..)| *id == named.1);
        let (gone, tax_gone) = gone.map_or((0, 0), |(_, amount, tax)| (*amount, *tax));
        let amount = match &line.amount {
            Some(money) if money.currency != intent.currency || money.minor <= 0 => {
                let message = format!("More than zero of {} goes back.", intent.currency);
                return Err(Fault::at(Problem::WrongAmount, "lines", message));
            }
            Some(money) => money.minor,
            None => share - gone,
        };
        if amount <= 0 || gone + amount > share {
            let message = format!(
                "At most {} minor units can go back for the line.",
                share - gone
            );
            return Err(Fault::at(Problem::RefundExceedsLine, "lines", message));
        }
        // The last part of a line takes the tax that is left; before, its share.
        let taxed = split(tax, &[share.unsigned_abs(), (total - share).unsigned_abs()])[0];
        let tax = if gone + amount == share {
            taxed - tax_gone
        } else {
            split(
                taxed,
                &[amount.unsigned_abs(), (share - amount).unsigned_abs()],
            )[0]
            .min(taxed - tax_gone)
        };
        parts.push(LinePart {
            line: named,
            line_captured: share,
            amount,
            tax: tax.clamp(0, amount),
        });
    }
    Ok(parts)
}

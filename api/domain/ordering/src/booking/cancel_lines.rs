//! `bookingCancelLines`.

use async_graphql::{Enum, InputObject};
use entities::booking::{booking_order, booking_order_line};
use serde_json::json;
use uuid::Uuid;

use super::bill::{self, Request};
use super::cancel::tier_at;
use super::choices::CancellationParty;
use super::extras::follow;
use super::locked::{Locked, lock};
use super::policy::{Price, refund_due};
use super::rules::unchangeable;
use super::store::paid;
use super::taken::give_up;
use foundation::database::{Error, Scope, new_id};
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::waitlist::freed::{Freed, offer_freed};

const PERMISSION: &str = "booking.cancel";
/// How many lines one request names.
const MOST: usize = 500;

type Problem = BookingCancelLinesProblem;

/// Cancels some lines of a booking and keeps the others: what they take is free for others, and the
/// customer owes the fee of the policy for each of them, by the clocks of the location. With
/// `dryRun`, this tells the fee and changes nothing.
#[derive(InputObject)]
pub struct BookingCancelLinesInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// The lines, 500 at most.
    pub line_ids: Vec<Id<booking_order_line::Entity>>,
    /// Why they are cancelled.
    #[graphql(validator(max_length = 2000))]
    pub reason: String,
    /// Who asks for it; the customer if not given. Where the business or the program does, there is
    /// no fee.
    pub requested_by: Option<Choice<CancellationParty>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why lines cannot be cancelled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingCancelLinesErrorCode")]
pub enum BookingCancelLinesProblem {
    /// A reason must be given.
    ReasonRequired,
    /// The booking has begun or is over.
    WrongStatus,
    /// Between 1 and 500 lines are named, each once.
    InvalidLines,
    /// One of the lines is cancelled already.
    AlreadyCancelled,
    /// Nothing would be left: cancel the booking instead.
    NothingLeft,
    /// This line is the stay, the place or the days themselves: cancel the booking, or change how
    /// many units it has.
    WholeBooking,
    /// What those who take part have paid already is more than what would be left to pay.
    SharesPaid,
}

/// The verb.
pub struct BookingCancelLines;

impl Verb for BookingCancelLines {
    type Input = BookingCancelLinesInput;
    type Problem = BookingCancelLinesProblem;

    const NAME: &'static str = "bookingCancelLines";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.lines_cancelled");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("bookingOrder", "BookingOrder", "The booking as it now is."),
        Part::Rows(
            "cancellations",
            "Cancellation",
            "The cancellation of each line, with its fee.",
        ),
        Part::Value(
            "feeMinor",
            "Long",
            "What the customer owes for all of them, in minor units.",
        ),
        Part::Value(
            "refundDueMinor",
            "Long",
            "What the customer gets back of what was paid beyond what is still owed, in minor units.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, BookingCancelLinesProblem)] =
        &[("cancellations_order_line_id_key", Problem::AlreadyCancelled)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let order = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        if let Some(message) = unchangeable(&order.status) {
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let wanted: Vec<Uuid> = input.line_ids.iter().map(Id::uuid).collect();
        let lines = lines(act.scope, order.id).await?;
        let gone = chosen(&lines, &wanted)?;
        let requested_by = input.requested_by.map_or("customer", |party| party.0);
        let ids = cancel(act.scope, &order, &gone, requested_by, reason).await?;
        let fee: i64 = ids.iter().map(|(_, fee)| fee).sum();
        let off: i64 = gone.iter().map(|line| line.total_minor).sum();
        let amounts = follow(act.scope, &order, order.amounts.base - off, None).await?;
        let too_much = || Error::Internal("fewer lines that cost too much".to_owned());
        let amounts = amounts.ok_or_else(too_much)?;
        let Some(amounts) = bill::set(act.scope, &order, amounts, &[]).await? else {
            let message = "Those who take part have paid more than what would be left to pay.";
            return Err(Fault::at(Problem::SharesPaid, "lineIds", message));
        };
        let request = Request {
            kind: "cancel",
            requested_by,
            before: json!({"base_minor": order.amounts.base, "line_ids": wanted}),
            after: json!({"base_minor": amounts.base}),
            price_delta: amounts.total() - order.amounts.total(),
            fee,
            reason: Some(reason),
        };
        bill::log(act.scope, &[(order.id, request)]).await?;
        offer_freed(act, Freed::Orders(&[order.id])).await?;
        let owed = amounts.total() + fee;
        let refund = refund_due(paid(act.scope, order.id).await?, owed);
        let outcome = ids.iter().fold(
            Outcome::row("bookingOrder", order.id),
            |outcome, (id, _)| outcome.and_row("cancellations", *id),
        );
        Ok(outcome
            .and_value("feeMinor", fee)
            .and_value("refundDueMinor", refund)
            .detail("location_id", order.location_id.to_string())
            .detail("fee_minor", fee))
    }
}

/// A line of an order.
#[derive(Clone, Debug)]
struct Line {
    id: Uuid,
    total_minor: i64,
    unit_minor: i64,
    is_whole: bool,
    is_voided: bool,
}

// The line that takes places of slots, and the one whose days are those of the order, are the order.
const LINES: &str = "select l.id, l.total_minor, round(l.total_minor / l.quantity)::bigint, l.voided_at is not null, \
      l.starts_on is not null or l.line_no = 1 and exists ( \
        select from availability.allocations a where a.biz_id = $1 and a.source_type = 'BookingOrder' \
          and a.source_id = $2 and a.slot_id is not null and a.status in ('hold', 'firm')) \
    from booking.booking_order_lines l where l.biz_id = $1 and l.order_id = $2 order by l.line_no";

async fn lines(scope: &Scope, order_id: Uuid) -> Result<Vec<Line>, Error> {
    let rows = scope
        .query(LINES, &[scope.biz_id().into(), order_id.into()])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Line {
                id: row.try_get(0)?,
                total_minor: row.try_get(1)?,
                unit_minor: row.try_get(2)?,
                is_voided: row.try_get(3)?,
                is_whole: row.try_get(4)?,
            })
        })
        .collect()
}

/// What the fee of one line is a part of; none where the order has no such line.
pub(super) async fn line_price(
    scope: &Scope,
    order_id: Uuid,
    line_id: Uuid,
) -> Result<Option<Price>, Error> {
    let lines = lines(scope, order_id).await?;
    let line = lines
        .iter()
        .find(|line| line.id == line_id && !line.is_voided);
    Ok(line.map(Line::price))
}

impl Line {
    fn price(&self) -> Price {
        Price {
            total_minor: self.total_minor,
            first_unit_minor: self.unit_minor,
        }
    }
}

fn chosen(lines: &[Line], wanted: &[Uuid]) -> Result<Vec<Line>, Fault<Problem>> {
    let refuse = |code, message: &str| Err(Fault::at(code, "lineIds", message));
    let mut distinct = wanted.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if wanted.is_empty() || wanted.len() > MOST || distinct.len() != wanted.len() {
        return refuse(
            Problem::InvalidLines,
            "Name between 1 and 500 lines, each once.",
        );
    }
    let mut gone = Vec::new();
    for id in wanted {
        let Some(line) = lines.iter().find(|line| line.id == *id) else {
            return Err(Fault::not_found("line of this booking"));
        };
        if line.is_voided {
            return refuse(Problem::AlreadyCancelled, "This line is cancelled already.");
        }
        if line.is_whole {
            let message =
                "This line is what the booking is: cancel the booking, or change its units.";
            return refuse(Problem::WholeBooking, message);
        }
        gone.push(line.clone());
    }
    let left = lines.iter().filter(|line| !line.is_voided).count();
    if left == gone.len() {
        return refuse(
            Problem::NothingLeft,
            "Nothing would be left: cancel the booking.",
        );
    }
    Ok(gone)
}

const NOTE: &str = "insert into booking.cancellations (biz_id, id, order_id, order_line_id, requested_by, reason, \
      policy_tier_id, policy_tier, fee_minor, refund_due_minor, currency) \
    select $1, w.id, o.id, w.line_id, $4, $5, $6, $7::text::jsonb, w.fee, 0, o.currency \
    from json_to_recordset($3::json) as w (id uuid, line_id uuid, fee bigint) \
    join booking.booking_orders o on o.biz_id = $1 and o.id = $2";
const VOID: &str = "update booking.booking_order_lines l set voided_at = $3 where l.biz_id = $1 and l.id = any ($2::uuid[])";
// What only these lines use.
const FREE: &str = "with work as ( \
      update booking.fulfillment_units f set status = 'cancelled' \
      where f.biz_id = $1 and f.order_line_id = any ($2::uuid[]) \
        and f.status in ('planned', 'ready', 'assigned', 'in_progress', 'paused') \
      returning f.id), \
    relieved as ( \
      update booking.fulfillment_assignments a set status = 'released' from work \
      where a.biz_id = $1 and a.unit_id = work.id and a.status in ('proposed', 'accepted') \
      returning a.allocation_id) \
    select distinct r.allocation_id from relieved r where r.allocation_id is not null and not exists ( \
      select from booking.fulfillment_assignments o \
      join booking.fulfillment_units f on f.biz_id = $1 and f.id = o.unit_id \
      where o.biz_id = $1 and o.allocation_id = r.allocation_id and o.status in ('proposed', 'accepted') \
        and f.order_line_id <> all ($2::uuid[]))";

/// Cancels the lines and gives back what only they use. Each cancellation with its fee.
async fn cancel(
    scope: &Scope,
    order: &Locked,
    lines: &[Line],
    requested_by: &'static str,
    reason: &str,
) -> Result<Vec<(Uuid, i64)>, Error> {
    let now = scope.now();
    let tier = tier_at(order, requested_by, now);
    let snapshot = tier.map(serde_json::to_string).transpose();
    let snapshot = snapshot.map_err(|error| Error::Internal(error.to_string()))?;
    let notes: Vec<(Uuid, i64)> = lines
        .iter()
        .map(|line| (new_id(), tier.map_or(0, |tier| tier.fee(line.price()))))
        .collect();
    let rows: Vec<serde_json::Value> = notes
        .iter()
        .zip(lines)
        .map(|((id, fee), line)| json!({"id": id, "line_id": line.id, "fee": fee}))
        .collect();
    let biz = scope.biz_id();
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    let values = [
        biz.into(),
        order.id.into(),
        serde_json::Value::from(rows).to_string().into(),
        requested_by.into(),
        reason.into(),
        tier.map(|tier| tier.id).into(),
        snapshot.into(),
    ];
    scope.set_reason(reason).await?;
    scope.execute(NOTE, &values).await?;
    let free = scope.query(FREE, &[biz.into(), ids.clone().into()]).await?;
    let free: Vec<Uuid> = free
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    give_up(scope, "cancelled", free).await?;
    scope
        .execute(VOID, &[biz.into(), ids.into(), now.into()])
        .await?;
    Ok(notes)
}

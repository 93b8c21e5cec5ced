//! `bookingSplit`.

use std::collections::BTreeSet;

use async_graphql::{Enum, InputObject};
use entities::booking::{booking_order, booking_participant};
use serde_json::json;
use uuid::Uuid;

use crate::booking::booking_policy::of_order;
use crate::booking::locked::{Locked, lock};
use foundation::database::{Error, Scope, new_id};
use foundation::graph::scalars::{Id, Instant, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::money::split;

const PERMISSION: &str = "booking.split";
const MOST: usize = 200;

type Problem = BookingSplitProblem;

/// Splits what a booking costs among those who take part: by amounts, or by weights of what is left
/// after the organiser's share and the amounts. The shares and that of the organiser sum up to the
/// total exactly. Splitting anew replaces shares of which nothing was paid yet.
#[derive(InputObject)]
pub struct BookingSplitInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// Who pays which share, 1 to 200, each participant once.
    pub shares: Vec<BookingShareInput>,
    /// What whoever booked it pays; nothing if not given and shares have weights, and else what the
    /// amounts leave.
    pub organiser_share: Option<MoneyInput>,
    /// Until when the shares are to be paid; when the booking begins if not given.
    pub due_at: Option<Instant>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// The share of one participant: an amount or a weight.
#[derive(InputObject)]
pub struct BookingShareInput {
    /// The participant.
    pub participant_id: Id<booking_participant::Entity>,
    /// The amount, if it is said.
    pub amount: Option<MoneyInput>,
    /// Otherwise the weight, 1 to 1,000,000; 1 if not given.
    pub weight: Option<i32>,
}

/// Why a booking cannot be split so.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingSplitErrorCode")]
pub enum BookingSplitProblem {
    /// The booking is over.
    WrongStatus,
    /// The booking policy does not allow it.
    NotAllowed,
    /// There are 1 to 200 shares, each participant once, each with an amount or a weight.
    InvalidShares,
    /// Amounts must be in the currency of the booking.
    WrongCurrency,
    /// The amounts are more than the booking costs, or less and nobody is left to pay the rest.
    DoesNotSum,
    /// Somebody has paid a share already, or was let off it.
    AlreadyPaid,
}

/// The verb.
pub struct BookingSplit;

impl Verb for BookingSplit {
    type Input = BookingSplitInput;
    type Problem = BookingSplitProblem;

    const NAME: &'static str = "bookingSplit";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.split");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("bookingOrder", "BookingOrder", "The booking as it now is."),
        Part::Rows(
            "obligations",
            "ParticipantObligation",
            "The shares, in the order given.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let order = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        if !matches!(
            order.status.as_str(),
            "draft" | "held" | "pending_approval" | "confirmed" | "in_progress"
        ) {
            let message = "The booking is over; nothing of it can be split.";
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        if !of_order(act.scope, order.location_id, order.id)
            .await?
            .is_group_split_allowed
        {
            let message = "The booking policy does not allow bookings to be split.";
            return Err(Fault::at(Problem::NotAllowed, "id", message));
        }
        let (organiser, amounts) = shares(&order, &input)?;
        let people: Vec<Uuid> = input
            .shares
            .iter()
            .map(|share| share.participant_id.uuid())
            .collect();
        take_part(act.scope, &order, &people).await?;
        drop_shares(act.scope, order.id).await?;
        let due_at = input.due_at.map_or(order.starts_at, |due| due.0);
        let ids = write(act.scope, &order, &people, &amounts, due_at).await?;
        let sql = "update booking.booking_orders o set organiser_share_minor = $3 where o.biz_id = $1 and o.id = $2";
        let values = [act.scope.biz_id().into(), order.id.into(), organiser.into()];
        act.scope.execute(sql, &values).await?;
        let outcome = ids
            .iter()
            .fold(Outcome::row("bookingOrder", order.id), |outcome, id| {
                outcome.and_row("obligations", *id)
            });
        Ok(outcome.detail("location_id", order.location_id.to_string()))
    }
}

fn minor(money: &MoneyInput, order: &Locked, field: &str) -> Result<i64, Fault<Problem>> {
    if money.currency != order.currency {
        let message = format!("The currency of the booking is {}.", order.currency);
        return Err(Fault::at(Problem::WrongCurrency, field, message));
    }
    if money.minor < 0 {
        let message = "A share cannot be negative.";
        return Err(Fault::at(Problem::InvalidShares, field, message));
    }
    Ok(money.minor)
}

/// The share of the organiser, and those of the others in the order given.
fn shares(order: &Locked, input: &BookingSplitInput) -> Result<(i64, Vec<i64>), Fault<Problem>> {
    let distinct: BTreeSet<Uuid> = input
        .shares
        .iter()
        .map(|share| share.participant_id.uuid())
        .collect();
    if input.shares.is_empty() || input.shares.len() > MOST || distinct.len() != input.shares.len()
    {
        let message = format!("Name 1 to {MOST} shares, each participant once.");
        return Err(Fault::at(Problem::InvalidShares, "shares", message));
    }
    let mut fixed = 0_i64;
    let (mut amounts, mut weights) = (Vec::new(), Vec::new());
    for share in &input.shares {
        match (&share.amount, share.weight.unwrap_or(1)) {
            (Some(amount), _) if share.weight.is_none() => {
                let minor = minor(amount, order, "shares")?;
                fixed = fixed.saturating_add(minor);
                amounts.push(Some(minor));
            }
            (None, weight @ 1..=1_000_000) => {
                weights.push(u64::from(weight.unsigned_abs()));
                amounts.push(None);
            }
            _ => {
                let message = "A share is an amount, or a weight between 1 and 1,000,000.";
                return Err(Fault::at(Problem::InvalidShares, "shares", message));
            }
        }
    }
    let total = order.amounts.total();
    let organiser = match &input.organiser_share {
        Some(money) => minor(money, order, "organiserShare")?,
        None if weights.is_empty() => total - fixed,
        None => 0,
    };
    let left = total - organiser - fixed;
    if organiser < 0 || left < 0 || (left > 0 && weights.is_empty()) {
        let message = format!(
            "The shares do not sum up to what the booking costs: {left} is left, in minor units."
        );
        return Err(Fault::at(Problem::DoesNotSum, "shares", message));
    }
    let mut parts = split(left, &weights).into_iter();
    let amounts = amounts
        .into_iter()
        .map(|amount| amount.or_else(|| parts.next()).unwrap_or_default());
    Ok((organiser, amounts.collect()))
}

/// Refuses those who do not take part in the booking.
async fn take_part(scope: &Scope, order: &Locked, people: &[Uuid]) -> Result<(), Fault<Problem>> {
    let sql = "select count(*) from booking.booking_participants p \
               where p.biz_id = $1 and p.order_id = $2 and p.id = any ($3::uuid[]) and p.cancelled_at is null";
    let values = [
        scope.biz_id().into(),
        order.id.into(),
        people.to_vec().into(),
    ];
    let row = scope.query_opt(sql, &values).await?;
    let count: i64 = row
        .map(|row| row.try_get(0))
        .transpose()?
        .unwrap_or_default();
    if usize::try_from(count) == Ok(people.len()) {
        return Ok(());
    }
    Err(Fault::not_found("participant of this booking"))
}

const PAID: &str = "select b.id from booking.participant_obligations b \
    where b.biz_id = $1 and b.order_id = $2 and (b.paid_minor > 0 or b.status in ('paid', 'waived')) and b.status <> 'cancelled' limit 1";
const DROP: &str = "update booking.participant_obligations b set status = 'cancelled' \
    where b.biz_id = $1 and b.order_id = $2 and b.status in ('pending', 'overdue')";

/// Drops the shares of before, of which nothing was paid.
async fn drop_shares(scope: &Scope, order_id: Uuid) -> Result<(), Fault<Problem>> {
    let values = [scope.biz_id().into(), order_id.into()];
    if scope.query_opt(PAID, &values).await?.is_some() {
        let message = "Somebody has paid a share already, or was let off it.";
        return Err(Fault::at(Problem::AlreadyPaid, "id", message));
    }
    scope.execute(DROP, &values).await?;
    Ok(())
}

const WRITE: &str = "with given as (select * from json_to_recordset($3::json) as w (id uuid, participant_id uuid, amount bigint)), \
    owed as ( \
      insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency, due_at) \
      select $1, w.id, $2, w.participant_id, w.amount, $4, $5 from given w) \
    insert into booking.participant_obligation_events (biz_id, id, obligation_id, kind, occurred_at, amount_minor, currency) \
    select $1, core.uuid_v7(), w.id, 'created', $6, w.amount, $4 from given w";

async fn write(
    scope: &Scope,
    order: &Locked,
    people: &[Uuid],
    amounts: &[i64],
    due_at: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<Uuid>, Error> {
    let ids: Vec<Uuid> = people.iter().map(|_| new_id()).collect();
    let rows: Vec<serde_json::Value> = ids
        .iter()
        .zip(people)
        .zip(amounts)
        .map(|((id, person), amount)| json!({"id": id, "participant_id": person, "amount": amount}))
        .collect();
    let values = [
        scope.biz_id().into(),
        order.id.into(),
        serde_json::Value::from(rows).to_string().into(),
        order.currency.clone().into(),
        due_at.into(),
        scope.now().into(),
    ];
    scope.execute(WRITE, &values).await?;
    Ok(ids)
}

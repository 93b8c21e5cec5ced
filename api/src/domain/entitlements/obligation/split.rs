//! `bookingSplit`.

use std::collections::HashSet;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entities::booking::{booking_order, booking_participant};
use sea_orm::Value;
use uuid::Uuid;

use super::rules::{Share, Unsplit, shares};
use crate::database::{Error, new_id};
use crate::domain::entitlements::OBLIGATIONS;
use crate::graph::failure::Failure;
use crate::graph::scalars::{Id, Instant, MoneyInput};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// How many shares an order has at most.
const MOST: usize = 500;

/// What one participant is to pay.
#[derive(InputObject)]
pub struct BookingShareInput {
    /// The participant.
    pub participant_id: Id<booking_participant::Entity>,
    /// An amount as agreed; a part of the rest if not given.
    pub amount: Option<MoneyInput>,
    /// How many parts of the rest; 1 if not given.
    pub weight: Option<i32>,
}

/// Splits what an order costs among its participants, each of whom then owes a share. Amounts as agreed
/// come first; the rest is split to the last cent, the organiser's part before the others'.
#[derive(InputObject)]
pub struct BookingSplitInput {
    /// The order.
    pub id: Id<booking_order::Entity>,
    /// The shares, 500 at most.
    pub shares: Vec<BookingShareInput>,
    /// What whoever booked it pays, as agreed.
    pub organiser_amount: Option<MoneyInput>,
    /// How many parts of the rest whoever booked it pays, where no amount is agreed; none if not given.
    pub organiser_weight: Option<i32>,
    /// Until when the shares are to be paid; until the order begins if not given.
    pub due_at: Option<Instant>,
}

/// Why the order was not split.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingSplitErrorCode")]
pub enum BookingSplitProblem {
    /// It is split already.
    AlreadySplit,
    /// It has been cancelled, declined or has expired.
    OrderEnded,
    /// The amounts as agreed are more than the total.
    BeyondTotal,
    /// The amounts as agreed are less than the total, and nobody pays the rest.
    BelowTotal,
    /// One of them takes no part in the order, or is named twice.
    WrongParticipant,
    /// An amount has another currency than the order, or is less than nothing.
    WrongAmount,
}

use BookingSplitProblem as Problem;

/// The verb.
pub struct BookingSplit;

const ORDER: &str = "select o.total_minor, o.currency::text, o.status::text, o.location_id, o.organiser_share_minor is not null \
    from booking.booking_orders o where o.biz_id = $1 and o.id = $2 for no key update";

impl Verb for BookingSplit {
    type Input = BookingSplitInput;
    type Problem = Problem;

    const NAME: &'static str = "bookingSplit";
    const PERMISSION: Permission = Permission::Holds(OBLIGATIONS);
    const EVENT: Option<&'static str> = Some("booking.split");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "bookingOrder",
            "BookingOrder",
            "The order, with its organiser's share.",
        ),
        Part::Rows(
            "obligations",
            "ParticipantObligation",
            "What each owes, in the order of the shares.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        (
            "participant_obligations_same_order_check",
            Problem::WrongParticipant,
        ),
        (
            "participant_obligations_participant_id_key",
            Problem::WrongParticipant,
        ),
        (
            "participant_obligations_participant_id_fkey",
            Problem::WrongParticipant,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        if input.shares.is_empty() || input.shares.len() > MOST {
            return Err(Failure::input(format!("Give 1 to {MOST} shares.")).into());
        }
        let id = input.id.uuid();
        let values = [act.scope.biz_id().into(), id.into()];
        let row = act.scope.query_opt(ORDER, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("booking"))?;
        act.permit_at(OBLIGATIONS, row.try_get(3)?, "booking")?;
        let (total, currency, status): (i64, String, &str) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if row.try_get(4)? {
            return Err(Fault::at(
                Problem::AlreadySplit,
                "id",
                "The order is split already.",
            ));
        }
        if matches!(status, "cancelled" | "declined" | "expired") {
            let text = format!("The order is {status}.");
            return Err(Fault::at(Problem::OrderEnded, "id", text));
        }
        let (others, organiser) = wishes(&input, &currency)?;
        let (own, parts) = shares(total, organiser, &others).map_err(|unsplit| match unsplit {
            Unsplit::BeyondTotal => Fault::at(
                Problem::BeyondTotal,
                "shares",
                "The amounts are more than the order costs.",
            ),
            Unsplit::BelowTotal => Fault::at(
                Problem::BelowTotal,
                "shares",
                "Nobody pays the rest of what the order costs.",
            ),
        })?;
        let ids = write(
            act,
            id,
            &currency,
            input.due_at.map(|at| at.0),
            (own, &others, &parts),
        )
        .await?;
        let outcome = Outcome::row("bookingOrder", id).detail("organiser_minor", own);
        Ok(ids
            .into_iter()
            .fold(outcome, |outcome, id| outcome.and_row("obligations", id)))
    }
}

/// What was asked for, in the currency of the order.
#[expect(
    clippy::type_complexity,
    reason = "the shares, and the organiser's amount and weight"
)]
fn wishes(
    input: &BookingSplitInput,
    currency: &str,
) -> Result<(Vec<Share>, (Option<i64>, u64)), Fault<Problem>> {
    let amount = |money: &Option<MoneyInput>, field: &str| match money {
        Some(money) if money.currency != currency || money.minor < 0 => {
            let text = format!("An amount is in {currency}, and not less than nothing.");
            Err(Fault::at(Problem::WrongAmount, field, text))
        }
        money => Ok(money.as_ref().map(|money| money.minor)),
    };
    let weight = |weight: Option<i32>, usual: u64| {
        weight.map_or(usual, |weight| u64::from(weight.max(0).unsigned_abs()))
    };
    let mut seen = HashSet::new();
    let mut others = Vec::with_capacity(input.shares.len());
    for share in &input.shares {
        if !seen.insert(share.participant_id.uuid()) {
            let text = "A participant is named twice.";
            return Err(Fault::at(Problem::WrongParticipant, "shares", text));
        }
        others.push(Share {
            participant_id: share.participant_id.uuid(),
            amount: amount(&share.amount, "shares")?,
            weight: weight(share.weight, 1),
        });
    }
    let own = amount(&input.organiser_amount, "organiserAmount")?;
    Ok((others, (own, weight(input.organiser_weight, 0))))
}

const WRITE: &str = "with split as ( \
      insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency, due_at, status) \
      select $1, s.id, $2, s.participant_id, s.amount_minor, $3, $4, case when s.amount_minor = 0 then 'paid' else 'pending' end \
      from unnest($5::uuid[], $6::uuid[], $7::bigint[]) as s (id, participant_id, amount_minor)), \
    events as ( \
      insert into booking.participant_obligation_events (biz_id, id, obligation_id, kind, occurred_at, currency) \
      select $1, core.uuid_v7(), s.id, 'created', $8, $3 from unnest($5::uuid[]) as s (id)) \
    update booking.booking_orders set organiser_share_minor = $9 where biz_id = $1 and id = $2";

async fn write(
    act: &Act<'_>,
    order_id: Uuid,
    currency: &str,
    due_at: Option<DateTime<Utc>>,
    (own, others, parts): (i64, &[Share], &[i64]),
) -> Result<Vec<Uuid>, Error> {
    let ids: Vec<Uuid> = others.iter().map(|_| new_id()).collect();
    let values: [Value; 9] = [
        act.scope.biz_id().into(),
        order_id.into(),
        currency.into(),
        due_at.into(),
        ids.clone().into(),
        others
            .iter()
            .map(|share| share.participant_id)
            .collect::<Vec<_>>()
            .into(),
        parts.to_vec().into(),
        act.scope.now().into(),
        own.into(),
    ];
    act.scope.execute(WRITE, &values).await?;
    Ok(ids)
}

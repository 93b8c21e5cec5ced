//! The nights that a guest who leaves early does not stay: given back, and priced anew (E-17).

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::bill::{self, Amounts, Request};
use super::check_out::BookingCheckOutProblem as Problem;
use super::days;
use super::extras::follow;
use super::locked::Locked;
use super::policy::{Price, refund_due};
use super::store::paid;
use foundation::database::{Error, new_id};
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::rules::{Edge, instant_of, wall_time};

/// Why the histories say that the stay was shortened.
const REASON: &str = "Early departure.";

/// What a stay became that was shortened.
pub(super) struct Shortened {
    line_id: Uuid,
    /// What it costs now.
    amounts: Amounts,
    /// What the nights cost that are given back.
    back: Price,
}

/// Gives the stay the price of the nights before a day. None where it is not sold by nights.
pub(super) async fn shorten(
    act: &Act<'_>,
    order: &Locked,
    until: NaiveDate,
) -> Result<Option<Shortened>, Fault<Problem>> {
    let Some(old) = days::read(act.scope, order.id).await? else {
        return Ok(None);
    };
    let mut stayed = old.clone();
    stayed.rates.retain(|rate| rate.on < until);
    let too_much = || Error::Internal("fewer nights that cost too much".to_owned());
    let price = stayed.price().ok_or_else(too_much)?;
    let base = order.amounts.base - old.total_minor + price;
    stayed.write(act.scope, order.id, &order.currency).await?;
    let amounts = follow(act.scope, order, base, Some(stayed.size())).await?;
    let amounts = amounts.ok_or_else(too_much)?;
    let Some(amounts) = bill::set(act.scope, order, amounts, &[]).await? else {
        let message = "Those who take part have paid more than the nights stayed cost.";
        return Err(Fault::at(Problem::SharesPaid, "letOffNights", message));
    };
    let request = Request {
        kind: "modify",
        requested_by: "customer",
        before: json!({"check_out_on": order.check_out_on, "total_minor": order.amounts.total()}),
        after: json!({"check_out_on": until, "total_minor": amounts.total()}),
        price_delta: amounts.total() - order.amounts.total(),
        fee: 0,
        reason: Some(REASON),
    };
    bill::log(act.scope, &[(order.id, request)]).await?;
    let first = old.rates.iter().find(|rate| rate.on >= until);
    Ok(Some(Shortened {
        line_id: old.line_id,
        amounts,
        back: Price {
            total_minor: old.total_minor - price,
            first_unit_minor: first.map_or(0, |rate| rate.minor),
        },
    }))
}

const NOTE: &str = "insert into booking.cancellations (biz_id, id, order_id, order_line_id, requested_by, reason, \
      policy_tier_id, policy_tier, fee_minor, refund_due_minor, currency) \
    values ($1, $2, $3, $4, 'customer', $5, $6, $7::text::jsonb, $8, $9, $10)";

/// What is owed for the nights that are given back, by the policy the stay was booked under, as if
/// a stay that begins with the first of them were cancelled now; and what goes back of what was
/// paid. It stands as a cancellation of the nights.
pub(super) async fn charge(
    act: &Act<'_>,
    order: &Locked,
    until: NaiveDate,
    shortened: &Shortened,
) -> Result<(i64, i64), Fault<Problem>> {
    let begins = until.and_time(wall_time(order.zone, order.starts_at).time());
    let begins = instant_of(order.zone, begins, Edge::Start);
    let policy = order.policy.as_ref();
    let tier = policy.and_then(|policy| policy.tier_at(order.zone, begins, act.scope.now()));
    let fee = tier.map_or(0, |tier| tier.fee(shortened.back));
    let snapshot = tier.map(serde_json::to_string).transpose();
    let snapshot = snapshot.map_err(|error| Error::Internal(error.to_string()))?;
    let owed = shortened.amounts.total() + fee;
    let refund = refund_due(paid(act.scope, order.id).await?, owed);
    let values = [
        act.scope.biz_id().into(),
        new_id().into(),
        order.id.into(),
        shortened.line_id.into(),
        REASON.into(),
        tier.map(|tier| tier.id).into(),
        snapshot.into(),
        fee.into(),
        refund.into(),
        order.currency.clone().into(),
    ];
    act.scope.execute(NOTE, &values).await?;
    Ok((fee, refund))
}

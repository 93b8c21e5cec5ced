//! `bookingCheckOut`.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::booking::booking_order;

use serde_json::json;

use super::bill::{self, Request};
use super::days;
use super::finish::{self, Departure};
use super::locked::{Locked, lock};
use super::rules::{Move, shortened};
use crate::database::Error;
use crate::domain::availability::rules::day_start;
use crate::domain::availability::store::release;
use crate::graph::scalars::Id;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "booking.check_out";

/// Notes that the guest has left, or that the service has ended. The nights that a guest who leaves
/// early does not stay are free for others; what was agreed for them is still owed, unless they are
/// let off.
#[derive(InputObject)]
pub struct BookingCheckOutInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// Whether the nights that a guest who leaves early does not stay need not be paid: the price of
    /// the stay is then that of the nights stayed.
    #[graphql(default = false)]
    pub let_off_nights: bool,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a booking cannot be checked out.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingCheckOutErrorCode")]
pub enum BookingCheckOutProblem {
    /// The booking is in a status that cannot be checked out.
    WrongStatus,
    /// What those who take part have paid already is more than the nights stayed cost.
    SharesPaid,
}

/// The verb.
pub struct BookingCheckOut;

impl Verb for BookingCheckOut {
    type Input = BookingCheckOutInput;
    type Problem = BookingCheckOutProblem;

    const NAME: &'static str = "bookingCheckOut";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.checked_out");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "bookingOrder",
        "BookingOrder",
        "The booking as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let order = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        order.allow(Move::CheckOut, BookingCheckOutProblem::WrongStatus)?;
        let at = act.scope.now();
        let shortened_to = shortened_to(&order, at);
        if let Some((day, _)) = shortened_to {
            let free_from = day_start(order.zone, day);
            release(act.scope, "early_departure", [(order.id, Some(free_from))]).await?;
        }
        finish::check_out(
            act.scope,
            &[Departure {
                order_id: order.id,
                at,
                shortened_to,
            }],
        )
        .await?;
        if let Some((day, _)) = shortened_to
            && input.let_off_nights
        {
            let_off(act, &order, day).await?;
        }
        let outcome = Outcome::row("bookingOrder", order.id);
        let outcome = outcome.detail("location_id", order.location_id.to_string());
        Ok(match shortened_to {
            Some((day, _)) => outcome.detail("shortened_to", day.to_string()),
            None => outcome,
        })
    }
}

/// The new end of a stay whose guest leaves before it.
fn shortened_to(order: &Locked, at: DateTime<Utc>) -> Option<(NaiveDate, DateTime<Utc>)> {
    let (check_in_on, check_out_on) = (order.check_in_on?, order.check_out_on?);
    shortened(order.zone, (check_in_on, check_out_on), order.ends_at, at)
}

/// Gives the stay the price of the nights before a day.
async fn let_off(
    act: &Act<'_>,
    order: &Locked,
    until: NaiveDate,
) -> Result<(), Fault<BookingCheckOutProblem>> {
    let Some(old) = days::read(act.scope, order.id, &order.currency).await? else {
        return Ok(());
    };
    let mut stayed = old.clone();
    stayed.rates.retain(|rate| rate.on < until);
    let too_much = || Error::Internal("fewer nights that cost too much".to_owned());
    let base = order.amounts.base - old.total_minor + stayed.price().ok_or_else(too_much)?;
    stayed.write(act.scope, order.id, &order.currency).await?;
    let amounts = order.amounts.with_base(base);
    if !bill::set(act.scope, order, amounts).await? {
        let message = "Those who take part have paid more than the nights stayed cost.";
        return Err(Fault::at(
            BookingCheckOutProblem::SharesPaid,
            "letOffNights",
            message,
        ));
    }
    let request = Request {
        kind: "modify",
        requested_by: "customer",
        before: json!({"check_out_on": order.check_out_on, "total_minor": order.amounts.total()}),
        after: json!({"check_out_on": until, "total_minor": amounts.total()}),
        price_delta: amounts.total() - order.amounts.total(),
        fee: 0,
        reason: Some("Early departure."),
    };
    bill::log(act.scope, &[(order.id, request)]).await?;
    Ok(())
}

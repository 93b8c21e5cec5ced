//! `seriesCancel`.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entities::availability::recurrence_series;
use uuid::Uuid;

use super::SeriesScope;
use super::locked::{Series, lock, meant};
use super::store::{Exception, except};
use crate::booking::cancel::cancellation;
use crate::booking::choices::CancellationParty;
use crate::booking::finish::{self, Cancellation};
use crate::booking::locked::Locked;
use foundation::graph::scalars::{Choice, Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::rules::local_day;
use scheduling::availability::store::release;
use scheduling::availability::waitlist::freed::{Freed, offer_freed};

const PERMISSION: &str = "booking.cancel";

type Problem = SeriesCancelProblem;

/// Cancels one booking of a series, one and all that follow, or all that have not begun: each with
/// the fee of its policy, by the clocks of the location. What they take is free for others.
#[derive(InputObject)]
pub struct SeriesCancelInput {
    /// The series.
    pub id: Id<recurrence_series::Entity>,
    /// Which of its times.
    pub scope: SeriesScope,
    /// The time by the rule from which it holds; needed unless it is all of them.
    pub occurrence: Option<Instant>,
    /// Why.
    #[graphql(validator(max_length = 2000))]
    pub reason: String,
    /// Who asks for it; the customer if not given. Where the business or the program does, there is
    /// no fee.
    pub requested_by: Option<Choice<CancellationParty>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a series cannot be cancelled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SeriesCancelErrorCode")]
pub enum SeriesCancelProblem {
    /// The series is over, or was cancelled.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
    /// The series has no booking at this time that could be cancelled.
    NoSuchTime,
}

/// The verb.
pub struct SeriesCancel;

impl Verb for SeriesCancel {
    type Input = SeriesCancelInput;
    type Problem = SeriesCancelProblem;

    const NAME: &'static str = "seriesCancel";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("series.cancelled");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "recurrenceSeries",
            "RecurrenceSeries",
            "The series as it now is.",
        ),
        Part::Rows(
            "bookingOrders",
            "BookingOrder",
            "The bookings that were cancelled.",
        ),
        Part::Value(
            "feeMinor",
            "Long",
            "What is owed for all of them, in minor units.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let series = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        if !matches!(series.status.as_str(), "active" | "paused") {
            let message = format!("The series is {}.", series.status);
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let from = input.occurrence.map(|at| at.0);
        let Some(orders) = meant(act, &series, input.scope, from).await? else {
            let message = "The series has no booking at this time that could be cancelled.";
            return Err(Fault::at(Problem::NoSuchTime, "occurrence", message));
        };
        let requested_by = input.requested_by.as_ref().map_or("customer", |by| by.0);
        let now = act.scope.now();
        let cancellations: Vec<Cancellation> = orders
            .iter()
            .map(|order| cancellation(order, requested_by, reason, now, 0))
            .collect::<Result<_, _>>()?;
        release(
            act.scope,
            "cancelled",
            orders.iter().map(|order| (order.id, None)),
        )
        .await?;
        finish::cancel(act.scope, reason, &cancellations).await?;
        end(act, &series, input.scope, from, &orders, reason).await?;
        let ids: Vec<Uuid> = orders.iter().map(|order| order.id).collect();
        offer_freed(act, Freed::Orders(&ids)).await?;
        let fee: i64 = cancellations.iter().map(|one| one.fee_minor).sum();
        let outcome = orders.iter().fold(
            Outcome::row("recurrenceSeries", series.id),
            |outcome, order| outcome.and_row("bookingOrders", order.id),
        );
        Ok(outcome
            .and_value("feeMinor", fee)
            .detail("location_id", series.location_id.to_string())
            .detail("cancelled", orders.len()))
    }
}

const END: &str = "update availability.recurrence_series s set ends_on = $3, max_occurrences = null where s.biz_id = $1 and s.id = $2";
const CANCEL: &str = "update availability.recurrence_series s set status = 'cancelled' where s.biz_id = $1 and s.id = $2";

/// Ends the series where it holds for more than one time, and notes the exception where for one.
async fn end(
    act: &Act<'_>,
    series: &Series,
    scope: SeriesScope,
    from: Option<DateTime<Utc>>,
    orders: &[Locked],
    reason: &str,
) -> Result<(), Fault<Problem>> {
    let (biz, id): (Uuid, Uuid) = (act.scope.biz_id(), series.id);
    let ends_on = from.map(|from| local_day(series.zone, from));
    match (scope, ends_on) {
        (SeriesScope::This, _) => {
            let exceptions: Vec<Exception> = orders
                .iter()
                .filter_map(|order| {
                    Some(Exception {
                        original: order.series?.1,
                        kind: "cancelled",
                        moved_to: None,
                        order_id: Some(order.id),
                    })
                })
                .collect();
            except(act.scope, id, &exceptions).await?;
        }
        (SeriesScope::ThisAndFollowing, Some(day)) if day > series.starts_on => {
            let values = [biz.into(), id.into(), day.into()];
            act.scope.execute(END, &values).await?;
        }
        _ => {
            act.scope.set_reason(reason).await?;
            act.scope.execute(CANCEL, &[biz.into(), id.into()]).await?;
        }
    }
    Ok(())
}

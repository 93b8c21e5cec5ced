//! The rule of a series that is changed, as it holds from now on, and the exceptions to it.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::SeriesScope;
use super::change::SeriesChangeInput;
use super::locked::Series;
use super::plan::Plan;
use super::rules::{days, window};
use super::store::{Exception, except};
use crate::booking::locked::Locked;
use foundation::database::{Error, new_id};
use foundation::graph::verb::Act;
use scheduling::availability::rules::local_day;

const CHANGE: &str = "update availability.recurrence_series s set local_start = $3, duration_minutes = $4 \
    where s.biz_id = $1 and s.id = $2";
const GO_ON: &str = "insert into availability.recurrence_series (biz_id, id, customer_id, location_id, split_from_id, rrule, timezone, \
      starts_on, ends_on, max_occurrences, local_start, duration_minutes, template, booked_until, status) \
    select s.biz_id, $3, s.customer_id, s.location_id, s.id, s.rrule, s.timezone, $4, s.ends_on, $5, $6, $7, s.template, \
      s.booked_until, s.status \
    from availability.recurrence_series s where s.biz_id = $1 and s.id = $2";
const END: &str = "update availability.recurrence_series s set ends_on = $3, max_occurrences = null, \
      booked_until = least(s.booked_until, $3) where s.biz_id = $1 and s.id = $2";
const ATTACH: &str = "update booking.booking_orders o set series_id = $2, series_starts_at = w.at \
    from unnest($3::uuid[], $4::timestamptz[]) as w (id, at) where o.biz_id = $1 and o.id = w.id";

/// Writes the rule that holds from now on, and the exceptions to it: gives the series that the
/// bookings are of.
pub(super) async fn rewrite(
    act: &Act<'_>,
    series: &Series,
    input: &SeriesChangeInput,
    (start, minutes): (NaiveTime, i32),
    (plans, can): (&[Plan], &[bool]),
    kept: &[Locked],
) -> Result<Uuid, Error> {
    if input.scope == SeriesScope::This {
        let moved = plans.iter().filter(|plan| plan.service.0 != plan.at);
        let moved: Vec<Exception> = moved
            .map(|plan| moved_by_itself(plan.at, plan.service.0, plan.order.id))
            .collect();
        except(act.scope, series.id, &moved).await?;
        return Ok(series.id);
    }
    let first = plans.first().map(|plan| local_day(series.zone, plan.at));
    let split_on =
        first.filter(|day| input.scope == SeriesScope::ThisAndFollowing && *day > series.starts_on);
    let id = carry_on(act, series, split_on, (start, minutes)).await?;
    // Those that were moved by themselves stay exceptions, of the rule that holds from now on.
    let apart: Vec<(&Locked, DateTime<Utc>)> = kept
        .iter()
        .filter_map(|order| {
            let day = local_day(series.zone, order.series?.1);
            Some((order, window(series.zone, day, start, minutes).0))
        })
        .collect();
    let own = plans.iter().map(|plan| (plan.order.id, plan.service.0));
    let (ids, times): (Vec<Uuid>, Vec<DateTime<Utc>>) = own
        .chain(apart.iter().map(|(order, at)| (order.id, *at)))
        .unzip();
    let biz = act.scope.biz_id();
    let values = [biz.into(), id.into(), ids.into(), times.into()];
    act.scope.execute(ATTACH, &values).await?;
    let apart = apart.iter().filter(|(order, at)| order.starts_at != *at);
    let apart = apart.map(|(order, at)| moved_by_itself(*at, order.starts_at, order.id));
    let left = plans.iter().zip(can);
    let left = left.filter(|(plan, can)| !**can && plan.order.starts_at != plan.service.0);
    let left =
        left.map(|(plan, _)| moved_by_itself(plan.service.0, plan.order.starts_at, plan.order.id));
    let stay: Vec<Exception> = left.chain(apart).collect();
    except(act.scope, id, &stay).await?;
    Ok(id)
}

/// That a time of a series is at another than its rule says.
fn moved_by_itself(original: DateTime<Utc>, to: DateTime<Utc>, order_id: Uuid) -> Exception {
    Exception {
        original,
        kind: "moved",
        moved_to: Some(to),
        order_id: Some(order_id),
    }
}

/// The series that goes on by the new rule: the same, or from a day on a new one.
async fn carry_on(
    act: &Act<'_>,
    series: &Series,
    split_on: Option<NaiveDate>,
    (start, minutes): (NaiveTime, i32),
) -> Result<Uuid, Error> {
    let biz = act.scope.biz_id();
    let Some(day) = split_on else {
        let values = [biz.into(), series.id.into(), start.into(), minutes.into()];
        act.scope.execute(CHANGE, &values).await?;
        return Ok(series.id);
    };
    let id = new_id();
    let values = [
        biz.into(),
        series.id.into(),
        id.into(),
        day.into(),
        left(series, day).into(),
        start.into(),
        minutes.into(),
    ];
    act.scope.execute(GO_ON, &values).await?;
    let values = [biz.into(), series.id.into(), day.into()];
    act.scope.execute(END, &values).await?;
    Ok(id)
}

/// How many times are left of a series that ends after so many, from a day on.
fn left(series: &Series, from: NaiveDate) -> Option<i32> {
    let count = usize::try_from(series.max_occurrences?).ok()?;
    let all = days(
        &series.rrule,
        series.starts_on,
        series.ends_on,
        Some(count),
        series.zone,
    )
    .ok()?;
    i32::try_from(all.iter().filter(|day| **day >= from).count().max(1)).ok()
}

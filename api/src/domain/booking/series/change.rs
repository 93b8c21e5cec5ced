//! `seriesChange`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType};
use chrono::{DateTime, NaiveTime, Utc};
use entities::availability::recurrence_series;
use entities::resources::resource;
use serde_json::json;
use uuid::Uuid;

use super::locked::{Series, lock, meant};
use super::rules::{days, free, window};
use super::store::{Exception, booked, busy, conflict, except, span, told};
use super::{SeriesConflicts, SeriesOccurrence, SeriesOutcome, SeriesScope};
use crate::database::{Error, new_id};
use crate::domain::availability::rules::{local_day, wall_time};
use crate::domain::availability::store::lock_resources;
use crate::domain::booking::bill::{self, Request};
use crate::domain::booking::choices::CancellationParty;
use crate::domain::booking::locked::Locked;
use crate::domain::booking::moves::{self, Moved, Window};
use crate::domain::booking::taken::{Shift, Taken, shift, taken};
use crate::graph::scalars::Instant;
use crate::graph::scalars::{Choice, Id};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "booking.reschedule";

type Problem = SeriesChangeProblem;
type Checked<T> = Result<T, Fault<Problem>>;

/// Moves bookings of a series to another wall-clock time, another length, or another resource: one,
/// one and all that follow, or all that have not begun. Those that were moved by themselves before
/// stay where they are. Each is answered for itself; with `dryRun`, this tells what would become of
/// each.
#[derive(InputObject)]
pub struct SeriesChangeInput {
    /// The series.
    pub id: Id<recurrence_series::Entity>,
    /// Which of its times.
    pub scope: SeriesScope,
    /// The time by the rule from which it holds; needed unless it is all of them.
    pub occurrence: Option<Instant>,
    /// The wall-clock time at which each begins from now on, such as 10:00.
    pub local_start: Option<String>,
    /// How many minutes each lasts from now on.
    pub duration_minutes: Option<i32>,
    /// The resource that each takes from now on.
    pub resource_id: Option<Id<resource::Entity>>,
    /// What to do where some of the times are taken; nothing is moved then, if not given.
    pub on_conflict: Option<SeriesConflicts>,
    /// Who asks for it; the customer if not given.
    pub requested_by: Option<Choice<CancellationParty>>,
    /// Why.
    #[graphql(validator(max_length = 2000))]
    pub reason: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a series cannot be changed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SeriesChangeErrorCode")]
pub enum SeriesChangeProblem {
    /// The series is over, or was cancelled.
    WrongStatus,
    /// The series has no booking at this time that could be moved.
    NoSuchTime,
    /// Nothing is to be changed.
    Incomplete,
    /// The start is no time of day, or the duration is too short or too long.
    InvalidDates,
    /// Some of the times are taken; the message names the first. A dry run that skips them tells all.
    Conflicts,
    /// The resource is not open for bookings, or is of another location.
    NotBookable,
}

/// The verb.
pub struct SeriesChange;

/// What is to become of one booking.
struct Plan {
    order: Locked,
    at: DateTime<Utc>,
    from: Taken,
    service: Window,
    blocked: Window,
    resource_id: Uuid,
}

impl Verb for SeriesChange {
    type Input = SeriesChangeInput;
    type Problem = SeriesChangeProblem;

    const NAME: &'static str = "seriesChange";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("series.changed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "recurrenceSeries",
            "RecurrenceSeries",
            "The series that the bookings are of from now on: another one, where it holds for one and those that follow.",
        ),
        Part::Value(
            "occurrences",
            "[SeriesOccurrence!]",
            "What became of each booking meant, in order.",
        ),
        Part::Value(
            "conflictCount",
            "Int",
            "How many stayed where they were, as the time is taken.",
        ),
    ];

    fn types(registry: &mut Registry) {
        <SeriesOccurrence as OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let series = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        if !matches!(series.status.as_str(), "active" | "paused") {
            let message = format!("The series is {}.", series.status);
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let (start, minutes) = asked(&series, &input)?;
        let from = input.occurrence.map(|at| at.0);
        let orders = meant(act, &series, input.scope, from).await?;
        let Some(orders) = orders.filter(|orders| !orders.is_empty()) else {
            let message = "The series has no booking at this time that could be moved.";
            return Err(Fault::at(Problem::NoSuchTime, "occurrence", message));
        };
        let resource = input.resource_id.map(|id| id.uuid());
        if let Some(resource) = resource {
            bookable(act, &series, resource).await?;
        }
        let (plans, kept) = plans(
            act,
            &series,
            orders,
            (start, minutes),
            resource,
            input.scope,
        )
        .await?;
        let (can, busy) = possible(act, &plans).await?;
        agreed(&input, &plans, &can, series.zone)?;
        move_all(act, &plans, &can, &input).await?;
        let series_id = rewrite(
            act,
            &series,
            &input,
            (start, minutes),
            (&plans, &can),
            &kept,
        )
        .await?;
        let now = act.scope.now();
        let mut occurrences: Vec<SeriesOccurrence> = plans
            .iter()
            .zip(&can)
            .map(|(plan, can)| {
                if *can {
                    return booked(plan.service, plan.order.id, SeriesOutcome::Booked);
                }
                let buffers = (
                    plan.service.0 - plan.blocked.0,
                    plan.blocked.1 - plan.service.1,
                );
                conflict(
                    plan.service,
                    Some(plan.order.id),
                    &busy,
                    series.zone,
                    buffers,
                    now,
                )
            })
            .collect();
        occurrences.extend(kept.iter().map(|order| {
            booked(
                (order.starts_at, order.ends_at),
                order.id,
                SeriesOutcome::Kept,
            )
        }));
        occurrences.sort_by_key(|one| one.starts_at.0);
        Ok(Outcome::row("recurrenceSeries", series_id)
            .and_value("occurrences", told(&occurrences)?)
            .and_value("conflictCount", can.iter().filter(|can| !**can).count())
            .detail("location_id", series.location_id.to_string())
            .detail("moved", can.iter().filter(|can| **can).count()))
    }
}

/// The wall-clock time and the length asked for.
fn asked(series: &Series, input: &SeriesChangeInput) -> Checked<(NaiveTime, i32)> {
    if input.local_start.is_none()
        && input.duration_minutes.is_none()
        && input.resource_id.is_none()
    {
        let message = "Give localStart, durationMinutes or resourceId.";
        return Err(Fault::at(Problem::Incomplete, "localStart", message));
    }
    let start = match &input.local_start {
        None => series.local_start,
        Some(text) => NaiveTime::parse_from_str(text, "%H:%M")
            .or_else(|_| text.parse())
            .map_err(|_| {
                let message = "localStart is a time of day, such as 10:00.";
                Fault::at(Problem::InvalidDates, "localStart", message)
            })?,
    };
    let minutes = input.duration_minutes.unwrap_or(series.duration_minutes);
    if (1..=44_640).contains(&minutes) {
        return Ok((start, minutes));
    }
    let message = "durationMinutes must be between 1 and 44,640.";
    Err(Fault::at(Problem::InvalidDates, "durationMinutes", message))
}

const RESOURCE: &str = "select r.id from resources.resources r where r.biz_id = $1 and r.id = $2 and r.location_id = $3 \
    and r.exclusive and r.lifecycle_status = 'active' and r.deleted_at is null";

async fn bookable(act: &Act<'_>, series: &Series, resource: Uuid) -> Checked<()> {
    let values = [
        act.scope.biz_id().into(),
        resource.into(),
        series.location_id.into(),
    ];
    if act.scope.query_opt(RESOURCE, &values).await?.is_some() {
        return Ok(());
    }
    let message = "The resource is not open for bookings at this location.";
    Err(Fault::at(Problem::NotBookable, "resourceId", message))
}

/// What is to become of the bookings; and those that were moved by themselves before, and stay.
async fn plans(
    act: &Act<'_>,
    series: &Series,
    orders: Vec<Locked>,
    (start, minutes): (NaiveTime, i32),
    resource: Option<Uuid>,
    scope: SeriesScope,
) -> Checked<(Vec<Plan>, Vec<Locked>)> {
    let ids: Vec<Uuid> = orders.iter().map(|order| order.id).collect();
    let held = taken(act.scope, &ids).await?;
    let (mut plans, mut kept) = (Vec::new(), Vec::new());
    for order in orders {
        let Some((_, at)) = order.series else {
            continue;
        };
        let was_moved = order.starts_at != at && scope != SeriesScope::This;
        let mut own = held.iter().filter(|taken| taken.order_id == order.id);
        let main = own.find(|taken| taken.resource_id.is_some());
        let (false, Some(from)) = (was_moved, main) else {
            kept.push(order);
            continue;
        };
        let service = window(series.zone, local_day(series.zone, at), start, minutes);
        let buffers = (
            from.service.0 - from.blocked.0,
            from.blocked.1 - from.service.1,
        );
        plans.push(Plan {
            at,
            service,
            blocked: (service.0 - buffers.0, service.1 + buffers.1),
            resource_id: resource.or(from.resource_id).unwrap_or_default(),
            from: from.clone(),
            order,
        });
    }
    Ok((plans, kept))
}

/// Which of them can be had: free of others, and of those of the series that stay where they are.
/// With it, when the resource is busy otherwise.
async fn possible(act: &Act<'_>, plans: &[Plan]) -> Checked<(Vec<bool>, Vec<Window>)> {
    let Some(first) = plans.first() else {
        return Ok((Vec::new(), Vec::new()));
    };
    let mut resources: Vec<Uuid> = plans
        .iter()
        .filter_map(|plan| plan.from.resource_id)
        .collect();
    resources.push(first.resource_id);
    lock_resources(act.scope, &resources).await?;
    let wanted: Vec<Window> = plans.iter().map(|plan| plan.blocked).collect();
    let own: Vec<Uuid> = plans.iter().map(|plan| plan.order.id).collect();
    let others = busy(act.scope, first.resource_id, span(&wanted), own).await?;
    // Whoever cannot move stays, and may be in the way of another who could: until none more is.
    let mut can = vec![true; plans.len()];
    loop {
        let mut taken = others.clone();
        for (plan, can) in plans.iter().zip(&can) {
            if !can && plan.from.resource_id == Some(plan.resource_id) {
                taken.push(plan.from.blocked);
            }
        }
        let movable: Vec<usize> = (0..plans.len()).filter(|index| can[*index]).collect();
        let windows: Vec<Window> = movable.iter().map(|index| wanted[*index]).collect();
        let free = free(&taken, &windows);
        let stuck: Vec<usize> = movable
            .iter()
            .zip(&free)
            .filter(|(_, free)| !**free)
            .map(|(index, _)| *index)
            .collect();
        if stuck.is_empty() {
            return Ok((can, taken));
        }
        for index in stuck {
            can[index] = false;
        }
    }
}

/// Refuses conflicts, unless they are to be skipped.
fn agreed(
    input: &SeriesChangeInput,
    plans: &[Plan],
    can: &[bool],
    zone: chrono_tz::Tz,
) -> Checked<()> {
    let conflicts = || plans.iter().zip(can).filter(|(_, can)| !**can);
    let Some((first, _)) = conflicts().next() else {
        return Ok(());
    };
    let skips =
        input.on_conflict == Some(SeriesConflicts::Skip) && input.scope != SeriesScope::This;
    if skips && conflicts().count() < plans.len() {
        return Ok(());
    }
    let at = wall_time(zone, first.service.0).format("%F %R");
    let message = format!(
        "{} of {} times are taken, the first at {at}; all bookings keep theirs.",
        conflicts().count(),
        plans.len()
    );
    Err(Fault::at(Problem::Conflicts, "localStart", message))
}

/// Moves those that can be moved, all in one.
async fn move_all(
    act: &Act<'_>,
    plans: &[Plan],
    can: &[bool],
    input: &SeriesChangeInput,
) -> Result<(), Error> {
    let moving = || {
        plans
            .iter()
            .zip(can)
            .filter(|(_, can)| **can)
            .map(|(plan, _)| plan)
    };
    let shifts: Vec<Shift> = moving()
        .map(|plan| Shift {
            from: plan.from.clone(),
            resource_id: plan.resource_id,
            service: plan.service,
            blocked: plan.blocked,
        })
        .collect();
    shift(act.scope, &shifts).await?;
    let moves: Vec<Moved> = moving()
        .map(|plan| Moved {
            order_id: plan.order.id,
            from: (plan.order.starts_at, plan.order.ends_at),
            to: plan.service,
            days: None,
        })
        .collect();
    moves::write(act.scope, &moves).await?;
    let requested_by = input.requested_by.as_ref().map_or("customer", |by| by.0);
    let requests: Vec<(Uuid, Request<'_>)> = moving()
        .map(|plan| {
            let request = Request {
                kind: "reschedule",
                requested_by,
                before: json!({"starts_at": plan.order.starts_at, "ends_at": plan.order.ends_at}),
                after: json!({"starts_at": plan.service.0, "ends_at": plan.service.1}),
                price_delta: 0,
                fee: 0,
                reason: input.reason.as_deref(),
            };
            (plan.order.id, request)
        })
        .collect();
    bill::log(act.scope, &requests).await
}

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
async fn rewrite(
    act: &Act<'_>,
    series: &Series,
    input: &SeriesChangeInput,
    (start, minutes): (NaiveTime, i32),
    (plans, can): (&[Plan], &[bool]),
    kept: &[Locked],
) -> Checked<Uuid> {
    let biz = act.scope.biz_id();
    if input.scope == SeriesScope::This {
        let moved: Vec<Exception> = plans
            .iter()
            .filter(|plan| plan.service.0 != plan.at)
            .map(|plan| Exception {
                original: plan.at,
                kind: "moved",
                moved_to: Some(plan.service.0),
                order_id: Some(plan.order.id),
            })
            .collect();
        except(act.scope, series.id, &moved).await?;
        return Ok(series.id);
    }
    let first = plans.first().map(|plan| local_day(series.zone, plan.at));
    let split_on =
        first.filter(|day| input.scope == SeriesScope::ThisAndFollowing && *day > series.starts_on);
    let id = match split_on {
        None => {
            let values = [biz.into(), series.id.into(), start.into(), minutes.into()];
            act.scope.execute(CHANGE, &values).await?;
            series.id
        }
        Some(day) => {
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
            id
        }
    };
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
    let values = [biz.into(), id.into(), ids.into(), times.into()];
    act.scope.execute(ATTACH, &values).await?;
    let apart = apart
        .iter()
        .filter(|(order, at)| order.starts_at != *at)
        .map(|(order, at)| Exception {
            original: *at,
            kind: "moved",
            moved_to: Some(order.starts_at),
            order_id: Some(order.id),
        });
    let stay: Vec<Exception> = plans
        .iter()
        .zip(can)
        .filter(|(plan, can)| !**can && plan.order.starts_at != plan.service.0)
        .map(|(plan, _)| Exception {
            original: plan.service.0,
            kind: "moved",
            moved_to: Some(plan.order.starts_at),
            order_id: Some(plan.order.id),
        })
        .chain(apart)
        .collect();
    except(act.scope, id, &stay).await?;
    Ok(id)
}

/// How many times are left of a series that ends after so many, from a day on.
fn left(series: &Series, from: chrono::NaiveDate) -> Option<i32> {
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

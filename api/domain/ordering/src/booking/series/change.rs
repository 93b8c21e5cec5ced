//! `seriesChange`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType};
use chrono::{DateTime, NaiveTime, Utc};
use entities::availability::recurrence_series;
use entities::resources::resource;
use serde_json::json;
use uuid::Uuid;

use super::locked::{Series, lock, meant};
use super::plan::{Plan, Possible, plans, possible};
use super::rewrite::rewrite;
use super::store::{booked, conflict, told};
use super::{SeriesConflicts, SeriesOccurrence, SeriesOutcome, SeriesScope};
use crate::booking::bill::{self, Request};
use crate::booking::choices::CancellationParty;
use crate::booking::locked::Locked;
use crate::booking::moves::{self, Moved, Window};
use crate::booking::taken::{Shift, shift};
use foundation::database::Error;
use foundation::graph::scalars::{Choice, Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::rules::wall_time;

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
    /// Some of the times are taken or closed; the message names the first. A dry run that skips them
    /// tells all.
    Conflicts,
    /// The resource is not open for bookings, or is of another location.
    NotBookable,
}

/// The verb.
pub struct SeriesChange;

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
            "How many stayed where they were, as the time is taken or closed.",
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
        let possible = Box::pin(possible(act, &plans)).await?;
        let can = &possible.can;
        agreed(&input, &plans, can, series.zone)?;
        move_all(act, &plans, can, &input).await?;
        let series_id =
            rewrite(act, &series, &input, (start, minutes), (&plans, can), &kept).await?;
        let occurrences = occurrences(&plans, &possible, &kept, (series.zone, act.scope.now()));
        Ok(Outcome::row("recurrenceSeries", series_id)
            .and_value("occurrences", told(&occurrences)?)
            .and_value("conflictCount", can.iter().filter(|can| !**can).count())
            .detail("location_id", series.location_id.to_string())
            .detail("moved", can.iter().filter(|can| **can).count()))
    }
}

/// What became of each booking, in order.
fn occurrences(
    plans: &[Plan],
    possible: &Possible,
    kept: &[Locked],
    (zone, now): (chrono_tz::Tz, DateTime<Utc>),
) -> Vec<SeriesOccurrence> {
    let moved = plans.iter().zip(&possible.can).filter(|(_, can)| **can);
    let moved = moved.map(|(plan, _)| plan.blocked);
    let taken: Vec<Window> = possible.stay.iter().copied().chain(moved).collect();
    let told = |(plan, can): (&Plan, &bool)| {
        if *can {
            return booked(plan.service, plan.order.id, SeriesOutcome::Booked);
        }
        let (usage, order_id) = (plan.usage(), Some(plan.order.id));
        conflict((&usage, order_id), (&possible.direct, &taken), zone, now)
    };
    let stayed = kept.iter().map(|order| {
        let time = (order.starts_at, order.ends_at);
        booked(time, order.id, SeriesOutcome::Kept)
    });
    let mut all: Vec<SeriesOccurrence> = plans.iter().zip(&possible.can).map(told).collect();
    all.extend(stayed);
    all.sort_by_key(|one| one.starts_at.0);
    all
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
            is_forced: false,
        })
        .collect();
    shift(act.scope, &shifts, None).await?;
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

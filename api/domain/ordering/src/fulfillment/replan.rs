//! `fulfillmentUnitReplan`.

use async_graphql::{Enum, InputObject};
use entities::booking::fulfillment_unit;
use uuid::Uuid;

use super::PLAN;
use super::locked::lock;
use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::store::{TAKEN, lock_resources};

/// Plans a piece of work for another time, or in another order. What was taken for it alone moves
/// with it, or nothing changes; what its booking took stays as it was booked.
#[derive(InputObject)]
pub struct FulfillmentUnitReplanInput {
    /// The piece of work.
    pub id: Id<fulfillment_unit::Entity>,
    /// When it is planned to begin; with `plannedEndsAt`.
    pub planned_starts_at: Option<Instant>,
    /// When it is planned to end; with `plannedStartsAt`.
    pub planned_ends_at: Option<Instant>,
    /// By when it must be done.
    pub due_at: Option<Instant>,
    /// What is due at the same time is done in descending priority.
    pub priority: Option<i32>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why work cannot be planned so.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FulfillmentUnitReplanErrorCode")]
pub enum FulfillmentUnitReplanProblem {
    /// Whoever is to do it is taken at that time.
    SlotTaken,
    /// It is planned before what it waits for allows.
    TooEarly,
    /// It has begun, or is over.
    WrongStatus,
    /// Both ends of a time must be given, in their order; a priority is between -32,768 and 32,767.
    Invalid,
}

type Problem = FulfillmentUnitReplanProblem;

/// The verb.
pub struct FulfillmentUnitReplan;

impl Verb for FulfillmentUnitReplan {
    type Input = FulfillmentUnitReplanInput;
    type Problem = FulfillmentUnitReplanProblem;

    const NAME: &'static str = "fulfillmentUnitReplan";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("fulfillment.replanned");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "fulfillmentUnit",
        "FulfillmentUnit",
        "The work as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, FulfillmentUnitReplanProblem)] =
        &[(TAKEN, Problem::SlotTaken)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let wrong = |field: &str, message: &str| Err(Fault::at(Problem::Invalid, field, message));
        let time = match (input.planned_starts_at, input.planned_ends_at) {
            (None, None) => None,
            (Some(from), Some(until)) if until.0 > from.0 => Some((from.0, until.0)),
            _ => {
                return wrong(
                    "plannedEndsAt",
                    "Give both plannedStartsAt and plannedEndsAt, in this order.",
                );
            }
        };
        let Ok(priority) = input.priority.map(i16::try_from).transpose() else {
            return wrong("priority", "The priority is between -32,768 and 32,767.");
        };
        let unit = lock(act, PLAN, input.id.uuid(), input.expected_version).await?;
        if !matches!(unit.status.as_str(), "planned" | "ready" | "assigned") {
            let message = format!(
                "The work is {}: its plan is past.",
                unit.status.replace('_', " ")
            );
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        if let Some(time) = time {
            let values = [act.scope.biz_id().into(), unit.id.into(), time.0.into()];
            let row = act.scope.query_opt(EARLY, &values).await?;
            if row.map_or(Ok(false), |row| row.try_get::<_, bool>(0))? {
                let message = "It is planned before what it waits for allows.";
                return Err(Fault::at(Problem::TooEarly, "plannedStartsAt", message));
            }
        }
        move_claims(act, unit.id, time).await?;
        let values = [
            act.scope.biz_id().into(),
            unit.id.into(),
            time.map(|time| time.0).into(),
            time.map(|time| time.1).into(),
            input.due_at.map(|instant| instant.0).into(),
            priority.into(),
        ];
        act.scope.execute(PLANNED, &values).await?;
        Ok(Outcome::row("fulfillmentUnit", unit.id)
            .detail("location_id", unit.location_id.to_string()))
    }
}

const EARLY: &str = "select exists ( \
      select from booking.fulfillment_dependencies d \
      join booking.fulfillment_units p on p.biz_id = $1 and p.id = d.predecessor_id and p.status <> 'cancelled' \
      where d.biz_id = $1 and d.successor_id = $2 and $3::timestamptz < case d.kind \
        when 'finish_start' then coalesce(p.actual_ends_at, p.planned_ends_at) \
        else coalesce(p.actual_starts_at, p.planned_starts_at) end + make_interval(mins => d.lag_minutes))";

const PLANNED: &str = "update booking.fulfillment_units u set \
      planned_starts_at = coalesce($3, u.planned_starts_at), planned_ends_at = coalesce($4, u.planned_ends_at), \
      due_at = coalesce($5, u.due_at), priority = coalesce($6::smallint, u.priority) \
    where u.biz_id = $1 and u.id = $2";

const CLAIMED: &str = "select a.resource_id, r.exclusive, r.capacity from availability.allocations a \
    join resources.resources r on r.biz_id = $1 and r.id = a.resource_id \
    where a.biz_id = $1 and a.source_type = 'FulfillmentUnit' and a.source_id = $2 and a.status = 'firm'";

// The claim itself is out of the way while it is looked for room at the other time.
const RELEASE: &str = "update availability.allocations a set service_starts_at = $3, service_ends_at = $4, \
      blocked_starts_at = $3, blocked_ends_at = $4 \
    where a.biz_id = $1 and a.source_type = 'FulfillmentUnit' and a.source_id = $2 and a.status = 'firm'";

const OVERFULL: &str = "select availability.peak_use($1, null, $2, $3, $4) > $4";

type Time = (chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>);

async fn move_claims(
    act: &Act<'_>,
    unit_id: Uuid,
    time: Option<Time>,
) -> Result<(), Fault<Problem>> {
    let Some(time) = time else {
        return Ok(());
    };
    let values = [act.scope.biz_id().into(), unit_id.into()];
    let rows = act.scope.query(CLAIMED, &values).await?;
    let ids = rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<Vec<Uuid>, _>>()?;
    lock_resources(act.scope, &ids).await?;
    let values = [
        act.scope.biz_id().into(),
        unit_id.into(),
        time.0.into(),
        time.1.into(),
    ];
    act.scope.execute(RELEASE, &values).await?;
    // Of what several use, no constraint says how much is too much.
    for row in &rows {
        let (id, is_alone, capacity): (Uuid, bool, i32) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if is_alone {
            continue;
        }
        let values = [id.into(), time.0.into(), time.1.into(), capacity.into()];
        let row = act.scope.query_opt(OVERFULL, &values).await?;
        if row.map_or(Ok(false), |row| row.try_get::<_, bool>(0))? {
            let message = "Whoever is to do it is taken at that time.";
            return Err(Fault::at(Problem::SlotTaken, "plannedStartsAt", message));
        }
    }
    Ok(())
}

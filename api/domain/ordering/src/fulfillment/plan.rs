//! `fulfillmentUnitPlan`.

use async_graphql::{Enum, InputObject};
use entities::booking::{booking_order_line, fulfillment_unit};
use uuid::Uuid;

use super::PLAN;
use super::choices::{DependencyKind, FulfillmentKind};
use super::depend::{ACYCLIC, Wait, add, lag_kept};
use foundation::database::new_id;
use foundation::graph::scalars::{Choice, Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Plans one more piece of work for a line of an order. It is ready at once where it waits for
/// nothing.
#[derive(InputObject)]
pub struct FulfillmentUnitPlanInput {
    /// The line that asks for it.
    pub order_line_id: Id<booking_order_line::Entity>,
    /// What has to be done; SERVICE if not given.
    pub kind: Option<Choice<FulfillmentKind>>,
    /// When it is planned to begin.
    pub planned_starts_at: Option<Instant>,
    /// When it is planned to end.
    pub planned_ends_at: Option<Instant>,
    /// By when it must be done.
    pub due_at: Option<Instant>,
    /// What is due at the same time is done in descending priority.
    #[graphql(default = 0)]
    pub priority: i32,
    /// What it waits for, 50 pieces at most.
    pub waits_for: Option<Vec<FulfillmentWaitInput>>,
}

/// That a piece of work waits for another.
#[derive(InputObject)]
pub struct FulfillmentWaitInput {
    /// What comes before.
    pub id: Id<fulfillment_unit::Entity>,
    /// How it waits; `FINISH_START` if not given.
    pub kind: Option<Choice<DependencyKind>>,
    /// How many minutes after that it is planned to begin.
    #[graphql(default = 0)]
    pub lag_minutes: i32,
}

/// Why work cannot be planned.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FulfillmentUnitPlanErrorCode")]
pub enum FulfillmentUnitPlanProblem {
    /// The order has ended, or the line was taken out of it.
    WrongStatus,
    /// It is planned before what it waits for allows.
    TooEarly,
    /// It would wait for itself.
    Circle,
    /// It waits for more than 50 others, or its priority is beyond all measure.
    Invalid,
}

type Problem = FulfillmentUnitPlanProblem;

/// The verb.
pub struct FulfillmentUnitPlan;

impl Verb for FulfillmentUnitPlan {
    type Input = FulfillmentUnitPlanInput;
    type Problem = FulfillmentUnitPlanProblem;

    const NAME: &'static str = "fulfillmentUnitPlan";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("fulfillment.planned");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "fulfillmentUnit",
        "FulfillmentUnit",
        "The piece of work.",
    )];
    const CONSTRAINTS: &'static [(&'static str, FulfillmentUnitPlanProblem)] =
        &[(ACYCLIC, Problem::Circle)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let waits = waits(&input)?;
        let priority = i16::try_from(input.priority).map_err(|_| {
            Fault::at(
                Problem::Invalid,
                "priority",
                "The priority is between -32,768 and 32,767.",
            )
        })?;
        let line_id = input.order_line_id.uuid();
        let location_id = lock_line(act, line_id).await?;
        let planned = input.planned_starts_at.map(|instant| instant.0);
        if !lag_kept(act.scope, planned, &waits).await? {
            let message = "It is planned before what it waits for allows.";
            return Err(Fault::at(Problem::TooEarly, "plannedStartsAt", message));
        }
        let id = new_id();
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            line_id.into(),
            location_id.into(),
            input.kind.as_ref().map_or("service", |kind| kind.0).into(),
            if waits.is_empty() { "ready" } else { "planned" }.into(),
            planned.into(),
            input.planned_ends_at.map(|instant| instant.0).into(),
            input.due_at.map(|instant| instant.0).into(),
            priority.into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        for wait in &waits {
            add(act.scope, id, wait).await?;
        }
        super::store::make_ready(act.scope, vec![id]).await?;
        Ok(Outcome::row("fulfillmentUnit", id).detail("location_id", location_id.to_string()))
    }
}

const INSERT: &str = "insert into booking.fulfillment_units (biz_id, id, order_line_id, location_id, kind, status, sequence, \
      planned_starts_at, planned_ends_at, due_at, priority) \
    select $1, $2, $3, $4, $5, $6, 1 + coalesce(max(u.sequence), 0), $7, $8, $9, $10 \
    from booking.fulfillment_units u where u.biz_id = $1 and u.order_line_id = $3";

fn waits(input: &FulfillmentUnitPlanInput) -> Result<Vec<Wait>, Fault<Problem>> {
    let given = input.waits_for.as_deref().unwrap_or_default();
    if given.len() > 50 {
        let message = "A piece of work waits for 50 others at most.";
        return Err(Fault::at(Problem::Invalid, "waitsFor", message));
    }
    let wait = |wait: &FulfillmentWaitInput| Wait {
        predecessor_id: wait.id.uuid(),
        kind: wait.kind.as_ref().map_or("finish_start", |kind| kind.0),
        lag_minutes: wait.lag_minutes,
    };
    Ok(given.iter().map(wait).collect())
}

// The line's row stands for the places among its work: one is planned after the other.
const LINE: &str = "select o.location_id, o.status::text, l.voided_at is null \
    from booking.booking_order_lines l \
    join booking.booking_orders o on o.biz_id = l.biz_id and o.id = l.order_id \
    where l.biz_id = $1 and l.id = $2 for no key update of l";

async fn lock_line(act: &Act<'_>, id: Uuid) -> Result<Uuid, Fault<Problem>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(LINE, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("line"))?;
    let location_id = row.try_get(0)?;
    act.permit_at(PLAN, location_id, "line")?;
    let (status, stands): (String, bool) = (row.try_get(1)?, row.try_get(2)?);
    let is_open = matches!(
        status.as_str(),
        "draft" | "held" | "pending_approval" | "confirmed" | "in_progress"
    );
    if !is_open || !stands {
        let message = format!(
            "The order is {}: nothing more is done for this line.",
            status.replace('_', " ")
        );
        return Err(Fault::at(Problem::WrongStatus, "orderLineId", message));
    }
    Ok(location_id)
}

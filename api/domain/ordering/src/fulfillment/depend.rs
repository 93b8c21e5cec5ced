//! `fulfillmentDependencyAdd` and `fulfillmentDependencyRemove`.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entities::booking::fulfillment_unit;
use uuid::Uuid;

use super::PLAN;
use super::choices::DependencyKind;
use super::locked::lock;
use super::store::{give_out, make_ready};
use foundation::database::{Error, Scope};
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The constraint under which a circle of dependencies is refused.
pub(super) const ACYCLIC: &str = "fulfillment_dependencies_acyclic_check";

/// That work waits for other work.
pub(super) struct Wait {
    /// What comes before.
    pub predecessor_id: Uuid,
    /// A value of `booking.dependency_kind`.
    pub kind: &'static str,
    /// How many minutes after that it is planned to begin.
    pub lag_minutes: i32,
}

/// Lets a piece of work wait for another: until it is done, or until it has begun. Work does not
/// wait for itself, also not by way of others.
#[derive(InputObject)]
pub struct FulfillmentDependencyAddInput {
    /// What waits.
    pub successor_id: Id<fulfillment_unit::Entity>,
    /// What comes before.
    pub predecessor_id: Id<fulfillment_unit::Entity>,
    /// How it waits; `FINISH_START` if not given.
    pub kind: Option<Choice<DependencyKind>>,
    /// How many minutes after that it is planned to begin.
    #[graphql(default = 0)]
    pub lag_minutes: i32,
}

/// Why work cannot wait for other work.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FulfillmentDependencyAddErrorCode")]
pub enum FulfillmentDependencyAddProblem {
    /// It would wait for itself, directly or through others.
    Circle,
    /// It is ready or has begun, and what it would wait for is not done.
    AlreadyBegun,
    /// It waits for that already.
    AlreadyWaits,
    /// It is planned before what it waits for allows.
    TooEarly,
}

/// The verb.
pub struct FulfillmentDependencyAdd;

impl Verb for FulfillmentDependencyAdd {
    type Input = FulfillmentDependencyAddInput;
    type Problem = FulfillmentDependencyAddProblem;

    const NAME: &'static str = "fulfillmentDependencyAdd";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("fulfillment.dependency_added");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "fulfillmentUnit",
        "FulfillmentUnit",
        "What waits.",
    )];
    const CONSTRAINTS: &'static [(&'static str, FulfillmentDependencyAddProblem)] = &[
        (ACYCLIC, FulfillmentDependencyAddProblem::Circle),
        (
            "fulfillment_dependencies_other_check",
            FulfillmentDependencyAddProblem::Circle,
        ),
        (
            "fulfillment_dependencies_not_begun_check",
            FulfillmentDependencyAddProblem::AlreadyBegun,
        ),
        (
            "fulfillment_dependencies_pkey",
            FulfillmentDependencyAddProblem::AlreadyWaits,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let unit = lock(act, PLAN, input.successor_id.uuid(), None).await?;
        let wait = Wait {
            predecessor_id: input.predecessor_id.uuid(),
            kind: input.kind.as_ref().map_or("finish_start", |kind| kind.0),
            lag_minutes: input.lag_minutes,
        };
        let planned = unit.planned.map(|time| time.0);
        if !lag_kept(act.scope, planned, std::slice::from_ref(&wait)).await? {
            let message = "It is planned before what it waits for allows: plan it later.";
            return Err(Fault::at(
                FulfillmentDependencyAddProblem::TooEarly,
                "successorId",
                message,
            ));
        }
        add(act.scope, unit.id, &wait).await?;
        Ok(Outcome::row("fulfillmentUnit", unit.id)
            .detail("location_id", unit.location_id.to_string()))
    }
}

const ADD: &str = "insert into booking.fulfillment_dependencies (biz_id, predecessor_id, successor_id, kind, lag_minutes) \
    values ($1, $2, $3, $4, $5)";

/// Lets work wait for other work.
pub(super) async fn add(scope: &Scope, successor_id: Uuid, wait: &Wait) -> Result<(), Error> {
    let values = [
        scope.biz_id().into(),
        wait.predecessor_id.into(),
        successor_id.into(),
        wait.kind.into(),
        wait.lag_minutes.into(),
    ];
    scope.execute(ADD, &values).await.map(drop)
}

const LAG: &str = "select not exists ( \
      select from unnest($2::uuid[], $3::text[], $4::integer[]) as w (id, kind, lag_minutes) \
      join booking.fulfillment_units p on p.biz_id = $1 and p.id = w.id and p.status <> 'cancelled' \
      where $5::timestamptz < case w.kind \
        when 'finish_start' then coalesce(p.actual_ends_at, p.planned_ends_at) \
        else coalesce(p.actual_starts_at, p.planned_starts_at) end + make_interval(mins => w.lag_minutes))";

/// Whether a plan to begin then keeps to what it waits for; one without a plan does.
pub(super) async fn lag_kept(
    scope: &Scope,
    planned: Option<DateTime<Utc>>,
    waits: &[Wait],
) -> Result<bool, Error> {
    if waits.is_empty() {
        return Ok(true);
    }
    let values = [
        scope.biz_id().into(),
        waits
            .iter()
            .map(|wait| wait.predecessor_id)
            .collect::<Vec<_>>()
            .into(),
        waits
            .iter()
            .map(|wait| wait.kind.to_owned())
            .collect::<Vec<_>>()
            .into(),
        waits
            .iter()
            .map(|wait| wait.lag_minutes)
            .collect::<Vec<_>>()
            .into(),
        planned.into(),
    ];
    let row = scope.query_opt(LAG, &values).await?;
    row.map_or(Ok(true), |row| Ok(row.try_get(0)?))
}

/// Lets a piece of work no longer wait for another; it is ready if it waits for nothing else.
#[derive(InputObject)]
pub struct FulfillmentDependencyRemoveInput {
    /// What waits.
    pub successor_id: Id<fulfillment_unit::Entity>,
    /// What came before.
    pub predecessor_id: Id<fulfillment_unit::Entity>,
}

/// Why a dependency cannot be removed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FulfillmentDependencyRemoveErrorCode")]
pub enum FulfillmentDependencyRemoveProblem {
    /// It does not wait for that.
    NotWaiting,
}

/// The verb.
pub struct FulfillmentDependencyRemove;

impl Verb for FulfillmentDependencyRemove {
    type Input = FulfillmentDependencyRemoveInput;
    type Problem = FulfillmentDependencyRemoveProblem;

    const NAME: &'static str = "fulfillmentDependencyRemove";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("fulfillment.dependency_removed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "fulfillmentUnit",
        "FulfillmentUnit",
        "What waited.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let unit = lock(act, PLAN, input.successor_id.uuid(), None).await?;
        let sql = "delete from booking.fulfillment_dependencies d \
                   where d.biz_id = $1 and d.predecessor_id = $2 and d.successor_id = $3";
        let values = [
            act.scope.biz_id().into(),
            input.predecessor_id.uuid().into(),
            unit.id.into(),
        ];
        if act.scope.execute(sql, &values).await? == 0 {
            let message = "It does not wait for that.";
            return Err(Fault::at(
                FulfillmentDependencyRemoveProblem::NotWaiting,
                "predecessorId",
                message,
            ));
        }
        if unit.status == "planned" {
            let ready = make_ready(act.scope, vec![unit.id]).await?;
            give_out(act.scope, &ready).await?;
        }
        Ok(Outcome::row("fulfillmentUnit", unit.id)
            .detail("location_id", unit.location_id.to_string()))
    }
}

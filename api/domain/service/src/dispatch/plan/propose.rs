//! `routePlanPropose`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::dispatch::{dispatch_task, fleet_vehicle};
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use serde_json::json;
use uuid::Uuid;

use super::day::{Driven, Span, Task, tasks, vehicles};
use super::tour::{self, Goal, Stop, Tours, Vehicle};
use crate::dispatch::PLAN;
use crate::dispatch::choices::Objective;
use foundation::database::{Error, Scope, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Choice, Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// How many tasks one plan takes.
pub(super) const MOST_TASKS: usize = 200;
/// What reckons plans here: cheapest insertion, then moving stops about.
const SOLVER: &str = "insertion";

/// Reckons who does which open tasks of a day in which order: by the windows of the tasks, what
/// vehicles carry, and that a dropoff comes after its pickup. Nothing is assigned until the plan is
/// applied.
#[derive(InputObject)]
pub struct RoutePlanProposeInput {
    /// The depot.
    pub location_id: Id<location::Entity>,
    /// The day, by the depot's clock.
    pub service_date: Day,
    /// The tasks; all of that day that nobody has yet if not given. 200 at most.
    pub task_ids: Option<Vec<Id<dispatch_task::Entity>>>,
    /// The vehicles; those with a shift on that day if not given.
    pub vehicle_ids: Option<Vec<Id<fleet_vehicle::Entity>>>,
    /// What is made small; the time on the road if not given.
    pub objective: Option<Choice<Objective>>,
    /// How fast vehicles are, in kilometres per hour; 30 if not given.
    pub speed_kmh: Option<i32>,
}

/// Why no plan was made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RoutePlanProposeErrorCode")]
pub enum RoutePlanProposeProblem {
    /// There is nothing to plan on that day.
    NoTasks,
    /// No vehicle has a shift on that day.
    NoVehicles,
    /// There are more tasks than one plan takes; name those to plan.
    TooManyTasks,
    /// A task is given to somebody already, or has no place on the map.
    TaskNotPlannable,
    /// A plan for this day is being reckoned already.
    BeingSolved,
}

/// The verb.
pub struct RoutePlanPropose;

const INSERT: &str = "insert into dispatch.route_plans \
      (biz_id, id, location_id, service_date, solver, objective, parameters, status) \
    values ($1, $2, $3, $4, $5, $6, $7, 'draft')";

const INSERT_TASKS: &str = "insert into dispatch.route_plan_tasks \
      (biz_id, id, plan_id, task_id, task_version, vehicle_id, driver_id, seq, eta_at) \
    select $1, w.id, $2, w.task_id, w.version, w.vehicle_id, w.driver_id, w.seq, w.eta_at \
    from unnest($3::uuid[], $4::uuid[], $5::integer[], $6::uuid[], $7::uuid[], $8::integer[], $9::timestamptz[]) \
      as w (id, task_id, version, vehicle_id, driver_id, seq, eta_at)";

impl Verb for RoutePlanPropose {
    type Input = RoutePlanProposeInput;
    type Problem = RoutePlanProposeProblem;

    const NAME: &'static str = "routePlanPropose";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.plan_proposed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("routePlan", "RoutePlan", "The plan, with its tasks."),
        Part::Value("placed", "Int", "How many tasks have a place in a tour."),
        Part::Value("leftOut", "Int", "How many have none."),
    ];
    const CONSTRAINTS: &'static [(&'static str, RoutePlanProposeProblem)] = &[(
        "route_plans_applying_key",
        RoutePlanProposeProblem::BeingSolved,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id, location_id) = (act.scope, new_id(), input.location_id.uuid());
        act.permit_at(PLAN, location_id, "location")?;
        let speed = i64::from(input.speed_kmh.unwrap_or(30));
        if !(1..=200).contains(&speed) {
            return Err(Failure::input("speedKmh must be 1 to 200.").into());
        }
        let day = Span::of(act, &input).await?;
        let tasks = tasks(act, &input, &day).await?;
        let vehicles = vehicles(act, &input, &day, speed).await?;
        let objective = input
            .objective
            .as_ref()
            .map_or("time", |objective| objective.0);
        let tours = solve(&tasks, &vehicles, objective).await?;
        let parameters = json!({"speed_kmh": speed, "vehicles": vehicles.len()});
        let values: [Value; 7] = [
            scope.biz_id().into(),
            id.into(),
            location_id.into(),
            input.service_date.0.into(),
            SOLVER.into(),
            objective.into(),
            parameters.into(),
        ];
        scope.execute(INSERT, &values).await?;
        keep(act, id, &day, &tasks, &vehicles, &tours).await?;
        let left_out = tours.left_out.len();
        let outcome = Outcome::row("routePlan", id)
            .and_value("placed", tasks.len() - left_out)
            .and_value("leftOut", left_out);
        Ok(outcome.detail("location_id", location_id.to_string()))
    }
}

/// Reckons off the threads that answer requests.
async fn solve(tasks: &[Task], vehicles: &[Driven], objective: &str) -> Result<Tours, Failure> {
    let stops: Vec<Stop> = tasks.iter().map(|task| task.stop.clone()).collect();
    let vehicles: Vec<Vehicle> = vehicles
        .iter()
        .map(|driven| driven.vehicle.clone())
        .collect();
    let goal = match objective {
        "distance" | "cost" => Goal::Distance,
        "lateness" => Goal::Lateness,
        "balance" => Goal::Balance,
        _ => Goal::Time,
    };
    let solved = tokio::task::spawn_blocking(move || tour::plan(&stops, &vehicles, goal));
    solved.await.map_err(Failure::internal)
}

/// Keeps what was reckoned: the tasks with the version they were planned with, and their places.
async fn keep(
    act: &Act<'_>,
    plan_id: Uuid,
    day: &Span,
    tasks: &[Task],
    vehicles: &[Driven],
    tours: &Tours,
) -> Result<(), Fault<RoutePlanProposeProblem>> {
    let mut placed: Vec<Option<(usize, i32, i64)>> = vec![None; tasks.len()];
    for (vehicle, tour) in tours.tours.iter().enumerate() {
        for (place, (task, begins)) in (1_i32..).zip(tour) {
            placed[*task] = Some((vehicle, place, *begins));
        }
    }
    let column = |ty: ArrayType, of: &dyn Fn(usize, i32, i64) -> Value, none: &Value| {
        let cells = placed.iter().map(|place| match place {
            Some((vehicle, seq, begins)) => of(*vehicle, *seq, *begins),
            None => none.clone(),
        });
        Value::Array(ty, Some(Box::new(cells.collect())))
    };
    let scope = act.scope;
    let values: [Value; 9] = [
        scope.biz_id().into(),
        plan_id.into(),
        tasks.iter().map(|_| new_id()).collect::<Vec<_>>().into(),
        tasks.iter().map(|task| task.id).collect::<Vec<_>>().into(),
        tasks
            .iter()
            .map(|task| task.version)
            .collect::<Vec<_>>()
            .into(),
        column(
            ArrayType::Uuid,
            &|vehicle, _, _| vehicles[vehicle].vehicle_id.into(),
            &Value::Uuid(None),
        ),
        column(
            ArrayType::Uuid,
            &|vehicle, _, _| vehicles[vehicle].driver_id.into(),
            &Value::Uuid(None),
        ),
        column(ArrayType::Int, &|_, seq, _| seq.into(), &Value::Int(None)),
        column(
            ArrayType::ChronoDateTimeUtc,
            &|_, _, begins| day.instant(begins).into(),
            &Value::ChronoDateTimeUtc(None),
        ),
    ];
    scope.execute(INSERT_TASKS, &values).await?;
    let left_out = tours.left_out.iter().map(|index| tasks[*index].id);
    let left_out: Vec<Uuid> = left_out.collect();
    let result = json!({"metres": tours.metres, "seconds": tours.seconds, "left_out": left_out});
    solved(scope, plan_id, result).await?;
    Ok(())
}

/// Says of a plan what came of solving it.
async fn solved(scope: &Scope, plan_id: Uuid, result: serde_json::Value) -> Result<(), Error> {
    let key: [Value; 2] = [scope.biz_id().into(), plan_id.into()];
    let solving =
        "update dispatch.route_plans set status = 'solving' where biz_id = $1 and id = $2";
    scope.execute(solving, &key).await?;
    let proposed = "update dispatch.route_plans set status = 'proposed', result = $3, solved_at = $4 \
        where biz_id = $1 and id = $2";
    let [biz_id, id] = key;
    let values = [biz_id, id, result.into(), scope.now().into()];
    scope.execute(proposed, &values).await.map(drop)
}

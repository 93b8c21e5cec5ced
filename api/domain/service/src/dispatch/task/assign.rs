//! `dispatchTaskAssign`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType, SimpleObject};
use entities::dispatch::{dispatch_task, driver_shift, fleet_vehicle};
use entities::resources::resource;
use sea_orm::Value;
use serde::Serialize;
use uuid::Uuid;

use crate::dispatch::PLAN;
use crate::dispatch::rules::Step;
use crate::dispatch::store::lock_task;
use foundation::database::new_id;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::verb::item::{ItemError, MOST_ITEMS, item};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Gives tasks to drivers and vehicles. Each is given or refused by itself, and the answer says so
/// of each.
#[derive(InputObject)]
pub struct DispatchTaskAssignInput {
    /// Who does what: 500 tasks at most.
    pub items: Vec<DispatchTaskAssignItem>,
}

/// A task, and who does it.
#[derive(Clone, InputObject)]
pub struct DispatchTaskAssignItem {
    /// The task.
    pub task_id: Id<dispatch_task::Entity>,
    /// The driver: a resource that is a person.
    pub driver_id: Option<Id<resource::Entity>>,
    /// The vehicle; that of the shift if not given.
    pub vehicle_id: Option<Id<fleet_vehicle::Entity>>,
    /// The shift in which it is done.
    pub driver_shift_id: Option<Id<driver_shift::Entity>>,
    /// Its place in the tour, from 1 on; at the end if not given.
    pub seq: Option<i32>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// What became of one task.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DispatchTaskAssignResult {
    /// The task.
    pub task_id: Id<dispatch_task::Entity>,
    /// Whether it was given to who was asked for.
    pub is_assigned: bool,
    /// Why not.
    pub error: Option<ItemError>,
}

/// Why a task cannot be given to somebody.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DispatchTaskAssignErrorCode")]
pub enum DispatchTaskAssignProblem {
    /// The task is in a status in which it is not given to anybody.
    WrongStatus,
    /// Neither a driver nor a vehicle is given.
    AssigneeRequired,
}

/// The verb.
pub struct DispatchTaskAssign;

const ASSIGN: &str = "with shift as ( \
      select s.id, s.driver_id, s.vehicle_id from dispatch.driver_shifts s where s.biz_id = $1 and s.id = $5), \
    who as ( \
      select coalesce($3, (select driver_id from shift)) as driver_id, \
        coalesce($4, (select vehicle_id from shift)) as vehicle_id), \
    given as ( \
      insert into dispatch.task_assignments (biz_id, id, task_id, driver_id, vehicle_id, driver_shift_id, assigned_by_id) \
      select $1, $6, $2, w.driver_id, w.vehicle_id, $5, $7 from who w) \
    update dispatch.dispatch_tasks t \
    set status = 'assigned', driver_id = w.driver_id, vehicle_id = w.vehicle_id, \
      seq = coalesce($8, (select coalesce(max(o.seq), 0) + 1 from dispatch.dispatch_tasks o \
        where o.biz_id = $1 and o.status in ('assigned', 'accepted', 'en_route', 'arrived') \
          and (o.driver_id = w.driver_id or (w.driver_id is null and o.vehicle_id = w.vehicle_id)))) \
    from who w \
    where t.biz_id = $1 and t.id = $2";

impl Verb for DispatchTaskAssign {
    type Input = DispatchTaskAssignInput;
    type Problem = DispatchTaskAssignProblem;

    const NAME: &'static str = "dispatchTaskAssign";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.tasks_assigned");
    const PAYLOAD: &'static [Part] = &[
        Part::Rows(
            "dispatchTasks",
            "DispatchTask",
            "The tasks that were given to somebody.",
        ),
        Part::Value(
            "results",
            "[DispatchTaskAssignResult!]",
            "What became of each item, in the order of the input.",
        ),
    ];

    fn types(registry: &mut Registry) {
        DispatchTaskAssignResult::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        if input.items.is_empty() || input.items.len() > MOST_ITEMS {
            let text = format!(
                "items must have 1 to {MOST_ITEMS} entries; these are {}.",
                input.items.len()
            );
            return Err(Failure::input(text).into());
        }
        let mut outcome = Outcome::default();
        let mut results: Vec<Option<DispatchTaskAssignResult>> = Vec::new();
        results.resize_with(input.items.len(), || None);
        // Locked in the order of their ids, as by everybody else.
        let mut order: Vec<usize> = (0..input.items.len()).collect();
        order.sort_by_key(|index| input.items[*index].task_id.uuid());
        for index in order {
            let wanted = &input.items[index];
            let done = item(act, assign(act, wanted)).await?;
            if done.is_ok() {
                outcome = outcome.and_row("dispatchTasks", wanted.task_id.uuid());
            }
            results[index] = Some(DispatchTaskAssignResult {
                task_id: wanted.task_id,
                is_assigned: done.is_ok(),
                error: done.err(),
            });
        }
        let results: Vec<_> = results.into_iter().flatten().collect();
        let told = serde_json::to_value(&results).map_err(Failure::internal)?;
        let ids: Vec<String> = outcome.rows.iter().map(|(_, id)| id.to_string()).collect();
        outcome.subject = outcome.rows.first().map(|(_, id)| ("DispatchTask", *id));
        Ok(outcome.and_value("results", told).detail("task_ids", ids))
    }
}

async fn assign(
    act: &Act<'_>,
    wanted: &DispatchTaskAssignItem,
) -> Result<(), Fault<DispatchTaskAssignProblem>> {
    let task_id = wanted.task_id.uuid();
    let task = lock_task(act, PLAN, task_id, wanted.expected_version).await?;
    task.allow(Step::Assign, DispatchTaskAssignProblem::WrongStatus)?;
    let driver: Option<Uuid> = wanted.driver_id.map(|id| id.uuid());
    let vehicle: Option<Uuid> = wanted.vehicle_id.map(|id| id.uuid());
    let shift: Option<Uuid> = wanted.driver_shift_id.map(|id| id.uuid());
    if driver.is_none() && vehicle.is_none() && shift.is_none() {
        return Err(Fault::at(
            DispatchTaskAssignProblem::AssigneeRequired,
            "driverId",
            "Say who does it: a driver, a vehicle or a shift.",
        ));
    }
    let values: [Value; 8] = [
        act.scope.biz_id().into(),
        task_id.into(),
        driver.into(),
        vehicle.into(),
        shift.into(),
        new_id().into(),
        act.scope.user_id().into(),
        wanted.seq.into(),
    ];
    act.scope.execute(ASSIGN, &values).await?;
    Ok(())
}

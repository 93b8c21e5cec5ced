//! What a plan is made of: the tasks of a day, and who can drive to them.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use tokio_postgres::Row;
use uuid::Uuid;

use super::propose::{MOST_TASKS, RoutePlanProposeInput, RoutePlanProposeProblem};
use super::tour::{Stop, Vehicle};
use crate::dispatch::rules::Point;
use foundation::database::Error;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault};
use ordering::booking::store::zone;
use scheduling::availability::rules::day_start;

const DEPOT: &str = "select timezone, lat, lng from core.locations where biz_id = $1 and id = $2";

const TASKS: &str = "select t.id, t.version, t.lat, t.lng, t.starts_at, t.ends_at, t.service_minutes, \
      coalesce(t.weight_g, 0), t.requires_task_id, t.kind::text, t.status::text \
    from dispatch.dispatch_tasks t \
    where t.biz_id = $1 and t.location_id = $2 \
      and (t.id = any($5) or ($5::uuid[] is null and t.status = 'unassigned' and t.lat is not null \
        and t.starts_at < $4 and t.ends_at > $3)) \
    order by t.id limit 201 for no key update of t";

const VEHICLES: &str = "select distinct on (v.id) v.id, s.driver_id, s.starts_at, s.ends_at, v.payload_g \
    from dispatch.fleet_vehicles v \
    join dispatch.driver_shifts s on s.biz_id = v.biz_id and s.vehicle_id = v.id \
      and s.status in ('planned', 'active') and s.starts_at < $4 and s.ends_at > $3 \
    where v.biz_id = $1 and v.depot_location_id = $2 and v.deleted_at is null \
      and v.duty_status <> 'out_of_service' and ($5::uuid[] is null or v.id = any($5)) \
    order by v.id, s.starts_at limit 100";

/// A task that is planned.
pub struct Task {
    /// Its id.
    pub id: Uuid,
    /// The version that it is planned with.
    pub version: i32,
    /// Where and when.
    pub stop: Stop,
}

/// A vehicle with somebody who drives it.
pub struct Driven {
    /// The vehicle.
    pub vehicle_id: Uuid,
    /// The driver.
    pub driver_id: Uuid,
    /// What it can do.
    pub vehicle: Vehicle,
}

/// The day of a plan at its depot.
pub struct Span {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    depot: Option<Point>,
}

impl Span {
    /// The day that an input names.
    pub async fn of(
        act: &Act<'_>,
        input: &RoutePlanProposeInput,
    ) -> Result<Self, Fault<RoutePlanProposeProblem>> {
        let values = [act.scope.biz_id().into(), input.location_id.uuid().into()];
        let row = act.scope.query_opt(DEPOT, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("location"))?;
        let zone = zone(row.try_get(0)?)?;
        let day = input.service_date.0;
        let next = day.succ_opt().unwrap_or(day);
        Ok(Self {
            start: day_start(zone, day),
            end: day_start(zone, next),
            depot: Point::of(row.try_get(1)?, row.try_get(2)?),
        })
    }

    fn seconds(&self, instant: DateTime<Utc>) -> i64 {
        (instant - self.start).num_seconds()
    }

    /// So many seconds after it begins.
    pub fn instant(&self, seconds: i64) -> DateTime<Utc> {
        self.start + Duration::seconds(seconds)
    }
}

/// The ids of an input's list; null where it is not given.
fn ids<E>(given: Option<&Vec<Id<E>>>) -> Value {
    match given {
        Some(ids) => ids.iter().map(Id::uuid).collect::<Vec<_>>().into(),
        None => Value::Array(ArrayType::Uuid, None),
    }
}

/// The tasks of the day that are planned: those that were named, or all that are nobody's yet.
pub async fn tasks(
    act: &Act<'_>,
    input: &RoutePlanProposeInput,
    day: &Span,
) -> Result<Vec<Task>, Fault<RoutePlanProposeProblem>> {
    let values: [Value; 5] = [
        act.scope.biz_id().into(),
        input.location_id.uuid().into(),
        day.start.into(),
        day.end.into(),
        ids(input.task_ids.as_ref()),
    ];
    let rows = act.scope.query(TASKS, &values).await?;
    if rows.is_empty() {
        let text = "There is nothing to plan on that day.";
        return Err(Fault::problem(RoutePlanProposeProblem::NoTasks, text));
    }
    if rows.len() > MOST_TASKS {
        return Err(Fault::at(
            RoutePlanProposeProblem::TooManyTasks,
            "taskIds",
            format!("One plan takes {MOST_TASKS} tasks; name those to plan."),
        ));
    }
    let asked = input.task_ids.as_ref().map_or(rows.len(), |asked| {
        let mut asked: Vec<Uuid> = asked.iter().map(Id::uuid).collect();
        asked.sort_unstable();
        asked.dedup();
        asked.len()
    });
    if rows.len() < asked {
        return Err(Fault::not_found("task"));
    }
    let places: HashMap<Uuid, usize> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| Ok::<_, Error>((row.try_get(0)?, index)))
        .collect::<Result<_, _>>()?;
    rows.iter().map(|row| task(row, day, &places)).collect()
}

/// A task of the day, if it can be planned.
fn task(
    row: &Row,
    day: &Span,
    places: &HashMap<Uuid, usize>,
) -> Result<Task, Fault<RoutePlanProposeProblem>> {
    let place = Point::of(row.try_get(2)?, row.try_get(3)?);
    let status: String = row.try_get(10)?;
    let Some(place) = place.filter(|_| status == "unassigned") else {
        return Err(Fault::at(
            RoutePlanProposeProblem::TaskNotPlannable,
            "taskIds",
            "A task is given to somebody already, or has no place on the map.",
        ));
    };
    let service = i64::from(row.try_get::<_, i32>(6)?) * 60;
    let weight: i64 = row.try_get(7)?;
    let before: Option<Uuid> = row.try_get(8)?;
    let after = before.and_then(|before| places.get(&before).copied());
    let kind: String = row.try_get(9)?;
    let (weight, from_depot) = match (kind.as_str(), after) {
        ("pickup", _) => (weight, 0),
        ("dropoff", Some(_)) => (-weight, 0),
        ("dropoff", None) => (-weight, weight),
        _ => (0, 0),
    };
    Ok(Task {
        id: row.try_get(0)?,
        version: row.try_get(1)?,
        stop: Stop {
            place,
            opens: day.seconds(row.try_get(4)?).max(0),
            closes: day.seconds(row.try_get(5)?) - service,
            service,
            weight,
            from_depot,
            after,
        },
    })
}

/// The vehicles that have a shift on the day.
pub async fn vehicles(
    act: &Act<'_>,
    input: &RoutePlanProposeInput,
    day: &Span,
    speed: i64,
) -> Result<Vec<Driven>, Fault<RoutePlanProposeProblem>> {
    let values: [Value; 5] = [
        act.scope.biz_id().into(),
        input.location_id.uuid().into(),
        day.start.into(),
        day.end.into(),
        ids(input.vehicle_ids.as_ref()),
    ];
    let rows = act.scope.query(VEHICLES, &values).await?;
    if rows.is_empty() {
        let text = "No vehicle of this depot has a shift on that day.";
        return Err(Fault::problem(RoutePlanProposeProblem::NoVehicles, text));
    }
    let Some(start) = day.depot else {
        return Err(
            Failure::input("The depot has no place on the map: give it lat and lng.").into(),
        );
    };
    let mut vehicles = Vec::with_capacity(rows.len());
    for row in rows {
        let (from, to): (DateTime<Utc>, DateTime<Utc>) = (row.try_get(2)?, row.try_get(3)?);
        // Who is on duty already sets out now, not when the shift began.
        let from = from.max(act.scope.now().min(to));
        vehicles.push(Driven {
            vehicle_id: row.try_get(0)?,
            driver_id: row.try_get(1)?,
            vehicle: Vehicle {
                start,
                on_duty: (day.seconds(from), day.seconds(to)),
                payload: row.try_get(4)?,
                speed,
            },
        });
    }
    Ok(vehicles)
}

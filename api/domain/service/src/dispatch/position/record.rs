//! `vehiclePositionsRecord`.

use std::collections::HashMap;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entities::dispatch::fleet_vehicle;
use rust_decimal::Decimal;
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use uuid::Uuid;

use super::crossings;
use crate::dispatch::DRIVE;
use crate::dispatch::rules::{Point, eta};
use foundation::database::new_id;
use foundation::database::value::texts;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Id, Instant, Number};
use foundation::graph::verb::item::MOST_ITEMS;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// How fast a vehicle in town is, as a rule of thumb, in kilometres per hour.
const USUAL_SPEED: i64 = 30;
/// How fast it is at least in nine of ten cases.
const SLOW_SPEED: i64 = 20;

/// Takes in where vehicles were, as their devices tell it: sent twice, a position is kept once; one
/// that comes late is kept, and never replaces a newer one. From a new position follow the arrival
/// times of tasks under way, and which areas a vehicle came into, left or stayed in.
#[derive(InputObject)]
pub struct VehiclePositionsRecordInput {
    /// Where vehicles were: 500 positions at most.
    pub positions: Vec<VehiclePositionInput>,
}

/// Where a vehicle was.
#[derive(InputObject)]
pub struct VehiclePositionInput {
    /// The vehicle.
    pub vehicle_id: Id<fleet_vehicle::Entity>,
    /// When it was there, by the device's clock; neither in the future nor two weeks ago.
    pub recorded_at: Instant,
    /// Latitude, in degrees.
    pub lat: Number,
    /// Longitude, in degrees.
    pub lng: Number,
    /// How fast it was, in metres per second.
    pub speed_mps: Option<Number>,
    /// Where it was heading, in degrees from the north, 0 to 359.
    pub heading_degrees: Option<i32>,
    /// How exact the position is, in metres.
    pub accuracy_m: Option<i32>,
    /// What the odometer said, in metres.
    pub odometer_m: Option<i64>,
}

/// Why positions were not taken in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "VehiclePositionsRecordErrorCode")]
pub enum VehiclePositionsRecordProblem {
    /// A position is from the future, or older than two weeks.
    InvalidInstant,
    /// A latitude or longitude is none.
    InvalidPlace,
}

/// The verb.
pub struct VehiclePositionsRecord;

const VEHICLES: &str = "select id, depot_location_id, last_lat, last_lng, last_position_at \
    from dispatch.fleet_vehicles where biz_id = $1 and id = any($2) and deleted_at is null \
    order by id for no key update";

const INSERT: &str = "insert into dispatch.vehicle_positions (biz_id, id, vehicle_id, recorded_at, \
      received_at, lat, lng, speed_mps, heading_degrees, accuracy_m, odometer_m) \
    select $1, p.id, p.vehicle_id, p.recorded_at, $2, p.lat, p.lng, p.speed, p.heading, p.accuracy, p.odometer \
    from unnest($3::uuid[], $4::uuid[], $5::timestamptz[], $6::text[]::numeric[], $7::text[]::numeric[], \
      $8::text[]::numeric[], $9::integer[], $10::integer[], $11::bigint[]) \
      as p (id, vehicle_id, recorded_at, lat, lng, speed, heading, accuracy, odometer) \
    on conflict (biz_id, vehicle_id, recorded_at) do nothing returning vehicle_id";

const MOVE: &str = "update dispatch.fleet_vehicles v \
    set last_lat = p.lat, last_lng = p.lng, last_position_at = p.recorded_at \
    from unnest($2::uuid[], $3::timestamptz[], $4::text[]::numeric[], $5::text[]::numeric[]) \
      as p (id, recorded_at, lat, lng) \
    where v.biz_id = $1 and v.id = p.id";

const UNDER_WAY: &str = "select id, vehicle_id, lat, lng from dispatch.dispatch_tasks \
    where biz_id = $1 and vehicle_id = any($2) and status = 'en_route' and lat is not null \
    order by id for no key update";

const ARRIVALS: &str = "with told as ( \
      insert into dispatch.eta_events (biz_id, id, task_id, computed_at, eta_at, source, distance_m, p90_at) \
      select $1, e.id, e.task_id, $2, e.eta_at, 'device', e.distance, e.p90_at \
      from unnest($3::uuid[], $4::uuid[], $5::timestamptz[], $6::integer[], $7::timestamptz[]) \
        as e (id, task_id, eta_at, distance, p90_at)) \
    update dispatch.dispatch_tasks t set eta_at = e.eta_at \
    from unnest($4::uuid[], $5::timestamptz[]) as e (task_id, eta_at) \
    where t.biz_id = $1 and t.id = e.task_id";

impl Verb for VehiclePositionsRecord {
    type Input = VehiclePositionsRecordInput;
    type Problem = VehiclePositionsRecordProblem;

    const NAME: &'static str = "vehiclePositionsRecord";
    const PERMISSION: Permission = Permission::Holds(DRIVE);
    const EVENT: Option<&'static str> = Some("dispatch.positions_recorded");
    const PAYLOAD: &'static [Part] = &[
        Part::Rows(
            "fleetVehicles",
            "FleetVehicle",
            "The vehicles as they now are.",
        ),
        Part::Value("recorded", "Int", "How many positions were new."),
        Part::Value("repeated", "Int", "How many were known already."),
    ];
    const CONSTRAINTS: &'static [(&'static str, VehiclePositionsRecordProblem)] = &[
        (
            "vehicle_positions_recorded_at_check",
            VehiclePositionsRecordProblem::InvalidInstant,
        ),
        (
            "vehicle_positions_lat_check",
            VehiclePositionsRecordProblem::InvalidPlace,
        ),
        (
            "vehicle_positions_lng_check",
            VehiclePositionsRecordProblem::InvalidPlace,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let positions = &input.positions;
        if positions.is_empty() || positions.len() > MOST_ITEMS {
            let text = format!(
                "positions must have 1 to {MOST_ITEMS} entries; these are {}.",
                positions.len()
            );
            return Err(Failure::input(text).into());
        }
        let vehicles = vehicles(act, positions).await?;
        let recorded = insert(act, positions).await?;
        let moved = newest(positions, &vehicles);
        let arrivals = advance(act, &moved).await?;
        let crossings = crossings::told(act.scope, positions, &vehicles).await?;
        let mut outcome = Outcome::default();
        let mut ids: Vec<Uuid> = vehicles.keys().copied().collect();
        ids.sort_unstable();
        outcome.subject = ids.first().map(|id| ("FleetVehicle", *id));
        let vehicle_ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
        for id in ids {
            outcome = outcome.and_row("fleetVehicles", id);
        }
        let task_ids: Vec<String> = arrivals.iter().map(Uuid::to_string).collect();
        Ok(outcome
            .and_value("recorded", recorded)
            .and_value("repeated", positions.len() - recorded)
            .detail("vehicle_ids", vehicle_ids)
            .detail("task_ids", task_ids)
            .detail("crossings", crossings))
    }
}

/// What was known of a vehicle.
pub(super) struct Known {
    /// Where it was.
    pub(super) at: Option<Point>,
    /// When it was there.
    pub(super) recorded_at: Option<DateTime<Utc>>,
}

async fn vehicles(
    act: &Act<'_>,
    positions: &[VehiclePositionInput],
) -> Result<HashMap<Uuid, Known>, Fault<VehiclePositionsRecordProblem>> {
    let mut ids: Vec<Uuid> = positions.iter().map(|p| p.vehicle_id.uuid()).collect();
    ids.sort_unstable();
    ids.dedup();
    let count = ids.len();
    let values = [act.scope.biz_id().into(), ids.into()];
    let mut known = HashMap::with_capacity(count);
    for row in act.scope.query(VEHICLES, &values).await? {
        act.permit_at(DRIVE, row.try_get(1)?, "vehicle")?;
        let at = Point::of(row.try_get(2)?, row.try_get(3)?);
        let recorded_at = row.try_get(4)?;
        known.insert(row.try_get(0)?, Known { at, recorded_at });
    }
    if known.len() < count {
        return Err(Fault::not_found("vehicle"));
    }
    Ok(known)
}

/// Keeps the positions, and says how many are new.
async fn insert(
    act: &Act<'_>,
    positions: &[VehiclePositionInput],
) -> Result<usize, Fault<VehiclePositionsRecordProblem>> {
    let decimals = |of: fn(&VehiclePositionInput) -> Option<Decimal>| {
        let texts = positions
            .iter()
            .map(|p| Value::from(of(p).map(|number| number.to_string())));
        Value::Array(ArrayType::String, Some(Box::new(texts.collect())))
    };
    let integers = |of: fn(&VehiclePositionInput) -> Option<i32>| {
        let numbers = positions.iter().map(|p| Value::from(of(p)));
        Value::Array(ArrayType::Int, Some(Box::new(numbers.collect())))
    };
    let odometers = positions.iter().map(|p| Value::from(p.odometer_m));
    let values: [Value; 11] = [
        act.scope.biz_id().into(),
        act.scope.now().into(),
        positions
            .iter()
            .map(|_| new_id())
            .collect::<Vec<_>>()
            .into(),
        positions
            .iter()
            .map(|p| p.vehicle_id.uuid())
            .collect::<Vec<_>>()
            .into(),
        positions
            .iter()
            .map(|p| p.recorded_at.0)
            .collect::<Vec<_>>()
            .into(),
        decimals(|p| Some(p.lat.0)),
        decimals(|p| Some(p.lng.0)),
        decimals(|p| p.speed_mps.map(|speed| speed.0)),
        integers(|p| p.heading_degrees),
        integers(|p| p.accuracy_m),
        Value::Array(ArrayType::BigInt, Some(Box::new(odometers.collect()))),
    ];
    Ok(act.scope.query(INSERT, &values).await?.len())
}

/// Of each vehicle, the newest of these positions that is newer than its last one.
fn newest<'p>(
    positions: &'p [VehiclePositionInput],
    vehicles: &HashMap<Uuid, Known>,
) -> Vec<(Uuid, &'p VehiclePositionInput)> {
    let mut newest: HashMap<Uuid, &VehiclePositionInput> = HashMap::new();
    for position in positions {
        let id = position.vehicle_id.uuid();
        let last = vehicles.get(&id).and_then(|known| known.recorded_at);
        let best = newest.get(&id).map(|best| best.recorded_at.0).or(last);
        if best.is_none_or(|best| position.recorded_at.0 > best) {
            newest.insert(id, position);
        }
    }
    let mut newest: Vec<_> = newest.into_iter().collect();
    newest.sort_unstable_by_key(|(id, _)| *id);
    newest
}

/// Moves the vehicles, and reckons anew when they arrive at their tasks; says at which.
async fn advance(
    act: &Act<'_>,
    moved: &[(Uuid, &VehiclePositionInput)],
) -> Result<Vec<Uuid>, Fault<VehiclePositionsRecordProblem>> {
    if moved.is_empty() {
        return Ok(Vec::new());
    }
    let (scope, ids) = (
        act.scope,
        moved.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
    );
    let lat: Vec<String> = moved.iter().map(|(_, p)| p.lat.0.to_string()).collect();
    let lng: Vec<String> = moved.iter().map(|(_, p)| p.lng.0.to_string()).collect();
    let values: [Value; 5] = [
        scope.biz_id().into(),
        ids.clone().into(),
        moved
            .iter()
            .map(|(_, p)| p.recorded_at.0)
            .collect::<Vec<_>>()
            .into(),
        texts(lat.iter().map(String::as_str)),
        texts(lng.iter().map(String::as_str)),
    ];
    scope.execute(MOVE, &values).await?;
    let rows = scope
        .query(UNDER_WAY, &[scope.biz_id().into(), ids.into()])
        .await?;
    let (mut tasks, mut metres) = (Vec::new(), Vec::new());
    let (mut arrivals, mut latest) = (Vec::new(), Vec::new());
    for row in rows {
        let vehicle: Uuid = row.try_get(1)?;
        let position = moved.iter().find(|(id, _)| *id == vehicle);
        let place = Point::of(row.try_get(2)?, row.try_get(3)?);
        let from = position.and_then(|(_, p)| Point::of(Some(p.lat.0), Some(p.lng.0)));
        if let (Some(place), Some(from)) = (place, from) {
            let distance = from.road_metres_to(place);
            tasks.push(row.try_get::<_, Uuid>(0)?);
            arrivals.push(eta(scope.now(), distance, USUAL_SPEED));
            latest.push(eta(scope.now(), distance, SLOW_SPEED));
            metres.push(i32::try_from(distance).unwrap_or(i32::MAX));
        }
    }
    if !tasks.is_empty() {
        let values: [Value; 7] = [
            scope.biz_id().into(),
            scope.now().into(),
            tasks.iter().map(|_| new_id()).collect::<Vec<_>>().into(),
            tasks.clone().into(),
            arrivals.into(),
            metres.into(),
            latest.into(),
        ];
        scope.execute(ARRIVALS, &values).await?;
    }
    Ok(tasks)
}

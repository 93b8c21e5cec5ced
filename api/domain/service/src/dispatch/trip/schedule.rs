//! `transportTripSchedule`.

use async_graphql::{Enum, InputObject};
use chrono::{Duration, NaiveTime};
use chrono_tz::Tz;
use entities::core::location;
use entities::dispatch::{fleet_vehicle, transport_route};
use entities::resources::resource;
use sea_orm::Value;

use crate::dispatch::PLAN;
use crate::dispatch::store::TRIP_NUMBERS;
use foundation::database::new_id;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use ordering::booking::store::zone;
use scheduling::availability::rules::{Edge, instant_of};

/// Makes a trip of a route on a day, with its stops and the seats of each leg. Its times follow the
/// local clock of the route: where clocks skip the departure, it departs when they go on.
#[derive(InputObject)]
pub struct TransportTripScheduleInput {
    /// The route.
    pub route_id: Id<transport_route::Entity>,
    /// The location that the trip belongs to.
    pub location_id: Id<location::Entity>,
    /// The day, by the clock of the route.
    pub service_date: Day,
    /// When it departs, by the clock of the route: `08:30` or `08:30:00`.
    pub departs_at_local: String,
    /// The vehicle.
    pub vehicle_id: Option<Id<fleet_vehicle::Entity>>,
    /// The driver: a resource that is a person.
    pub driver_id: Option<Id<resource::Entity>>,
    /// How many seats it has; those of the vehicle if not given.
    pub capacity: Option<i32>,
}

/// Why no trip was made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TransportTripScheduleErrorCode")]
pub enum TransportTripScheduleProblem {
    /// The route is not served on that day.
    RouteNotServed,
    /// The route has fewer than two stops.
    NoStops,
    /// Neither the input nor the vehicle says how many seats there are.
    CapacityRequired,
    /// The departure is no time of a day.
    InvalidTime,
    /// The vehicle is on another trip at that time.
    VehicleTaken,
    /// The driver is on another trip at that time.
    DriverTaken,
}

/// The verb.
pub struct TransportTripSchedule;

const ROUTE: &str = "select r.timezone, \
      r.is_active and coalesce(r.starts_on <= $3, true) and coalesce(r.ends_on > $3, true), \
      (select v.seats from dispatch.fleet_vehicles v where v.biz_id = $1 and v.id = $4 and v.deleted_at is null), \
      count(s.id), coalesce(max(s.arrival_offset_minutes + s.dwell_minutes), 0) \
    from dispatch.transport_routes r \
    left join dispatch.transport_route_stops s on s.biz_id = r.biz_id and s.route_id = r.id and s.deleted_at is null \
    where r.biz_id = $1 and r.id = $2 and r.deleted_at is null group by r.biz_id, r.id";

const TRIP: &str = "insert into dispatch.transport_trips (biz_id, id, number, route_id, location_id, \
      service_date, departs_at, arrives_at, vehicle_id, driver_id, capacity) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

const STOPS: &str = "insert into dispatch.trip_stops (biz_id, id, trip_id, seq, route_stop_id, name, \
      location_id, lat, lng, planned_arrival_at, planned_departure_at, allows_pickup, allows_dropoff) \
    select s.biz_id, core.uuid_v7(), $2, row_number() over (order by s.seq), s.id, s.name, s.location_id, \
      s.lat, s.lng, $4::timestamptz + make_interval(mins => s.arrival_offset_minutes), \
      $4::timestamptz + make_interval(mins => s.arrival_offset_minutes + s.dwell_minutes), \
      s.allows_pickup, s.allows_dropoff \
    from dispatch.transport_route_stops s \
    where s.biz_id = $1 and s.route_id = $3 and s.deleted_at is null";

const LEGS: &str = "insert into dispatch.trip_stop_inventory (biz_id, id, trip_id, from_seq, capacity) \
    select s.biz_id, core.uuid_v7(), s.trip_id, s.seq, $3 from dispatch.trip_stops s \
    where s.biz_id = $1 and s.trip_id = $2 \
      and exists (select from dispatch.trip_stops n where n.biz_id = s.biz_id and n.trip_id = s.trip_id and n.seq > s.seq)";

impl Verb for TransportTripSchedule {
    type Input = TransportTripScheduleInput;
    type Problem = TransportTripScheduleProblem;

    const NAME: &'static str = "transportTripSchedule";
    const PERMISSION: Permission = Permission::Holds(PLAN);
    const EVENT: Option<&'static str> = Some("dispatch.trip_scheduled");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "transportTrip",
        "TransportTrip",
        "The new trip, with its stops and legs.",
    )];
    const CONSTRAINTS: &'static [(&'static str, TransportTripScheduleProblem)] = &[
        (
            "transport_trips_vehicle_no_overlap_excl",
            TransportTripScheduleProblem::VehicleTaken,
        ),
        (
            "transport_trips_driver_no_overlap_excl",
            TransportTripScheduleProblem::DriverTaken,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (scope, id, location_id) = (act.scope, new_id(), input.location_id.uuid());
        act.permit_at(PLAN, location_id, "location")?;
        let time = time_of(&input.departs_at_local)?;
        let vehicle_id = input.vehicle_id.map(|id| id.uuid());
        let Route {
            zone,
            capacity,
            minutes,
        } = route_of(act, &input).await?;
        let departs_at = instant_of(zone, input.service_date.0.and_time(time), Edge::Start);
        let database = &act.session.shared.database;
        let number = database.number(scope, TRIP_NUMBERS).await?;
        let trip: [Value; 11] = [
            scope.biz_id().into(),
            id.into(),
            number.into(),
            input.route_id.uuid().into(),
            location_id.into(),
            input.service_date.0.into(),
            departs_at.into(),
            (departs_at + Duration::minutes(minutes.max(1).into())).into(),
            vehicle_id.into(),
            input.driver_id.map(|id| id.uuid()).into(),
            capacity.into(),
        ];
        let stops: [Value; 4] = [
            scope.biz_id().into(),
            id.into(),
            input.route_id.uuid().into(),
            departs_at.into(),
        ];
        let legs = [scope.biz_id().into(), id.into(), capacity.into()];
        // One after the other: each finds what the one before has written.
        scope.execute(TRIP, &trip).await?;
        scope.execute(STOPS, &stops).await?;
        scope.execute(LEGS, &legs).await?;
        let outcome = Outcome::row("transportTrip", id);
        Ok(outcome.detail("location_id", location_id.to_string()))
    }
}

/// What a trip on a route has to know of it.
struct Route {
    zone: Tz,
    capacity: i32,
    minutes: i32,
}

/// The route, as it is served on the day by the vehicle.
async fn route_of(
    act: &Act<'_>,
    input: &TransportTripScheduleInput,
) -> Result<Route, Fault<TransportTripScheduleProblem>> {
    type Problem = TransportTripScheduleProblem;
    let values: [Value; 4] = [
        act.scope.biz_id().into(),
        input.route_id.uuid().into(),
        input.service_date.0.into(),
        input.vehicle_id.as_ref().map(Id::uuid).into(),
    ];
    let row = act.scope.query_opt(ROUTE, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("route"))?;
    let zone = zone(row.try_get(0)?)?;
    if !row.try_get::<_, bool>(1)? {
        let text = "The route is not served on that day.";
        return Err(Fault::at(Problem::RouteNotServed, "serviceDate", text));
    }
    if row.try_get::<_, i64>(3)? < 2 {
        let text = "The route has fewer than two stops.";
        return Err(Fault::at(Problem::NoStops, "routeId", text));
    }
    let Some(capacity) = input.capacity.or(row.try_get(2)?) else {
        let text = "Say how many seats there are, or name a vehicle that has some.";
        return Err(Fault::at(Problem::CapacityRequired, "capacity", text));
    };
    let minutes = row.try_get(4)?;
    Ok(Route {
        zone,
        capacity,
        minutes,
    })
}

fn time_of(text: &str) -> Result<NaiveTime, Fault<TransportTripScheduleProblem>> {
    let parsed = ["%H:%M", "%H:%M:%S"]
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(text, format).ok());
    parsed.ok_or_else(|| {
        let text = format!("{text:?} is no time of a day; write 08:30.");
        Fault::at(
            TransportTripScheduleProblem::InvalidTime,
            "departsAtLocal",
            text,
        )
    })
}

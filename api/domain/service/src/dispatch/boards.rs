//! What dispatchers watch: tasks, trips, and where vehicles are.

use std::time::Duration;

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entities::core::location;
use entities::dispatch::dispatch_task;
use serde_json::{Value, json};

use foundation::graph::board::{Board, Filter};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Day, Id, Number};

/// The tasks that are not over yet: who does them, and where they stand. It shows 1,000 at most.
#[derive(InputObject)]
pub struct DispatchBoardInput {
    /// Which of them; all within reach if not given.
    pub filter: Option<DispatchBoardFilter>,
}

/// Which tasks a dispatcher looks at.
#[derive(InputObject)]
pub struct DispatchBoardFilter {
    /// Only those that this depot sees to.
    pub location_id: Option<Id<location::Entity>>,
    /// Only those that pass this filter; it may speak of the status, and then tasks that are over
    /// are shown, too.
    pub task: Option<Filter<dispatch_task::Entity>>,
}

/// The board.
pub struct DispatchBoard;

impl Board for DispatchBoard {
    type Input = DispatchBoardInput;

    const NAME: &'static str = "dispatchBoard";
    const ENTITY: &'static str = "DispatchTask";
    const ORDER: &'static [&'static str] = &["due_at"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        let open = ["UNASSIGNED", "ASSIGNED", "ACCEPTED", "EN_ROUTE", "ARRIVED"];
        let mut all = Vec::new();
        let mut speaks_of_status = false;
        if let Some(filter) = &input.filter {
            if let Some(location) = filter.location_id {
                all.push(json!({ "locationId": { "eq": location.text() } }));
            }
            if let Some(task) = &filter.task {
                let task = task.json()?;
                speaks_of_status = task.get("status").is_some();
                all.push(task);
            }
        }
        if !speaks_of_status {
            all.push(json!({ "status": { "in": open } }));
        }
        Ok(json!({ "and": all }))
    }
}

/// Trips of a day that are not over yet: where they stand, and how late they are.
#[derive(InputObject)]
pub struct TripBoardInput {
    /// Only those of this place.
    pub location_id: Option<Id<location::Entity>>,
    /// Only those of this day; of all days if not given.
    pub service_date: Option<Day>,
}

/// The board.
pub struct TripBoard;

impl Board for TripBoard {
    type Input = TripBoardInput;

    const NAME: &'static str = "tripBoard";
    const ENTITY: &'static str = "TransportTrip";
    const ORDER: &'static [&'static str] = &["departs_at"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        let open = ["SCHEDULED", "BOARDING", "DEPARTED"];
        let mut all = vec![json!({ "status": { "in": open } })];
        if let Some(location) = input.location_id {
            all.push(json!({ "locationId": { "eq": location.text() } }));
        }
        if let Some(day) = input.service_date {
            all.push(json!({ "serviceDate": { "eq": day.0 } }));
        }
        Ok(json!({ "and": all }))
    }
}

/// Where vehicles are, within bounds or all of them, each with its last position. Positions that come
/// within a second are told together.
#[derive(InputObject)]
pub struct VehiclePositionsInput {
    /// Only those of this depot.
    pub location_id: Option<Id<location::Entity>>,
    /// Only those between these degrees.
    pub bounds: Option<MapBounds>,
}

/// A part of a map; it does not cross the 180th meridian.
#[derive(InputObject)]
pub struct MapBounds {
    /// The southern edge, in degrees.
    pub south: Number,
    /// The western edge, in degrees.
    pub west: Number,
    /// The northern edge, in degrees.
    pub north: Number,
    /// The eastern edge, in degrees.
    pub east: Number,
}

/// The board.
pub struct VehiclePositions;

impl Board for VehiclePositions {
    type Input = VehiclePositionsInput;

    const NAME: &'static str = "vehiclePositions";
    const ENTITY: &'static str = "FleetVehicle";
    const ORDER: &'static [&'static str] = &[];
    const REST: Duration = Duration::from_secs(1);

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        let mut all = vec![json!({ "lastPositionAt": { "isNull": false } })];
        if let Some(location) = input.location_id {
            all.push(json!({ "depotLocationId": { "eq": location.text() } }));
        }
        if let Some(bounds) = &input.bounds {
            if bounds.south.0 > bounds.north.0 || bounds.west.0 > bounds.east.0 {
                let text = "South is not north of north, and west not east of east.";
                return Err(Failure::input(text));
            }
            let (south, north) = (bounds.south.0.to_string(), bounds.north.0.to_string());
            let (west, east) = (bounds.west.0.to_string(), bounds.east.0.to_string());
            all.push(json!({ "lastLat": { "gte": south, "lte": north } }));
            all.push(json!({ "lastLng": { "gte": west, "lte": east } }));
        }
        Ok(json!({ "and": all }))
    }
}

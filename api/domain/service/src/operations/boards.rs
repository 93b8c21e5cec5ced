//! Boards of the service desk: what is asked for, and which promises are about to be broken.

use std::time::Duration;

use async_graphql::InputObject;
use chrono::{DateTime, TimeDelta, Utc};
use entities::core::location;
use serde_json::{Value, json};

use foundation::graph::board::Board;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;

/// What guests have asked for and is not closed yet.
#[derive(InputObject)]
pub struct RequestBoardInput {
    /// Only what this team looks after, by the team's name in the categories.
    pub team: Option<String>,
    /// Only at this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// The board.
pub struct RequestBoard;

impl Board for RequestBoard {
    type Input = RequestBoardInput;

    const NAME: &'static str = "requestBoard";
    const ENTITY: &'static str = "ServiceRequest";
    const ORDER: &'static [&'static str] = &["requested_at"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        let mut all = vec![json!({ "status": { "notIn": ["CLOSED", "CANCELLED"] } })];
        if let Some(team) = &input.team {
            all.push(json!({ "category": { "team": { "eq": team } } }));
        }
        if let Some(location) = input.location_id {
            all.push(json!({ "locationId": { "eq": location.text() } }));
        }
        Ok(json!({ "and": all }))
    }
}

/// The promises whose time is nearly up, and those whose time is and that still run. A clock that
/// comes within the minutes appears by itself, seconds later.
#[derive(InputObject)]
pub struct SlaAtRiskInput {
    /// How many minutes are left at most, from 0 to 1,440; 15 if not given.
    pub minutes: Option<i32>,
    /// Only at this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// The board.
pub struct SlaAtRisk;

impl Board for SlaAtRisk {
    type Input = SlaAtRiskInput;

    const NAME: &'static str = "slaAtRisk";
    const ENTITY: &'static str = "SlaClock";
    const ORDER: &'static [&'static str] = &["target_at"];
    const EVERY: Option<Duration> = Some(Duration::from_secs(5));

    fn filter(input: &Self::Input, now: DateTime<Utc>) -> Result<Value, Failure> {
        let minutes = input.minutes.unwrap_or(15);
        if !(0..=1_440).contains(&minutes) {
            return Err(Failure::input("minutes must be between 0 and 1,440."));
        }
        let until = now + TimeDelta::minutes(i64::from(minutes));
        let mut all = vec![
            json!({ "status": { "in": ["RUNNING", "BREACHED"] }, "stoppedAt": { "isNull": true } }),
            json!({ "targetAt": { "lte": until } }),
        ];
        if let Some(location) = input.location_id {
            all.push(json!({ "locationId": { "eq": location.text() } }));
        }
        Ok(json!({ "and": all }))
    }
}

/// What is broken and not repaired yet.
#[derive(InputObject)]
pub struct MaintenanceBoardInput {
    /// Only at this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// The board.
pub struct MaintenanceBoard;

impl Board for MaintenanceBoard {
    type Input = MaintenanceBoardInput;

    const NAME: &'static str = "maintenanceBoard";
    const ENTITY: &'static str = "MaintenanceRequest";
    const ORDER: &'static [&'static str] = &["reported_at"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        let over = ["CLOSED", "REJECTED", "DUPLICATE"];
        let mut all = vec![json!({ "status": { "notIn": over } })];
        if let Some(location) = input.location_id {
            all.push(json!({ "locationId": { "eq": location.text() } }));
        }
        Ok(json!({ "and": all }))
    }
}

/// Incidents that are not closed yet.
#[derive(InputObject)]
pub struct IncidentBoardInput {
    /// Only at this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// The board.
pub struct IncidentBoard;

impl Board for IncidentBoard {
    type Input = IncidentBoardInput;

    const NAME: &'static str = "incidentBoard";
    const ENTITY: &'static str = "IncidentReport";
    const ORDER: &'static [&'static str] = &["occurred_at"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        let mut all = vec![json!({ "status": { "notIn": ["CLOSED", "AMENDED"] } })];
        if let Some(location) = input.location_id {
            all.push(json!({ "locationId": { "eq": location.text() } }));
        }
        Ok(json!({ "and": all }))
    }
}

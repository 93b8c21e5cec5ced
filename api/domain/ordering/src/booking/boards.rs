//! Boards of bookings: what is going on, and who arrives.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entities::booking::booking_order;
use entities::core::location;
use serde_json::{Value, json};

use foundation::graph::board::{Board, Filter};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Day, Id, Instant};

/// The bookings of a time, or all that are not over yet: each appears, changes and goes as it does
/// in the list of bookings with the same filter. It shows 1,000 at most.
#[derive(InputObject)]
pub struct BookingsBoardInput {
    /// Only those at this location.
    pub location_id: Option<Id<location::Entity>>,
    /// Only those that end after this.
    pub from: Option<Instant>,
    /// Only those that start before this.
    pub to: Option<Instant>,
    /// Only those that pass this filter, too. Given none of these, those that are not over.
    pub filter: Option<Filter<booking_order::Entity>>,
}

/// The board.
pub struct BookingsBoard;

impl Board for BookingsBoard {
    type Input = BookingsBoardInput;

    const NAME: &'static str = "bookingsBoard";
    const ENTITY: &'static str = "BookingOrder";
    const ORDER: &'static [&'static str] = &["starts_at"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        let mut all = Vec::new();
        if let Some(location) = input.location_id {
            all.push(json!({ "locationId": { "eq": location.text() } }));
        }
        if let Some(Instant(from)) = input.from {
            all.push(json!({ "endsAt": { "gt": from } }));
        }
        if let Some(Instant(to)) = input.to {
            all.push(json!({ "startsAt": { "lt": to } }));
        }
        match &input.filter {
            Some(filter) => all.push(filter.json()?),
            None if input.from.is_none() && input.to.is_none() => all.push(json!({
                "status": { "in": ["HELD", "PENDING_APPROVAL", "CONFIRMED", "IN_PROGRESS"] }
            })),
            None => {}
        }
        Ok(json!({ "and": all }))
    }
}

/// The stays that arrive at a location on a day, and those that have: from confirmed to checked in,
/// and who did not come.
#[derive(InputObject)]
pub struct ArrivalsBoardInput {
    /// The location.
    pub location_id: Id<location::Entity>,
    /// The local day of arrival.
    pub day: Day,
}

/// The board.
pub struct ArrivalsBoard;

impl Board for ArrivalsBoard {
    type Input = ArrivalsBoardInput;

    const NAME: &'static str = "arrivalsBoard";
    const ENTITY: &'static str = "BookingOrder";
    const ORDER: &'static [&'static str] = &["starts_at"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        Ok(json!({
            "locationId": { "eq": input.location_id.text() },
            "checkInOn": { "eq": input.day.0 },
            "status": { "in": ["PENDING_APPROVAL", "CONFIRMED", "IN_PROGRESS", "NO_SHOW"] },
        }))
    }
}

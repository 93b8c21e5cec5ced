//! `clockedIn`: who is at work now.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entities::core::location;
use serde_json::{Value, json};

use foundation::graph::board::Board;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;

/// Who is clocked in now, since when and where, and who has a break: a row for each person, by the
/// time that goes on. It shows 1,000 at most.
#[derive(InputObject)]
pub struct ClockedInInput {
    /// Only at this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// The board.
pub struct ClockedIn;

impl Board for ClockedIn {
    type Input = ClockedInInput;

    const NAME: &'static str = "clockedIn";
    const ENTITY: &'static str = "WorkTimeSegment";
    const ORDER: &'static [&'static str] = &["starts_at"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        Ok(json!({
            "endsAt": { "isNull": true },
            "supersededAt": { "isNull": true },
            "locationId": { "eq": input.location_id.map(|id| id.text()) },
        }))
    }
}

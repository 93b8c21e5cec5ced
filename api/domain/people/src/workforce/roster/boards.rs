//! `rosterBoard`: who works when.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entities::core::location;
use entities::workforce::staff_shift;
use serde_json::{Value, json};

use foundation::graph::board::{Board, Filter};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Day, Id};

/// The shifts of some business days, drafts too: who works when, as what, and where it stands. It
/// shows 1,000 at most; those that were called off are left out unless the filter speaks of the
/// status.
#[derive(InputObject)]
pub struct RosterBoardInput {
    /// The first business day.
    pub from: Day,
    /// The first business day that is no longer shown; 62 days later at most.
    pub until: Day,
    /// Only at this location.
    pub location_id: Option<Id<location::Entity>>,
    /// Only what passes this, too.
    pub filter: Option<Filter<staff_shift::Entity>>,
}

/// The board.
pub struct RosterBoard;

impl Board for RosterBoard {
    type Input = RosterBoardInput;

    const NAME: &'static str = "rosterBoard";
    const ENTITY: &'static str = "StaffShift";
    const ORDER: &'static [&'static str] = &["planned_starts_at"];

    fn filter(input: &Self::Input, _: DateTime<Utc>) -> Result<Value, Failure> {
        if !(1..=62).contains(&(input.until.0 - input.from.0).num_days()) {
            return Err(Failure::input("A roster shows between 1 and 62 days."));
        }
        let days = json!({ "gte": input.from.0.to_string(), "lt": input.until.0.to_string() });
        let mut all = vec![json!({ "businessDate": days })];
        if let Some(location) = input.location_id {
            all.push(json!({ "locationId": { "eq": location.text() } }));
        }
        let own = input.filter.as_ref().map(Filter::json).transpose()?;
        if own.as_ref().is_none_or(|own| own.get("status").is_none()) {
            all.push(json!({ "not": { "status": { "eq": "CANCELLED" } } }));
        }
        all.extend(own);
        Ok(json!({ "and": all }))
    }
}

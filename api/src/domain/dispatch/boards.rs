//! `dispatchBoard`: the tasks of a dispatcher.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entities::core::location;
use entities::dispatch::dispatch_task;
use serde_json::{Value, json};

use crate::graph::board::{Board, Filter};
use crate::graph::failure::Failure;
use crate::graph::scalars::Id;

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

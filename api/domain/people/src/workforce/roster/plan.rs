//! `rosterPlan`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType, SimpleObject};
use chrono::NaiveDate;
use entities::core::location;
use entities::workforce::{staff, staff_shift};
use serde::Serialize;
use uuid::Uuid;

use super::ROSTER;
use super::rules::planned;
use super::store::{Draft, RosterWarning, insert_draft, told, zone_at};
use crate::workforce::staff::{no_person, person};
use foundation::database::new_id;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Day, Id, WallTime};
use foundation::graph::verb::item::{ItemError, MOST_ITEMS, item};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Plans shifts at a location as drafts, which only planners see: up to 500, each of which is done
/// or refused by itself. Times are those that clocks show at the location.
#[derive(InputObject)]
pub struct RosterPlanInput {
    /// Where the shifts are.
    pub location_id: Id<location::Entity>,
    /// The shifts, 500 at most.
    pub items: Vec<RosterPlanItem>,
}

/// A shift to be planned.
#[derive(InputObject)]
pub struct RosterPlanItem {
    /// Who works.
    pub staff_id: Id<staff::Entity>,
    /// The day on which it begins.
    pub day: Day,
    /// When it begins, by the location's clocks.
    pub starts_at: WallTime,
    /// When it ends; a time that is not after the start is one of the next day.
    pub ends_at: WallTime,
    /// Minutes of unpaid breaks; none if not given.
    pub break_minutes: Option<i32>,
    /// As what they work, such as bar.
    pub role: Option<String>,
    /// What they should know.
    pub note: Option<String>,
}

/// What became of a shift that was to be planned.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RosterPlanResult {
    /// Who was to work.
    pub staff_id: Id<staff::Entity>,
    /// The day on which it was to begin.
    pub day: Day,
    /// The draft, if it was made.
    pub shift_id: Option<Id<staff_shift::Entity>>,
    /// Why it was not made.
    pub error: Option<ItemError>,
}

/// Why a shift was not planned.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RosterPlanErrorCode")]
pub enum RosterPlanProblem {
    /// The person has another shift at that time.
    ShiftOverlaps,
    /// The person does not work here on that day.
    NotEmployed,
    /// The times are none that a shift can have.
    InvalidTimes,
}

/// The verb.
pub struct RosterPlan;

impl Verb for RosterPlan {
    type Input = RosterPlanInput;
    type Problem = RosterPlanProblem;

    const NAME: &'static str = "rosterPlan";
    const PERMISSION: Permission = Permission::Holds(ROSTER);
    const EVENT: Option<&'static str> = Some("workforce.roster_planned");
    const PAYLOAD: &'static [Part] = PLANNED;

    fn types(registry: &mut Registry) {
        register(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        if input.items.is_empty() || input.items.len() > MOST_ITEMS {
            let text = format!(
                "items must have 1 to {MOST_ITEMS} entries; these are {}.",
                input.items.len()
            );
            return Err(Failure::input(text).into());
        }
        let location_id = input.location_id.uuid();
        let zone = zone_at(act, ROSTER, location_id).await?;
        let wishes = input.items.into_iter().map(|item| {
            let (starts_at, ends_at) = planned(zone, item.day.0, item.starts_at.0, item.ends_at.0);
            let draft = Draft {
                staff_id: item.staff_id.uuid(),
                location_id,
                role: item.role.unwrap_or_default(),
                starts_at,
                ends_at,
                break_minutes: item.break_minutes.unwrap_or_default(),
                note: item.note.unwrap_or_default(),
            };
            (item.day.0, draft)
        });
        draft_all(act, wishes.collect(), Vec::new()).await
    }
}

/// The payload of verbs that plan.
pub(super) const PLANNED: &[Part] = &[
    Part::Rows("staffShifts", "StaffShift", "The drafts that were made."),
    Part::Value(
        "results",
        "[RosterPlanResult!]",
        "What became of each wish, in their order.",
    ),
    Part::Value(
        "warnings",
        "[RosterWarning!]",
        "What should be known of the drafts, such as short rests.",
    ),
];

/// Registers the types of that payload.
pub(super) fn register(registry: &mut Registry) {
    RosterPlanResult::create_type_info(registry);
    RosterWarning::create_type_info(registry);
}

/// Makes drafts, each by itself, and tells what became of them after what was left out before.
pub(super) async fn draft_all(
    act: &Act<'_>,
    wishes: Vec<(NaiveDate, Draft)>,
    mut results: Vec<RosterPlanResult>,
) -> Result<Outcome, Fault<RosterPlanProblem>> {
    let mut outcome = Outcome::default();
    let mut made = Vec::new();
    for (day, draft) in wishes {
        let done = item(act, draft_one(act, day, &draft)).await?;
        if let Ok(id) = &done {
            made.push(*id);
            outcome = outcome.and_row("staffShifts", *id);
        }
        let (shift_id, error) = match done {
            Ok(id) => (Some(Id::new(id)), None),
            Err(error) => (None, Some(named(error))),
        };
        results.push(RosterPlanResult {
            staff_id: Id::new(draft.staff_id),
            day: Day(day),
            shift_id,
            error,
        });
    }
    outcome.subject = made.first().map(|id| ("StaffShift", *id));
    let ids: Vec<String> = made.iter().map(Uuid::to_string).collect();
    let results = serde_json::to_value(&results).map_err(Failure::internal)?;
    let warnings = told(act.scope, &made).await?;
    Ok(outcome
        .and_value("results", results)
        .and_value("warnings", warnings)
        .detail("shift_ids", ids))
}

async fn draft_one(
    act: &Act<'_>,
    day: NaiveDate,
    draft: &Draft,
) -> Result<Uuid, Fault<RosterPlanProblem>> {
    let person = person(act.scope, draft.staff_id)
        .await?
        .ok_or_else(no_person)?;
    if !person.works_on(day) {
        let text = format!("The person does not work here on {day}.");
        return Err(Fault::at(RosterPlanProblem::NotEmployed, "day", text));
    }
    let id = new_id();
    insert_draft(act.scope, id, draft).await?;
    Ok(id)
}

/// An exclusion or a check speaks with a common code; as an item's error it has the verb's own.
fn named(mut error: ItemError) -> ItemError {
    let of = |code: &str| code.to_owned();
    match error.code.as_str() {
        "TAKEN" => error.code = of("SHIFT_OVERLAPS"),
        "INVALID" => error.code = of("INVALID_TIMES"),
        _ => {}
    }
    error
}

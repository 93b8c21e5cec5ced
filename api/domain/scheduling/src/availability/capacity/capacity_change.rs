//! `slotCapacityChange`.

use async_graphql::{Enum, InputObject};

use super::MANAGE_SLOTS;
use super::selection::{SlotSelectionInput, lock};
use crate::availability::store::SOLD_OUT;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Changes how many places slots have, all of them or none; never below what is held and taken.
#[derive(InputObject)]
pub struct SlotCapacityChangeInput {
    /// The slots, 500 at most.
    pub slots: SlotSelectionInput,
    /// How many places each has from now on; as before if not given.
    pub capacity: Option<i32>,
    /// How many places may be sold beyond that; as before if not given.
    pub overbook_limit: Option<i32>,
}

/// Why the places cannot be changed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SlotCapacityChangeErrorCode")]
pub enum SlotCapacityChangeProblem {
    /// More places than that are held or taken; the message says when.
    BelowTaken,
    /// It is not clear which slots are meant, or what is to change.
    Incomplete,
}

type Problem = SlotCapacityChangeProblem;

/// The verb.
pub struct SlotCapacityChange;

impl Verb for SlotCapacityChange {
    type Input = SlotCapacityChangeInput;
    type Problem = SlotCapacityChangeProblem;

    const NAME: &'static str = "slotCapacityChange";
    const PERMISSION: Permission = Permission::Holds(MANAGE_SLOTS);
    const EVENT: Option<&'static str> = Some("slots.capacity_changed");
    const PAYLOAD: &'static [Part] = &[
        Part::Rows("slots", "Slot", "The slots as they now are."),
        Part::Value("changedCount", "Int", "How many slots that are."),
    ];
    const CONSTRAINTS: &'static [(&'static str, SlotCapacityChangeProblem)] =
        &[(SOLD_OUT, Problem::BelowTaken)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        if input.capacity.is_none() && input.overbook_limit.is_none() {
            let message = "Give capacity or overbookLimit.";
            return Err(Fault::at(Problem::Incomplete, "capacity", message));
        }
        let selected = lock(act, &input.slots, Problem::Incomplete).await?;
        let release = "select availability.release_expired($1::uuid[])";
        act.scope
            .query(release, &[selected.ids.clone().into()])
            .await?;
        let values = [
            act.scope.biz_id().into(),
            selected.ids.clone().into(),
            input.capacity.into(),
            input.overbook_limit.into(),
        ];
        let row = act.scope.query_opt(BELOW, &values).await?;
        let below: Option<String> = row.map(|row| row.try_get(0)).transpose()?.flatten();
        if let Some(days) = below {
            let message = format!("More than that is held or taken on {days}.");
            return Err(Fault::at(Problem::BelowTaken, "capacity", message));
        }
        act.scope.execute(CHANGE, &values).await?;
        let count = i64::try_from(selected.ids.len()).unwrap_or_default();
        let mut outcome = Outcome::default()
            .and_value("changedCount", count)
            .detail("location_id", selected.location_id.to_string());
        outcome.subject = selected.ids.first().map(|id| ("Slot", *id));
        let outcome = selected
            .ids
            .into_iter()
            .fold(outcome, |outcome, id| outcome.and_row("slots", id));
        Ok(outcome)
    }
}

const BELOW: &str = "select string_agg(distinct s.business_date::text, ', ') from availability.slots s \
    where s.biz_id = $1 and s.id = any ($2::uuid[]) \
      and s.held + s.occupied > coalesce($3, s.capacity) + coalesce($4, s.overbook_limit)";

const CHANGE: &str = "update availability.slots s \
    set capacity = coalesce($3, s.capacity), overbook_limit = coalesce($4, s.overbook_limit) \
    where s.biz_id = $1 and s.id = any ($2::uuid[])";

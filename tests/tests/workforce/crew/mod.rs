//! Rosters, working time, substitution and training.

mod clocks;
mod histories;
mod overtime;
mod publishing;
mod races;
mod rankings;
mod reports;
mod roster_histories;
mod sheets;
mod stand_ins;
mod swaps;
mod training;

use anyhow::Context as _;
use chrono::Duration;
use serde_json::{Value, json};
use tests::actor::{unique, uuid};
use tests::hotel::{Plan, location, made};
use tests::{Actor, Answer, World};

/// Tests that together use each verb of rosters, hours, substitution and training.
pub(super) const SENT_TWICE: &[super::Scenario] = &[
    clocks::people_clock_for_themselves_and_breaks_are_not_work,
    publishing::a_shift_is_published_confirmed_changed_and_confirmed_again,
    publishing::an_open_shift_goes_to_whoever_has_the_skill_that_day,
    publishing::a_week_is_drafted_from_schedules_and_copied_by_the_clocks,
    publishing::a_shift_is_called_off_with_a_reason_and_missed_once_it_has_begun,
    rankings::a_ranking_says_what_each_factor_contributed,
    sheets::a_sheet_is_submitted_approved_locked_and_exported_once,
    sheets::e60_nobody_approves_corrects_or_adjusts_their_own_hours,
    stand_ins::one_is_asked_after_the_other_until_somebody_stands_in,
    stand_ins::offers_expire_by_the_clock_and_a_search_ends_unfilled,
    swaps::two_shifts_change_hands_when_all_three_agree,
    swaps::a_swap_is_declined_withdrawn_or_too_late,
    training::attempts_are_used_up_and_nobody_examines_themselves,
    training::a_module_is_failed_tried_again_passed_and_lapses_on_its_day,
];

/// A house with people who work in it.
struct House {
    world: World,
    owner: Actor,
    location: String,
}

/// The id of what a payload tells.
fn id(row: &Value) -> anyhow::Result<String> {
    let id = row["id"].as_str();
    Ok(id.with_context(|| format!("no id in {row}"))?.to_owned())
}

/// The first with the fields of the second.
fn with(mut input: Value, besides: Value) -> Value {
    for (name, value) in besides.as_object().into_iter().flatten() {
        input[name] = value.clone();
    }
    input
}

impl House {
    async fn open() -> anyhow::Result<Self> {
        Self::of(World::with_pool(4).await?).await
    }

    /// A house whose clocks show an instant.
    async fn at(instant: &str) -> anyhow::Result<Self> {
        let world = World::with_pool(4).await?;
        world.clock.set(instant.parse()?);
        Self::of(world).await
    }

    async fn of(world: World) -> anyhow::Result<Self> {
        let owner = world.owner().await?;
        let location = location(&owner, &Plan::default()).await?;
        Ok(Self {
            world,
            owner,
            location,
        })
    }

    /// Moves the clock on, and signs the owner in again.
    async fn later(&mut self, by: Duration) -> anyhow::Result<()> {
        self.world.clock.advance(by);
        self.owner = self.world.again(&self.owner).await?;
        Ok(())
    }

    /// Somebody who works in the house.
    async fn person(&self, besides: Value) -> anyhow::Result<String> {
        let number = unique();
        let input = json!({
            "number": format!("E{number}"), "fullName": format!("Person {number}"),
            "hiredOn": "2020-01-01", "homeLocationId": self.location,
        });
        made(&self.owner, "staff", with(input, besides)).await
    }

    /// Somebody who works in the house and signs in, with a role that acts for itself alone, and
    /// reads nothing of the staff.
    async fn signed_in(&self, besides: Value) -> anyhow::Result<(Actor, String)> {
        let actor = self.world.staff(&self.owner, "kitchen", &[]).await?;
        let member = self.member_of(&actor).await?;
        let person = self
            .person(with(json!({ "memberId": member }), besides))
            .await?;
        Ok((actor, person))
    }

    async fn member_of(&self, actor: &Actor) -> anyhow::Result<String> {
        let members = self
            .owner
            .read("{ members(first: 100) { nodes { id user { id } } } }")
            .await?;
        let nodes = members["members"]["nodes"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let own = nodes
            .iter()
            .find(|node| uuid(&node["user"]["id"]).is_ok_and(|user| user == actor.user_id));
        id(own.context("no member of this user")?)
    }

    /// Plans shifts, whatever comes of them.
    async fn plan(&self, items: Value) -> anyhow::Result<Value> {
        let input = json!({"locationId": self.location, "items": items});
        let selection = "staffShifts { id status plannedStartsAt plannedEndsAt businessDate role breakMinutes } \
            results { staffId day shiftId error { code message } } warnings { kind shiftId otherShiftId restMinutes message }";
        self.owner.act("rosterPlan", input, selection).await
    }

    /// The id of a new draft.
    async fn draft(&self, person: &str, day: &str, from: &str, to: &str) -> anyhow::Result<String> {
        let item = json!({"staffId": person, "day": day, "startsAt": from, "endsAt": to});
        let planned = self.plan(json!([item])).await?;
        anyhow::ensure!(planned["results"][0]["error"].is_null(), "{planned}");
        id(&planned["staffShifts"][0])
    }

    /// The id of a new published shift.
    async fn shift(&self, person: &str, day: &str, from: &str, to: &str) -> anyhow::Result<String> {
        let shift = self.draft(person, day, from, to).await?;
        let until = day.parse::<chrono::NaiveDate>()? + Duration::days(1);
        let input =
            json!({"locationId": self.location, "from": day, "until": until, "shiftIds": [shift]});
        self.owner
            .act("rosterPublish", input, "staffShifts { id status }")
            .await?;
        Ok(shift)
    }

    /// Uses a verb of the owner's on a row, whatever comes back.
    async fn on(
        &self,
        verb: &str,
        row: &str,
        besides: Value,
        selection: &str,
    ) -> anyhow::Result<Answer> {
        self.owner
            .verb(verb, with(json!({"id": row}), besides), selection)
            .await
    }

    /// A field of a shift.
    async fn of_shift(&self, shift: &str, field: &str) -> anyhow::Result<Value> {
        let data = self
            .owner
            .read(&format!("{{ staffShift(id: \"{shift}\") {{ {field} }} }}"))
            .await?;
        Ok(data["staffShift"][field].clone())
    }

    /// Nothing disagrees that must agree.
    async fn agrees(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.world.breaks().await? == 0, "verify tells breaks");
        Ok(())
    }
}

//! `shiftChange`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType};
use entities::workforce::{staff, staff_shift};
use sea_orm::Value;

use super::ROSTER;
use super::rules::planned;
use super::store::{RosterWarning, lock_shift, told, zone_at};
use crate::workforce::staff::{no_person, person};
use foundation::graph::scalars::{Day, Id, WallTime};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Plans a shift otherwise before work begins. One that was shown needs a reason, keeps its person,
/// and waits for their yes again.
#[derive(InputObject)]
pub struct ShiftChangeInput {
    /// The shift.
    pub id: Id<staff_shift::Entity>,
    /// The day on which it begins; given with both times, or not at all.
    pub day: Option<Day>,
    /// When it begins, by the location's clocks.
    pub starts_at: Option<WallTime>,
    /// When it ends; a time that is not after the start is one of the next day.
    pub ends_at: Option<WallTime>,
    /// Another person; only of a draft.
    pub staff_id: Option<Id<staff::Entity>>,
    /// Minutes of unpaid breaks.
    pub break_minutes: Option<i32>,
    /// As what they work.
    pub role: Option<String>,
    /// What they should know.
    pub note: Option<String>,
    /// Why; required unless the shift is a draft.
    pub reason: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a shift cannot be changed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ShiftChangeErrorCode")]
pub enum ShiftChangeProblem {
    /// Work has begun, or the shift is over.
    WrongStatus,
    /// A reason must be given, as the person knows of the shift.
    ReasonRequired,
    /// Day, start and end belong together.
    IncompleteTimes,
    /// The person has another shift at that time.
    ShiftOverlaps,
    /// A published shift keeps its person: swap it, or look for a stand-in.
    PersonFixed,
    /// The person does not work here on that day.
    NotEmployed,
}

/// The verb.
pub struct ShiftChange;

const CHANGE: &str = "update workforce.staff_shifts set planned_starts_at = $3, planned_ends_at = $4, \
      business_date = core.business_date($1, location_id, $3), staff_id = $5, break_minutes = coalesce($6, break_minutes), \
      role = coalesce($7, role), note = coalesce($8, note), \
      status = case status when 'confirmed' then 'published' else status end \
    where biz_id = $1 and id = $2";

impl Verb for ShiftChange {
    type Input = ShiftChangeInput;
    type Problem = ShiftChangeProblem;

    const NAME: &'static str = "shiftChange";
    const PERMISSION: Permission = Permission::Holds(ROSTER);
    const EVENT: Option<&'static str> = Some("workforce.shift_changed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("staffShift", "StaffShift", "The shift as it now is."),
        Part::Value(
            "warnings",
            "[RosterWarning!]",
            "What should be known of it, such as short rests.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, ShiftChangeProblem)] = &[
        (
            "staff_shifts_no_overlap_excl",
            ShiftChangeProblem::ShiftOverlaps,
        ),
        (
            "staff_shifts_staff_immutable_check",
            ShiftChangeProblem::PersonFixed,
        ),
    ];

    fn types(registry: &mut Registry) {
        RosterWarning::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let shift = lock_shift(scope, input.id.uuid(), input.expected_version).await?;
        act.permit_at(ROSTER, shift.location_id, "shift")?;
        if shift.status != "draft" && !shift.is_ahead() {
            let text = format!(
                "The shift is {}; its plan is not changed any more.",
                shift.status
            );
            return Err(Fault::at(ShiftChangeProblem::WrongStatus, "id", text));
        }
        let reason = input.reason.as_deref().unwrap_or_default().trim();
        if reason.is_empty() && shift.status != "draft" {
            let text = "A reason is required: the person knows of the shift.";
            return Err(Fault::at(
                ShiftChangeProblem::ReasonRequired,
                "reason",
                text,
            ));
        }
        let zone = zone_at(act, ROSTER, shift.location_id).await?;
        let (starts_at, ends_at) = match (input.day, input.starts_at, input.ends_at) {
            (None, None, None) => (shift.starts_at, shift.ends_at),
            (Some(day), Some(from), Some(to)) => planned(zone, day.0, from.0, to.0),
            _ => {
                let text = "Give day, startsAt and endsAt together.";
                return Err(Fault::at(ShiftChangeProblem::IncompleteTimes, "day", text));
            }
        };
        let staff_id = input.staff_id.map_or(shift.staff_id, |id| id.uuid());
        let who = person(scope, staff_id).await?.ok_or_else(no_person)?;
        if !who.works_on(who.day(starts_at)) {
            let text = "The person does not work here on that day.";
            return Err(Fault::at(ShiftChangeProblem::NotEmployed, "day", text));
        }
        scope.set_reason(reason).await?;
        let values: [Value; 8] = [
            scope.biz_id().into(),
            shift.id.into(),
            starts_at.into(),
            ends_at.into(),
            staff_id.into(),
            input.break_minutes.into(),
            input.role.into(),
            input.note.into(),
        ];
        scope.execute(CHANGE, &values).await?;
        let outcome = super::about(&shift).and_value("warnings", told(scope, &[shift.id]).await?);
        Ok(outcome.detail("reason", reason))
    }
}

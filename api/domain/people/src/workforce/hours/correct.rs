//! `timeCorrect`.

use async_graphql::{Enum, InputObject};
use entities::workforce::work_time_segment;

use super::choices::TimeKind;
use super::store::{Record, insert, lock_segment, reckon_around, settle_shift};
use super::{SEGMENT, TIME};
use crate::workforce::staff::{no_person, person};
use foundation::database::new_id;
use foundation::graph::scalars::{Choice, Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Corrects a recorded time, such as one without a clock-out: another row takes its place and says
/// why, and the old one stays as it was. It counts for the same business day. Where the time sheet
/// is approved, it is rejected and reopened first. Nobody corrects their own time.
#[derive(InputObject)]
pub struct TimeCorrectInput {
    /// The time.
    pub id: Id<work_time_segment::Entity>,
    /// When it began; as it was if not given.
    pub starts_at: Option<Instant>,
    /// When it ended.
    pub ends_at: Instant,
    /// What they did; as it was if not given.
    pub kind: Option<Choice<TimeKind>>,
    /// Why it has to be corrected.
    pub reason: String,
}

/// Why it cannot be corrected.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TimeCorrectErrorCode")]
pub enum TimeCorrectProblem {
    /// It was corrected already; correct the row that took its place.
    AlreadyCorrected,
    /// The person has another time recorded then.
    Overlaps,
    /// It has not ended yet.
    InFuture,
    /// The end is not after the start, or too long after it.
    InvalidTimes,
    /// A reason must be given.
    ReasonRequired,
    /// The time sheet of that day is approved; reject and reopen it first.
    TimesheetLocked,
    /// Nobody corrects their own time.
    OwnTime,
}

/// The verb.
pub struct TimeCorrect;

impl Verb for TimeCorrect {
    type Input = TimeCorrectInput;
    type Problem = TimeCorrectProblem;

    const NAME: &'static str = "timeCorrect";
    const PERMISSION: Permission = Permission::Holds(TIME);
    const EVENT: Option<&'static str> = Some("workforce.time_corrected");
    const PAYLOAD: &'static [Part] = SEGMENT;
    const CONSTRAINTS: &'static [(&'static str, TimeCorrectProblem)] = &[
        (
            "work_time_segments_no_overlap_excl",
            TimeCorrectProblem::Overlaps,
        ),
        (
            "work_time_segments_times_check",
            TimeCorrectProblem::InvalidTimes,
        ),
        (
            "work_time_segments_correction_reason_check",
            TimeCorrectProblem::ReasonRequired,
        ),
        (
            "work_time_segments_corrects_id_key",
            TimeCorrectProblem::AlreadyCorrected,
        ),
        (
            "work_time_segments_timesheet_locked_check",
            TimeCorrectProblem::TimesheetLocked,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let old = lock_segment(scope, input.id.uuid()).await?;
        let old = old.ok_or_else(|| Fault::not_found("recorded time"))?;
        let who = person(scope, old.staff_id).await?.ok_or_else(no_person)?;
        match old.location_id {
            Some(location) => act.permit_at(TIME, location, "recorded time")?,
            None if who.is_reached(act.principal()?, TIME) => {}
            None => return Err(Fault::not_found("recorded time")),
        }
        if who.is(act.principal()?) {
            let text = "Nobody corrects their own time.";
            return Err(Fault::at(TimeCorrectProblem::OwnTime, "id", text));
        }
        if old.is_superseded {
            let text = "This time is already corrected by another row.";
            return Err(Fault::at(TimeCorrectProblem::AlreadyCorrected, "id", text));
        }
        if input.ends_at.0 > scope.now() {
            let text = "A time is corrected once it has ended.";
            return Err(Fault::at(TimeCorrectProblem::InFuture, "endsAt", text));
        }
        let starts_at = input.starts_at.map_or(old.starts_at, |at| at.0);
        if input.ends_at.0 <= starts_at {
            let text = "The end must be after the start.";
            return Err(Fault::at(TimeCorrectProblem::InvalidTimes, "endsAt", text));
        }
        let id = new_id();
        let record = Record {
            staff_id: old.staff_id,
            shift_id: old.shift_id,
            location_id: old.location_id,
            business_date: Some(old.business_date),
            local_day: old.business_date,
            kind: input
                .kind
                .map_or(old.kind.as_str(), |kind| kind.0)
                .to_owned(),
            starts_at,
            ends_at: Some(input.ends_at.0),
            source: "manual".to_owned(),
            client_recorded_at: None,
            point: None,
            is_flagged: false,
            corrects: Some((old.id, input.reason.trim().to_owned())),
        };
        insert(scope, id, &record).await?;
        if let Some(shift_id) = old.shift_id {
            settle_shift(scope, shift_id).await?;
        }
        reckon_around(scope, old.staff_id, old.business_date).await?;
        let outcome = Outcome::row("workTimeSegment", id);
        Ok(outcome.detail("corrects_id", old.id.to_string()))
    }
}

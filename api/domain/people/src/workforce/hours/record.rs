//! `timeRecord`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::workforce::{staff, staff_shift};

use super::choices::TimeKind;
use super::store::{Record, insert, reckon_around};
use super::{SEGMENT, TIME};
use crate::workforce::staff::{SELF, whose};
use foundation::database::new_id;
use foundation::graph::scalars::{Choice, Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Enters a time by hand that was not clocked. What people enter for themselves is flagged, so that
/// it is looked at before it is approved.
#[derive(InputObject)]
pub struct TimeRecordInput {
    /// Who; the caller if not given.
    pub staff_id: Option<Id<staff::Entity>>,
    /// What they did; work if not given.
    pub kind: Option<Choice<TimeKind>>,
    /// When it began.
    pub starts_at: Instant,
    /// When it ended; 36 hours later at most.
    pub ends_at: Instant,
    /// Where; where they usually work if not given.
    pub location_id: Option<Id<location::Entity>>,
    /// The shift that it belongs to.
    pub shift_id: Option<Id<staff_shift::Entity>>,
}

/// Why it cannot be entered.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TimeRecordErrorCode")]
pub enum TimeRecordProblem {
    /// The person has another time recorded then.
    Overlaps,
    /// It has not ended yet.
    InFuture,
    /// The end is not after the start, or too long after it.
    InvalidTimes,
    /// The hours of that day are approved already.
    TimesheetLocked,
    /// The person did not work here then.
    NotEmployed,
}

/// The verb.
pub struct TimeRecord;

impl Verb for TimeRecord {
    type Input = TimeRecordInput;
    type Problem = TimeRecordProblem;

    const NAME: &'static str = "timeRecord";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.time_recorded");
    const PAYLOAD: &'static [Part] = SEGMENT;
    const CONSTRAINTS: &'static [(&'static str, TimeRecordProblem)] = &[
        (
            "work_time_segments_no_overlap_excl",
            TimeRecordProblem::Overlaps,
        ),
        (
            "work_time_segments_times_check",
            TimeRecordProblem::InvalidTimes,
        ),
        (
            "work_time_segments_timesheet_locked_check",
            TimeRecordProblem::TimesheetLocked,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let who = whose(act, input.staff_id, TIME).await?;
        if input.ends_at.0 > scope.now() {
            let text = "A time is entered by hand once it has ended.";
            return Err(Fault::at(TimeRecordProblem::InFuture, "endsAt", text));
        }
        if input.ends_at.0 <= input.starts_at.0 {
            let text = "The end must be after the start.";
            return Err(Fault::at(TimeRecordProblem::InvalidTimes, "endsAt", text));
        }
        let day = who.day(input.starts_at.0);
        if !who.works_on(day) {
            let text = format!("The person does not work here on {day}.");
            return Err(Fault::at(TimeRecordProblem::NotEmployed, "startsAt", text));
        }
        let id = new_id();
        let record = Record {
            staff_id: who.id,
            shift_id: input.shift_id.map(|id| id.uuid()),
            location_id: input
                .location_id
                .map(|id| id.uuid())
                .or(who.home_location_id),
            business_date: None,
            local_day: day,
            kind: input.kind.map_or("work", |kind| kind.0).to_owned(),
            starts_at: input.starts_at.0,
            ends_at: Some(input.ends_at.0),
            source: "manual".to_owned(),
            client_recorded_at: None,
            point: None,
            is_flagged: who.is(act.principal()?),
            corrects: None,
        };
        let day = insert(scope, id, &record).await?;
        reckon_around(scope, who.id, day).await?;
        let outcome = Outcome::row("workTimeSegment", id);
        Ok(outcome.detail("staff_id", who.id.to_string()))
    }
}

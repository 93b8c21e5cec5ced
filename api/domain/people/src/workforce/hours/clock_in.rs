//! `clockIn`.

use async_graphql::{Enum, InputObject};
use chrono::TimeDelta;
use entities::core::location;
use entities::workforce::{staff, staff_shift};
use uuid::Uuid;

use super::choices::{TimeKind, TimeSource};
use super::store::{Record, insert};
use super::{SEGMENT, TIME};
use crate::workforce::staff::{Person, SELF, whose};
use foundation::database::{Scope, new_id};
use foundation::graph::scalars::{Choice, Id, Instant, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Begins to work, by the server's clock. The shift that is on now, or begins within two hours, is
/// begun with it. Of many requests at once, one clocks in.
#[derive(InputObject)]
pub struct ClockInInput {
    /// Who; the caller if not given.
    pub staff_id: Option<Id<staff::Entity>>,
    /// Where; where the shift is, or they usually work, if not given.
    pub location_id: Option<Id<location::Entity>>,
    /// The shift, if it is not to be found by the time.
    pub shift_id: Option<Id<staff_shift::Entity>>,
    /// What they do; work if not given. A break is begun by `breakStart`.
    pub kind: Option<Choice<TimeKind>>,
    /// By an app, or a terminal on site; an app if not given.
    pub source: Option<Choice<TimeSource>>,
    /// What the clock of the device says; shown, and not relied on.
    pub client_recorded_at: Option<Instant>,
    /// Latitude, in degrees.
    pub lat: Option<Number>,
    /// Longitude, in degrees.
    pub lng: Option<Number>,
}

/// Why somebody cannot clock in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ClockInErrorCode")]
pub enum ClockInProblem {
    /// They are clocked in already.
    AlreadyClockedIn,
    /// They do not work here today.
    NotEmployed,
    /// The shift is over, called off, or not one that is shown.
    ShiftNotOn,
    /// A break is begun by `breakStart`, and what is entered by hand by `timeRecord`.
    WrongKind,
    /// The hours of today are approved already.
    TimesheetLocked,
}

/// The verb.
pub struct ClockIn;

/// How much earlier than planned somebody may begin a shift.
const EARLY: TimeDelta = TimeDelta::hours(2);

const SHIFT: &str = "select id, location_id, status in ('published', 'confirmed', 'in_progress') from workforce.staff_shifts \
    where biz_id = $1 and staff_id = $2 and (id = $3 or ($3::uuid is null and status in ('published', 'confirmed', 'in_progress') \
      and planned_starts_at <= $4 and planned_ends_at > $5)) \
    order by status = 'in_progress' desc, planned_starts_at limit 1 for no key update";

const BEGIN: &str = "update workforce.staff_shifts set status = 'in_progress', actual_starts_at = $3 \
    where biz_id = $1 and id = $2 and status in ('published', 'confirmed')";

async fn shift_of(
    scope: &Scope,
    who: &Person,
    wanted: Option<Uuid>,
) -> Result<Option<(Uuid, Uuid)>, Fault<ClockInProblem>> {
    let values = [
        scope.biz_id().into(),
        who.id.into(),
        wanted.into(),
        (scope.now() + EARLY).into(),
        scope.now().into(),
    ];
    let Some(row) = scope.query_opt(SHIFT, &values).await? else {
        return match wanted {
            Some(_) => Err(Fault::not_found("shift of this person")),
            None => Ok(None),
        };
    };
    if row.try_get::<_, bool>(2)? {
        return Ok(Some((row.try_get(0)?, row.try_get(1)?)));
    }
    let text = "The shift is over, called off, or was not published.";
    Err(Fault::at(ClockInProblem::ShiftNotOn, "shiftId", text))
}

impl Verb for ClockIn {
    type Input = ClockInInput;
    type Problem = ClockInProblem;

    const NAME: &'static str = "clockIn";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.clocked_in");
    const PAYLOAD: &'static [Part] = SEGMENT;
    const CONSTRAINTS: &'static [(&'static str, ClockInProblem)] = &[
        (
            "work_time_segments_open_key",
            ClockInProblem::AlreadyClockedIn,
        ),
        (
            "work_time_segments_no_overlap_excl",
            ClockInProblem::AlreadyClockedIn,
        ),
        (
            "work_time_segments_timesheet_locked_check",
            ClockInProblem::TimesheetLocked,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let who = whose(act, input.staff_id, TIME).await?;
        let kind = input.kind.map_or("work", |kind| kind.0);
        let source = input.source.map_or("clock", |source| source.0);
        if kind == "break" || source == "manual" {
            let text = "A break is begun by breakStart; what is entered by hand, by timeRecord.";
            return Err(Fault::at(ClockInProblem::WrongKind, "kind", text));
        }
        let today = who.day(scope.now());
        if !who.works_on(today) {
            let text = format!("The person does not work here on {today}.");
            return Err(Fault::at(ClockInProblem::NotEmployed, "staffId", text));
        }
        let shift = shift_of(scope, &who, input.shift_id.map(|id| id.uuid())).await?;
        let given = input.location_id.map(|id| id.uuid());
        let id = new_id();
        let record = Record {
            staff_id: who.id,
            shift_id: shift.map(|(id, _)| id),
            location_id: given.or(shift.map(|(_, at)| at)).or(who.home_location_id),
            business_date: None,
            local_day: today,
            kind: kind.to_owned(),
            starts_at: scope.now(),
            ends_at: None,
            source: source.to_owned(),
            client_recorded_at: input.client_recorded_at.map(|at| at.0),
            point: input.lat.map(|lat| lat.0).zip(input.lng.map(|lng| lng.0)),
            is_flagged: false,
            corrects: None,
        };
        insert(scope, id, &record).await?;
        if let Some((shift_id, _)) = shift {
            let values = [scope.biz_id().into(), shift_id.into(), scope.now().into()];
            scope.execute(BEGIN, &values).await?;
        }
        let outcome = Outcome::row("workTimeSegment", id);
        Ok(outcome.detail("staff_id", who.id.to_string()))
    }
}

//! `clockOut`.

use async_graphql::{Enum, InputObject};
use chrono::TimeDelta;
use entities::workforce::staff;

use super::store::{end, lock_open, reckon_around, settle_shift};
use super::{SEGMENT, TIME};
use crate::workforce::staff::{SELF, whose};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Ends work, or a break, by the server's clock; minutes are those that have passed, also in a night
/// in which clocks are changed. The shift is over with it.
#[derive(InputObject)]
pub struct ClockOutInput {
    /// Who; the caller if not given.
    pub staff_id: Option<Id<staff::Entity>>,
    /// Whether the shift goes on later, as in a divided one.
    pub shift_goes_on: Option<bool>,
}

/// Why somebody cannot clock out.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ClockOutErrorCode")]
pub enum ClockOutProblem {
    /// They are not clocked in.
    NotClockedIn,
    /// They clocked in so long ago that they must have forgotten to clock out: it is corrected by
    /// `timeCorrect`, with a reason.
    Forgotten,
    /// The hours of that day are approved already.
    TimesheetLocked,
}

/// The longest that somebody is clocked in without interruption.
pub(super) const LONGEST: TimeDelta = TimeDelta::hours(36);

/// The verb.
pub struct ClockOut;

impl Verb for ClockOut {
    type Input = ClockOutInput;
    type Problem = ClockOutProblem;

    const NAME: &'static str = "clockOut";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.clocked_out");
    const PAYLOAD: &'static [Part] = SEGMENT;
    const CONSTRAINTS: &'static [(&'static str, ClockOutProblem)] = &[(
        "work_time_segments_timesheet_locked_check",
        ClockOutProblem::TimesheetLocked,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let who = whose(act, input.staff_id, TIME).await?;
        let Some(open) = lock_open(scope, who.id).await? else {
            let text = "The person is not clocked in.";
            return Err(Fault::at(ClockOutProblem::NotClockedIn, "staffId", text));
        };
        if scope.now() - open.starts_at > LONGEST {
            let text = format!(
                "The person clocked in at {} and must have forgotten to clock out: correct it with a reason.",
                open.starts_at
            );
            return Err(Fault::problem(ClockOutProblem::Forgotten, text));
        }
        end(scope, open.id, scope.now()).await?;
        if let Some(shift_id) = open.shift_id
            && !input.shift_goes_on.unwrap_or_default()
        {
            settle_shift(scope, shift_id).await?;
        }
        reckon_around(scope, who.id, open.business_date).await?;
        let outcome = Outcome::row("workTimeSegment", open.id);
        Ok(outcome.detail("staff_id", who.id.to_string()))
    }
}

//! `breakStart`.

use async_graphql::{Enum, InputObject};
use entities::workforce::staff;

use super::store::{Record, end, insert, lock_open, reckon_around};
use super::{SEGMENT, TIME};
use crate::workforce::staff::{SELF, whose};
use foundation::database::new_id;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Begins a break: what was done until now ends, by the server's clock.
#[derive(InputObject)]
pub struct BreakStartInput {
    /// Who; the caller if not given.
    pub staff_id: Option<Id<staff::Entity>>,
}

/// Why a break cannot begin.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BreakStartErrorCode")]
pub enum BreakStartProblem {
    /// They are not clocked in.
    NotClockedIn,
    /// They have a break already.
    AlreadyOnBreak,
    /// They clocked in so long ago that they must have forgotten to clock out: it is corrected by
    /// `timeCorrect`, with a reason.
    Forgotten,
    /// The hours of that day are approved already.
    TimesheetLocked,
}

/// The verb.
pub struct BreakStart;

impl Verb for BreakStart {
    type Input = BreakStartInput;
    type Problem = BreakStartProblem;

    const NAME: &'static str = "breakStart";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.break_started");
    const PAYLOAD: &'static [Part] = SEGMENT;
    const CONSTRAINTS: &'static [(&'static str, BreakStartProblem)] = &[(
        "work_time_segments_timesheet_locked_check",
        BreakStartProblem::TimesheetLocked,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let who = whose(act, input.staff_id, TIME).await?;
        let Some(open) = lock_open(scope, who.id).await? else {
            let text = "The person is not clocked in.";
            return Err(Fault::at(BreakStartProblem::NotClockedIn, "staffId", text));
        };
        if open.kind == "break" {
            let text = "The person has a break already.";
            return Err(Fault::at(
                BreakStartProblem::AlreadyOnBreak,
                "staffId",
                text,
            ));
        }
        if scope.now() - open.starts_at > super::clock_out::LONGEST {
            let text = "The person must have forgotten to clock out: correct it with a reason.";
            return Err(Fault::problem(BreakStartProblem::Forgotten, text));
        }
        end(scope, open.id, scope.now()).await?;
        let id = new_id();
        // What belongs together counts for one business day, also past midnight.
        let next = Record {
            staff_id: who.id,
            shift_id: open.shift_id,
            location_id: open.location_id,
            business_date: Some(open.business_date),
            local_day: open.business_date,
            kind: "break".to_owned(),
            starts_at: scope.now(),
            ends_at: None,
            source: "clock".to_owned(),
            client_recorded_at: None,
            point: None,
            is_flagged: false,
            corrects: None,
        };
        insert(scope, id, &next).await?;
        reckon_around(scope, who.id, open.business_date).await?;
        let outcome = Outcome::row("workTimeSegment", id);
        Ok(outcome.detail("staff_id", who.id.to_string()))
    }
}

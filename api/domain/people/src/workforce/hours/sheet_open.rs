//! `timesheetOpen`.

use async_graphql::{Enum, InputObject};
use entities::workforce::staff;

use super::store::{Sheet, reckon};
use super::{SHEET, TIME};
use crate::workforce::staff::{SELF, whose};
use foundation::database::new_id;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Opens a time sheet for some days. Its totals are those of the recorded times, and follow them.
#[derive(InputObject)]
pub struct TimesheetOpenInput {
    /// Whose hours; the caller's if not given.
    pub staff_id: Option<Id<staff::Entity>>,
    /// First business day.
    pub starts_on: Day,
    /// First business day that is no longer in it; 62 days later at most.
    pub ends_on: Day,
}

/// Why it cannot be opened.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TimesheetOpenErrorCode")]
pub enum TimesheetOpenProblem {
    /// There is a time sheet for some of these days.
    AlreadyOpen,
    /// The days are none that a time sheet can have.
    InvalidDays,
}

/// The verb.
pub struct TimesheetOpen;

impl Verb for TimesheetOpen {
    type Input = TimesheetOpenInput;
    type Problem = TimesheetOpenProblem;

    const NAME: &'static str = "timesheetOpen";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.timesheet_opened");
    const PAYLOAD: &'static [Part] = SHEET;
    const CONSTRAINTS: &'static [(&'static str, TimesheetOpenProblem)] = &[
        (
            "timesheets_no_overlap_excl",
            TimesheetOpenProblem::AlreadyOpen,
        ),
        ("timesheets_dates_check", TimesheetOpenProblem::InvalidDays),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let who = whose(act, input.staff_id, TIME).await?;
        if input.ends_on.0 <= input.starts_on.0 {
            let text = "The end must be after the start, by 62 days at most.";
            return Err(Fault::at(TimesheetOpenProblem::InvalidDays, "endsOn", text));
        }
        let sheet = Sheet {
            id: new_id(),
            staff_id: who.id,
            starts_on: input.starts_on.0,
            ends_on: input.ends_on.0,
            status: "open".to_owned(),
        };
        let sql = "insert into workforce.timesheets (biz_id, id, staff_id, starts_on, ends_on) values ($1, $2, $3, $4, $5)";
        let values = [
            scope.biz_id().into(),
            sheet.id.into(),
            who.id.into(),
            sheet.starts_on.into(),
            sheet.ends_on.into(),
        ];
        scope.execute(sql, &values).await?;
        reckon(scope, &sheet).await?;
        let outcome = Outcome::row("timesheet", sheet.id);
        Ok(outcome.detail("staff_id", who.id.to_string()))
    }
}

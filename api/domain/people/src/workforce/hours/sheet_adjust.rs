//! `timesheetAdjust`.

use async_graphql::{Enum, InputObject};
use entities::workforce::timesheet;

use super::store::lock_sheet;
use super::{SHEET, TIME, sheet_of};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Adds minutes to a time sheet that is not approved yet, or takes some off, such as for an error in
/// one that was exported already.
#[derive(InputObject)]
pub struct TimesheetAdjustInput {
    /// The time sheet.
    pub id: Id<timesheet::Entity>,
    /// Minutes to be added; taken off if negative. They take the place of those of before.
    pub minutes: i32,
    /// Why; required unless there are none.
    pub reason: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it cannot be adjusted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TimesheetAdjustErrorCode")]
pub enum TimesheetAdjustProblem {
    /// It is approved or exported.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
    /// Nobody adjusts their own hours.
    OwnTimesheet,
}

/// The verb.
pub struct TimesheetAdjust;

impl Verb for TimesheetAdjust {
    type Input = TimesheetAdjustInput;
    type Problem = TimesheetAdjustProblem;

    const NAME: &'static str = "timesheetAdjust";
    const PERMISSION: Permission = Permission::Holds(TIME);
    const EVENT: Option<&'static str> = Some("workforce.timesheet_adjusted");
    const PAYLOAD: &'static [Part] = SHEET;
    const CONSTRAINTS: &'static [(&'static str, TimesheetAdjustProblem)] = &[
        (
            "timesheets_adjustment_check",
            TimesheetAdjustProblem::ReasonRequired,
        ),
        (
            "timesheets_adjustment_reason_check",
            TimesheetAdjustProblem::ReasonRequired,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let sheet = lock_sheet(scope, input.id.uuid(), input.expected_version).await?;
        let who = sheet_of(act, &sheet, TIME, false).await?;
        if who.is(act.principal()?) {
            let text = "Nobody adjusts their own hours.";
            return Err(Fault::at(TimesheetAdjustProblem::OwnTimesheet, "id", text));
        }
        if !matches!(sheet.status.as_str(), "open" | "submitted") {
            let text = format!("The time sheet is {}.", sheet.status);
            return Err(Fault::at(TimesheetAdjustProblem::WrongStatus, "id", text));
        }
        let sql = "update workforce.timesheets set adjustment_minutes = $3, adjustment_reason = $4 where biz_id = $1 and id = $2";
        let values = [
            scope.biz_id().into(),
            sheet.id.into(),
            input.minutes.into(),
            input.reason.filter(|_| input.minutes != 0).into(),
        ];
        scope.execute(sql, &values).await?;
        Ok(Outcome::row("timesheet", sheet.id).detail("minutes", input.minutes))
    }
}

//! `timesheetSubmit` and `timesheetReopen`.

use async_graphql::{Enum, InputObject};
use entities::workforce::timesheet;

use super::store::{lock_sheet, reckon};
use super::{SHEET, TIME, sheet_of};
use crate::workforce::staff::SELF;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Says that a time sheet is complete; a manager approves it next.
#[derive(InputObject)]
pub struct TimesheetSubmitInput {
    /// The time sheet.
    pub id: Id<timesheet::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it cannot be submitted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TimesheetSubmitErrorCode")]
pub enum TimesheetSubmitProblem {
    /// It is not open.
    WrongStatus,
    /// A time of its days has not ended: clock out, or have it corrected.
    StillClockedIn,
}

/// The verb.
pub struct TimesheetSubmit;

const GOES_ON: &str = "select 1 from workforce.work_time_segments \
    where biz_id = $1 and staff_id = $2 and ends_at is null and superseded_at is null \
      and business_date >= $3 and business_date < $4 limit 1";

impl Verb for TimesheetSubmit {
    type Input = TimesheetSubmitInput;
    type Problem = TimesheetSubmitProblem;

    const NAME: &'static str = "timesheetSubmit";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.timesheet_submitted");
    const PAYLOAD: &'static [Part] = SHEET;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let sheet = lock_sheet(scope, input.id.uuid(), input.expected_version).await?;
        sheet_of(act, &sheet, TIME, true).await?;
        if sheet.status != "open" {
            let text = format!(
                "The time sheet is {}; only an open one is submitted.",
                sheet.status
            );
            return Err(Fault::at(TimesheetSubmitProblem::WrongStatus, "id", text));
        }
        let values = [
            scope.biz_id().into(),
            sheet.staff_id.into(),
            sheet.starts_on.into(),
            sheet.ends_on.into(),
        ];
        if scope.query_opt(GOES_ON, &values).await?.is_some() {
            let text = "A time of these days has not ended: clock out, or have it corrected.";
            return Err(Fault::at(
                TimesheetSubmitProblem::StillClockedIn,
                "id",
                text,
            ));
        }
        reckon(scope, &sheet).await?;
        let sql = "update workforce.timesheets set status = 'submitted', submitted_at = $3 where biz_id = $1 and id = $2";
        let values = [scope.biz_id().into(), sheet.id.into(), scope.now().into()];
        scope.execute(sql, &values).await?;
        Ok(Outcome::row("timesheet", sheet.id))
    }
}

/// Opens a time sheet again that was submitted or rejected.
#[derive(InputObject)]
pub struct TimesheetReopenInput {
    /// The time sheet.
    pub id: Id<timesheet::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it cannot be opened again.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TimesheetReopenErrorCode")]
pub enum TimesheetReopenProblem {
    /// It is open, approved or exported.
    WrongStatus,
}

/// The verb.
pub struct TimesheetReopen;

impl Verb for TimesheetReopen {
    type Input = TimesheetReopenInput;
    type Problem = TimesheetReopenProblem;

    const NAME: &'static str = "timesheetReopen";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.timesheet_reopened");
    const PAYLOAD: &'static [Part] = SHEET;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let sheet = lock_sheet(scope, input.id.uuid(), input.expected_version).await?;
        sheet_of(act, &sheet, TIME, true).await?;
        if !matches!(sheet.status.as_str(), "submitted" | "rejected") {
            let text = format!("The time sheet is {}.", sheet.status);
            return Err(Fault::at(TimesheetReopenProblem::WrongStatus, "id", text));
        }
        let sql = "update workforce.timesheets set status = 'open' where biz_id = $1 and id = $2";
        scope
            .execute(sql, &[scope.biz_id().into(), sheet.id.into()])
            .await?;
        reckon(scope, &sheet).await?;
        Ok(Outcome::row("timesheet", sheet.id))
    }
}

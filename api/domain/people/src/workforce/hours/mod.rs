//! Working time: clocking in and out, time sheets, overtime.

mod boards;
mod break_end;
mod break_start;
mod choices;
mod clock_in;
mod clock_out;
mod correct;
mod cost;
mod forecast;
mod inbox;
mod jobs;
mod outlook;
mod record;
mod report;
pub mod rules;
mod sheet_adjust;
mod sheet_decide;
mod sheet_export;
mod sheet_open;
mod sheet_submit;
pub mod store;

pub(super) use report::REPORT;

use super::delegation::deciders;
use super::staff::{Person, no_person, person};
use foundation::graph::board::{BoardDeclaration, board};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Act, Declaration, Part, declare};
use foundation::worker::Job;

/// Seeing to the times of others.
const TIME: &str = "workforce.time";
/// Approving time sheets.
const APPROVE: &str = "workforce.approve_time";
/// Handing time sheets to payroll.
const EXPORT: &str = "workforce.export_time";

/// The payload of verbs on a time.
const SEGMENT: &[Part] = &[Part::Row(
    "workTimeSegment",
    "WorkTimeSegment",
    "The time as it now is.",
)];
/// The payload of verbs on a time sheet.
const SHEET: &[Part] = &[Part::Row(
    "timesheet",
    "Timesheet",
    "The time sheet as it now is.",
)];

/// Whose a time sheet is; of others than the caller, only of people within reach.
async fn sheet_of(
    act: &Act<'_>,
    sheet: &store::Sheet,
    permission: &str,
    or_own: bool,
) -> Result<Person, Failure> {
    let who = person(act.scope, sheet.staff_id)
        .await?
        .ok_or_else(no_person)?;
    let principal = act.principal()?;
    if (or_own && who.is(principal)) || who.is_reached(principal, permission) {
        return Ok(who);
    }
    Err(no_sheet())
}

// A manager approves the hours of whom they lead, or whoever decides for that manager today.
const MANAGER: &str = "select m.member_id from workforce.staff s \
    join workforce.staff m on m.biz_id = s.biz_id and m.id = s.manager_id and m.deleted_at is null \
    where s.biz_id = $1 and s.id = $2 and m.member_id is not null";

/// Lets in whoever may decide on a time sheet: by the permission where the person works, as their
/// manager, or in the stead of that manager, as with leave.
async fn admit_decider(act: &Act<'_>, sheet: &store::Sheet) -> Result<(), Failure> {
    let (scope, principal) = (act.scope, act.principal()?);
    let who = person(scope, sheet.staff_id).await?.ok_or_else(no_person)?;
    if who.is_reached(principal, APPROVE) {
        return Ok(());
    }
    let values = [scope.biz_id().into(), who.id.into()];
    let manager = scope.query_opt(MANAGER, &values).await?;
    if let (Some(row), Some(member)) = (manager, principal.member_id()) {
        let manager = row.try_get(0).map_err(Failure::internal)?;
        let today = who.day(scope.now());
        if deciders(scope, manager, today).await?.contains(&member) {
            return Ok(());
        }
    }
    if principal.may(APPROVE) {
        return Err(no_sheet());
    }
    Err(Failure::forbidden(APPROVE))
}

fn no_sheet() -> Failure {
    Failure::new(Code::NotFound, "There is no such time sheet.")
}

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<clock_in::ClockIn>(),
        declare::<clock_out::ClockOut>(),
        declare::<break_start::BreakStart>(),
        declare::<break_end::BreakEnd>(),
        declare::<record::TimeRecord>(),
        declare::<correct::TimeCorrect>(),
        declare::<sheet_open::TimesheetOpen>(),
        declare::<sheet_submit::TimesheetSubmit>(),
        declare::<sheet_submit::TimesheetReopen>(),
        declare::<sheet_decide::TimesheetApprove>(),
        declare::<sheet_decide::TimesheetReject>(),
        declare::<sheet_adjust::TimesheetAdjust>(),
        declare::<sheet_export::TimesheetExport>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![
        question::<report::TimesheetDays>(),
        question::<inbox::MyTimesheetInbox>(),
        question::<report::OvertimeReport>(),
        question::<outlook::OvertimeOutlook>(),
    ]
}

/// The boards.
pub fn boards() -> Vec<BoardDeclaration> {
    vec![board::<boards::ClockedIn>()]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    jobs::jobs()
}

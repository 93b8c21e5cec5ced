//! `timesheetApprove` and `timesheetReject`.

use async_graphql::{Enum, InputObject};
use entities::workforce::timesheet;

use super::store::{lock_sheet, reckon};
use super::{SHEET, admit_decider};
use crate::workforce::staff::SELF;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Approves a time sheet with all its times: from then on nothing in it changes. Managers approve those
/// of whom they lead; who is away is decided for as with leave, and by whoever holds
/// `workforce.approve_time`. Nobody approves their own.
#[derive(InputObject)]
pub struct TimesheetApproveInput {
    /// The time sheet.
    pub id: Id<timesheet::Entity>,
    /// Whether flagged times were looked at, and are right.
    pub accept_flagged: Option<bool>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it cannot be approved.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TimesheetApproveErrorCode")]
pub enum TimesheetApproveProblem {
    /// It is not submitted.
    WrongStatus,
    /// Nobody approves their own hours.
    OwnTimesheet,
    /// A time is flagged: look at it first.
    FlaggedTime,
    /// A time of its days has not ended.
    StillClockedIn,
}

/// The verb.
pub struct TimesheetApprove;

const LOOKED_AT: &str = "select count(*) filter (where ends_at is null), count(*) filter (where is_flagged) \
    from workforce.work_time_segments \
    where biz_id = $1 and staff_id = $2 and business_date >= $3 and business_date < $4 and superseded_at is null";

const APPROVE_TIMES: &str = "update workforce.work_time_segments \
    set approved_by_id = coalesce(approved_by_id, $5), approved_at = coalesce(approved_at, $6), is_flagged = false \
    where biz_id = $1 and staff_id = $2 and business_date >= $3 and business_date < $4 and superseded_at is null";

const APPROVE_SHEET: &str = "update workforce.timesheets set status = 'approved', approved_by_id = $3, approved_at = $4 \
    where biz_id = $1 and id = $2";

impl Verb for TimesheetApprove {
    type Input = TimesheetApproveInput;
    type Problem = TimesheetApproveProblem;

    const NAME: &'static str = "timesheetApprove";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.timesheet_approved");
    const PAYLOAD: &'static [Part] = SHEET;
    const CONSTRAINTS: &'static [(&'static str, TimesheetApproveProblem)] = &[
        (
            "timesheets_four_eyes_check",
            TimesheetApproveProblem::OwnTimesheet,
        ),
        (
            "work_time_segments_four_eyes_check",
            TimesheetApproveProblem::OwnTimesheet,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let sheet = lock_sheet(scope, input.id.uuid(), input.expected_version).await?;
        admit_decider(act, &sheet).await?;
        if sheet.status != "submitted" {
            let text = format!(
                "The time sheet is {}; only a submitted one is approved.",
                sheet.status
            );
            return Err(Fault::at(TimesheetApproveProblem::WrongStatus, "id", text));
        }
        let mut values: Vec<sea_orm::Value> = vec![
            scope.biz_id().into(),
            sheet.staff_id.into(),
            sheet.starts_on.into(),
            sheet.ends_on.into(),
        ];
        if let Some(row) = scope.query_opt(LOOKED_AT, &values).await? {
            let (going_on, flagged): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            if going_on > 0 {
                let text = "A time of these days has not ended.";
                return Err(Fault::at(
                    TimesheetApproveProblem::StillClockedIn,
                    "id",
                    text,
                ));
            }
            if flagged > 0 && !input.accept_flagged.unwrap_or_default() {
                let text = format!("{flagged} of the times are flagged: look at them first.");
                return Err(Fault::at(
                    TimesheetApproveProblem::FlaggedTime,
                    "acceptFlagged",
                    text,
                ));
            }
        }
        reckon(scope, &sheet).await?;
        values.extend([scope.user_id().into(), scope.now().into()]);
        scope.execute(APPROVE_TIMES, &values).await?;
        let values = [
            scope.biz_id().into(),
            sheet.id.into(),
            scope.user_id().into(),
            scope.now().into(),
        ];
        scope.execute(APPROVE_SHEET, &values).await?;
        let outcome = Outcome::row("timesheet", sheet.id);
        Ok(outcome.detail("staff_id", sheet.staff_id.to_string()))
    }
}

/// Rejects a time sheet that was submitted, or takes back an approval before it is exported: the
/// person reopens it and puts it right. Whoever may approve it may reject it.
#[derive(InputObject)]
pub struct TimesheetRejectInput {
    /// The time sheet.
    pub id: Id<timesheet::Entity>,
    /// What is wrong with it.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why it cannot be rejected.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TimesheetRejectErrorCode")]
pub enum TimesheetRejectProblem {
    /// It is open, rejected or exported already.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct TimesheetReject;

const REJECT: &str = "update workforce.timesheets set status = 'rejected', approved_by_id = null, approved_at = null \
    where biz_id = $1 and id = $2";

impl Verb for TimesheetReject {
    type Input = TimesheetRejectInput;
    type Problem = TimesheetRejectProblem;

    const NAME: &'static str = "timesheetReject";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.timesheet_rejected");
    const PAYLOAD: &'static [Part] = SHEET;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let sheet = lock_sheet(scope, input.id.uuid(), input.expected_version).await?;
        admit_decider(act, &sheet).await?;
        if !matches!(sheet.status.as_str(), "submitted" | "approved") {
            let text = format!("The time sheet is {}.", sheet.status);
            return Err(Fault::at(TimesheetRejectProblem::WrongStatus, "id", text));
        }
        let reason = Fault::unless_said(TimesheetRejectProblem::ReasonRequired, &input.reason)?;
        scope.set_reason(reason).await?;
        scope
            .execute(REJECT, &[scope.biz_id().into(), sheet.id.into()])
            .await?;
        Ok(Outcome::row("timesheet", sheet.id))
    }
}

//! `timesheetExport`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType, SimpleObject};
use entities::workforce::{staff, timesheet};
use serde::Serialize;
use uuid::Uuid;

use super::{EXPORT, store::lock_sheet};
use crate::workforce::staff::people;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::item::MOST_ITEMS;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Hands approved time sheets to payroll: all of them or none, 500 at most. A second run with them
/// is refused, so that nobody is paid twice.
#[derive(InputObject)]
pub struct TimesheetExportInput {
    /// The time sheets, 500 at most.
    pub ids: Vec<Id<timesheet::Entity>>,
    /// The payroll run they go into.
    pub export_ref: String,
}

/// What payroll takes from a time sheet.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TimesheetExportLine {
    /// The time sheet.
    pub timesheet_id: Id<timesheet::Entity>,
    /// Whose.
    pub staff_id: Id<staff::Entity>,
    /// Their personnel number.
    pub number: String,
    /// Their number in the payroll program.
    pub payroll_ref: Option<String>,
    /// First business day.
    pub starts_on: Day,
    /// First business day that is no longer in it.
    pub ends_on: Day,
    /// Minutes of work, travel and training, overtime included.
    pub paid_minutes: i32,
    /// Those of them that are paid as overtime.
    pub overtime_minutes: i32,
    /// Minutes of paid leave.
    pub leave_minutes: i32,
    /// Minutes added, or taken off if negative.
    pub adjustment_minutes: i32,
}

/// Why nothing was exported.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TimesheetExportErrorCode")]
pub enum TimesheetExportProblem {
    /// One of them is not approved, or was exported already.
    WrongStatus,
    /// The payroll run must be named.
    RefRequired,
}

/// The verb.
pub struct TimesheetExport;

const EXPORT_SHEETS: &str = "update workforce.timesheets t set status = 'exported', exported_at = $3, export_ref = $4 \
    from workforce.staff s \
    where t.biz_id = $1 and t.id = any ($2::uuid[]) and s.biz_id = t.biz_id and s.id = t.staff_id \
    returning t.id, t.staff_id, s.number, s.payroll_ref, t.starts_on, t.ends_on, \
      t.worked_minutes + t.travel_minutes + t.training_minutes, t.overtime_minutes, t.leave_minutes, t.adjustment_minutes";

impl Verb for TimesheetExport {
    type Input = TimesheetExportInput;
    type Problem = TimesheetExportProblem;

    const NAME: &'static str = "timesheetExport";
    const PERMISSION: Permission = Permission::Holds(EXPORT);
    const EVENT: Option<&'static str> = Some("workforce.timesheets_exported");
    const PAYLOAD: &'static [Part] = &[
        Part::Rows(
            "timesheets",
            "Timesheet",
            "The time sheets as they now are.",
        ),
        Part::Value(
            "lines",
            "[TimesheetExportLine!]",
            "What payroll takes from them.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, TimesheetExportProblem)] = &[(
        "timesheets_export_ref_check",
        TimesheetExportProblem::RefRequired,
    )];

    fn types(registry: &mut Registry) {
        TimesheetExportLine::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let mut ids: Vec<Uuid> = input.ids.iter().map(Id::uuid).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() || ids.len() > MOST_ITEMS {
            let text = format!(
                "ids must have 1 to {MOST_ITEMS} entries; these are {}.",
                ids.len()
            );
            return Err(Failure::input(text).into());
        }
        lock(act, &ids).await?;
        let values = [
            scope.biz_id().into(),
            ids.clone().into(),
            scope.now().into(),
            input.export_ref.trim().into(),
        ];
        let mut lines = Vec::new();
        for row in scope.query(EXPORT_SHEETS, &values).await? {
            lines.push(TimesheetExportLine {
                timesheet_id: Id::new(row.try_get(0)?),
                staff_id: Id::new(row.try_get(1)?),
                number: row.try_get(2)?,
                payroll_ref: row.try_get(3)?,
                starts_on: Day(row.try_get(4)?),
                ends_on: Day(row.try_get(5)?),
                paid_minutes: row.try_get(6)?,
                overtime_minutes: row.try_get(7)?,
                leave_minutes: row.try_get(8)?,
                adjustment_minutes: row.try_get(9)?,
            });
        }
        lines.sort_by(|one, other| one.number.cmp(&other.number));
        let mut outcome = Outcome::default();
        for id in &ids {
            outcome = outcome.and_row("timesheets", *id);
        }
        outcome.subject = ids.first().map(|id| ("Timesheet", *id));
        let lines = serde_json::to_value(&lines).map_err(Failure::internal)?;
        Ok(outcome
            .and_value("lines", lines)
            .detail("export_ref", input.export_ref.trim()))
    }
}

/// Locks time sheets that are approved, of people in reach.
async fn lock(act: &Act<'_>, ids: &[Uuid]) -> Result<(), Fault<TimesheetExportProblem>> {
    let mut whose = Vec::with_capacity(ids.len());
    for id in ids {
        let sheet = lock_sheet(act.scope, *id, None).await?;
        if sheet.status != "approved" {
            let text = format!(
                "A time sheet is {}; only approved ones are exported.",
                sheet.status
            );
            return Err(Fault::at(TimesheetExportProblem::WrongStatus, "ids", text));
        }
        whose.push(sheet.staff_id);
    }
    for person in people(act.scope, whose).await? {
        if !person.is_reached(act.principal()?, EXPORT) {
            return Err(Fault::not_found("time sheet"));
        }
    }
    Ok(())
}

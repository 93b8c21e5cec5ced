//! The service desk and what it promises: requests of guests, faults and their repair, incidents and
//! what follows from them, checklists, and the clocks of service levels.

mod action;
mod boards;
mod checklist;
mod choices;
mod guest;
mod incident;
mod locked;
mod maintenance;
mod request;
pub mod sla;
pub mod verify;
mod work_order;

use std::time::Duration;

use foundation::graph::board::{BoardDeclaration, board};
use foundation::graph::question::{Asking, question};
use foundation::graph::verb::Declaration;
use foundation::worker::Job;

/// Reads all of it.
pub const READ: &str = "operations.read";
/// Asks for guests, and speaks with them.
pub const REQUEST: &str = "operations.request";
/// Sees to requests.
pub const HANDLE: &str = "operations.handle";
/// Says that a promise does not count.
pub const WAIVE: &str = "operations.waive";
/// Makes broken promises good; its limit is the most that is given at a time.
pub const COMPENSATE: &str = "operations.compensate";
/// Tells of faults.
pub const REPORT_FAULT: &str = "operations.report_fault";
/// Looks at faults, and orders, plans and does the work.
pub const MAINTAIN: &str = "operations.maintain";
/// Tells of incidents, and does what follows.
pub const REPORT_INCIDENT: &str = "operations.report_incident";
/// Looks into incidents, says what follows, and whether it was done.
pub const INVESTIGATE: &str = "operations.investigate";
/// Goes through checklists.
pub const CHECK: &str = "operations.check";

/// How often clocks are looked at.
const CLOCKS: Duration = Duration::from_secs(5);
/// How often what has waited for days is looked at.
const HOURLY: Duration = Duration::from_hours(1);

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    let mut all = request::declarations();
    all.extend(guest::declarations());
    all.extend(sla::declarations());
    all.extend(maintenance::declarations());
    all.extend(work_order::declarations());
    all.extend(incident::declarations());
    all.extend(action::declarations());
    all.extend(checklist::declarations());
    all
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    let mut all = guest::questions();
    all.push(question::<sla::report::AskOperationsReport>());
    all
}

/// The boards.
pub fn boards() -> Vec<BoardDeclaration> {
    vec![
        board::<boards::RequestBoard>(),
        board::<boards::SlaAtRisk>(),
        board::<boards::MaintenanceBoard>(),
        board::<boards::IncidentBoard>(),
    ]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("sla_evaluate", CLOCKS, sla::jobs::evaluate),
        Job::new("service_request_close", HOURLY, request::jobs::close_done),
        Job::new("maintenance_plan", HOURLY, work_order::plan::run_all),
    ]
}

//! Faults: that something is broken or worn, from the report to the repair.

pub mod close;
pub mod duplicate;
pub mod order;
pub mod reject;
pub mod report;
pub mod resolve;
pub mod return_to_triage;
pub mod triage;

use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<report::MaintenanceReport>(),
        declare::<triage::MaintenanceTriage>(),
        declare::<order::MaintenanceOrder>(),
        declare::<reject::MaintenanceReject>(),
        declare::<duplicate::MaintenanceMarkDuplicate>(),
        declare::<resolve::MaintenanceResolve>(),
        declare::<close::MaintenanceClose>(),
        declare::<return_to_triage::MaintenanceReturn>(),
    ]
}

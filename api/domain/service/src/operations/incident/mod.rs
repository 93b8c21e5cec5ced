//! Incidents: something bad that happened, or nearly did, and what is known of it.

pub mod amend;
pub mod close;
pub mod conclude;
pub mod hand_in;
pub mod investigate;
pub mod look_again;
pub mod notify;
pub mod report;
pub mod revise;

use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<report::IncidentReportCreate>(),
        declare::<revise::IncidentRevise>(),
        declare::<hand_in::IncidentHandIn>(),
        declare::<investigate::IncidentInvestigate>(),
        declare::<conclude::IncidentConclude>(),
        declare::<look_again::IncidentReinvestigate>(),
        declare::<notify::IncidentNotifyRegulator>(),
        declare::<close::IncidentClose>(),
        declare::<amend::IncidentAmend>(),
    ]
}

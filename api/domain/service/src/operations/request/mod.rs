//! Requests of guests and customers, from asking to closing.

pub mod acknowledge;
pub mod assign;
pub mod cancel;
pub mod close;
pub mod comment;
pub mod convert;
pub mod create;
pub mod escalate;
pub mod jobs;
pub mod rate;
pub mod reopen;
pub mod resolve;
pub mod start;
pub mod wait;

use foundation::graph::verb::{Declaration, declare};

/// The statuses in which something has still to be done.
pub const OPEN: [&str; 5] = [
    "new",
    "acknowledged",
    "in_progress",
    "waiting_customer",
    "reopened",
];

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<create::ServiceRequestCreate>(),
        declare::<acknowledge::ServiceRequestAcknowledge>(),
        declare::<assign::ServiceRequestAssign>(),
        declare::<escalate::ServiceRequestEscalate>(),
        declare::<start::ServiceRequestStart>(),
        declare::<wait::ServiceRequestWait>(),
        declare::<resolve::ServiceRequestResolve>(),
        declare::<close::ServiceRequestClose>(),
        declare::<reopen::ServiceRequestReopen>(),
        declare::<cancel::ServiceRequestCancel>(),
        declare::<comment::ServiceRequestComment>(),
        declare::<rate::ServiceRequestRate>(),
        declare::<convert::ServiceRequestConvert>(),
    ]
}

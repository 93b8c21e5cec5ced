//! Corrective actions: what has to follow from an incident, done by one and verified by another.

pub mod add;
pub mod cancel;
pub mod finish;
pub mod reject;
pub mod start;
pub mod verify;

use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<add::CorrectiveActionAdd>(),
        declare::<start::CorrectiveActionStart>(),
        declare::<finish::CorrectiveActionFinish>(),
        declare::<verify::CorrectiveActionVerify>(),
        declare::<reject::CorrectiveActionReject>(),
        declare::<cancel::CorrectiveActionCancel>(),
    ]
}

//! Promises: clocks that run while somebody waits, by the open minutes of a calendar.
//!
//! A clock starts with its subject and follows it from status to status ([`clocks::follow`]); the
//! clock work warns, and notes breaches. What a breach costs is given once, and never more than its
//! policy allows.
//!
//! Locks are taken in this order: subject, its clocks, wallets and payments.

mod amends;
pub mod clocks;
pub mod compensate;
mod hours;
pub mod jobs;
mod owed;
pub mod report;
mod reverse;
pub mod rules;
mod take_back;
pub mod waive;

use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<waive::SlaClockWaive>(),
        declare::<compensate::SlaBreachCompensate>(),
        declare::<reverse::SlaCompensationReverse>(),
    ]
}

//! Time and what is taken of it: local days and hours as instants, and claims on pools, slots and
//! resources. The counters of slots are moved by the functions of `07_availability*.sql` alone.

pub mod calendar;
pub mod capacity;
pub mod claims;
pub mod hold;
pub mod rules;
pub mod search;
pub mod store;
pub mod verify;
pub mod waitlist;

use foundation::graph::question::Asking;
use foundation::graph::verb::Declaration;
use foundation::worker::Job;

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    let mut verbs = hold::declarations();
    verbs.extend(waitlist::declarations());
    verbs.extend(capacity::declarations());
    verbs
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    capacity::questions()
}

/// Its clock work.
pub fn jobs() -> Vec<Job> {
    waitlist::jobs::jobs()
}

//! Training: modules, enrolments, attempts, and what lapses.

mod attempt;
mod compliance;
mod enroll;
mod jobs;
pub mod rules;
mod start;
mod store;

use crate::graph::board::BoardDeclaration;
use crate::graph::question::{Asking, question};
use crate::graph::verb::{Declaration, Part, declare};
use crate::worker::Job;

/// Enrolling and examining people.
const TRAIN: &str = "workforce.train";

/// The payload of verbs on an enrolment.
const ENROLLMENT: &[Part] = &[Part::Row(
    "trainingEnrollment",
    "TrainingEnrollment",
    "The enrolment as it now is.",
)];

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<enroll::TrainingEnroll>(),
        declare::<start::TrainingStart>(),
        declare::<start::TrainingCancel>(),
        declare::<attempt::TrainingAttemptRecord>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![question::<compliance::TrainingCompliance>()]
}

/// The boards.
pub fn boards() -> Vec<BoardDeclaration> {
    vec![]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    jobs::jobs()
}

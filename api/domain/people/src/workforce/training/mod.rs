//! Training: modules, enrolments, attempts, and what lapses.

mod attempt;
mod compliance;
mod enroll;
mod jobs;
pub mod rules;
mod start;
mod store;

use foundation::graph::board::BoardDeclaration;
use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, Part, declare};
use foundation::worker::Job;

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

//! People: leave, rosters, working time, substitution, training.

mod delegation;
pub mod hours;
pub mod leave;
mod pay;
pub mod roster;
pub mod staff;
pub mod substitution;
mod today;
pub mod training;

use foundation::graph::board::BoardDeclaration;
use foundation::graph::question::Asking;
use foundation::graph::verb::Declaration;
use foundation::worker::Job;

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    [
        leave::declarations(),
        roster::declarations(),
        hours::declarations(),
        substitution::declarations(),
        training::declarations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    [
        leave::questions(),
        roster::questions(),
        hours::questions(),
        substitution::questions(),
        training::questions(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The boards.
pub fn boards() -> Vec<BoardDeclaration> {
    [
        leave::boards(),
        roster::boards(),
        hours::boards(),
        substitution::boards(),
        training::boards(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    [
        leave::jobs(),
        roster::jobs(),
        hours::jobs(),
        substitution::jobs(),
        training::jobs(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

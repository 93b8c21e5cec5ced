//! Working time: clocking in and out, time sheets, overtime.

use crate::graph::board::BoardDeclaration;
use crate::graph::question::Asking;
use crate::graph::verb::Declaration;
use crate::worker::Job;

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![]
}

/// The boards.
pub fn boards() -> Vec<BoardDeclaration> {
    vec![]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    vec![]
}

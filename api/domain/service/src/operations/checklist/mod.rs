//! Checklists as they are gone through.

pub mod abandon;
pub mod answer;
pub mod answers;
pub mod complete;
pub mod start;

use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<start::ChecklistStart>(),
        declare::<answer::ChecklistAnswer>(),
        declare::<complete::ChecklistComplete>(),
        declare::<abandon::ChecklistAbandon>(),
    ]
}

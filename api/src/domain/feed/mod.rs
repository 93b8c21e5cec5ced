//! The event feed as callers read it.

mod changes;
mod entity_type;

use crate::graph::question::{Asking, question};

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![question::<changes::Changes>()]
}

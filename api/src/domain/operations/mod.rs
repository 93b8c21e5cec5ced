//! The service desk and its promises: for now what is watched of them.

mod boards;

use crate::graph::board::{BoardDeclaration, board};

/// The boards.
pub fn boards() -> Vec<BoardDeclaration> {
    vec![
        board::<boards::RequestBoard>(),
        board::<boards::SlaAtRisk>(),
    ]
}

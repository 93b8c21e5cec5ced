//! Bizing: the back office of businesses that sell time, places, things and people's work.

pub mod codegen;
pub mod database;
pub mod graph;
pub mod identity;
pub mod money;

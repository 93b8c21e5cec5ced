//! What every context stands on. It knows no context and no transport.

pub mod config;
pub mod database;
pub mod feed;
pub mod graph;
pub mod identity;
pub mod money;
pub mod worker;

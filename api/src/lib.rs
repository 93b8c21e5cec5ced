//! Bizing: the back office of businesses that sell time, places, things and people's work.

pub mod app;
pub mod cli;
pub mod codegen;
pub mod demo;
pub mod domain;
pub mod http;
pub mod import;
pub mod reference;
pub mod serve;
pub mod shutdown;
pub mod startup;
pub mod verify;

pub use foundation::{config, database, feed, graph, identity, money, worker};

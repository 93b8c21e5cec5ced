//! Bizing: the back office of businesses that sell time, places, things and people's work.

pub mod app;
pub mod cli;
pub mod codegen;
pub mod config;
pub mod database;
pub mod demo;
pub mod domain;
pub mod feed;
pub mod graph;
pub mod http;
pub mod identity;
pub mod import;
pub mod money;
pub mod reference;
pub mod serve;
pub mod shutdown;
pub mod startup;
pub mod verify;
pub mod worker;

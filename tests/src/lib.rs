//! The harness of the integration tests.
//!
//! | module | what it gives a test |
//! | --- | --- |
//! | [`world`] | a program of its own: database, clock, server; what a test starts with |
//! | [`actor`] | typed callers: anonymous, owner, staff, another tenant, an API key |
//! | [`client`] | GraphQL over HTTP, and answers that say what was wrong with them |
//! | [`hotel`] | a tenant with something to sell: a hotel in Lisbon, and stays in it |
//! | [`mail_server`] | a mail server that keeps what it took, and goes wrong when told |
//! | [`golden`] | files that say what something must be |
//! | [`replay`] | verbs that are sent twice |
//! | [`orders`] | order rows written past the verbs, for tests that only read |
//! | [`socket`] | subscriptions over `graphql-transport-ws` |
//! | [`schema`] | the graph as introspection tells it, for tests over every field |
//! | [`database`] | a database per test, cloned from a migrated template |
//! | [`cluster`] | the one `PostgreSQL` behind all of them |
//! | [`clock`] | the machine's clock, moved by as much as a test wants |
//!
//! Nothing needs to be started by hand: the first test that asks for a database starts the
//! `PostgreSQL` of the run, in memory where there is room; it stops with the test program.

pub mod actor;
pub mod client;
pub mod clock;
pub mod cluster;
pub mod database;
pub mod golden;
pub mod hotel;
pub mod mail_server;
pub mod orders;
pub mod replay;
pub mod schema;
pub mod socket;
mod template;
pub mod world;

pub use actor::Actor;
pub use client::{Answer, Client};
pub use database::TestDatabase;
pub use hotel::Hotel;
pub use mail_server::MailServer;
pub use socket::{Seen, Socket};
pub use world::World;

use std::path::{Path, PathBuf};

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

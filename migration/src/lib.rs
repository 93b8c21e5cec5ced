//! The truth about Bizing's data: the files in `sql/`, and the runner that applies them.
//!
//! `sea-orm-migration` keeps the record of what was applied (table `seaql_migrations`) and opens a
//! transaction for each file; [`proxy`] carries its statements over `tokio-postgres`, the program's
//! only driver. What it does not do stands here: one program at a time, the question whether
//! database and program fit each other, and errors that name a file and a line.

mod files;
mod proxy;
mod state;

use std::sync::Arc;

use sea_orm::{Database, DbBackend};
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use tokio_postgres::{Client, error::SqlState};

pub use files::{FILES, File};
use proxy::{Failure, Proxy};
use state::State;

/// What every program that migrates locks first.
const LOCK: i64 = i64::from_be_bytes(*b"\0\0bizing");

/// The files as `sea-orm-migration` sees them.
#[derive(Clone, Copy, Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        FILES
            .iter()
            .map(|file| Box::new(*file) as Box<dyn MigrationTrait>)
            .collect()
    }
}

/// Why a database cannot be migrated, each in one sentence.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A later program has migrated this database.
    #[error(
        "the database is newer than this program: it has the migrations {} that this program does not know; run the newer program",
        .0.join(", ")
    )]
    Newer(Vec<String>),
    /// Record and schemas contradict each other.
    #[error(
        "the database is half-migrated: {0}; restore it whole from a backup, or drop and create it again"
    )]
    Half(String),
    /// The role may not change the schema.
    #[error(
        "the database lacks {} migrations and its role may not apply them ({message}): run `bizing migrate` as the database's owner",
        pending.len()
    )]
    NotAllowed {
        /// The files that wait.
        pending: Vec<&'static str>,
        /// What the role may not do.
        message: String,
    },
    /// A file has an error; nothing of that file was kept.
    #[error("{file}.sql could not be applied: {message}")]
    Failed {
        /// The file's stem.
        file: &'static str,
        /// What PostgreSQL said, with the line.
        message: String,
    },
    /// The database went away, or refused the question.
    #[error("the database could not be asked for its migrations: {0}")]
    Database(String),
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(Failure::new(&error, "").to_string())
    }
}

/// The files that this database still lacks, in order. Changes nothing.
pub async fn pending(client: &Client) -> Result<Vec<&'static str>, Error> {
    State::read(client).await?.pending()
}

/// Applies what is pending, each file in a transaction of its own, and says which those were.
///
/// `guard` is a second connection to the same database. While files are applied it holds a lock
/// in an open transaction, so that of two programs that start at once the second waits and then
/// finds nothing to do. (A lock of the session would do with one connection, but would stay behind
/// in a pooler that lends connections by the transaction.)
pub async fn up(client: Client, guard: &mut Client) -> Result<Vec<&'static str>, Error> {
    if pending(&client).await?.is_empty() {
        return Ok(Vec::new());
    }
    let guard = guard.transaction().await?;
    guard
        .batch_execute(
            "set local idle_in_transaction_session_timeout = 0;
             set local statement_timeout = 0;
             set local lock_timeout = 0",
        )
        .await?;
    guard
        .execute("select pg_advisory_xact_lock($1)", &[&LOCK])
        .await?;
    let pending = pending(&client).await?;
    if !pending.is_empty() {
        apply(client, &pending).await?;
    }
    guard.commit().await?;
    Ok(pending)
}

async fn apply(client: Client, pending: &[&'static str]) -> Result<(), Error> {
    let proxy = Proxy::new(client);
    let connection =
        Database::connect_proxy(DbBackend::Postgres, Arc::new(Box::new(proxy.clone())))
            .await
            .map_err(|error| Error::Database(error.to_string()))?;
    let outcome = Migrator::up(&connection, None).await;
    // The trait that carries a COMMIT has no room for its failure, so the proxy remembers it.
    let failure = match (outcome, proxy.failure()) {
        (Ok(()), None) => return Ok(proxy.open_record().await?),
        (_, Some(failure)) => failure,
        (Err(error), None) => return Err(Error::Database(error.to_string())),
    };
    if failure.code == Some(SqlState::INSUFFICIENT_PRIVILEGE) {
        return Err(Error::NotAllowed {
            pending: pending.to_vec(),
            message: failure.message,
        });
    }
    match proxy.state_after_failure().await?.pending()?.first() {
        Some(file) => Err(Error::Failed {
            file,
            message: failure.to_string(),
        }),
        None => Err(Error::Database(failure.to_string())),
    }
}

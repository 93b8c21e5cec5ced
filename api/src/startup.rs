//! From settings to a migrated database: what every command does first.

use std::sync::Arc;

use anyhow::Context as _;

use crate::{
    config::Settings,
    database::{
        Database, SystemClock,
        connect::{ServerUse, Target},
        embedded::Embedded,
    },
};

/// Whose an embedded server may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// This process starts it, and no other may be using its home.
    Alone,
    /// One that another process of this home has started will do.
    Guest,
}

/// A server that answers, and the embedded one behind it, if it is that.
#[derive(Debug)]
pub struct Server {
    /// How to reach it.
    pub target: Target,
    /// Stops the server when dropped.
    pub embedded: Option<Embedded>,
}

/// A migrated database.
#[derive(Debug)]
pub struct Opened {
    /// The database.
    pub database: Database,
    /// Its server, where it is ours; stop it last.
    pub embedded: Option<Embedded>,
}

/// Reaches the configured server, or starts the embedded one.
pub async fn reach(settings: &Settings, sharing: Sharing) -> anyhow::Result<Server> {
    let (target, embedded) = if let Some(url) = &settings.database_url {
        (Target::parse("DATABASE_URL", url)?, None)
    } else {
        let embedded = match sharing {
            Sharing::Alone => Embedded::start(&settings.home).await?,
            Sharing::Guest => Embedded::join_or_start(&settings.home).await?,
        };
        (Target::local(embedded.config())?, Some(embedded))
    };
    let client = target.connect().await?;
    target.check_server(&client, ServerUse::Write).await?;
    Ok(Server { target, embedded })
}

/// Applies what the database lacks, and says which files those were.
pub async fn migrate(target: &Target) -> anyhow::Result<Vec<&'static str>> {
    let (client, mut guard) = (target.connect().await?, target.connect().await?);
    // A file that a crash of the machine takes back is not in the record either, and comes again.
    client.batch_execute("set synchronous_commit = off").await?;
    let applied = migration::up(client, &mut guard).await?;
    if !applied.is_empty() {
        tracing::info!(files = applied.len(), "migrated the database");
    }
    Ok(applied)
}

/// Reaches the server, migrates the database, and opens the pools.
pub async fn open(settings: &Settings, sharing: Sharing) -> anyhow::Result<Opened> {
    let server = reach(settings, sharing).await?;
    migrate(&server.target).await?;
    let size = usize::from(settings.pool_size);
    let pool = server.target.pool(size)?;
    let read_pool = match &settings.database_read_url {
        None => None,
        Some(url) => {
            let replica = Target::parse("DATABASE_READ_URL", url)?;
            let client = replica.connect().await?;
            replica.check_server(&client, ServerUse::Read).await?;
            let pending = migration::pending(&client)
                .await
                .context("DATABASE_READ_URL")?;
            anyhow::ensure!(
                pending.is_empty(),
                "DATABASE_READ_URL is no replica of DATABASE_URL, or lags behind it: it lacks {} migrations",
                pending.len()
            );
            Some(replica.pool(size)?)
        }
    };
    let database = Database::new(pool, read_pool, Arc::new(SystemClock));
    Ok(Opened {
        database,
        embedded: server.embedded,
    })
}

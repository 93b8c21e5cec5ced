//! A PostgreSQL of our own, for a machine where nothing is configured.
//!
//! The server's programs are found on the machine (or downloaded), its cluster lies under
//! `BIZING_HOME`, and it listens on a unix socket that only its owner can reach. It stops with the
//! program, however the program ends: a small shell between the two holds a pipe, and when the pipe
//! closes it asks the server to shut down. What a `kill -9` of everything leaves behind is cleared
//! at the next start.
//!
//! | module | what it knows |
//! | --- | --- |
//! | `account` | as which user the server runs: PostgreSQL refuses root |
//! | `place` | where cluster and socket lie, and who may use them now |
//! | `binaries` | where the server's programs are |
//! | `cluster` | how a cluster is made, and with which settings it runs |
//! | `server` | starting, waiting, stopping, and what an earlier start left behind |

mod account;
mod binaries;
mod cluster;
mod place;
mod server;

use std::{path::Path, time::Instant};

use anyhow::{Context as _, bail};
use tokio_postgres::Config;

use account::Account;
use binaries::Binaries;
use place::{Lock, Place};
use server::Server;

/// The oldest PostgreSQL that the migrations run on.
const OLDEST: u32 = 15;
/// The PostgreSQL that is downloaded where none is installed.
const DOWNLOADED: u32 = 17;
/// The database in the cluster, and the role that owns it.
const NAME: &str = "bizing";

/// A running PostgreSQL under `BIZING_HOME`: ours to stop, or that of another process of the same
/// home, which we are a guest of.
pub struct Embedded {
    config: Config,
    version: String,
    server: Option<Server>,
    /// Held as long as the server is ours, and released after it has stopped.
    _lock: Option<Lock>,
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded")
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl Embedded {
    /// Starts the server of this home, making its cluster if there is none. Fails if another
    /// process has started it already.
    pub async fn start(home: &Path) -> anyhow::Result<Self> {
        let home = place::home(home).await?;
        let Some(lock) = Lock::take(&home)? else {
            bail!(
                "another bizing{} runs on BIZING_HOME {}: stop it, or set BIZING_HOME to another directory",
                Lock::holder(&home),
                home.display()
            );
        };
        Self::start_locked(&home, lock).await
    }

    /// The same, but where another process has started the server, uses that one: for commands
    /// that are given while `bizing serve` runs.
    pub async fn join_or_start(home: &Path) -> anyhow::Result<Self> {
        let home = place::home(home).await?;
        if let Some(lock) = Lock::take(&home)? {
            return Self::start_locked(&home, lock).await;
        }
        let place = Place::existing(&home)?;
        let config = server::join(&place).await.with_context(|| {
            let holder = Lock::holder(&home);
            format!(
                "the PostgreSQL of another bizing{holder} on {} cannot be used",
                home.display()
            )
        })?;
        tracing::debug!(home = %home.display(), "using the PostgreSQL that another bizing started");
        Ok(Self {
            config,
            version: String::new(),
            server: None,
            _lock: None,
        })
    }

    async fn start_locked(home: &Path, lock: Lock) -> anyhow::Result<Self> {
        let began = Instant::now();
        let account = Account::choose(home).await?;
        let place = Place::prepare(home, &account).await?;
        server::clear(&place).await?;
        let binaries = Binaries::obtain(&account, &place).await?;
        let is_new = cluster::make(&account, &binaries, &place).await?;
        let server = Server::start(&account, &binaries, &place).await?;
        let config = server::config(&place.socket, server::PORT);
        cluster::make_database(&config).await?;
        tracing::info!(
            version = binaries.version,
            data = %place.data().display(),
            is_new,
            milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            "PostgreSQL is up"
        );
        Ok(Self {
            config,
            version: binaries.version,
            server: Some(server),
            _lock: Some(lock),
        })
    }

    /// How to connect to it.
    pub fn config(&self) -> Config {
        self.config.clone()
    }

    /// Returns when the server has ended without having been asked to; never for a guest.
    pub async fn ended(&self) -> String {
        match &self.server {
            Some(server) => server.ended().await,
            None => std::future::pending().await,
        }
    }

    /// Stops the server and waits until it has stopped. Dropping it stops it too, unwatched.
    pub async fn stop(self) {
        if let Some(server) = self.server {
            server.stop().await;
        }
    }
}

//! The `PostgreSQL` of a test run.
//!
//! It is the program's own embedded server, in a home of its own, in memory where there is room and
//! under `target/` else, where its data stays between runs. `TEST_DATABASE_URL` or `DATABASE_URL`
//! names another server, whose role must be allowed to make databases and roles.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use bizing::database::connect::Target;
use bizing::database::embedded::Embedded;
use sha2::{Digest as _, Sha256};
use tokio::runtime::{self, Handle};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_postgres::Client;

/// How many connections all tests together may hold: fewer than a server takes by default.
const CONNECTIONS: usize = 80;
/// Files in memory, on Linux.
const MEMORY: &str = "/dev/shm";
/// How many bytes must be free there: several times what the databases of a whole run have at once.
const ROOM: u64 = 8 << 30;

/// The server, and how to reach it.
pub struct Cluster {
    target: Target,
    runtime: Handle,
    connections: Arc<Semaphore>,
    is_ours: bool,
}

/// The server of this test program, started when it is first asked for.
pub async fn cluster() -> anyhow::Result<&'static Cluster> {
    static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();
    CLUSTER.get_or_try_init(start).await
}

impl Cluster {
    /// How to reach a database of the server.
    pub fn database(&self, name: &str) -> Target {
        self.target.with_database(name)
    }

    /// A connection as the owner of everything, for making and dropping databases.
    pub async fn connect(&self) -> anyhow::Result<Client> {
        self.target.connect().await
    }

    /// A runtime that outlives each test.
    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Whether the server is the tests' alone.
    pub fn is_ours(&self) -> bool {
        self.is_ours
    }

    /// The right to so many connections; waits while other tests hold too many.
    pub async fn reserve(&self, connections: u32) -> anyhow::Result<OwnedSemaphorePermit> {
        let all = Arc::clone(&self.connections);
        Ok(all.acquire_many_owned(connections).await?)
    }
}

/// Starts the server on a thread of its own, as every test has a runtime that ends with it.
async fn start() -> anyhow::Result<Cluster> {
    let (tell, told) = oneshot::channel();
    let work = move || {
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => {
                let _ = tell.send(Err(error.into()));
                return;
            }
        };
        runtime.block_on(async {
            // Held until the program ends: the server stops when this is dropped.
            let _embedded = match reach().await {
                Ok((target, embedded)) => {
                    let is_ours = embedded.is_some();
                    let _ = tell.send(Ok((target, Handle::current(), is_ours)));
                    embedded
                }
                Err(error) => {
                    let _ = tell.send(Err(error));
                    return;
                }
            };
            std::future::pending::<()>().await;
        });
    };
    std::thread::Builder::new()
        .name("postgres".to_owned())
        .spawn(work)?;
    let (target, runtime, is_ours) = told.await.context("PostgreSQL's thread ended")??;
    Ok(Cluster {
        target,
        runtime,
        connections: Arc::new(Semaphore::new(CONNECTIONS)),
        is_ours,
    })
}

async fn reach() -> anyhow::Result<(Target, Option<Embedded>)> {
    for setting in ["TEST_DATABASE_URL", "DATABASE_URL"] {
        if let Ok(url) = env::var(setting)
            && !url.trim().is_empty()
        {
            return Ok((Target::parse(setting, &url)?, None));
        }
    }
    let embedded = Embedded::join_or_start(&home()).await?;
    let target = Target::local(embedded.config())?;
    be_careless(&target.connect().await?).await?;
    Ok((target, Some(embedded)))
}

/// What the tests write is worth nothing after them: it need not outlive a crash of the machine.
async fn be_careless(client: &Client) -> anyhow::Result<()> {
    for setting in [
        "fsync = off",
        "synchronous_commit = off",
        "full_page_writes = off",
        "max_wal_size = '256MB'",
    ] {
        let sql = format!("alter system set {setting}");
        client.batch_execute(&sql).await?;
    }
    client.batch_execute("select pg_reload_conf()").await?;
    Ok(())
}

/// Where the server has its data. A database is more than 4,000 files: to make and to drop it takes
/// ten times as long on a disk as in memory, which is most of what a test takes.
fn home() -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    let target = program
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").exists())
        .map_or_else(|| crate::workspace().join("target"), PathBuf::from);
    let digest: [u8; 32] = Sha256::digest(target.as_os_str().as_encoded_bytes()).into();
    let number = digest.first_chunk().copied().map(u32::from_be_bytes);
    let name = format!("bizing-test-postgres-{:08x}", number.unwrap_or_default());
    let in_memory = Path::new(MEMORY).join(name);
    let free = rustix::fs::statvfs(MEMORY).map_or(0, |state| state.f_bavail * state.f_frsize);
    if in_memory.exists() || free >= ROOM {
        in_memory
    } else {
        target.join("test-postgres")
    }
}

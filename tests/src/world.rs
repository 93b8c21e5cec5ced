//! A program of a test's own: its database, its clock, its server.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use bizing::app::{App, Keys, Outside};
use bizing::config::SigningKey;
use bizing::database::Database;
use bizing::graph::session::Shared;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::clock::TestClock;
use crate::database::TestDatabase;

/// How many connections a server has where a test says nothing: many tests run side by side.
const POOL: u32 = 3;
/// How long a request may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program of a test's own.
pub struct World {
    /// Its database.
    pub database: Arc<TestDatabase>,
    /// What it takes for now.
    pub clock: TestClock,
    /// What the program's own code sees of the database.
    pub opened: Database,
    /// What the program shares: what clock work is given.
    pub shared: Arc<Shared>,
    anonymous: Client,
    server: JoinHandle<()>,
}

impl World {
    /// A program that has just been installed.
    pub async fn new() -> anyhow::Result<Self> {
        Self::with_pool(POOL).await
    }

    /// The same, with so many connections.
    pub async fn with_pool(size: u32) -> anyhow::Result<Self> {
        // Beside the pool, a test looks at the database with a connection or two of its own.
        let database = TestDatabase::migrated(size + 2).await?;
        Self::over(Arc::new(database), size, false).await
    }

    /// A program whose introspection is open to anyone, as beside an embedded database.
    pub async fn with_open_introspection() -> anyhow::Result<Self> {
        let database = TestDatabase::migrated(POOL + 2).await?;
        Self::over(Arc::new(database), POOL, true).await
    }

    /// Another server of the same database, as in another process: they share nothing else. The
    /// test's first server must have left it connections.
    pub async fn beside(&self, pool: u32) -> anyhow::Result<Self> {
        Self::over(Arc::clone(&self.database), pool, false).await
    }

    async fn over(
        database: Arc<TestDatabase>,
        pool: u32,
        open_introspection: bool,
    ) -> anyhow::Result<Self> {
        let clock = TestClock::default();
        let pool = database.target().pool(usize::try_from(pool)?)?;
        let opened = Database::new(pool, None, Arc::new(clock.clone()));
        let keys = Keys {
            signing: SigningKey::Secret(b"the tests sign their tokens with this".to_vec()),
            data: b"the tests seal personal data with this".to_vec(),
        };
        let app = App::new(
            opened.clone(),
            keys,
            &Outside::default(),
            open_introspection,
        )
        .await
        .context("the program does not start")?;
        let shared = Arc::clone(app.shared());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(serve(listener, app.router()));
        let http = http()?;
        Ok(Self {
            database,
            clock,
            opened,
            shared,
            anonymous: Client::anonymous(http, format!("http://{address}")),
            server,
        })
    }

    /// How many things of all tenants do not agree that must: counters and allocations, orders and
    /// lines, statuses and histories.
    pub async fn breaks(&self) -> anyhow::Result<usize> {
        bizing::verify::run(&self.opened).await
    }

    /// What does not agree, each in a sentence.
    pub async fn told_breaks(&self) -> anyhow::Result<Vec<String>> {
        bizing::verify::breaks(&self.opened).await
    }

    /// Does a piece of clock work now, and says how many things it did.
    pub async fn run_job(&self, name: &str) -> anyhow::Result<u64> {
        let jobs = bizing::domain::jobs();
        let job = jobs.iter().find(|job| job.name == name);
        Ok(job.context("no such job")?.run(&self.shared).await?)
    }

    /// A caller who has not said who they are.
    pub fn anonymous(&self) -> Client {
        self.anonymous.clone()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A client for plain HTTP.
fn http() -> anyhow::Result<reqwest::Client> {
    // Another crate has turned TLS on, without saying whose. Twice is once too often, and no harm.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .pool_max_idle_per_host(256)
        .build()?;
    Ok(client)
}

async fn serve(listener: TcpListener, router: Router) {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let _ = axum::serve(listener, service).await;
}

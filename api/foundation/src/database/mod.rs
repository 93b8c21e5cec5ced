//! PostgreSQL: pools, the embedded server, and [`Scope`], the tenant's transaction.
//!
//! Nothing outside this module touches a pool. A tenant's data is reached with a [`Principal`];
//! work that has none (sign-in, provisioning, clock work across tenants) goes through
//! [`Database::platform`], whose few callers ARCHITECTURE.md lists.

pub mod connect;
pub mod embedded;
mod error;
mod numbers;
mod pool;
mod scope;
mod statistics;
pub mod value;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use error::{Error, Violation};
pub use numbers::{Numbered, number};
pub use pool::Pool;
pub use scope::{Access, Identity, Scope};

use crate::identity::Principal;

/// The role whose policies show one tenant.
const APP_ROLE: &str = "bizing_app";
/// The role whose policies show all tenants.
const PLATFORM_ROLE: &str = "bizing_platform";

/// Where the program's "now" comes from; tests fix it.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A new identifier, ordered by time (UUIDv7).
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that makes identifiers"
)]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// The pools, and the clock.
#[derive(Clone)]
pub struct Database {
    pool: Pool,
    read_pool: Option<Pool>,
    clock: Arc<dyn Clock>,
    blocks: Arc<numbers::Blocks>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database")
            .field("pool", &self.pool.status())
            .finish_non_exhaustive()
    }
}

impl Database {
    /// A database behind these pools; reads that bear it go to `read_pool` if there is one.
    pub fn new(pool: Pool, read_pool: Option<Pool>, clock: Arc<dyn Clock>) -> Self {
        Self {
            pool,
            read_pool,
            clock,
            blocks: Arc::default(),
        }
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// One snapshot of what the principal's tenant holds.
    pub async fn read(&self, principal: &Principal) -> Result<Scope, Error> {
        let pool = self.read_pool.as_ref().unwrap_or(&self.pool);
        self.open(pool, Access::Read, Identity::of(principal, None))
            .await
    }

    /// The same, never of a replica: sees what was just committed.
    pub async fn read_after_write(&self, principal: &Principal) -> Result<Scope, Error> {
        self.open(&self.pool, Access::Read, Identity::of(principal, None))
            .await
    }

    /// A transaction of the principal's tenant, whose rows name the request.
    pub async fn write(&self, principal: &Principal, request_id: Uuid) -> Result<Scope, Error> {
        self.open(
            &self.pool,
            Access::Write,
            Identity::of(principal, Some(request_id)),
        )
        .await
    }

    /// A transaction that sees all tenants: only for work that has no principal.
    pub async fn platform(&self, request_id: Uuid) -> Result<Scope, Error> {
        self.platform_when_needed(request_id).connected().await
    }

    /// The same, but it takes a connection only with its first statement: for verbs that work long
    /// (on a password) before they ask the database anything.
    pub fn platform_when_needed(&self, request_id: Uuid) -> Scope {
        let identity = Identity {
            role: PLATFORM_ROLE,
            request_id: Some(request_id),
            ..Identity::default()
        };
        Scope::new(self.pool.clone(), Access::Write, identity, self.clock.now())
    }

    /// A snapshot that sees all tenants, never of a replica: for the event feed.
    pub fn platform_read(&self, request_id: Uuid) -> Scope {
        self.platform_snapshot(&self.pool, request_id)
    }

    /// The same, of the replica where there is one.
    pub fn platform_replica(&self, request_id: Uuid) -> Scope {
        self.platform_snapshot(self.read_pool.as_ref().unwrap_or(&self.pool), request_id)
    }

    fn platform_snapshot(&self, pool: &Pool, request_id: Uuid) -> Scope {
        let identity = Identity {
            role: PLATFORM_ROLE,
            request_id: Some(request_id),
            ..Identity::default()
        };
        Scope::new(pool.clone(), Access::Read, identity, self.clock.now())
    }

    /// A transaction of the platform in the name of one tenant, so that its numbers, defaults and
    /// histories are that tenant's: provisioning, and clock work.
    pub async fn platform_in(
        &self,
        biz_id: Uuid,
        user_id: Option<Uuid>,
        request_id: Uuid,
    ) -> Result<Scope, Error> {
        let identity = Identity {
            role: PLATFORM_ROLE,
            biz_id: Some(biz_id),
            user_id,
            request_id: Some(request_id),
        };
        self.open(&self.pool, Access::Write, identity).await
    }

    async fn open(&self, pool: &Pool, access: Access, identity: Identity) -> Result<Scope, Error> {
        let scope = Scope::new(pool.clone(), access, identity, self.clock.now());
        scope.connected().await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        let client = self.pool.get().await?;
        client.batch_execute("select 1").await?;
        Ok(())
    }

    /// How many connections there are at most.
    pub fn most_connections(&self) -> usize {
        self.pool.status().max_size
    }

    /// How many connections exist, and how many of them are free.
    pub fn connections(&self) -> (usize, usize) {
        let status = self.pool.status();
        (status.size, status.available)
    }
}

impl Identity {
    fn of(principal: &Principal, request_id: Option<Uuid>) -> Self {
        Self {
            role: APP_ROLE,
            biz_id: Some(principal.biz_id()),
            user_id: principal.user_id(),
            request_id,
        }
    }
}

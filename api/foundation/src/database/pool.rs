//! Connections to the database, each of which sees nothing by itself.

use std::time::Duration;

use anyhow::Context as _;
use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, PoolError, RecyclingMethod, Runtime, Status,
};
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connect::CONNECT_TIMEOUT;

/// How long a request waits for a free connection before it is told that there is none.
const WAIT_TIMEOUT: Duration = Duration::from_secs(10);
/// What a connection is made before anybody gets it: of the role that sees no row until a tenant is
/// set, and with an end to each of its statements.
const NOBODY: &str = "set role bizing_app; set statement_timeout = '25s'";

/// Connections that show nothing until a [`super::Scope`] says on whose behalf it asks.
///
/// One is handed out again without a question to the server: a request that meets one that has
/// died in the meantime fails, and the pool drops it.
#[derive(Clone, Debug)]
pub struct Pool(deadpool_postgres::Pool);

impl Pool {
    /// At most `size` connections, opened as they are needed.
    pub(super) fn new(config: Config, tls: MakeRustlsConnect, size: usize) -> anyhow::Result<Self> {
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let nobody = Hook::async_fn(|client: &mut deadpool_postgres::ClientWrapper, _| {
            Box::pin(async {
                let made = client.batch_execute(NOBODY).await;
                made.map_err(HookError::Backend)
            })
        });
        let pool = deadpool_postgres::Pool::builder(Manager::from_config(config, tls, recycling))
            .max_size(size)
            .wait_timeout(Some(WAIT_TIMEOUT))
            .create_timeout(Some(CONNECT_TIMEOUT))
            .runtime(Runtime::Tokio1)
            .post_create(nobody)
            .build();
        let pool = pool.with_context(|| format!("no pool of {size} connections"))?;
        Ok(Self(pool))
    }

    /// A connection, once one is free.
    pub(super) async fn get(&self) -> Result<Object, PoolError> {
        // Boxed: to open a connection takes a long future, and most find one open.
        Box::pin(self.0.get()).await
    }

    /// How many connections there are.
    pub(super) fn status(&self) -> Status {
        self.0.status()
    }
}

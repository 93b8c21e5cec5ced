//! A database per test.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context as _;
use bizing::database::connect::Target;
use tokio::sync::OwnedSemaphorePermit;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use crate::cluster::{Cluster, cluster};
use crate::template::{PREFIX, process, template};

/// A database that is dropped with this value; with `KEEP_TEST_DATABASES` set, it is left to look at.
pub struct TestDatabase {
    name: String,
    cluster: &'static Cluster,
    permit: Option<OwnedSemaphorePermit>,
}

impl TestDatabase {
    /// A migrated database, for a test that opens at most so many connections.
    pub async fn migrated(connections: u32) -> anyhow::Result<Self> {
        let cluster = cluster().await?;
        let template = template(cluster).await?;
        Self::copy_of(cluster, template, connections).await
    }

    /// A database with nothing in it.
    pub async fn empty(connections: u32) -> anyhow::Result<Self> {
        let cluster = cluster().await?;
        template(cluster).await?;
        Self::copy_of(cluster, "template0", connections).await
    }

    async fn copy_of(
        cluster: &'static Cluster,
        template: &str,
        connections: u32,
    ) -> anyhow::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let permit = cluster.reserve(connections + 1).await?;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}_{number}", process());
        let client = cluster.connect().await?;
        let sql = format!("create database {name} template {template} strategy wal_log");
        let mut attempts = 0;
        while let Err(error) = client.batch_execute(&sql).await {
            attempts += 1;
            // Autovacuum may be looking at the template just now.
            if error.code() != Some(&SqlState::OBJECT_IN_USE) || attempts > 20 {
                return Err(error).context(sql);
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok(Self {
            name,
            cluster,
            permit: Some(permit),
        })
    }

    /// How to reach it.
    pub fn target(&self) -> Target {
        self.cluster.database(&self.name)
    }

    /// A connection as its owner.
    pub async fn owner(&self) -> anyhow::Result<Client> {
        self.target().connect().await
    }

    /// A connection that may do what the server may for a tenant, and sees only that.
    pub async fn app(&self, biz_id: Uuid) -> anyhow::Result<Client> {
        self.acting("bizing_app", biz_id).await
    }

    /// A connection that sees all tenants, and acts in the name of one.
    pub async fn platform(&self, biz_id: Uuid) -> anyhow::Result<Client> {
        self.acting("bizing_platform", biz_id).await
    }

    async fn acting(&self, role: &str, biz_id: Uuid) -> anyhow::Result<Client> {
        let client = self.owner().await?;
        client
            .batch_execute(&format!(
                "set role {role}; set app.biz_id = '{biz_id}'; set lock_timeout = '20s'"
            ))
            .await?;
        Ok(client)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if std::env::var_os("KEEP_TEST_DATABASES").is_some() {
            return;
        }
        let (cluster, permit) = (self.cluster, self.permit.take());
        let sql = format!("drop database if exists {} with (force)", self.name);
        cluster.runtime().spawn(async move {
            if let Ok(client) = cluster.connect().await {
                // What is not dropped now is swept by the next run.
                let _ = client.batch_execute(&sql).await;
            }
            drop(permit);
        });
    }
}

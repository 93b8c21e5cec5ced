//! The migrated database that all test databases are copies of.

use std::sync::LazyLock;

use anyhow::Context as _;
use bizing::startup;
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;
use tokio_postgres::Client;

use crate::cluster::Cluster;

/// What a test program locks while it looks after the template.
const TEMPLATE_LOCK: i64 = i64::from_be_bytes(*b"biz test");
/// The class of the locks by which test programs show that they live.
const ALIVE: i32 = i32::from_be_bytes(*b"biz!");
/// How the databases of tests begin, before the number of their program.
pub(crate) const PREFIX: &str = "bizing_test_";

/// What this test program is called in the names of its databases. Not the system's number of the
/// process, which in a container is often that of the one before.
pub(crate) fn process() -> i32 {
    static PROCESS: LazyLock<i32> = LazyLock::new(|| rand::random_range(1..=i32::MAX));
    *PROCESS
}

/// The name of the template, which this makes ready once in a test program.
pub(crate) async fn template(cluster: &'static Cluster) -> anyhow::Result<&'static str> {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let name = TEMPLATE.get_or_try_init(|| prepare(cluster)).await?;
    Ok(name)
}

/// A name that changes with the migrations.
fn name() -> String {
    let mut hash = Sha256::new();
    for file in migration::FILES {
        hash.update(file.name);
        hash.update(file.sql);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let head = digest.first_chunk().copied().map(u64::from_be_bytes);
    format!("bizing_template_{:016x}", head.unwrap_or_default())
}

async fn prepare(cluster: &'static Cluster) -> anyhow::Result<String> {
    let client = cluster.connect().await?;
    client
        .execute("select pg_advisory_lock($1)", &[&TEMPLATE_LOCK])
        .await?;
    sweep(&client).await?;
    let name = name();
    let known = client
        .query_opt("select from pg_database where datname = $1", &[&name])
        .await?;
    if known.is_none() {
        let unfinished = format!("{name}_new");
        execute(
            &client,
            &format!("drop database if exists {unfinished} with (force)"),
        )
        .await?;
        execute(
            &client,
            &format!("create database {unfinished} template template0"),
        )
        .await?;
        fill(cluster, &unfinished).await?;
        let others = "select datname from pg_database where datname like 'bizing_template_%' and datname <> $1";
        if cluster.is_ours() {
            for row in client.query(others, &[&unfinished]).await? {
                let other: String = row.try_get(0)?;
                execute(
                    &client,
                    &format!("drop database if exists {other} with (force)"),
                )
                .await?;
            }
        }
        execute(
            &client,
            &format!("alter database {unfinished} rename to {name}"),
        )
        .await?;
    } else {
        // The same migrations, but what the program itself enters may have changed.
        fill(cluster, &name).await?;
    }
    client
        .execute("select pg_advisory_unlock($1)", &[&TEMPLATE_LOCK])
        .await?;
    // Held until the program ends, by a connection that lives as long.
    let alive = "select pg_advisory_lock($1, $2)";
    client.execute(alive, &[&ALIVE, &process()]).await?;
    cluster.runtime().spawn(async move {
        std::future::pending::<()>().await;
        drop(client);
    });
    Ok(name)
}

/// Migrates, as the program does when it starts, and waits until nobody is connected any more.
async fn fill(cluster: &Cluster, name: &str) -> anyhow::Result<()> {
    let target = cluster.database(name);
    startup::migrate(&target).await?;
    let client = cluster.connect().await?;
    loop {
        let busy = "select count(*) from pg_stat_activity where datname = $1";
        if client
            .query_one(busy, &[&name])
            .await?
            .try_get::<_, i64>(0)?
            == 0
        {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// Drops what programs left behind that were killed.
async fn sweep(client: &Client) -> anyhow::Result<()> {
    let pattern = format!("{PREFIX}%");
    let rows = client
        .query(
            "select datname from pg_database where datname like $1",
            &[&pattern],
        )
        .await?;
    for row in rows {
        let name: String = row.try_get(0)?;
        let Some(process) = process_of(&name) else {
            continue;
        };
        let free = client
            .query_one("select pg_try_advisory_lock($1, $2)", &[&ALIVE, &process])
            .await?;
        if free.try_get(0)? {
            execute(
                client,
                &format!("drop database if exists {name} with (force)"),
            )
            .await?;
            client
                .execute("select pg_advisory_unlock($1, $2)", &[&ALIVE, &process])
                .await?;
        }
    }
    Ok(())
}

/// The program that made a test database.
fn process_of(name: &str) -> Option<i32> {
    let rest = name.strip_prefix(PREFIX)?;
    rest.split('_').next()?.parse().ok()
}

async fn execute(client: &Client, sql: &str) -> anyhow::Result<()> {
    client
        .batch_execute(sql)
        .await
        .with_context(|| sql.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_of_a_database_stands_in_its_name() {
        assert_eq!(process_of("bizing_test_4711_12"), Some(4711));
        assert_eq!(process_of("bizing_template_0a"), None);
    }
}

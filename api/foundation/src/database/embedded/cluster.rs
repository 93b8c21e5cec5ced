//! How a cluster is made, and with which settings it runs.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};
use tokio_postgres::{Config, error::SqlState};

use super::{NAME, account::Account, binaries::Binaries, place::Place};
use crate::database::connect::Target;

/// What the server is told beside its defaults, at every start.
///
/// It answers one program on one machine: no network, no replicas, plans that are short. What
/// keeps data over a crash (`fsync`, `synchronous_commit`, `full_page_writes`) is left on.
pub(super) const SETTINGS: [&str; 14] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=100",
    "shared_buffers=256MB",
    "work_mem=16MB",
    "maintenance_work_mem=128MB",
    "max_wal_size=2GB",
    "max_locks_per_transaction=256",
    "random_page_cost=1.1",
    "jit=off",
    "logging_collector=off",
    "log_destination=stderr",
    "log_timezone=UTC",
    "timezone=UTC",
];

/// Makes the cluster unless there is one; says whether it did.
pub(super) async fn make(
    account: &Account,
    binaries: &Binaries,
    place: &Place,
) -> anyhow::Result<bool> {
    let data = place.data();
    if data.join("PG_VERSION").exists() {
        return Ok(false);
    }
    if data.exists() {
        bail!(
            "{} is not a PostgreSQL cluster: remove it to begin with an empty database",
            data.display()
        );
    }
    // Made under another name, so that one that was interrupted is never taken for a whole one.
    let unfinished = place.base.join("data.new");
    let mut reason = String::new();
    for locale in locales(binaries) {
        remove(&unfinished)?;
        let output = account
            .command(&binaries.initdb)
            .arg("--pgdata")
            .arg(&unfinished)
            .args([
                "--username",
                NAME,
                "--auth=trust",
                "--encoding=UTF8",
                "--no-instructions",
            ])
            .args(locale)
            .output()
            .await
            .with_context(|| format!("{} cannot be run", binaries.initdb.display()))?;
        if output.status.success() {
            fs::rename(&unfinished, &data)
                .with_context(|| format!("{} cannot be made", data.display()))?;
            return Ok(true);
        }
        reason = first_error(&String::from_utf8_lossy(&output.stderr));
    }
    remove(&unfinished)?;
    bail!(
        "no PostgreSQL cluster can be made in {}: {reason}",
        place.base.display()
    )
}

/// Locales to try: sorting by code point, and all of Unicode's letters.
fn locales(binaries: &Binaries) -> Vec<&'static [&'static str]> {
    let mut all: Vec<&'static [&'static str]> = Vec::new();
    if binaries.major >= 17 {
        all.push(&[
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]);
    }
    all.extend([
        &["--locale=C.UTF-8"][..],
        &["--locale=C", "--lc-ctype=en_US.UTF-8"],
        &["--locale=C", "--lc-ctype=UTF-8"],
        &["--locale=C"],
    ]);
    all
}

/// The sentence in the output of `initdb` that says what is wrong.
fn first_error(output: &str) -> String {
    let lines = || {
        output
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
    };
    let line = lines().find(|line| line.contains("error:") || line.contains("FATAL:"));
    let line = line
        .or_else(|| lines().next_back())
        .unwrap_or("initdb failed without a word");
    line.trim_start_matches("initdb: ")
        .trim_start_matches("error: ")
        .to_owned()
}

fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", path.display()))
        }
        _ => Ok(()),
    }
}

/// Makes the database unless there is one.
pub(super) async fn make_database(config: &Config) -> anyhow::Result<()> {
    let target = Target::local(config.clone())?.with_database("postgres");
    let client = target.connect().await?;
    let exists = client
        .query_opt("select from pg_database d where d.datname = $1", &[&NAME])
        .await
        .context("the embedded PostgreSQL does not say which databases it has")?;
    if exists.is_none()
        && let Err(error) = client
            .batch_execute(&format!("create database {NAME}"))
            .await
        && error.code() != Some(&SqlState::DUPLICATE_DATABASE)
    {
        return Err(error).context("the embedded PostgreSQL cannot make its database");
    }
    Ok(())
}

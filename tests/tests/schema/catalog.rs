//! The rules for every table, asked of the catalog itself: one rule a file of `tests/lint`.

use std::fs;

use anyhow::Context as _;
use bizing::startup;
use tests::{TestDatabase, workspace};
use tokio_postgres::Client;

/// What the rules find, a sentence for each finding.
async fn findings(client: &Client) -> anyhow::Result<Vec<String>> {
    let folder = workspace().join("tests/lint");
    let mut files = fs::read_dir(&folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    let mut found = Vec::new();
    for path in files {
        let rule = path.file_stem().unwrap_or_default().to_string_lossy();
        let sql = fs::read_to_string(&path)?;
        let rows = client
            .query(sql.trim_end().trim_end_matches(';'), &[])
            .await
            .with_context(|| path.display().to_string())?;
        for row in rows {
            let (object, problem): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            found.push(format!("{rule}: {object} {problem}"));
        }
    }
    Ok(found)
}

#[tokio::test]
async fn every_table_keeps_the_rules() -> anyhow::Result<()> {
    let database = TestDatabase::migrated(1).await?;
    let found = findings(&database.owner().await?).await?;
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

/// A lint that finds nothing may be one that looks at nothing.
#[tokio::test]
async fn the_rules_notice_a_table_that_breaks_them() -> anyhow::Result<()> {
    let database = TestDatabase::migrated(1).await?;
    let client = database.owner().await?;
    client
        .batch_execute(
            "create type crm.mood as enum ('good', 'bad');
             create domain crm.size as text check (value in ('s', 'm'));
             create table crm.pets (
               id uuid primary key, biz_id uuid not null, mood crm.mood, size crm.size, price_minor integer, weight real,
               owner_id uuid references crm.pets (id), order_type text, order_id uuid,
               constraint smells check (weight > 0), unique (mood));
             grant truncate on crm.pets to bizing_app;
             create function crm.peek() returns bigint language sql security definer as 'select count(*) from crm.customers';
             insert into core.state_transitions (machine, from_status, to_status) values ('ghost', 'a', 'b');
             alter table crm.customers disable row level security;
             alter table crm.customers no force row level security;
             drop index crm.customers_merged_into_id_idx;",
        )
        .await?;
    let found = findings(&client).await?;
    for rule in [
        "column_types",
        "comments",
        "constraint_names",
        "definer_functions",
        "domain_values",
        "enum_types",
        "foreign_key_indexes",
        "installed_tables",
        "roles",
        "state_machines",
        "tenant_policies",
    ] {
        assert!(
            found.iter().any(|finding| finding.starts_with(rule)),
            "{rule} finds nothing wrong; the others find:\n{}",
            found.join("\n")
        );
    }
    Ok(())
}

#[tokio::test]
async fn migrating_twice_changes_nothing() -> anyhow::Result<()> {
    let database = TestDatabase::empty(3).await?;
    let target = database.target();
    let first = startup::migrate(&target).await?;
    assert_eq!(first.len(), migration::FILES.len());
    let before = fingerprint(&database.owner().await?).await?;
    let second = startup::migrate(&target).await?;
    assert!(second.is_empty(), "applied again: {second:?}");
    assert_eq!(before, fingerprint(&database.owner().await?).await?);
    Ok(())
}

#[tokio::test]
async fn two_programs_that_migrate_at_once_apply_each_file_once() -> anyhow::Result<()> {
    let database = TestDatabase::empty(6).await?;
    let target = database.target();
    let (one, two) = tokio::join!(startup::migrate(&target), startup::migrate(&target));
    let applied = [one?, two?];
    // Whoever waited finds nothing left to do.
    assert!(
        applied
            .iter()
            .any(|files| files.len() == migration::FILES.len())
    );
    let client = database.owner().await?;
    let twice = "select version from seaql_migrations group by version having count(*) > 1";
    assert!(client.query(twice, &[]).await?.is_empty());
    Ok(())
}

/// How many rows each table of the schemas has, and how many objects there are.
async fn fingerprint(client: &Client) -> anyhow::Result<Vec<String>> {
    let tables = client
        .query(
            "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1",
            &[],
        )
        .await?;
    let mut lines = Vec::new();
    for row in tables {
        let table: String = row.try_get(0)?;
        let count = client
            .query_one(&format!("select count(*) from {table}"), &[])
            .await?;
        lines.push(format!("{table} {}", count.try_get::<_, i64>(0)?));
    }
    for catalog in [
        "pg_constraint",
        "pg_index",
        "pg_trigger",
        "pg_policy",
        "pg_proc",
        "pg_type",
    ] {
        let count = client
            .query_one(&format!("select count(*) from {catalog}"), &[])
            .await?;
        lines.push(format!("{catalog} {}", count.try_get::<_, i64>(0)?));
    }
    Ok(lines)
}

//! The files that are made from the database and the program are what those would make now.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Context as _;
use tests::{TestDatabase, World, workspace};

#[tokio::test]
async fn the_sdl_is_what_schema_graphql_holds() -> anyhow::Result<()> {
    let world = World::new().await?;
    let (status, made) = world.anonymous().get("/schema.graphql").await?;
    assert_eq!(status, 200);
    let path = workspace().join("schema.graphql");
    let kept = fs::read_to_string(&path)
        .context("no schema.graphql: run `cargo run -- schema > schema.graphql`")?;
    let line = kept
        .lines()
        .zip(made.lines())
        .position(|(kept, made)| kept != made);
    let at = |text: &str| {
        let line = line.unwrap_or_else(|| kept.lines().count().min(made.lines().count()));
        text.lines().nth(line).unwrap_or("(the end)").to_owned()
    };
    assert!(
        kept.trim_end() == made.trim_end(),
        "schema.graphql is stale: run `cargo run -- schema > schema.graphql`.\nIt has:     {}\nshould be:  {}",
        at(&kept),
        at(&made)
    );
    Ok(())
}

#[tokio::test]
async fn the_entities_are_what_the_database_makes() -> anyhow::Result<()> {
    let database = TestDatabase::migrated(1).await?;
    let files: BTreeMap<_, _> = bizing::codegen::generate(&database.owner().await?).await?;
    let drift = bizing::codegen::check(&workspace().join("entities/src"), &files);
    assert!(
        drift.is_empty(),
        "entities/ is stale: run `cargo run -- entities`.\n{}",
        drift.join("\n")
    );
    Ok(())
}

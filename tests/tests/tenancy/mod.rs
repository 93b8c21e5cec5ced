//! Nothing of one tenant is readable, referable or noticeable by another (E-86, invariant 29).
//!
//! Generated from introspection and the model: whatever takes an id is given another tenant's, and
//! must answer as it does for an id that there never was. A new entity or verb is covered as soon as
//! it exists; what cannot be covered stands in a list with its reason.

mod alone;
mod everything;
mod filters;
mod full;
mod mutations;
mod reading;
mod tables;
mod verbs;

use std::collections::BTreeMap;

use bizing::graph::model::model;
use serde_json::Value;
use tests::schema::{Schema, introspect};
use tests::{Actor, World};

/// A word that stands in every text of the other tenant, and nowhere else.
const MARK: &str = "Zebra";

/// Two tenants that have a row of everything, and the second's view of the first.
struct Two {
    world: World,
    /// Whose rows must not be seen.
    theirs: Actor,
    /// Who looks.
    us: Actor,
    schema: Schema,
    /// Their ids, by the prefix of the entity.
    their_ids: BTreeMap<String, Vec<String>>,
    /// The inputs by which our rows were made, by verb.
    our_inputs: BTreeMap<String, Value>,
}

impl Two {
    async fn open() -> anyhow::Result<Self> {
        let world = World::new().await?;
        let theirs = world.owner_of("theirs").await?;
        let us = world.owner_of("ours").await?;
        full::fill(&world, &theirs, MARK).await?;
        let our_inputs = full::fill(&world, &us, "Lion").await?;
        let their_ids = ids(&theirs).await?;
        let schema = introspect(&us).await?;
        Ok(Self {
            world,
            theirs,
            us,
            schema,
            their_ids,
            our_inputs,
        })
    }

    /// Fails if an answer to us shows anything of theirs.
    fn shows_nothing(&self, what: &str, text: &str) -> anyhow::Result<()> {
        anyhow::ensure!(!text.contains(MARK), "{what} shows their text: {text}");
        let shown = self
            .their_ids
            .values()
            .flatten()
            .find(|id| text.contains(id.as_str()));
        anyhow::ensure!(shown.is_none(), "{what} shows their {shown:?}: {text}");
        Ok(())
    }
}

/// The ids of all rows that somebody reads, by prefix.
async fn ids(actor: &Actor) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entity in model().entities.iter().filter(|entity| entity.has_id()) {
        let data = actor
            .read(&format!(
                "{{ all: {}(first: 1000) {{ nodes {{ id }} }} }}",
                entity.many
            ))
            .await?;
        let nodes = data["all"]["nodes"].as_array().cloned().unwrap_or_default();
        let ids = nodes
            .iter()
            .filter_map(|node| node["id"].as_str())
            .map(str::to_owned);
        found.insert(entity.table.id_prefix.to_owned(), ids.collect());
    }
    Ok(found)
}

/// Whether rows of this prefix are made by these tests. The prefixes of the first tables have three
/// letters; of the rows of all others, which only a demo tenant has, `everything` speaks.
pub fn is_made_here(prefix: &str) -> bool {
    prefix.len() == 3
}

/// Entities of which a tenant has no row here, with the reason. This list may only shrink.
const WITHOUT_ROWS: &[(&str, &str)] = &[];

#[tokio::test]
async fn the_other_tenant_has_a_row_of_everything() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let empty = two
        .their_ids
        .iter()
        .filter(|(prefix, ids)| ids.is_empty() && is_made_here(prefix));
    let empty: Vec<&str> = empty.map(|(prefix, _)| prefix.as_str()).collect();
    let expected: Vec<&str> = WITHOUT_ROWS.iter().map(|(prefix, _)| *prefix).collect();
    assert_eq!(empty, expected);
    Ok(())
}

//! The project began with documents that list tables; each has a place here.

use std::collections::BTreeSet;

use tests::workspace;

use bizing::app::sdl;

/// Tables that the graph shows as lists at both ends, or only to the program itself.
fn is_no_type(source: &str) -> bool {
    bizing::graph::model::model()
        .entities
        .iter()
        .all(|entity| entity.source != source)
}

#[test]
fn every_table_of_the_seeds_has_its_place_in_the_database_and_in_the_graph() -> anyhow::Result<()> {
    let text = std::fs::read_to_string(workspace().join("tests/seeds/tables.tsv"))?;
    let sdl = sdl();
    let (mut seeds, mut lost) = (0, Vec::new());
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t').skip(1);
        let (seed, targets) = (
            cells.next().unwrap_or_default(),
            cells.next().unwrap_or_default(),
        );
        seeds += 1;
        let mut is_somewhere = false;
        for target in targets.split(' ') {
            let Some(table) = entities::TABLES
                .iter()
                .find(|table| format!("{}.{}", table.schema, table.name) == target)
            else {
                lost.push(format!("{seed}: there is no table {target}"));
                continue;
            };
            is_somewhere |=
                is_no_type(target) || sdl.contains(&format!("\ntype {} ", table.entity));
        }
        if !is_somewhere {
            lost.push(format!("{seed}: the graph has none of {targets}"));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    assert_eq!(seeds, 285);
    Ok(())
}

#[test]
fn only_secrets_and_machinery_are_kept_from_the_graph() {
    let hidden: BTreeSet<String> = entities::TABLES
        .iter()
        .map(|table| (format!("{}.{}", table.schema, table.name), table))
        .filter(|(source, table)| {
            is_no_type(source) && table.class != entities::metadata::RowClass::Link
        })
        .map(|(source, _)| source)
        .collect();
    let expected: BTreeSet<String> = HIDDEN.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(hidden, expected);
}

/// Tables that no caller reads.
const HIDDEN: &[&str] = &[
    "core.idempotency_keys",
    "core.number_sequences",
    "core.outbox_events",
    "core.state_machines",
    "core.subject_registry",
    "identity.user_identities",
    "identity.verifications",
];

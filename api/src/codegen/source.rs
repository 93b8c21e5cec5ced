//! The files of the `entities` crate as Rust text, not yet formatted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::ensure;

use super::catalog::Catalog;
use super::domains;
use super::metadata;
use super::model;
use super::names;
use super::types;

/// What the crate's documentation says below the generated header.
const CRATE: &str = "//!\n\
    //! A module for each `PostgreSQL` schema, and in it one for each table: its `SeaORM` entity, and\n\
    //! as `TABLE` what `SeaORM` has no words for.\n";

/// A file before it is formatted.
pub struct Source {
    /// What stands before the first item, below the generated header.
    pub preamble: &'static str,
    /// The items.
    pub body: String,
}

/// All files, by their path within the crate's `src`.
pub fn files(catalog: &mut Catalog) -> anyhow::Result<BTreeMap<PathBuf, Source>> {
    let entities: BTreeSet<&str> = catalog
        .tables
        .iter()
        .map(|table| table.entity.as_str())
        .collect();
    domains::name_all(&mut catalog.domains, &entities);

    // All at once: who mends the migration, or `Kind`, wants the whole list.
    let unknown: Vec<String> = catalog
        .tables
        .iter()
        .flat_map(|table| table.columns.iter().map(move |column| (table, column)))
        .filter_map(|(table, column)| types::of(table, column, &catalog.domains).err())
        .map(|error| error.to_string())
        .collect();
    ensure!(unknown.is_empty(), "{}", unknown.join("; "));

    let mut files = BTreeMap::new();
    let mut insert = |path: PathBuf, preamble, body| {
        files.insert(path, Source { preamble, body });
    };
    let mut contexts: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for table in &catalog.tables {
        let module = names::snake(&table.entity);
        let mut body = model::write(catalog, table)?;
        body.push_str(&metadata::write(catalog, table)?);
        insert(
            Path::new(&table.schema).join(format!("{module}.rs")),
            "",
            body,
        );
        contexts.entry(&table.schema).or_default().insert(module);
    }
    let mut lists: BTreeMap<&str, String> = BTreeMap::new();
    for domain in &catalog.domains {
        let list = lists.entry(&domain.schema).or_insert_with(|| {
            "use sea_orm::entity::prelude::*;\n\nuse crate::metadata;\n\n".to_owned()
        });
        list.push_str(&domains::write(domain)?);
        contexts
            .entry(&domain.schema)
            .or_default()
            .insert("domains".to_owned());
    }
    for (schema, list) in lists {
        insert(Path::new(schema).join("domains.rs"), "", list);
    }
    for (schema, modules) in &contexts {
        let mut body = String::new();
        for module in modules {
            if module == schema {
                body.push_str(
                    "#[expect(clippy::module_inception, reason = \"a table is called like its module\")]\n",
                );
            }
            writeln!(body, "pub mod {};", names::identifier(module))?;
        }
        insert(Path::new(schema).join("mod.rs"), "", body);
    }
    insert(
        PathBuf::from("lib.rs"),
        CRATE,
        library(catalog, contexts.keys().copied())?,
    );
    Ok(files)
}

/// The root of the crate: its modules, and the lists of all tables and domains.
fn library<'a>(
    catalog: &Catalog,
    schemas: impl Iterator<Item = &'a str>,
) -> Result<String, std::fmt::Error> {
    let mut body = String::from("pub mod metadata;\n");
    for schema in schemas {
        writeln!(body, "pub mod {};", names::identifier(schema))?;
    }
    body.push_str(
        "\n/// All tables, by schema and name.\npub static TABLES: &[&metadata::Table] = &[\n",
    );
    for table in &catalog.tables {
        let module = names::identifier(&names::snake(&table.entity));
        writeln!(
            body,
            "&{}::{module}::TABLE,",
            names::identifier(&table.schema)
        )?;
    }
    body.push_str(
        "];\n\n/// All domains, by schema and name.\n\
         pub static DOMAINS: &[&metadata::Domain] = &[\n",
    );
    for domain in &catalog.domains {
        let schema = names::identifier(&domain.schema);
        writeln!(body, "&{schema}::domains::{},", domain.constant())?;
    }
    body.push_str("];\n");
    Ok(body)
}

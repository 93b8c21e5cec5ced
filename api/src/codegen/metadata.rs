//! The static that describes a table beside its entity.

use std::fmt::Write as _;

use anyhow::bail;

use super::catalog::{Catalog, ForeignKey, Rule, RuleKind, Table};
use super::names;
use super::types;

/// The `TABLE` of a table.
pub fn write(catalog: &Catalog, table: &Table) -> anyhow::Result<String> {
    let Table {
        schema,
        name,
        entity,
        id_prefix,
        ..
    } = table;
    let class = class(table)?;
    let description = table.comment.as_deref().unwrap_or_default();
    let mut text = format!(
        "/// What the database says of `{schema}.{name}`.\n\
         pub static TABLE: metadata::Table = metadata::Table {{\n\
         schema: {schema:?},\nname: {name:?},\nentity: {entity:?},\n\
         id_prefix: {id_prefix:?},\nclass: metadata::RowClass::{class},\n\
         description: {description:?},\n"
    );
    write_columns(catalog, table, &mut text)?;
    writeln!(text, "primary_key: &{:?},", table.primary_key)?;
    write_foreign_keys(catalog, table, &mut text)?;
    write_constraints(catalog, table, &mut text)?;
    writeln!(
        text,
        "machine: {:?},\nplain_writes: {},\nplain_moves: {},\naggregates: {},\n}};",
        table.machine, table.has_plain_writes, table.has_plain_moves, table.has_aggregates
    )?;
    Ok(text)
}

fn class(table: &Table) -> anyhow::Result<&'static str> {
    Ok(match table.class.as_str() {
        "G" => "Global",
        "M" => "Master",
        "T" => "Transaction",
        "J" => "Journal",
        "P" => "PartitionedJournal",
        "L" => "Link",
        other => bail!(
            "{}.{} is of the unknown row class {other}",
            table.schema,
            table.name
        ),
    })
}

fn write_columns(catalog: &Catalog, table: &Table, text: &mut String) -> anyhow::Result<()> {
    text.push_str("columns: &[\n");
    for column in &table.columns {
        let Some(found) = types::of(table, column, &catalog.domains)? else {
            continue;
        };
        writeln!(
            text,
            "metadata::Column {{ name: {:?}, kind: {}, nullable: {}, has_default: {}, \
             writable: {}, description: {:?} }},",
            column.name,
            found.kind,
            column.nullable,
            column.has_default,
            column.expression.is_none() && !table.verb_columns.contains(&column.name),
            column.comment.as_deref().unwrap_or_default(),
        )?;
    }
    text.push_str("],\n");
    Ok(())
}

/// All keys but the one to the tenant, which every table has.
fn write_foreign_keys(catalog: &Catalog, table: &Table, text: &mut String) -> std::fmt::Result {
    text.push_str("foreign_keys: &[\n");
    for key in &table.foreign_keys {
        if is_tenant(key) || catalog.target(key).is_none() {
            continue;
        }
        writeln!(
            text,
            "metadata::ForeignKey {{ constraint: {:?}, columns: &{:?}, target_schema: {:?}, \
             target_table: {:?}, target_columns: &{:?}, message: {:?} }},",
            key.name,
            key.columns,
            key.target_schema,
            key.target_table,
            key.target_columns,
            key_message(catalog, key),
        )?;
    }
    text.push_str("],\n");
    Ok(())
}

/// The rules, and the foreign keys that lead to no entity: to a caller they are rules too.
fn write_constraints(catalog: &Catalog, table: &Table, text: &mut String) -> std::fmt::Result {
    text.push_str("constraints: &[\n");
    for rule in &table.rules {
        let kind = match rule.kind {
            RuleKind::PrimaryKey | RuleKind::Unique => "Unique",
            RuleKind::PartialUnique => "PartialUnique",
            RuleKind::Check => "Check",
            RuleKind::Exclusion => "Exclusion",
        };
        write_constraint(text, &rule.name, kind, &rule.columns, &message(table, rule))?;
    }
    for key in &table.foreign_keys {
        if !is_tenant(key) && catalog.target(key).is_none() {
            let message = key_message(catalog, key);
            write_constraint(text, &key.name, "Check", &key.columns, &message)?;
        }
    }
    text.push_str("],\n");
    Ok(())
}

fn write_constraint(
    text: &mut String,
    name: &str,
    kind: &str,
    columns: &[String],
    message: &str,
) -> std::fmt::Result {
    writeln!(
        text,
        "metadata::Constraint {{ name: {name:?}, kind: metadata::ConstraintKind::{kind}, \
         columns: &{columns:?}, message: {message:?} }},"
    )
}

fn is_tenant(key: &ForeignKey) -> bool {
    matches!(key.columns.as_slice(), [column] if column == "biz_id")
}

/// The sentence of a foreign key, made up where the database has none.
fn key_message(catalog: &Catalog, key: &ForeignKey) -> String {
    key.comment.clone().unwrap_or_else(|| {
        let target = catalog
            .target(key)
            .map_or(&key.target_table, |table| &table.entity);
        format!("Must be an existing {}.", names::words(target))
    })
}

/// The sentence of a rule, made up where the database has none.
fn message(table: &Table, rule: &Rule) -> String {
    if let Some(comment) = &rule.comment {
        return comment.clone();
    }
    let entity = names::words(&table.entity);
    let columns: Vec<String> = rule
        .columns
        .iter()
        .filter(|column| *column != "biz_id")
        .map(|column| names::words(column))
        .collect();
    let columns = columns.join(", ");
    match rule.kind {
        RuleKind::PrimaryKey | RuleKind::Unique | RuleKind::PartialUnique => {
            format!("Another {entity} has the same {columns}.")
        }
        RuleKind::Exclusion => format!("Another {entity} overlaps in {columns}."),
        RuleKind::Check => format!("The {entity} breaks the rule {}.", names::words(&rule.name)),
    }
}

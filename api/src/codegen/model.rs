//! The `SeaORM` entity of a table: its model, its relations to parents, nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::catalog::{Catalog, Column, ForeignKey, Table};
use super::docs;
use super::names;
use super::types;

/// The most booleans that clippy lets a struct have.
const FEW_BOOLEANS: usize = 3;

/// A foreign key to an entity, as a variant of `Relation`.
struct Relation<'a> {
    variant: String,
    key: &'a ForeignKey,
    target: &'a Table,
}

/// The entity of a table.
pub fn write(catalog: &Catalog, table: &Table) -> anyhow::Result<String> {
    let mut text = String::from("use sea_orm::entity::prelude::*;\n\nuse crate::metadata;\n\n");
    let fields = fields(catalog, table)?;
    write_model(table, &fields, &mut text)?;
    let relations = relations(catalog, table, &fields);
    write_relations(table, &relations, &mut text)?;
    text.push_str("impl ActiveModelBehavior for ActiveModel {}\n\n");
    Ok(text)
}

/// The columns that the model has with their Rust types, those of the primary key first and in
/// its order: so `find_by_id` takes the key as the database spells it.
fn fields<'a>(catalog: &Catalog, table: &'a Table) -> anyhow::Result<Vec<(&'a Column, String)>> {
    let mut fields = Vec::new();
    for column in &table.columns {
        if let Some(found) = types::of(table, column, &catalog.domains)?
            && let Some(rust) = found.rust
        {
            fields.push((column, rust));
        }
    }
    let place = |name: &String| table.primary_key.iter().position(|key| key == name);
    fields.sort_by_key(|(column, _)| place(&column.name).unwrap_or(usize::MAX));
    Ok(fields)
}

fn write_model(
    table: &Table,
    fields: &[(&Column, String)],
    text: &mut String,
) -> anyhow::Result<()> {
    let Table { schema, name, .. } = table;
    let otherwise = format!("A {}.", names::words(&table.entity));
    text.push_str(&docs::lines(table.comment.as_deref(), &otherwise, 0));
    let booleans = fields
        .iter()
        .filter(|(column, rust)| rust == "bool" && !column.nullable);
    if booleans.count() > FEW_BOOLEANS {
        text.push_str("#[expect(clippy::struct_excessive_bools, reason = \"each is a column\")]\n");
    }
    writeln!(
        text,
        "#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]\n\
         #[sea_orm(schema_name = {schema:?}, table_name = {name:?})]\n\
         pub struct Model {{"
    )?;
    for (column, rust) in fields {
        let otherwise = format!("The {}.", names::words(&column.name));
        text.push_str(&docs::lines(column.comment.as_deref(), &otherwise, 4));
        if table.primary_key.contains(&column.name) {
            text.push_str("    #[sea_orm(primary_key, auto_increment = false)]\n");
        }
        // `Json` alone would be the type json, which has no equality.
        if rust == "Json" {
            text.push_str("    #[sea_orm(column_type = \"JsonBinary\")]\n");
        }
        let field = names::identifier(&column.name);
        if column.nullable {
            writeln!(text, "    pub {field}: Option<{rust}>,")?;
        } else {
            writeln!(text, "    pub {field}: {rust},")?;
        }
    }
    text.push_str("}\n\n");
    Ok(())
}

/// The foreign keys to entities, each under a name of its own.
fn relations<'a>(
    catalog: &'a Catalog,
    table: &'a Table,
    fields: &[(&Column, String)],
) -> Vec<Relation<'a>> {
    let has = |name: &String| fields.iter().any(|(column, _)| column.name == *name);
    let mut relations: Vec<Relation<'a>> = table
        .foreign_keys
        .iter()
        .filter(|key| key.columns.iter().all(has))
        .filter_map(|key| {
            let target = catalog.target(key)?;
            Some(Relation {
                variant: names::pascal(&role(key)),
                key,
                target,
            })
        })
        .collect();
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for relation in &relations {
        *uses.entry(relation.variant.clone()).or_default() += 1;
    }
    for relation in &mut relations {
        if uses.get(&relation.variant) != Some(&1) {
            relation.variant = names::pascal(&by_constraint(table, relation.key));
        }
    }
    relations
}

/// What the parent is to the child: `customer` of `(biz_id, customer_id)`, `country` of
/// `country_code`.
fn role(key: &ForeignKey) -> String {
    // A key may also say that both rows have a third in common, such as a currency.
    let place = key.target_columns.iter().position(|column| column == "id");
    let naming = place.map_or_else(|| key.columns.last(), |place| key.columns.get(place));
    let last = naming.map_or("", String::as_str);
    let role = last
        .strip_suffix("_id")
        .or_else(|| last.strip_suffix("_code"));
    role.unwrap_or(last).to_owned()
}

/// The part of the constraint's name that tells it from others of the table.
fn by_constraint(table: &Table, key: &ForeignKey) -> String {
    let name = key.name.strip_prefix(&table.name).unwrap_or(&key.name);
    let name = name.trim_start_matches('_').trim_start_matches("biz_id_");
    let name = name.strip_suffix("_fkey").unwrap_or(name);
    name.strip_suffix("_id").unwrap_or(name).to_owned()
}

fn write_relations(table: &Table, relations: &[Relation], text: &mut String) -> anyhow::Result<()> {
    text.push_str(
        "/// The rows that a row points at.\n\
         #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]\n\
         pub enum Relation {\n",
    );
    for Relation {
        variant,
        key,
        target,
    } in relations
    {
        let module = module(table, target);
        let otherwise = format!("The {} it points at.", names::words(&target.entity));
        text.push_str(&docs::lines(key.comment.as_deref(), &otherwise, 4));
        let from = columns("", &key.columns);
        let to = columns(&module, &key.target_columns);
        writeln!(
            text,
            "    #[sea_orm(\n        belongs_to = \"{module}Entity\",\n        \
             from = \"{from}\",\n        to = \"{to}\"\n    )]\n    {variant},"
        )?;
    }
    text.push_str("}\n\n");
    // With two keys to one parent, `Related` would have to choose.
    let mut once = BTreeSet::new();
    let mut twice = BTreeSet::new();
    for relation in relations {
        if !once.insert(&relation.target.entity) {
            twice.insert(&relation.target.entity);
        }
    }
    for Relation {
        variant, target, ..
    } in relations
    {
        if twice.contains(&target.entity) || target.entity == table.entity {
            continue;
        }
        let module = module(table, target);
        writeln!(
            text,
            "impl Related<{module}Entity> for Entity {{\n    \
             fn to() -> RelationDef {{\n        Relation::{variant}.def()\n    }}\n}}\n"
        )?;
    }
    Ok(())
}

/// The path before an item of the target's module.
fn module(table: &Table, target: &Table) -> String {
    let name = names::identifier(&names::snake(&target.entity));
    if table.entity == target.entity {
        String::new()
    } else if table.schema == target.schema {
        format!("super::{name}::")
    } else {
        format!("crate::{}::{name}::", target.schema)
    }
}

/// Columns as `SeaORM` takes them: one alone, more as a tuple.
fn columns(module: &str, names: &[String]) -> String {
    let columns: Vec<String> = names
        .iter()
        .map(|name| format!("{module}Column::{}", names::pascal(name)))
        .collect();
    match columns.as_slice() {
        [one] => one.clone(),
        many => format!("({})", many.join(", ")),
    }
}

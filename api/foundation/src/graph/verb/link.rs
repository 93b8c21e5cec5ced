//! Plain writes of link tables: a pair is added, or removed.

use async_graphql::Value;
use async_graphql::registry::Registry;
use entities::metadata::{Column, RowClass, Table};
use sea_orm::Value as Sql;

use super::reach::{Reached, within_reach};
use super::{Act, Declaration, Fault, Outcome, Part, Permission};
use crate::graph::failure::Failure;
use crate::graph::input::{self, Object, Operand};
use crate::graph::model::{Entity, EntityId, model, naming, words};
use crate::graph::names::{camel, snake, uncapitalised};
use crate::graph::schema::build::{input as argument, input_object};
use crate::graph::schema::entity::column_type;

/// What is done with a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Write {
    Add,
    Remove,
}

/// A column of a link table as an input gives it, and the entity that it refers to.
struct Cell {
    field: String,
    column: &'static Column,
    target: Option<EntityId>,
    is_key: bool,
}

fn parts(table: &'static Table) -> Vec<Cell> {
    let kept = ["biz_id", "created_at", "created_by"];
    table
        .columns
        .iter()
        .filter(|column| column.writable && !kept.contains(&column.name))
        .map(|column| Cell {
            field: camel(column.name),
            column,
            target: target(table, column),
            is_key: table.primary_key.contains(&column.name),
        })
        .collect()
}

/// The entity that a column refers to by its id.
fn target(table: &Table, column: &Column) -> Option<EntityId> {
    let key = table
        .foreign_keys
        .iter()
        .find(|key| naming(key, "id") == Some(column.name))?;
    model().target(key)
}

/// The entities that a table's rows pair, each once.
fn ends(table: &'static Table) -> Vec<&'static Entity> {
    let mut ends: Vec<&'static Entity> = Vec::new();
    for target in parts(table).iter().filter_map(|part| part.target) {
        let entity = model().entity(target);
        if ends.iter().all(|end| end.single != entity.single) {
            ends.push(entity);
        }
    }
    ends
}

/// The declarations of all writes of pairs.
pub fn declarations() -> Vec<Declaration> {
    entities::TABLES
        .iter()
        .filter(|table| table.class == RowClass::Link && table.plain_writes)
        .flat_map(|table| {
            [
                declaration(table, Write::Add),
                declaration(table, Write::Remove),
            ]
        })
        .collect()
}

fn declaration(table: &'static Table, write: Write) -> Declaration {
    let single = uncapitalised(table.entity);
    let what = words(table.entity);
    let (end, past, description) = match write {
        Write::Add => (
            "Add",
            "added",
            format!("Adds a {what}. {}", table.description),
        ),
        Write::Remove => ("Remove", "removed", format!("Removes a {what}.")),
    };
    let payload = ends(table)
        .into_iter()
        .map(|entity| {
            Part::Row(
                &entity.single,
                entity.table.entity,
                "The row at this end of the pair, as it now is.",
            )
        })
        .collect();
    Declaration {
        description: Some(description),
        error_stem: Some("Plain"),
        payload_stem: Some(table.entity.to_owned()),
        permission: Permission::Holds(model().write_permission_of(table.schema)),
        event: Some(format!("{}.{}.{past}", table.schema, snake(&single))),
        payload,
        constraints: Vec::new(),
        fields: &[],
        shapes: std::sync::OnceLock::new(),
        register: Box::new(move |registry| (register(registry, table, write), Vec::new())),
        run: Box::new(move |act, input| Box::pin(run(act, table, write, input))),
        name: format!("{single}{end}"),
    }
}

fn register(registry: &mut Registry, table: &'static Table, write: Write) -> String {
    let end = match write {
        Write::Add => "Add",
        Write::Remove => "Remove",
    };
    let name = format!("{}{end}Input", table.entity);
    let fields = parts(table)
        .into_iter()
        .filter(|part| write == Write::Add || part.is_key)
        .map(|part| {
            let base = if part.target.is_some() || part.column.name.ends_with("_id") {
                "ID"
            } else {
                column_type(part.column)
            };
            // Without a part of its key, more pairs than one would go.
            let must = write == Write::Remove || !part.column.nullable && !part.column.has_default;
            let ty = format!("{base}{}", if must { "!" } else { "" });
            argument(&part.field, &ty, part.column.description)
        })
        .collect();
    let description = format!("What {}{end} takes.", uncapitalised(table.entity));
    input_object(registry, &name, &description, fields);
    name
}

async fn run(
    act: &Act<'_>,
    table: &'static Table,
    write: Write,
    input: Value,
) -> Result<Outcome, Fault<String>> {
    let input = input::object(&input, "input")?;
    let mut columns: Vec<&str> = vec!["biz_id"];
    let mut values: Vec<Sql> = vec![act.scope.biz_id().into()];
    let mut outcome = Outcome::default();
    let permission = model().write_permission_of(table.schema);
    for part in parts(table) {
        if write == Write::Remove && !part.is_key {
            continue;
        }
        let Some(value) = given(&part, input)? else {
            continue;
        };
        if let (Some(target), Sql::Uuid(Some(id))) = (part.target, &value) {
            let reached = Reached {
                entity: target,
                row: *id,
                permission,
            };
            within_reach(act, reached).await?;
            let entity = model().entity(target);
            if outcome
                .rows
                .iter()
                .all(|(field, _)| *field != entity.single)
            {
                outcome.rows.push((&entity.single, *id));
            }
        }
        if let Some(told) = input.get(part.field.as_str())
            && let Ok(told) = told.clone().into_json()
        {
            outcome = outcome.detail(&part.field, told);
        }
        columns.push(part.column.name);
        values.push(value);
    }
    let source = format!("{}.{}", table.schema, table.name);
    match write {
        Write::Add => {
            let places: Vec<String> = (1..=values.len())
                .map(|place| format!("${place}"))
                .collect();
            let sql = format!(
                "insert into {source} ({}) values ({})",
                columns.join(", "),
                places.join(", ")
            );
            act.scope.execute(&sql, &values).await?;
        }
        Write::Remove => {
            let pairs: Vec<String> = columns
                .iter()
                .enumerate()
                .map(|(index, column)| format!("{column} = ${}", index + 1))
                .collect();
            let sql = format!("delete from {source} where {}", pairs.join(" and "));
            if act.scope.execute(&sql, &values).await? == 0 {
                return Err(Fault::not_found(&words(table.entity)));
            }
        }
    }
    Ok(outcome)
}

fn given(part: &Cell, input: &Object) -> Result<Option<Sql>, Failure> {
    let Some(value) = input.get(part.field.as_str()) else {
        return Ok(None);
    };
    if matches!(value, Value::Null) && part.column.has_default {
        return Ok(None);
    }
    let operand = Operand {
        kind: part.column.kind,
        refers_to: part.target,
    };
    operand.value(value, &part.field).map(Some)
}

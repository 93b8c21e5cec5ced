//! What plain writes do to their rows.

use async_graphql::Value;
use entities::metadata::Kind;
use sea_orm::Value as Sql;
use serde_json::{Map, json};
use uuid::Uuid;

use super::{Write, is_numbered, writable};
use crate::database::new_id;
use crate::graph::failure::Failure;
use crate::graph::input::{self, Object, Operand};
use crate::graph::model::{Entity, EntityId, is_hidden, model, words};
use crate::graph::names::camel;
use crate::graph::schema::entity::blind_index;
use crate::graph::verb::reach::{Reached, within_reach};
use crate::graph::verb::{Act, Fault, Outcome};

/// Does it.
pub(super) async fn run(
    act: &Act<'_>,
    id: EntityId,
    write: Write,
    input: Value,
) -> Result<Outcome, Fault<String>> {
    let entity = model().entity(id);
    let input = input::object(&input, "input")?;
    let (row, outcome) = match write {
        Write::Create => create(act, entity, input).await?,
        Write::Update => update(act, id, entity, input).await?,
        Write::Archive | Write::Restore => archive(act, id, entity, input, write).await?,
        Write::Transition => transition(act, id, entity, input).await?,
    };
    within_reach(act, reached(id, entity, row)).await?;
    Ok(outcome)
}

fn reached(id: EntityId, entity: &Entity, row: Uuid) -> Reached<'_> {
    Reached {
        entity: id,
        row,
        permission: entity.write_permission.as_deref().unwrap_or_default(),
    }
}

/// The columns and values of the fields that an input gives.
fn given(act: &Act<'_>, entity: &Entity, input: &Object) -> Result<Vec<(String, Sql)>, Failure> {
    let mut values = Vec::new();
    for item in writable(entity) {
        let Some(value) = input.get(item.field.as_str()) else {
            continue;
        };
        if matches!(value, Value::Null) && item.column.has_default && !item.column.nullable {
            continue;
        }
        let value = item.operand.value(value, &item.field)?;
        if !item.sealed {
            values.push((item.column.name.to_owned(), value));
            continue;
        }
        let text = match value {
            Sql::String(text) => text,
            _ => None,
        };
        let (biz, keys) = (act.scope.biz_id(), &act.session.shared.sealer);
        let sealed = text
            .as_deref()
            .map(|text| keys.seal(biz, text))
            .transpose()?;
        values.push((item.column.name.to_owned(), Sql::Bytes(sealed)));
        if let Some(index) = blind_index(entity, item.column) {
            let found = text.as_deref().map(|text| keys.blind_index(biz, text));
            values.push((index.name.to_owned(), Sql::Bytes(found)));
        }
    }
    Ok(values)
}

/// What an event tells of the fields given: their values, but of sealed ones only their names.
fn told(entity: &Entity, input: &Object) -> Map<String, serde_json::Value> {
    writable(entity)
        .into_iter()
        .filter_map(|item| {
            let value = input.get(item.field.as_str())?;
            let value = if item.sealed {
                json!("sealed")
            } else {
                value.clone().into_json().ok()?
            };
            Some((item.field, value))
        })
        .collect()
}

async fn create(
    act: &Act<'_>,
    entity: &'static Entity,
    input: &Object,
) -> Result<(Uuid, Outcome), Fault<String>> {
    let row = new_id();
    let mut columns = vec!["biz_id".to_owned(), entity.key.to_owned()];
    let mut values: Vec<Sql> = vec![act.scope.biz_id().into(), row.into()];
    for (column, value) in given(act, entity, input)? {
        columns.push(column);
        values.push(value);
    }
    let mut places: Vec<String> = (1..=values.len())
        .map(|index| format!("${index}"))
        .collect();
    let numbered = entity
        .table
        .columns
        .iter()
        .find(|column| is_numbered(column));
    if let Some(column) = numbered
        && !columns.iter().any(|name| name == column.name)
    {
        columns.push(column.name.to_owned());
        let series = crate::graph::names::snake(&entity.single);
        let prefix = entity.table.id_prefix.to_uppercase();
        places.push(format!("core.next_number('{series}', '{prefix}')"));
    }
    let sql = format!(
        "insert into {} ({}) values ({})",
        entity.source,
        columns.join(", "),
        places.join(", ")
    );
    act.scope.execute(&sql, &values).await?;
    let outcome = Outcome {
        details: told(entity, input),
        ..Outcome::row(&entity.single, row)
    };
    Ok((row, outcome))
}

fn row_id(id: EntityId, input: &Object) -> Result<Uuid, Failure> {
    let value = input
        .get("id")
        .ok_or_else(|| Failure::input("id must be given."))?;
    match (Operand {
        kind: Kind::Uuid,
        refers_to: Some(id),
    })
    .value(value, "id")?
    {
        Sql::Uuid(Some(id)) => Ok(id),
        _ => Err(Failure::input("id must be given.")),
    }
}

/// Locks the row, and refuses a version that is not the one read.
async fn lock(
    act: &Act<'_>,
    entity: &Entity,
    row: Uuid,
    input: &Object,
) -> Result<serde_json::Value, Fault<String>> {
    let sql = format!(
        "select to_jsonb(t), t.version from {} t where t.biz_id = $1 and t.{} = $2 for update",
        entity.source, entity.key
    );
    let found = act
        .scope
        .query_opt(&sql, &[act.scope.biz_id().into(), row.into()])
        .await?;
    let Some(found) = found else {
        return Err(Fault::not_found(&words(entity.table.entity)));
    };
    let version: i32 = found.try_get(1)?;
    match input.get("version") {
        None | Some(Value::Null) => {}
        Some(given) if input::integer(given, "version")? == i64::from(version) => {}
        Some(_) => return Err(Failure::stale(&words(entity.table.entity), version).into()),
    }
    Ok(found.try_get(0)?)
}

/// The old values of the columns that change, for the audit entry.
fn before(
    old: &serde_json::Value,
    entity: &Entity,
    changed: &[(String, Sql)],
) -> serde_json::Value {
    let shown = |name: &str| {
        entity
            .table
            .column(name)
            .is_some_and(|column| !is_hidden(column))
    };
    let values: Map<String, serde_json::Value> = changed
        .iter()
        .filter(|(name, _)| shown(name))
        .map(|(name, _)| (camel(name), old[name].clone()))
        .collect();
    serde_json::Value::Object(values)
}

async fn update(
    act: &Act<'_>,
    id: EntityId,
    entity: &'static Entity,
    input: &Object,
) -> Result<(Uuid, Outcome), Fault<String>> {
    let row = row_id(id, input)?;
    within_reach(act, reached(id, entity, row)).await?;
    let old = lock(act, entity, row, input).await?;
    let changed = given(act, entity, input)?;
    if !changed.is_empty() {
        let mut values: Vec<Sql> = vec![act.scope.biz_id().into(), row.into()];
        let mut sets = Vec::new();
        for (column, value) in &changed {
            values.push(value.clone());
            sets.push(format!("{column} = ${}", values.len()));
        }
        let sql = format!(
            "update {} set {} where biz_id = $1 and {} = $2",
            entity.source,
            sets.join(", "),
            entity.key
        );
        act.scope.execute(&sql, &values).await?;
    }
    let outcome = Outcome {
        details: told(entity, input),
        before: Some(before(&old, entity, &changed)),
        ..Outcome::row(&entity.single, row)
    };
    Ok((row, outcome))
}

async fn archive(
    act: &Act<'_>,
    id: EntityId,
    entity: &'static Entity,
    input: &Object,
    write: Write,
) -> Result<(Uuid, Outcome), Fault<String>> {
    let row = row_id(id, input)?;
    within_reach(act, reached(id, entity, row)).await?;
    lock(act, entity, row, input).await?;
    let (value, condition) = match write {
        Write::Archive => ("now()", "deleted_at is null"),
        _ => ("null", "deleted_at is not null"),
    };
    let sql = format!(
        "update {} set deleted_at = {value} where biz_id = $1 and {} = $2 and {condition}",
        entity.source, entity.key
    );
    // Archiving what is archived changes nothing, and is no error: a request may be sent twice.
    act.scope
        .execute(&sql, &[act.scope.biz_id().into(), row.into()])
        .await?;
    Ok((row, Outcome::row(&entity.single, row)))
}

async fn transition(
    act: &Act<'_>,
    id: EntityId,
    entity: &'static Entity,
    input: &Object,
) -> Result<(Uuid, Outcome), Fault<String>> {
    let row = row_id(id, input)?;
    within_reach(act, reached(id, entity, row)).await?;
    let old = lock(act, entity, row, input).await?;
    let column = entity
        .status()
        .ok_or_else(|| Failure::internal("a transition without a machine"))?;
    let operand = Operand {
        kind: column.kind,
        refers_to: None,
    };
    let to = input.get("to").cloned().unwrap_or_default();
    let to = operand.value(&to, "to")?;
    if let Some(reason @ Value::String(_)) = input.get("reason") {
        act.scope.set_reason(input::text(reason, "reason")?).await?;
    }
    let sql = format!(
        "update {} set {} = $3 where biz_id = $1 and {} = $2",
        entity.source, column.name, entity.key
    );
    let changed = [(column.name.to_owned(), to.clone())];
    act.scope
        .execute(&sql, &[act.scope.biz_id().into(), row.into(), to])
        .await?;
    let outcome = Outcome {
        before: Some(before(&old, entity, &changed)),
        ..Outcome::row(&entity.single, row)
    };
    let to = input.get("to").cloned().and_then(|to| to.into_json().ok());
    Ok((row, outcome.detail("to", to.unwrap_or_default())))
}

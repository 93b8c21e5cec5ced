//! A rule of each module, broken on purpose by plain writes to what the demo has: the caller reads the
//! constraint's own sentence, and which field it speaks of.

use std::collections::{BTreeMap, BTreeSet};

use bizing::graph::model::{Entity, model};
use bizing::graph::names::camel;
use entities::metadata::{Column, ConstraintKind, Kind};
use serde_json::{Value, json};
use tests::hotel::id_of;
use tests::schema::introspect;
use tests::{Answer, Client};
use uuid::Uuid;

use super::demonstration;

/// Values that make no sense for most columns of a type.
fn nonsense(column: &Column) -> Vec<Value> {
    match column.kind {
        Kind::SmallInteger | Kind::Integer => vec![json!(-1), json!(30_000)],
        Kind::BigInteger | Kind::Decimal => vec![json!("-1"), json!(-1)],
        Kind::Text => vec![json!(" "), json!("x".repeat(5000))],
        _ => Vec::new(),
    }
}

/// The sentence of the rule that a write was told it breaks, where it is one that speaks of the column.
fn broken<'a>(entity: &'a Entity, column: &Column, answer: &Answer) -> Option<&'a str> {
    let errors = answer.user_errors();
    let error = errors.first()?;
    let mut named = error["field"].as_array()?.iter();
    let rule = entity.table.constraints.iter().find(|rule| {
        rule.kind == ConstraintKind::Check
            && rule.columns.contains(&column.name)
            && rule.message == answer.user_message()
    })?;
    let is_named = named.any(|name| *name == camel(column.name).as_str());
    (error["code"] == "INVALID" && is_named).then_some(rule.name)
}

/// The rules of an entity that a change of one of its rows breaks.
async fn tried(
    owner: &Client,
    entity: &'static Entity,
    fields: &BTreeSet<String>,
    (id, version): (Uuid, i32),
) -> anyhow::Result<BTreeSet<&'static str>> {
    let mut rules = BTreeSet::new();
    let columns = entity.table.columns.iter();
    for column in columns.filter(|column| column.writable && fields.contains(&camel(column.name))) {
        for value in nonsense(column) {
            let mut input = json!({ "id": id_of(entity.table.id_prefix, id), "version": version, "dryRun": true });
            input[camel(column.name)] = value;
            let verb = format!("{}Update", entity.single);
            let answer = owner.verb(&verb, input, "__typename").await?;
            rules.extend(broken(entity, column, &answer));
        }
    }
    Ok(rules)
}

#[tokio::test]
async fn a_rule_of_each_module_is_told_by_a_plain_write_in_its_own_words() -> anyhow::Result<()> {
    let (world, _, sql) = demonstration().await?;
    let input = json!({ "email": "owner@harbour.example", "password": bizing::demo::PASSWORD });
    let anonymous = world.anonymous();
    let token = anonymous.act("signIn", input, "accessToken").await?;
    let owner = anonymous.with_token(token["accessToken"].as_str().unwrap_or_default());
    let schema = introspect(&owner).await?;
    let biz = "select id from core.bizes where slug = 'harbour'";
    let biz: Uuid = sql.query_one(biz, &[]).await?.try_get(0)?;

    let mut by_module: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entity in &model().entities {
        let inputs = schema
            .types
            .get(&format!("{}UpdateInput", entity.table.entity));
        let Some(inputs) = inputs.filter(|_| entity.table.column("biz_id").is_some()) else {
            continue;
        };
        let fields = inputs.input_fields.iter().map(|field| field.name.clone());
        let is_kept = entity
            .table
            .column("deleted_at")
            .map_or("true", |_| "t.deleted_at is null");
        let found = format!(
            "select t.id, t.version from {} t where t.biz_id = $1 and {is_kept} limit 1",
            entity.source
        );
        let rules = by_module.entry(entity.table.schema).or_default();
        if let Some(row) = sql.query_opt(&found, &[&biz]).await? {
            let row = (row.try_get(0)?, row.try_get(1)?);
            rules.extend(tried(&owner, entity, &fields.collect(), row).await?);
        }
    }
    let none: Vec<_> = by_module
        .iter()
        .filter_map(|(module, rules)| rules.is_empty().then_some(module))
        .collect();
    assert!(none.is_empty(), "no rule was broken in {none:?}");
    let all: usize = by_module.values().map(BTreeSet::len).sum();
    assert!(all > 150, "only {all} rules were broken: {by_module:?}");
    Ok(())
}

//! Bad values in every field of every plain update of the demo tenant: what the database refuses is
//! told in the words of the constraint, and nothing comes out as a fault of the server.

use std::collections::{BTreeMap, BTreeSet};

use bizing::demo;
use bizing::graph::model::{Entity, model};
use bizing::identity::Sealer;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};
use tests::actor::SESSION;
use tests::hotel::id_of;
use tests::schema::{Argument, introspect};
use tests::{Client, World};
use tokio_postgres::Client as Sql;
use uuid::Uuid;

/// How many updates one request holds.
const BATCH: usize = 25;

/// An update with one bad value.
struct Attempt {
    entity: &'static Entity,
    input: Value,
    said: String,
}

/// Values that hardly any rule allows, by the field's type.
fn bad_values(ty: &str) -> Vec<Value> {
    match ty {
        "Int" => vec![json!(-1), json!(2_000_000_000)],
        "Long" => vec![json!(-1)],
        "Decimal" => vec![json!("-1"), json!("1000000000")],
        "String" => vec![json!(""), json!("x y!".repeat(3000))],
        "CurrencyCode" => vec![json!("ZZZ")],
        "Date" => vec![json!("1900-01-01"), json!("2199-12-31")],
        "DateTime" => vec![json!("1900-01-01T00:00:00Z"), json!("2199-12-31T00:00:00Z")],
        "Time" => vec![json!("23:59:59")],
        "JSON" => vec![json!([1])],
        _ => vec![],
    }
}

/// The fields of an update that say which row and how, not what.
fn is_of_the_frame(field: &Argument) -> bool {
    ["id", "version", "idempotencyKey", "dryRun"].contains(&field.name.as_str())
}

/// Each bad value, and nothing where something is.
fn attempts_on(
    entity: &'static Entity,
    id: Uuid,
    version: i32,
    fields: &[Argument],
) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    for field in fields.iter().filter(|field| !is_of_the_frame(field)) {
        let mut values = bad_values(field.ty.named());
        if field.ty.is_list() {
            values = values.into_iter().map(|value| json!([value])).collect();
        }
        values.push(Value::Null);
        for value in values {
            let mut input = json!({ "id": id_of(entity.table.id_prefix, id), "version": version, "dryRun": true });
            input[&field.name] = value.clone();
            let mut said = format!("{}.{} = {value}", entity.single, field.name);
            said.truncate(80);
            attempts.push(Attempt {
                entity,
                input,
                said,
            });
        }
    }
    attempts
}

/// A row of harbour's and its version.
async fn row_of(sql: &Sql, entity: &Entity) -> anyhow::Result<Option<(Uuid, i32)>> {
    let in_use = match entity.table.column("deleted_at") {
        Some(_) => "and t.deleted_at is null",
        None => "",
    };
    let query = format!(
        "select t.{key}, t.version from {source} t join core.bizes b on b.id = t.biz_id \
         where b.slug = 'harbour' {in_use} order by t.{key} limit 1",
        key = entity.key,
        source = entity.source
    );
    let row = sql.query_opt(&query, &[]).await?;
    Ok(row.map(|row| (row.get(0), row.get(1))))
}

/// What is answered to each attempt of a batch: null, or the first error's code and message.
async fn answers(owner: &Client, batch: &[Attempt]) -> anyhow::Result<Vec<(String, String)>> {
    let (mut head, mut body, mut variables) = (Vec::new(), Vec::new(), json!({}));
    for (index, attempt) in batch.iter().enumerate() {
        let stem = attempt.entity.table.entity;
        head.push(format!("$i{index}: {stem}UpdateInput!"));
        body.push(format!(
            "f{index}: {}Update(input: $i{index}) {{ userErrors {{ message }} }}",
            attempt.entity.single
        ));
        variables[format!("i{index}")] = attempt.input.clone();
    }
    let document = format!("mutation({}) {{ {} }}", head.join(", "), body.join(" "));
    let answer = owner.graphql(&document, variables).await?;
    let failed = |index: usize| {
        answer.errors().iter().find_map(|error| {
            let code = error["extensions"]["code"].as_str().unwrap_or_default();
            (error["path"][0] == format!("f{index}")).then(|| {
                (
                    code.to_owned(),
                    error["message"].as_str().unwrap_or_default().to_owned(),
                )
            })
        })
    };
    Ok((0..batch.len())
        .map(|index| {
            let error = &answer.body["data"][format!("f{index}")]["userErrors"][0];
            let told = error["message"].as_str().unwrap_or_default();
            failed(index).unwrap_or_else(|| (String::new(), told.to_owned()))
        })
        .collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_value_is_refused_in_the_words_of_its_constraint() -> anyhow::Result<()> {
    let world = World::with_pool(6).await?;
    let sealer = Sealer::new(b"the tests seal personal data with this");
    demo::fill(&world.opened, &sealer).await?;
    let input = json!({ "email": "owner@harbour.example", "password": demo::PASSWORD });
    let payload = world.anonymous().act("signIn", input, SESSION).await?;
    let owner = world
        .anonymous()
        .with_token(payload["accessToken"].as_str().unwrap_or_default());
    let schema = introspect(&owner).await?;
    let sql = world.database.owner().await?;

    let mut attempts = Vec::new();
    for entity in &model().entities {
        let Ok(ty) = schema.ty(&format!("{}UpdateInput", entity.table.entity)) else {
            continue;
        };
        if let Some((id, version)) = row_of(&sql, entity).await? {
            attempts.extend(attempts_on(entity, id, version, &ty.input_fields));
        }
    }
    let answered: Vec<_> = stream::iter(attempts.chunks(BATCH).map(|batch| answers(&owner, batch)))
        .buffered(3)
        .try_collect()
        .await?;

    let sentences: BTreeSet<&str> = entities::TABLES
        .iter()
        .flat_map(|table| table.constraints)
        .map(|constraint| constraint.message)
        .collect();
    let mut told: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (attempt, (code, message)) in attempts.iter().zip(answered.into_iter().flatten()) {
        let is_fault = !code.is_empty() && code != "BAD_USER_INPUT";
        let is_raw = [
            "violates",
            "check constraint",
            "null value in",
            "relation \"",
        ]
        .iter()
        .any(|word| message.contains(word));
        if is_fault || is_raw {
            wrong.push(format!("{}: {code} {message}", attempt.said));
        } else if sentences.contains(message.as_str()) {
            let module = told.entry(attempt.entity.table.schema).or_default();
            module.insert(message);
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        attempts.len(),
        wrong.join("\n")
    );
    let modules: Vec<_> = told
        .iter()
        .map(|(module, of)| (*module, of.len()))
        .collect();
    let rules: usize = told.values().map(BTreeSet::len).sum();
    assert!(
        rules > 150 && modules.len() > 20,
        "{rules} rules in {modules:?}"
    );
    Ok(())
}

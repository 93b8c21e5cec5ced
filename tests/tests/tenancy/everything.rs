//! Every entity that there is: what the demo tenant `harbour` has, asked for by the owner of `keep`.

use bizing::demo;
use bizing::graph::model::{Entity, Field, model};
use bizing::identity::Sealer;
use serde_json::{Value, json};
use tests::actor::SESSION;
use tests::hotel::id_of;
use tests::{Client, World};
use uuid::Uuid;

/// How many fields one request asks for.
const BATCH: usize = 40;

pub(super) struct Theirs {
    pub(super) entity: &'static Entity,
    pub(super) id: Uuid,
}

/// One row of each entity of `harbour`, the token of the owner of `keep`, and how many of their
/// rows each tenant has.
pub(super) async fn open() -> anyhow::Result<(World, Client, Vec<Theirs>)> {
    let world = World::with_pool(4).await?;
    demo::fill(
        &world.opened,
        &Sealer::new(b"the tests seal personal data with this"),
    )
    .await?;
    let sql = world.database.owner().await?;
    let mut theirs = Vec::new();
    for entity in &model().entities {
        if !entity.is_tenant() || !entity.has_id() {
            continue;
        }
        let query = format!(
            // Of what both trade, each has a row of its own under the same id.
            "select t.{key} from {source} t join core.bizes b on b.id = t.biz_id where b.slug = 'harbour' \
             and not exists (select from {source} o where o.{key} = t.{key} and o.biz_id <> t.biz_id) limit 1",
            key = entity.key,
            source = entity.source
        );
        if let Some(row) = sql.query_opt(&query, &[]).await? {
            theirs.push(Theirs {
                entity,
                id: row.try_get(0)?,
            });
        }
    }
    let input = json!({ "email": "owner@keep.example", "password": demo::PASSWORD });
    let payload = world.anonymous().act("signIn", input, SESSION).await?;
    let keeper = world
        .anonymous()
        .with_token(payload["accessToken"].as_str().unwrap_or_default());
    Ok((world, keeper, theirs))
}

/// The fields of all answers to documents of many fields each.
async fn ask_all(client: &Client, fields: &[String]) -> anyhow::Result<Vec<Value>> {
    let mut answers = Vec::new();
    for batch in fields.chunks(BATCH) {
        let document: Vec<String> = batch
            .iter()
            .enumerate()
            .map(|(index, field)| format!("f{index}: {field}"))
            .collect();
        let data = client
            .read(&format!("{{ {} }}", document.join(" ")))
            .await?;
        answers.extend((0..batch.len()).map(|index| data[format!("f{index}")].clone()));
    }
    Ok(answers)
}

#[tokio::test]
async fn e86_of_all_that_harbour_has_keep_finds_nothing() -> anyhow::Result<()> {
    let (_world, keeper, theirs) = open().await?;
    assert!(
        theirs.len() > 350,
        "harbour has only {} kinds of rows",
        theirs.len()
    );
    let mut wrong = Vec::new();
    type Ask = fn(&Entity, &str) -> String;
    let asks: [(&str, Ask); 4] = [
        ("one", |entity, id| {
            format!("{}(id: \"{id}\") {{ id }}", entity.single)
        }),
        ("node", |_, id| format!("node(id: \"{id}\") {{ id }}")),
        ("list", |entity, id| {
            format!(
                "{}(filter: {{id: {{eq: \"{id}\"}}}}) {{ totalCount nodes {{ id }} }}",
                entity.many
            )
        }),
        ("others", |entity, id| {
            format!(
                "{}(first: 1, filter: {{not: {{id: {{ne: \"{id}\"}}}}}}) {{ totalCount }}",
                entity.many
            )
        }),
    ];
    for (how, ask) in asks {
        let id = |row: &Theirs| id_of(row.entity.table.id_prefix, row.id);
        let fields: Vec<String> = theirs.iter().map(|row| ask(row.entity, &id(row))).collect();
        let nothing: Vec<String> = theirs
            .iter()
            .map(|row| {
                ask(
                    row.entity,
                    &id_of(row.entity.table.id_prefix, bizing::database::new_id()),
                )
            })
            .collect();
        let found = ask_all(&keeper, &fields).await?;
        let never = ask_all(&keeper, &nothing).await?;
        for ((row, found), never) in theirs.iter().zip(found).zip(never) {
            if found != never || found.to_string().contains(&id(row)) {
                wrong.push(format!(
                    "{how} {}: {found} against {never}",
                    row.entity.single
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// Through every relation and every aggregate.
#[tokio::test]
async fn e86_no_relation_and_no_aggregate_of_keep_reaches_what_harbour_has() -> anyhow::Result<()> {
    let (_world, keeper, theirs) = open().await?;
    let (mut names, mut fields, mut nothing) = (Vec::new(), Vec::new(), Vec::new());
    let mut ask = |name: String, row: &Theirs, field: &dyn Fn(&str) -> String| {
        let prefix = row.entity.table.id_prefix;
        names.push(name);
        fields.push(field(&id_of(prefix, row.id)));
        nothing.push(field(&id_of(prefix, bizing::database::new_id())));
    };
    for entity in &model().entities {
        for (name, field) in &entity.fields {
            let (relation, open, close) = match field {
                Field::ToOne(relation) => (relation, "", ""),
                Field::ToMany(relation) => (relation, "{some: ", "}"),
                _ => continue,
            };
            let target = model().entity(relation.target);
            let Some(row) = theirs.iter().find(|row| row.entity.single == target.single) else {
                continue;
            };
            ask(format!("{}.{name}", entity.many), row, &|id| {
                format!(
                    "{}(filter: {{{name}: {open}{{id: {{eq: \"{id}\"}}}}{close}}}) {{ totalCount }}",
                    entity.many
                )
            });
        }
    }
    for row in &theirs {
        let single = &row.entity.single;
        if bizing::graph::schema::aggregate::has_aggregate(row.entity) {
            ask(format!("{single}Aggregate"), row, &|id| {
                format!("{single}Aggregate(filter: {{id: {{eq: \"{id}\"}}}}) {{ count }}")
            });
        }
    }
    assert!(names.len() > 1500, "only {} ways were tried", names.len());
    let found = ask_all(&keeper, &fields).await?;
    let never = ask_all(&keeper, &nothing).await?;
    let wrong: Vec<String> = names
        .iter()
        .zip(found.iter().zip(&never))
        .filter(|(_, (found, never))| {
            found != never || found["totalCount"].as_i64().is_some_and(|count| count > 0)
        })
        .map(|(name, (found, never))| format!("{name}: {found} against {never}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn e86_no_plain_write_of_keep_changes_what_harbour_has() -> anyhow::Result<()> {
    let (world, keeper, theirs) = open().await?;
    let sql = world.database.owner().await?;
    let mut wrong = Vec::new();
    let mut tried = 0;
    for Theirs { entity, id } in &theirs {
        if entity.write_permission.is_none() || entity.table.column("deleted_at").is_none() {
            continue;
        }
        let read = format!(
            "select to_jsonb(t) from {} t where t.{} = $1",
            entity.source, entity.key
        );
        let before: Value = sql.query_one(&read, &[id]).await?.try_get(0)?;
        for (verb, version) in [("Archive", None), ("Restore", None), ("Update", Some(1))] {
            let mut said = Vec::new();
            for id in [*id, bizing::database::new_id()] {
                let id = id_of(entity.table.id_prefix, id);
                let mut input = json!({ "id": id });
                if let Some(version) = version {
                    input["version"] = json!(version);
                }
                let answer = keeper
                    .verb(&format!("{}{verb}", entity.single), input, "__typename")
                    .await?;
                said.push(answer.body.to_string().replace(&id, "ID"));
            }
            tried += 1;
            if said[0] != said[1] || !said[0].contains("NOT_FOUND") {
                wrong.push(format!(
                    "{}{verb}: {} against {}",
                    entity.single, said[0], said[1]
                ));
            }
        }
        let after: Value = sql.query_one(&read, &[id]).await?.try_get(0)?;
        if before != after {
            wrong.push(format!("{} was changed", entity.single));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 200, "only {tried} writes were tried");
    Ok(())
}

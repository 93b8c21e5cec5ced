//! Root fields that read.

use bizing::graph::model::{Field, model};
use serde_json::{Value, json};
use tests::hotel::id_of;

use super::Two;

/// Another tenant's id reads as one that there never was, by every field that takes one.
#[tokio::test]
async fn e86_no_field_of_the_root_finds_a_row_of_theirs() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let mut tried = 0;
    for field in two.schema.root("Query")? {
        let takes_id = field
            .args
            .iter()
            .any(|argument| argument.ty.named() == "ID");
        // Questions are asked in `verbs`, with ids of every kind.
        let is_question = bizing::domain::questions()
            .iter()
            .any(|asking| asking.name == field.name);
        if !takes_id || is_question {
            continue;
        }
        let entity = model()
            .by_name(field.ty.named())
            .map(|id| model().entity(id));
        let prefixes: Vec<&str> = match entity {
            Some(entity) => vec![entity.table.id_prefix],
            None => two.their_ids.keys().map(String::as_str).collect(),
        };
        for prefix in prefixes {
            let never = id_of(prefix, bizing::database::new_id());
            for theirs in &two.their_ids[prefix] {
                let [found, nothing] = [theirs, &never].map(|id| ask(&two, field, id));
                let (found, nothing) = (found.await?, nothing.await?);
                assert_eq!(found, nothing, "{} of {theirs}", field.name);
                two.shows_nothing(&field.name, &found.to_string())?;
                tried += 1;
            }
        }
    }
    assert!(tried > 150, "only {tried} ids were tried");
    Ok(())
}

/// What a root field answers for an id, its echo left out.
async fn ask(two: &Two, field: &tests::schema::Field, id: &str) -> anyhow::Result<Value> {
    let argument = field
        .args
        .iter()
        .find(|argument| argument.ty.named() == "ID");
    let name = argument
        .map(|argument| argument.name.as_str())
        .unwrap_or_default();
    let (ty, value) = if argument.is_some_and(|argument| argument.ty.is_list()) {
        ("[ID!]!", json!([id]))
    } else {
        ("ID!", json!(id))
    };
    let query = format!(
        "query($id: {ty}) {{ found: {}({name}: $id) {{ __typename id }} }}",
        field.name
    );
    let answer = two.us.graphql(&query, json!({ "id": value })).await?;
    assert_ne!(
        answer.code(),
        Some("BAD_USER_INPUT"),
        "{query} {id}: {}",
        answer.body
    );
    Ok(serde_json::from_str(
        &answer.body.to_string().replace(id, "ID"),
    )?)
}

/// All columns of all our rows, as deep as relations go by one level: nothing in them is theirs.
#[tokio::test]
async fn e86_no_list_shows_a_row_of_theirs() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let sql = two.world.database.owner().await?;
    for entity in &model().entities {
        let mut fields = Vec::new();
        for (name, field) in &entity.fields {
            match field {
                Field::ToOne(_) => fields.push(format!("{name} {{ __typename }}")),
                Field::ToMany(_) => fields.push(format!(
                    "{name}(first: 3) {{ totalCount nodes {{ __typename }} }}"
                )),
                Field::Money(_) => fields.push(format!("{name} {{ amount }}")),
                _ => fields.push(name.clone()),
            }
        }
        let query = format!(
            "{{ all: {}(first: 100) {{ totalCount nodes {{ {} }} }} }}",
            entity.many,
            fields.join(" ")
        );
        let answer = two.us.ask(&query).await?.must()?;
        two.shows_nothing(&entity.many, &answer.text)?;
        if !entity.is_tenant() || entity.table.entity == "Session" {
            continue;
        }
        let archived = if entity.table.column("deleted_at").is_some() {
            " and deleted_at is null"
        } else {
            ""
        };
        let count = format!(
            "select count(*) from {} where biz_id = $1{archived}",
            entity.source
        );
        let ours: i64 = sql.query_one(&count, &[&two.us.biz_id]).await?.try_get(0)?;
        assert_eq!(answer.data("/all/totalCount"), ours, "{}", entity.many);
        let theirs: i64 = sql
            .query_one(&count, &[&two.theirs.biz_id])
            .await?
            .try_get(0)?;
        assert!(
            theirs > 0 || ours == 0,
            "they have no {}, so this proves nothing",
            entity.many
        );
    }
    Ok(())
}

#[tokio::test]
async fn e86_no_aggregate_counts_a_row_of_theirs() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let sql = two.world.database.owner().await?;
    let mut counted = 0;
    for field in two.schema.root("Query")? {
        let Some(single) = field.name.strip_suffix("Aggregate") else {
            continue;
        };
        let Some(entity) = model()
            .entities
            .iter()
            .find(|entity| entity.single == single)
        else {
            anyhow::bail!("{} is an aggregate of nothing", field.name);
        };
        let grouped = if entity.fields.contains_key("currency") {
            ", groupBy: [{field: CURRENCY}]"
        } else {
            ""
        };
        let answer = two
            .us
            .ask(&format!(
                "{{ all: {}(first: 10{grouped}) {{ count }} }}",
                field.name
            ))
            .await?
            .must()?;
        let groups: Vec<Value> = answer.get("/all")?;
        let found: i64 = groups
            .iter()
            .filter_map(|group| group["count"].as_i64())
            .sum();
        let archived = if entity.table.column("deleted_at").is_some() {
            " and deleted_at is null"
        } else {
            ""
        };
        let count = format!(
            "select count(*) from {} where biz_id = $1{archived}",
            entity.source
        );
        let ours: i64 = sql.query_one(&count, &[&two.us.biz_id]).await?.try_get(0)?;
        assert_eq!(found, ours, "{}", field.name);
        counted += 1;
    }
    assert!(counted > 25, "only {counted} aggregates");
    Ok(())
}

/// A cursor of theirs is a place in an order, no key to their rows.
#[tokio::test]
async fn e86_a_cursor_of_theirs_leads_only_to_our_rows() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let page = "{ customers(first: 1) { pageInfo { endCursor } } }";
    let cursor = two.theirs.read(page).await?["customers"]["pageInfo"]["endCursor"].clone();
    let answer = two
        .us
        .ask(&format!(
            "{{ customers(after: {cursor}) {{ nodes {{ id fullName }} }} }}"
        ))
        .await?
        .must()?;
    two.shows_nothing("customers", &answer.text)
}

//! Filters: every condition on an id, given one of theirs.

use bizing::graph::model::{Entity, Field, model};
use serde_json::{Value, json};
use tests::hotel::id_of;

use super::{Two, is_made_here};

/// The fields of an entity that hold ids, with the prefix of those ids; none where it is any.
fn id_fields(entity: &Entity) -> Vec<(&str, Option<&'static str>)> {
    let fields = entity
        .fields
        .iter()
        // By whom a row was written is shown, and nothing to search for.
        .filter(|(name, _)| !["createdBy", "updatedBy"].contains(&name.as_str()))
        .filter_map(|(name, field)| match field {
            Field::Id => Some((name.as_str(), Some(entity.table.id_prefix))),
            Field::Reference(_, target) => {
                Some((name.as_str(), Some(model().entity(*target).table.id_prefix)))
            }
            Field::Column(column) if matches!(column.kind, entities::metadata::Kind::Uuid) => {
                Some((name.as_str(), None))
            }
            _ => None,
        });
    fields.collect()
}

async fn count(two: &Two, entity: &Entity, filter: &Value) -> anyhow::Result<Value> {
    let query = format!(
        "query($filter: {}Filter) {{ all: {}(filter: $filter, first: 100) {{ totalCount nodes {{ __typename }} }} }}",
        entity.table.entity, entity.many
    );
    let answer = two
        .us
        .graphql(&query, json!({ "filter": filter }))
        .await?
        .must()?;
    two.shows_nothing(&entity.many, &answer.text)?;
    Ok(answer.data("/all/totalCount").clone())
}

#[tokio::test]
async fn e86_no_condition_on_an_id_finds_or_leaves_out_anything_by_theirs() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let mut tried = 0;
    for entity in model()
        .entities
        .iter()
        .filter(|entity| is_made_here(entity.table.id_prefix))
    {
        let all = count(&two, entity, &json!({})).await?;
        for (field, prefix) in id_fields(entity) {
            let samples: Vec<&String> = match prefix {
                Some(prefix) => two
                    .their_ids
                    .get(prefix)
                    .into_iter()
                    .flatten()
                    .take(2)
                    .collect(),
                None => two
                    .their_ids
                    .values()
                    .filter_map(|ids| ids.first())
                    .take(3)
                    .collect(),
            };
            for theirs in samples {
                let never = id_of(
                    theirs.split('_').next().unwrap_or_default(),
                    bizing::database::new_id(),
                );
                for filter in [
                    |id: &str| json!({"eq": id}),
                    |id: &str| json!({"in": [id]}),
                    |id: &str| json!({"notIn": [id]}),
                    |id: &str| json!({"ne": id}),
                ] {
                    let found = count(&two, entity, &json!({field: filter(theirs)})).await?;
                    let nothing = count(&two, entity, &json!({field: filter(&never)})).await?;
                    assert_eq!(found, nothing, "{}.{field} {}", entity.many, filter(theirs));
                    let excludes = filter(theirs)
                        .get("eq")
                        .or(filter(theirs).get("in"))
                        .is_none();
                    let expected = if excludes { all.clone() } else { json!(0) };
                    assert_eq!(
                        found,
                        expected,
                        "{}.{field} {}",
                        entity.many,
                        filter(theirs)
                    );
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 300, "only {tried} conditions were tried");
    Ok(())
}

/// Through relations: no row of ours is related to one of theirs, so all conditions on such a row
/// are false, and their opposites true.
#[tokio::test]
async fn e86_no_condition_on_a_related_row_reaches_theirs() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let mut tried = 0;
    for entity in &model().entities {
        for (name, field) in &entity.fields {
            let (relation, is_list) = match field {
                Field::ToOne(relation) => (relation, false),
                Field::ToMany(relation) => (relation, true),
                _ => continue,
            };
            let target = model().entity(relation.target);
            let Some(theirs) = two
                .their_ids
                .get(target.table.id_prefix)
                .and_then(|ids| ids.first())
            else {
                continue;
            };
            if !target.has_id() {
                continue;
            }
            let condition = json!({"id": {"eq": theirs}});
            let filter = if is_list {
                json!({name: {"some": condition}})
            } else {
                json!({name: condition})
            };
            assert_eq!(
                count(&two, entity, &filter).await?,
                0,
                "{}.{name}",
                entity.many
            );
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} relations were tried");
    Ok(())
}

/// What they have sealed under the same text is not found by us.
#[tokio::test]
async fn e86_their_sealed_values_are_not_found() -> anyhow::Result<()> {
    let two = Two::open().await?;
    let data = two
        .us
        .read("{ customers(filter: {email: {eq: \"Zebra@example.com\"}}) { totalCount } }")
        .await?;
    assert_eq!(data["customers"]["totalCount"], 0);
    let data = two
        .theirs
        .read("{ customers(filter: {email: {eq: \"Zebra@example.com\"}}) { totalCount } }")
        .await?;
    assert_eq!(data["customers"]["totalCount"], 1);
    Ok(())
}

//! Archived rows leave the lists and stay readable.

use serde_json::{Value, json};
use tests::World;
use tests::hotel::{Plan, location};

#[tokio::test]
async fn an_archived_row_leaves_lists_counts_and_aggregates_but_not_its_id() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let (gone, kept) = (
        location(&owner, &Plan::default()).await?,
        location(&owner, &Plan::default()).await?,
    );
    owner
        .act(
            "locationArchive",
            json!({"id": gone}),
            "location { deletedAt }",
        )
        .await?;
    let data = owner
        .read(&format!(
            "{{ one: location(id: \"{gone}\") {{ id deletedAt }}
                node(id: \"{gone}\") {{ id }}
                list: locations(filter: {{code: {{startsWith: \"H\"}}}}) {{ totalCount nodes {{ id }} }}
                groups: locationAggregate(filter: {{code: {{startsWith: \"H\"}}}}) {{ count }}
                all: locations(filter: {{deletedAt: {{}}, code: {{startsWith: \"H\"}}}}) {{ totalCount }}
                archived: locations(filter: {{deletedAt: {{isNull: false}}}}) {{ nodes {{ id }} }}
                found: locations(filter: {{id: {{eq: \"{gone}\"}}}}) {{ totalCount }} }}"
        ))
        .await?;
    assert_eq!(data["one"]["id"], gone);
    assert_ne!(data["one"]["deletedAt"], Value::Null);
    assert_eq!(data["node"]["id"], gone);
    assert_eq!(
        data["list"],
        json!({"totalCount": 1, "nodes": [{"id": kept}]})
    );
    assert_eq!(data["groups"], json!([{"count": 1}]));
    assert_eq!(data["all"]["totalCount"], 2);
    assert_eq!(data["archived"]["nodes"], json!([{"id": gone}]));
    assert_eq!(data["found"]["totalCount"], 0);
    owner
        .act(
            "locationRestore",
            json!({"id": gone}),
            "location { deletedAt }",
        )
        .await?;
    let data = owner
        .read("{ locations(filter: {code: {startsWith: \"H\"}}) { totalCount } }")
        .await?;
    assert_eq!(data["locations"]["totalCount"], 2);
    Ok(())
}

/// What a booking says of its room stays readable when the room type is given up.
#[tokio::test]
async fn an_archived_row_is_still_found_through_a_relation_to_it() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let owner = &hotel.owner;
    owner
        .act(
            "unitTypeArchive",
            json!({"id": hotel.unit_type}),
            "unitType { id }",
        )
        .await?;
    let data = owner
        .read("{ capacityPools { nodes { unitType { id name deletedAt } } } locations(filter: {code: {startsWith: \"H\"}}) { nodes { unitTypes { totalCount } } } }")
        .await?;
    assert_eq!(
        data["capacityPools"]["nodes"][0]["unitType"]["id"],
        hotel.unit_type
    );
    assert_eq!(data["locations"]["nodes"][0]["unitTypes"]["totalCount"], 0);
    Ok(())
}

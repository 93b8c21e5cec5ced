//! `changes`: the same feed as a query.

use serde_json::{Value, json};
use tests::World;
use tests::hotel::{Plan, soon};

use super::caught_up;

const CHANGES: &str =
    "query($after: String, $types: [EntityType!], $first: Int, $withRows: Boolean) {
    changes(after: $after, types: $types, first: $first, withRows: $withRows) {
        cursor hasMore nodes { cursor topic type id ids occurredAt } } }";

async fn read(client: &tests::Client, variables: Value) -> anyhow::Result<Value> {
    let answer = client.graphql(CHANGES, variables).await?.must()?;
    Ok(answer.body["data"]["changes"].clone())
}

fn topics(page: &Value) -> Vec<&str> {
    let nodes = page["nodes"].as_array().map_or(&[][..], Vec::as_slice);
    nodes
        .iter()
        .filter_map(|node| node["topic"].as_str())
        .collect()
}

#[tokio::test]
async fn each_event_is_told_once_in_order_and_page_by_page() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    caught_up(&world).await?;
    let mut cursor = read(&hotel.owner, json!({ "first": 1000 })).await?["cursor"].clone();
    let mut expected = Vec::new();
    for day in 0..5 {
        expected.push(hotel.confirmed(soon(day), 1).await?["id"].clone());
    }
    caught_up(&world).await?;
    let mut told = Vec::new();
    loop {
        let page = read(&hotel.owner, json!({ "after": cursor, "first": 2 })).await?;
        for node in page["nodes"].as_array().into_iter().flatten() {
            assert_eq!(node["type"], "BOOKING_ORDER");
            assert_eq!(node["topic"], "booking.created");
            told.push(node["id"].clone());
        }
        cursor = page["cursor"].clone();
        if page["hasMore"] == json!(false) {
            break;
        }
    }
    assert_eq!(told, expected);
    Ok(())
}

#[tokio::test]
async fn an_event_cursor_is_a_position_after_its_event() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let booked = hotel
        .owner
        .act(
            "bookingCreate",
            hotel.stay(soon(0), 1),
            "bookingOrder { id }",
        )
        .await?;
    caught_up(&world).await?;
    let page = read(&hotel.owner, json!({ "after": booked["eventCursor"] })).await?;
    assert!(topics(&page).is_empty());
    let id = booked["bookingOrder"]["id"].clone();
    hotel
        .owner
        .act("bookingConfirm", json!({ "id": id }), "bookingOrder { id }")
        .await?;
    caught_up(&world).await?;
    let page = read(&hotel.owner, json!({ "after": booked["eventCursor"] })).await?;
    assert_eq!(topics(&page), ["booking.confirmed"]);
    Ok(())
}

#[tokio::test]
async fn kinds_and_reach_narrow_it() -> anyhow::Result<()> {
    let world = World::with_pool(5).await?;
    let hotel = world.hotel().await?;
    let second = world.hotel_of(&hotel.owner, &Plan::default()).await?;
    let desk = world
        .staff(&hotel.owner, "front_desk", &[&second.location])
        .await?;
    hotel.confirmed(soon(0), 1).await?;
    let there = second.confirmed(soon(0), 1).await?;
    caught_up(&world).await?;
    let page = read(&desk, json!({ "types": ["BOOKING_ORDER"], "first": 1000 })).await?;
    assert_eq!(page["nodes"].as_array().map(Vec::len), Some(1), "{page}");
    assert_eq!(page["nodes"][0]["id"], there["id"]);
    let kitchen = world.staff(&hotel.owner, "kitchen", &[]).await?;
    let refused = kitchen
        .graphql(CHANGES, json!({ "types": ["BOOKING_ORDER"] }))
        .await?;
    refused.must_fail("FORBIDDEN")?;
    let page = read(&kitchen, json!({ "first": 1000 })).await?;
    assert!(
        !topics(&page)
            .iter()
            .any(|topic| topic.starts_with("booking"))
    );
    let other = world.owner().await?;
    let page = read(&other, json!({ "first": 1000, "withRows": true })).await?;
    assert!(!page.to_string().contains("bkg_"), "{page}");
    Ok(())
}

#[tokio::test]
async fn rows_that_changed_are_told_where_asked_for() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let order = hotel.confirmed(soon(0), 1).await?;
    caught_up(&world).await?;
    let start = read(&hotel.owner, json!({ "first": 1000 })).await?["cursor"].clone();
    let owner = world.database.owner().await?;
    owner
        .execute("update booking.booking_orders set note = 'by hand'", &[])
        .await?;
    caught_up(&world).await?;
    let page = read(&hotel.owner, json!({ "after": start })).await?;
    assert!(topics(&page).is_empty());
    let page = read(&hotel.owner, json!({ "after": start, "withRows": true })).await?;
    assert_eq!(topics(&page), ["core.rows_changed"]);
    assert_eq!(page["nodes"][0]["ids"], json!([order["id"]]));
    Ok(())
}

#[tokio::test]
async fn a_read_waits_for_the_position_it_names() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let booked = hotel
        .owner
        .act(
            "bookingCreate",
            hotel.stay(soon(0), 1),
            "bookingOrder { id }",
        )
        .await?;
    let query = "{ bookingOrders { nodes { id } } }";
    let body = json!({ "query": query, "extensions": { "after": booked["eventCursor"] } });
    let answer = hotel.owner.post(body, &[]).await?.must()?;
    assert_eq!(
        answer.data("/bookingOrders/nodes/0/id"),
        &booked["bookingOrder"]["id"]
    );
    let body = json!({ "query": query, "extensions": { "after": "999999999999-1" } });
    hotel.owner.post(body, &[]).await?.must_fail("TIMEOUT")?;
    let body = json!({ "query": query, "extensions": { "after": "soon" } });
    hotel
        .owner
        .post(body, &[])
        .await?
        .must_fail("BAD_USER_INPUT")?;
    Ok(())
}

//! One row, by its id.

use serde_json::{Value, json};

use tests::World;
use uuid::Uuid;

use super::{Shop, nowhere};

#[tokio::test]
async fn node_and_nodes_find_rows_of_any_kind_in_the_order_asked_for() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let order = shop.rows[0]["id"].clone();
    let place = json!(shop.locations[0]);
    let query = "query($one: ID!, $ids: [ID!]!) {
        node(id: $one) { __typename id ... on BookingOrder { number } ... on Location { name } }
        nodes(ids: $ids) { __typename id ... on BookingOrder { number location { id } } ... on Location { code } } }";
    let variables =
        json!({"one": order, "ids": [place, nowhere("loc"), order, place, nowhere("bkg")]});
    let answer = shop.owner.graphql(query, variables).await?.must()?;
    assert_eq!(answer.data("/node/__typename"), "BookingOrder");
    assert_eq!(answer.data("/node/number"), &shop.rows[0]["number"]);
    let kinds =
        [0, 1, 2, 3, 4].map(|index| answer.data(&format!("/nodes/{index}/__typename")).clone());
    assert_eq!(
        kinds,
        [
            json!("Location"),
            Value::Null,
            json!("BookingOrder"),
            json!("Location"),
            Value::Null
        ]
    );
    assert_eq!(answer.data("/nodes/0"), answer.data("/nodes/3"));
    assert_eq!(
        answer.data("/nodes/2/location/id"),
        &shop.rows[0]["locationId"]
    );
    assert_eq!(answer.data("/nodes/2/code"), &Value::Null);
    Ok(())
}

#[tokio::test]
async fn a_single_reads_one_row_or_null() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let id = &shop.rows[5]["id"];
    let data = shop
        .owner
        .read(&format!("{{ bookingOrder(id: {id}) {{ id number }} }}"))
        .await?;
    assert_eq!(data["bookingOrder"]["number"], shop.rows[5]["number"]);
    let none = format!("{{ bookingOrder(id: \"{}\") {{ id }} }}", nowhere("bkg"));
    assert_eq!(shop.owner.read(&none).await?["bookingOrder"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn a_wrong_prefix_is_an_error_that_says_which_was_expected() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let place = &shop.locations[0];
    let wrong = shop
        .owner
        .ask(&format!("{{ bookingOrder(id: \"{place}\") {{ id }} }}"))
        .await?;
    let wrong = wrong.must_fail("BAD_USER_INPUT")?;
    assert!(
        wrong.message().contains("`bkg_`") && wrong.message().contains("`loc_`"),
        "{}",
        wrong.message()
    );
    for id in [
        "",
        "bkg_",
        "bkg_short",
        "bkg_zzzzzzzzzzzzzzzzzzzzzzzzzz",
        "01j9zzzzzzzzzzzzzzzzzzzzzz",
        "bkg",
    ] {
        let answer = shop
            .owner
            .ask(&format!("{{ bookingOrder(id: \"{id}\") {{ id }} }}"))
            .await?;
        let answer = answer.must_fail("BAD_USER_INPUT")?;
        assert!(
            answer.message().contains("bkg_"),
            "{id:?}: {}",
            answer.message()
        );
    }
    for document in [
        "node(id: \"xyz_01j9m9x6zme4t8q1w5e9r2t7ya\") { id }",
        "nodes(ids: [\"nonsense\"]) { id }",
    ] {
        shop.owner
            .ask(&format!("{{ {document} }}"))
            .await?
            .must_fail("BAD_USER_INPUT")?;
    }
    Ok(())
}

/// Also the id of a row of whatever kind, whose kind stands beside it.
#[tokio::test]
async fn every_id_is_a_type_id() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let data = hotel
        .owner
        .read(
            "{ capacityPools { nodes { id locationId unitTypeId createdBy } } sellables { nodes { id refId updatedBy } }
               locations { nodes { id createdBy parentLocationId } } auditEvents { nodes { id actorId subjectId requestId } } }",
        )
        .await?;
    let mut bare = Vec::new();
    bare_ids("", &data, &mut bare);
    assert!(bare.is_empty(), "{}", bare.join("\n"));
    assert_eq!(data["sellables"]["nodes"][0]["refId"], hotel.unit_type);
    assert_eq!(
        data["capacityPools"]["nodes"][0]["unitTypeId"],
        hotel.unit_type
    );
    Ok(())
}

/// The places at which a UUID stands that is no TypeID. A request has no row, so its id has no type.
fn bare_ids(place: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| *name != "requestId") {
                bare_ids(&format!("{place}.{name}"), value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| bare_ids(place, item, found)),
        Value::String(text) if text.parse::<Uuid>().is_ok() => {
            found.push(format!("{place}: {text}"))
        }
        _ => {}
    }
}

/// Reference data is keyed by its code, and open to all who are signed in.
#[tokio::test]
async fn reference_data_is_read_by_its_code() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let data = shop
        .owner
        .read(
            "{ jpy: currency(code: \"JPY\") { code exponent name } kwd: currency(code: \"KWD\") { exponent }
               timezone(name: \"Europe/Lisbon\") { name } country(code: \"PT\") { name } none: currency(code: \"ZZZ\") { code }
               currencies(first: 200) { totalCount } countries(first: 300) { totalCount } timezones(first: 1) { totalCount } }",
        )
        .await?;
    assert_eq!(data["jpy"]["exponent"], 0);
    assert_eq!(data["kwd"]["exponent"], 3);
    assert_eq!(data["country"]["name"], "Portugal");
    assert_eq!(data["none"], Value::Null);
    let count = |list: &str| data[list]["totalCount"].as_i64().unwrap_or_default();
    assert!(count("currencies") > 150, "{data}");
    assert!(count("countries") >= 249, "{data}");
    assert!(count("timezones") > 400, "{data}");
    Ok(())
}

#[tokio::test]
async fn who_is_not_signed_in_reads_nothing() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let id = &shop.rows[0]["id"];
    for document in [
        format!("bookingOrder(id: {id}) {{ id }}"),
        "bookingOrders { totalCount }".to_owned(),
        "bookingOrderAggregate { count }".to_owned(),
        format!("node(id: {id}) {{ id }}"),
        format!("nodes(ids: [{id}]) {{ id }}"),
        "currencies { totalCount }".to_owned(),
    ] {
        let answer = shop
            .world
            .anonymous()
            .ask(&format!("{{ {document} }}"))
            .await?;
        answer.must_fail("UNAUTHENTICATED")?;
    }
    Ok(())
}

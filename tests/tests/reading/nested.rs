//! Lists below rows: each parent's own page, however many parents there are.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Shop, in_order};

/// The arguments of a list, once below the locations and once on the whole list.
const LISTS: &[&str] = &[
    "first: 200",
    "first: 3",
    "first: 3, orderBy: [{partySize: DESC}, {note: ASC_NULLS_FIRST}]",
    "last: 4, orderBy: [{totalMinor: ASC}]",
    "first: 5, offset: 4",
    "first: 5, filter: {partySize: {gt: 2}}",
    "first: 2, orderBy: [{customer: {fullName: DESC_NULLS_LAST}}]",
    "first: 0",
    "last: 200, filter: {note: {isNull: true}}",
];

#[tokio::test]
async fn each_row_has_its_own_page_of_a_list() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let selection = "totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage }";
    for list in LISTS {
        let nested =
            format!("{{ locations {{ nodes {{ id bookingOrders({list}) {{ {selection} }} }} }} }}");
        let nested = shop.owner.read(&nested).await?;
        let locations = nested["locations"]["nodes"].as_array().cloned();
        for location in locations.unwrap_or_default() {
            let own = json!({"locationId": {"eq": location["id"]}});
            let alone = if list.contains("filter: {") {
                list.replace(
                    "filter: {",
                    &format!("filter: {{locationId: {{eq: {}}}, ", location["id"]),
                )
            } else {
                format!("{list}, filter: {}", graphql(&own))
            };
            let alone = format!("{{ bookingOrders({alone}) {{ {selection} }} }}");
            let alone = shop.owner.read(&alone).await?;
            assert_eq!(location["bookingOrders"], alone["bookingOrders"], "{list}");
        }
    }
    Ok(())
}

/// A JSON object as GraphQL writes it.
fn graphql(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields: Vec<String> = fields
                .map(|(name, value)| format!("{name}: {}", graphql(value)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

#[tokio::test]
async fn a_cursor_of_a_nested_list_leads_on_in_that_list() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let place = &shop.locations[0];
    let list = |arguments: &str| {
        format!(
            "{{ location(id: \"{place}\") {{ bookingOrders({arguments}, orderBy: [{{partySize: ASC}}]) {{ nodes {{ id }} pageInfo {{ endCursor }} }} }} }}"
        )
    };
    let whole = shop.owner.read(&list("first: 200")).await?;
    let whole = in_order(
        whole["location"]["bookingOrders"]["nodes"]
            .as_array()
            .into_iter()
            .flatten(),
    );
    assert!(whole.len() > 9);
    let first = shop.owner.read(&list("first: 4")).await?;
    let cursor = &first["location"]["bookingOrders"]["pageInfo"]["endCursor"];
    let second = shop
        .owner
        .read(&list(&format!("first: 4, after: {cursor}")))
        .await?;
    let second = in_order(
        second["location"]["bookingOrders"]["nodes"]
            .as_array()
            .into_iter()
            .flatten(),
    );
    assert_eq!(second, whole[4..8]);
    Ok(())
}

#[tokio::test]
async fn relations_lead_to_the_same_rows_from_both_sides() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let query = "{ bookingOrders(first: 20) { nodes { id
        participants(first: 5) { nodes { orderId order { id location { bookingOrders(first: 100) { nodes { id } } } } } }
        customer { id bookingOrders(first: 100) { totalCount nodes { id customerId } } } } } }";
    let data = shop.owner.read(query).await?;
    let mut of_customer: HashMap<String, usize> = HashMap::new();
    for row in &shop.rows {
        if let Some(id) = row["customerId"].as_str() {
            *of_customer.entry(id.to_owned()).or_default() += 1;
        }
    }
    for row in data["bookingOrders"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
    {
        for person in row["participants"]["nodes"]
            .as_array()
            .into_iter()
            .flatten()
        {
            assert_eq!(person["orderId"], row["id"]);
            assert_eq!(person["order"]["id"], row["id"]);
            let siblings = person["order"]["location"]["bookingOrders"]["nodes"].as_array();
            assert!(
                siblings
                    .into_iter()
                    .flatten()
                    .any(|other| other["id"] == row["id"])
            );
        }
        if let Some(id) = row["customer"]["id"].as_str() {
            assert_eq!(
                row["customer"]["bookingOrders"]["totalCount"],
                of_customer[id]
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_relation_without_a_row_is_null_and_an_empty_list_is_empty() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let query = "{ bookingOrders(filter: {customerId: {isNull: true}, participants: {none: {}}}, first: 1) { nodes {
        customer { id fullName } participants { totalCount nodes { id } edges { cursor } pageInfo { hasNextPage endCursor } } } } }";
    let data = shop.owner.read(query).await?;
    let node = &data["bookingOrders"]["nodes"][0];
    assert_eq!(node["customer"], Value::Null);
    assert_eq!(
        node["participants"],
        json!({"totalCount": 0, "nodes": [], "edges": [], "pageInfo": {"hasNextPage": false, "endCursor": null}})
    );
    Ok(())
}

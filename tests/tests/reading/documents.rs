//! Documents as the language has them: fragments, aliases, directives, variables, merged fields.

use serde_json::{Value, json};

use super::Shop;

#[tokio::test]
async fn fragments_and_inline_fragments_are_their_fields() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let plain = "{ bookingOrders(first: 5) { nodes { id number location { id name } } } }";
    let fragments = "query { bookingOrders(first: 5) { ...page } }
        fragment page on BookingOrderConnection { nodes { ...row ... { number } ... on BookingOrder { location { ...place } } } }
        fragment row on Node { id }
        fragment place on Location { ... on Node { id } ... on Location { name } }";
    assert_eq!(
        shop.owner.read(plain).await?,
        shop.owner.read(fragments).await?
    );
    Ok(())
}

#[tokio::test]
async fn fields_that_are_named_twice_are_merged() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let merged = shop
        .owner
        .read("{ bookingOrders(first: 3) { nodes { id location { id } } } bookingOrders(first: 3) { totalCount nodes { number location { name id } location { code } } } }")
        .await?;
    let plain = shop
        .owner
        .read("{ bookingOrders(first: 3) { totalCount nodes { id number location { id name code } } } }")
        .await?;
    assert_eq!(merged, plain);
    Ok(())
}

#[tokio::test]
async fn fields_that_differ_under_one_name_are_refused() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    for document in [
        "{ bookingOrders(first: 3) { totalCount } bookingOrders(first: 4) { totalCount } }",
        "{ bookingOrders { nodes { id: number id } } }",
        "{ bookingOrders { nodes { x: participants(first: 1) { totalCount } x: participants(first: 2) { totalCount } } } }",
    ] {
        let answer = shop.owner.ask(document).await?;
        assert!(!answer.errors().is_empty(), "{document}: {}", answer.body);
    }
    Ok(())
}

#[tokio::test]
async fn aliases_name_what_they_say() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let data = shop
        .owner
        .read(
            "{ small: bookingOrders(first: 2, filter: {partySize: {eq: 1}}) { count: totalCount rows: nodes { key: id n: number where: location { called: name } } }
               large: bookingOrders(first: 2, filter: {partySize: {eq: 4}}) { rows: nodes { few: participants(first: 1) { nodes { name } } all: participants { people: totalCount } } } }",
        )
        .await?;
    let expected = shop.where_(|row| row["partySize"] == 1).len();
    assert_eq!(data["small"]["count"], expected);
    let row = &data["small"]["rows"][0];
    let known = shop.rows.iter().find(|known| known["id"] == row["key"]);
    let known = known.cloned().unwrap_or_default();
    assert_eq!(
        (&row["n"], &row["where"]["called"]),
        (&known["number"], &known["location"]["name"])
    );
    assert!(data["large"]["rows"][0]["all"]["people"].is_number());
    Ok(())
}

#[tokio::test]
async fn skip_and_include_leave_fields_out() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let query = "query($yes: Boolean!, $no: Boolean! = false) { bookingOrders(first: 1) {
        totalCount @include(if: $no)
        nodes { id number @skip(if: $yes) note @include(if: $yes) location @skip(if: $no) { name @include(if: $no) id }
          ...extra @include(if: $no) ... @skip(if: $yes) { currency } ... on Node @include(if: $yes) { __typename } } }
        locations @include(if: $no) { totalCount } }
        fragment extra on BookingOrder { partySize }";
    let answer = shop
        .owner
        .graphql(query, json!({"yes": true}))
        .await?
        .must()?;
    let node = answer.data("/bookingOrders/nodes/0");
    let keys = |value: &Value| -> Vec<String> {
        value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _)| key.clone())
            .collect()
    };
    let mut found = keys(node);
    found.sort();
    assert_eq!(found, ["__typename", "id", "location", "note"]);
    assert_eq!(keys(&node["location"]), ["id"]);
    assert_eq!(keys(&answer.body["data"]), ["bookingOrders"]);
    assert_eq!(keys(answer.data("/bookingOrders")), ["nodes"]);
    Ok(())
}

#[tokio::test]
async fn variables_stand_for_values_of_their_types() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let query = "query($first: Int = 2, $order: [BookingOrderOrder!], $size: Int, $status: OrderStatus!, $ids: [ID!]) {
        bookingOrders(first: $first, orderBy: $order, filter: {partySize: {eq: $size}, status: {eq: $status}, id: {in: $ids}}) { nodes { id } } }";
    let confirmed = shop.where_(|row| row["status"] == "CONFIRMED");
    // What is not given is no condition.
    let answer = shop
        .owner
        .graphql(query, json!({"status": "CONFIRMED"}))
        .await?
        .must()?;
    assert_eq!(
        answer.data("/bookingOrders/nodes").as_array().map(Vec::len),
        Some(2)
    );
    let answer = shop
        .owner
        .graphql(query, json!({"status": "CONFIRMED", "first": 200, "ids": confirmed[..3], "order": {"id": "ASC"}}))
        .await?
        .must()?;
    let nodes: Vec<Value> = answer.get("/bookingOrders/nodes")?;
    assert_eq!(super::in_order(&nodes), confirmed[..3]);
    for variables in [
        json!({}),
        json!({"status": "FLYING"}),
        json!({"status": "CONFIRMED", "first": "two"}),
        json!({"status": null}),
    ] {
        let answer = shop.owner.graphql(query, variables.clone()).await?;
        assert!(!answer.errors().is_empty(), "{variables}: {}", answer.body);
        // The same document with other variables is checked anew, though it is remembered.
        let again = shop.owner.graphql(query, variables.clone()).await?;
        assert!(!again.errors().is_empty(), "{variables}: {}", again.body);
    }
    Ok(())
}

#[tokio::test]
async fn one_of_several_operations_is_run_by_its_name() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let query = "query Orders { bookingOrders { totalCount } } query Places { locations(filter: {code: {startsWith: \"H\"}}) { totalCount } }";
    let body = json!({"query": query, "operationName": "Places"});
    let answer = shop.owner.post(body, &[]).await?.must()?;
    assert_eq!(answer.body["data"], json!({"locations": {"totalCount": 3}}));
    for name in [Value::Null, json!("Nobody")] {
        let answer = shop
            .owner
            .post(json!({"query": query, "operationName": name}), &[])
            .await?;
        assert!(!answer.errors().is_empty(), "{name}: {}", answer.body);
    }
    Ok(())
}

/// A field that fails is null and says so; the others are answered.
#[tokio::test]
async fn one_field_that_fails_does_not_take_the_others_along() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let answer = shop
        .owner
        .ask("{ good: bookingOrders { totalCount } bad: bookingOrders(first: 5000) { totalCount } also: locations(filter: {code: {startsWith: \"H\"}}) { totalCount } }")
        .await?;
    assert_eq!(answer.data("/good/totalCount"), 80);
    assert_eq!(answer.data("/also/totalCount"), 3);
    assert_eq!(answer.body["data"]["bad"], Value::Null);
    let [error] = answer.errors() else {
        anyhow::bail!("{}", answer.body);
    };
    assert_eq!(error["path"], json!(["bad"]));
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
    assert!(error["locations"][0]["line"].is_number());
    Ok(())
}

#[tokio::test]
async fn the_answer_keeps_the_order_of_the_document() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let answer = shop
        .owner
        .ask("{ z: locations { totalCount } a: bookingOrders(first: 1) { totalCount nodes { number id } } m: __typename }")
        .await?
        .must()?;
    let places = [
        "\"z\":",
        "\"a\":",
        "\"totalCount\":80",
        "\"nodes\":",
        "\"number\":",
        "\"id\":",
        "\"m\":",
    ]
    .map(|key| answer.text.find(key));
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{}",
        answer.text
    );
    Ok(())
}

#[tokio::test]
async fn money_is_exact_in_every_form() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let data = shop
        .owner
        .read("{ bookingOrders(first: 200) { nodes { totalMinor currency total { amount currency minor __typename } } } }")
        .await?;
    for node in data["bookingOrders"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let money = &node["total"];
        assert_eq!(money["currency"], node["currency"]);
        assert_eq!(money["minor"], node["totalMinor"]);
        assert_eq!(money["__typename"], "Money");
        let digits = money["minor"].to_string().replace('"', "");
        let minor: i128 = digits.parse()?;
        let amount = money["amount"].as_str().unwrap_or_default();
        let expected = match node["currency"].as_str() {
            Some("JPY") => minor.to_string(),
            _ => format!("{}.{:02}", minor / 100, minor % 100),
        };
        assert_eq!(amount, expected);
    }
    Ok(())
}

#[tokio::test]
async fn allowed_transitions_are_the_machines_rows() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let data = shop
        .owner
        .read("{ bookingOrders(first: 200) { nodes { status allowedTransitions } } }")
        .await?;
    let client = shop.world.database.owner().await?;
    for node in data["bookingOrders"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let status = node["status"].as_str().unwrap_or_default().to_lowercase();
        let sql = "select array_agg(upper(to_status) order by upper(to_status)) from core.state_transitions where machine = 'booking_order' and from_status = $1";
        let expected: Option<Vec<String>> = client.query_one(sql, &[&status]).await?.try_get(0)?;
        let mut found: Vec<String> = serde_json::from_value(node["allowedTransitions"].clone())?;
        found.sort();
        assert_eq!(found, expected.unwrap_or_default(), "{status}");
    }
    Ok(())
}

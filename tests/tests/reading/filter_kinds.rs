//! Conditions on columns of other kinds: decimals, times, truth, JSON, lists; and what is none.

use serde_json::{Value, json};
use tests::World;
use tests::hotel::made;

use super::nowhere;

#[tokio::test]
async fn lists_of_text_hold_one_any_or_all() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let client = world.database.platform(owner.biz_id).await?;
    for (name, scopes) in [
        ("a", vec!["booking.read", "crm.read"]),
        ("b", vec!["crm.read"]),
        ("c", vec![]),
    ] {
        client
            .execute(
                "insert into identity.api_keys (biz_id, id, name, key_prefix, key_hash, scopes)
                 values ($1, $2, $3, $4, sha256($3::text::bytea), $5)",
                &[
                    &owner.biz_id,
                    &bizing::database::new_id(),
                    &name,
                    &format!("pre_{name}"),
                    &scopes,
                ],
            )
            .await?;
    }
    for (filter, expected) in [
        (json!({"has": "crm.read"}), "a b"),
        (json!({"hasAny": ["booking.read", "core.read"]}), "a"),
        (json!({"hasAll": ["booking.read", "crm.read"]}), "a"),
        (json!({"hasAll": []}), "a b c"),
        (json!({"hasAny": []}), ""),
        (json!({"isNull": true}), ""),
    ] {
        let query = "query($filter: StringListFilter) { apiKeys(filter: {scopes: $filter}, orderBy: [{name: ASC}]) { nodes { name scopes } } }";
        let answer = owner
            .graphql(query, json!({ "filter": filter }))
            .await?
            .must()?;
        let nodes: Vec<Value> = answer.get("/apiKeys/nodes")?;
        let names: Vec<&str> = nodes
            .iter()
            .filter_map(|node| node["name"].as_str())
            .collect();
        assert_eq!(names.join(" "), expected, "{filter}");
    }
    Ok(())
}

#[tokio::test]
async fn decimals_times_booleans_and_json() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let rows = [
        json!({"code": "A", "name": "A", "lat": "38.722300", "lng": "-9.139300", "isFeatured": true, "businessDayCutoff": "04:00:00", "attributes": {"pool": true, "floors": 3}}),
        json!({"code": "B", "name": "B", "lat": "-0.5", "lng": "10", "businessDayCutoff": "00:00:00", "attributes": {"pool": false}}),
        json!({"code": "C", "name": "C", "attributes": {"tags": ["a", "b"], "inner": {"x": 1}}}),
    ];
    for mut row in rows {
        row["kind"] = json!("PROPERTY");
        row["timezone"] = json!("Europe/Lisbon");
        row["currency"] = json!("EUR");
        made(&owner, "location", row).await?;
    }
    for (filter, expected) in [
        (json!({"lat": {"gt": "38.7"}}), "A"),
        (json!({"lat": {"eq": "-0.50"}}), "B"),
        (json!({"lat": {"lt": 0}}), "B"),
        (json!({"lat": {"in": ["38.7223", 1]}}), "A"),
        (json!({"lat": {"isNull": true}}), "C"),
        (json!({"isFeatured": {"eq": true}}), "A"),
        (json!({"isFeatured": {"ne": true}}), "B C"),
        (json!({"businessDayCutoff": {"gte": "03:59:59"}}), "A"),
        (json!({"businessDayCutoff": {"eq": "00:00:00"}}), "B C"),
        (json!({"attributes": {"contains": {"pool": true}}}), "A"),
        (
            json!({"attributes": {"contains": {"inner": {"x": 1}}}}),
            "C",
        ),
        (json!({"attributes": {"contains": {"tags": ["b"]}}}), "C"),
        (json!({"attributes": {"hasKey": "pool"}}), "A B"),
        (json!({"attributes": {"isNull": true}}), ""),
        (
            json!({"kind": {"eq": "PROPERTY"}, "code": {"in": ["A", "C"]}}),
            "A C",
        ),
    ] {
        let query = "query($filter: LocationFilter!) { locations(filter: {and: [{code: {in: [\"A\", \"B\", \"C\"]}}, $filter]}, orderBy: [{code: ASC}]) { nodes { code } } }";
        let answer = owner
            .graphql(query, json!({ "filter": filter }))
            .await?
            .must()?;
        let nodes: Vec<Value> = answer.get("/locations/nodes")?;
        let codes: Vec<&str> = nodes
            .iter()
            .filter_map(|node| node["code"].as_str())
            .collect();
        assert_eq!(codes.join(" "), expected, "{filter}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_no_value_of_the_field_is_refused() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    for filter in [
        json!({"startsAt": {"eq": "2031-03-04T12:00:00"}}),
        json!({"startsAt": {"eq": "tomorrow"}}),
        json!({"businessDate": {"eq": "2031-02-30"}}),
        json!({"totalMinor": {"eq": "12.5"}}),
        json!({"totalMinor": {"eq": "99999999999999999999"}}),
        json!({"partySize": {"eq": 3_000_000_000_u32}}),
        json!({"id": {"eq": "bkg_nonsense"}}),
        json!({"id": {"eq": nowhere("cus")}}),
        json!({"locationId": {"in": [nowhere("bkg")]}}),
        json!({"status": {"eq": "FLYING"}}),
        json!({"number": {"eq": "a\u{0}b"}}),
        json!({"number": {"in": ["x", null]}}),
    ] {
        let query =
            "query($filter: BookingOrderFilter) { bookingOrders(filter: $filter) { totalCount } }";
        let answer = owner.graphql(query, json!({ "filter": filter })).await?;
        assert!(!answer.errors().is_empty(), "{filter}: {}", answer.body);
        assert_ne!(answer.code(), Some("INTERNAL"), "{filter}: {}", answer.body);
    }
    Ok(())
}

//! Counts and sums in groups, never across currencies.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::Actor;

use super::Shop;

pub(super) async fn groups(
    owner: &Actor,
    arguments: &str,
    fields: &str,
) -> anyhow::Result<Vec<Value>> {
    let data = owner
        .read(&format!(
            "{{ bookingOrderAggregate{arguments} {{ {fields} }} }}"
        ))
        .await?;
    let groups = data["bookingOrderAggregate"].as_array().cloned();
    Ok(groups.unwrap_or_default())
}

#[tokio::test]
async fn groups_by_columns_are_what_the_rows_sum_up_to() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let found = groups(
        &shop.owner,
        "(groupBy: [{field: STATUS}, {field: CURRENCY}], filter: {totalMinor: {lt: 1000000}})",
        "status currency count sum { totalMinor partySize } min { totalMinor startsAt } max { totalMinor startsAt } avg { partySize }",
    )
    .await?;
    let mut expected: BTreeMap<(String, String), Vec<&Value>> = BTreeMap::new();
    for row in &shop.rows {
        if row["totalMinor"].is_number() {
            let key = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
            expected
                .entry((key("status"), key("currency")))
                .or_default()
                .push(row);
        }
    }
    assert_eq!(found.len(), expected.len());
    for group in &found {
        let key = |field: &str| group[field].as_str().unwrap_or_default().to_owned();
        let rows = &expected[&(key("status"), key("currency"))];
        let numbers = |field: &str| -> Vec<i64> {
            rows.iter().filter_map(|row| row[field].as_i64()).collect()
        };
        let (totals, parties) = (numbers("totalMinor"), numbers("partySize"));
        assert_eq!(group["count"], rows.len(), "{group}");
        assert_eq!(
            group["sum"]["totalMinor"],
            totals.iter().sum::<i64>(),
            "{group}"
        );
        assert_eq!(
            group["sum"]["partySize"],
            parties.iter().sum::<i64>(),
            "{group}"
        );
        assert_eq!(
            group["min"]["totalMinor"],
            json!(totals.iter().min()),
            "{group}"
        );
        assert_eq!(
            group["max"]["totalMinor"],
            json!(totals.iter().max()),
            "{group}"
        );
        let starts: Vec<&str> = rows
            .iter()
            .filter_map(|row| row["startsAt"].as_str())
            .collect();
        assert_eq!(
            group["min"]["startsAt"],
            json!(starts.iter().min()),
            "{group}"
        );
        let average: f64 = key_number(&group["avg"]["partySize"])?;
        let count = f64::from(u32::try_from(parties.len())?);
        let expected = f64::from(i32::try_from(parties.iter().sum::<i64>())?) / count;
        assert!((average - expected).abs() < 1e-5, "{group}");
    }
    Ok(())
}

/// Exact decimals travel as text.
fn key_number(value: &Value) -> anyhow::Result<f64> {
    let text = value
        .as_str()
        .ok_or_else(|| anyhow::anyhow!("{value} is no decimal"))?;
    Ok(text.parse()?)
}

#[tokio::test]
async fn without_keys_there_is_one_group() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let found = groups(&shop.owner, "", "count status startsAt").await?;
    assert_eq!(
        found,
        [json!({"count": 80, "status": null, "startsAt": null})]
    );
    let none = groups(
        &shop.owner,
        "(filter: {number: {eq: \"none\"}})",
        "count sum { partySize }",
    )
    .await?;
    assert_eq!(none, [json!({"count": 0, "sum": {"partySize": null}})]);
    let none = groups(
        &shop.owner,
        "(filter: {number: {eq: \"none\"}}, groupBy: [{field: STATUS}])",
        "count",
    )
    .await?;
    assert!(none.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_grouped_key_leads_to_its_row() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let found = groups(
        &shop.owner,
        "(groupBy: [{field: LOCATION_ID}, {field: CUSTOMER_ID}])",
        "count locationId location { id name } customerId customer { id fullName }",
    )
    .await?;
    assert_eq!(
        found
            .iter()
            .filter_map(|group| group["count"].as_i64())
            .sum::<i64>(),
        80
    );
    for group in &found {
        assert_eq!(group["location"]["id"], group["locationId"]);
        assert_eq!(group["customer"]["id"], group["customerId"]);
    }
    assert!(found.iter().any(|group| group["customer"].is_null()));
    Ok(())
}

#[tokio::test]
async fn having_and_order_and_first_choose_among_groups() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let all = groups(
        &shop.owner,
        "(groupBy: [{field: PARTY_SIZE}, {field: STATUS}], orderBy: [{count: DESC}, {partySize: ASC}])",
        "partySize status count",
    )
    .await?;
    let sorted = all.is_sorted_by_key(|group| {
        (
            -group["count"].as_i64().unwrap_or_default(),
            group["partySize"].as_i64(),
        )
    });
    assert!(sorted, "{all:?}");
    let many = groups(
        &shop.owner,
        "(groupBy: [{field: PARTY_SIZE}, {field: STATUS}], having: {count: {gte: 4}}, orderBy: [{count: DESC}, {partySize: ASC}], first: 3)",
        "partySize status count",
    )
    .await?;
    let expected: Vec<Value> = all
        .iter()
        .filter(|group| group["count"].as_i64() >= Some(4))
        .take(3)
        .cloned()
        .collect();
    assert_eq!(many, expected);
    let dear = groups(
        &shop.owner,
        "(groupBy: [{field: STATUS}], filter: {currency: {eq: \"EUR\"}}, having: {sum: {totalMinor: {gt: 50000}}}, orderBy: [{sum: {totalMinor: DESC}}])",
        "sum { totalMinor }",
    )
    .await?;
    assert!(!dear.is_empty());
    let sums: Vec<Option<i128>> = dear
        .iter()
        .map(|group| {
            group["sum"]["totalMinor"]
                .to_string()
                .trim_matches('"')
                .parse()
                .ok()
        })
        .collect();
    assert!(
        sums.is_sorted_by(|a, b| a >= b) && sums.iter().all(|sum| *sum > Some(50_000)),
        "{sums:?}"
    );
    Ok(())
}

/// invariant 13: amounts of different currencies are never added.
#[tokio::test]
async fn inv13_a_sum_of_money_without_its_currency_is_refused() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    for (arguments, fields) in [
        ("", "sum { totalMinor }"),
        ("", "avg { totalMinor }"),
        ("", "max { totalMinor }"),
        ("(groupBy: [{field: STATUS}])", "status sum { baseMinor }"),
        (
            "(filter: {currency: {in: [\"EUR\", \"JPY\"]}})",
            "sum { totalMinor }",
        ),
        ("(filter: {currency: {ne: \"EUR\"}})", "sum { totalMinor }"),
        (
            "(filter: {or: [{currency: {eq: \"EUR\"}}, {currency: {eq: \"JPY\"}}]})",
            "sum { totalMinor }",
        ),
        (
            "(filter: {not: {currency: {eq: \"EUR\"}}})",
            "sum { totalMinor }",
        ),
        (
            "(groupBy: [{field: STATUS}], having: {sum: {totalMinor: {gt: 1}}})",
            "count",
        ),
        (
            "(groupBy: [{field: STATUS}], orderBy: [{sum: {totalMinor: DESC}}])",
            "count",
        ),
    ] {
        let query = format!("{{ bookingOrderAggregate{arguments} {{ {fields} }} }}");
        let answer = shop.owner.ask(&query).await?;
        assert_eq!(
            answer.code(),
            Some("BAD_USER_INPUT"),
            "{query}: {}",
            answer.body
        );
    }
    for (arguments, fields) in [
        ("", "count sum { partySize }"),
        (
            "(groupBy: [{field: CURRENCY}])",
            "currency sum { totalMinor }",
        ),
        ("(filter: {currency: {eq: \"JPY\"}})", "sum { totalMinor }"),
    ] {
        groups(&shop.owner, arguments, fields).await?;
    }
    Ok(())
}

#[tokio::test]
async fn odd_groups_are_refused() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    for arguments in [
        "(groupBy: [{field: STARTS_AT, bucket: DAY, timeZone: \"Mars/Olympus\"}])",
        "(groupBy: [{field: STATUS, bucket: DAY}])",
        "(groupBy: [{field: BUSINESS_DATE, bucket: HOUR}])",
        "(groupBy: [{field: STATUS}, {field: STATUS}])",
        "(groupBy: [{field: STATUS}], fillGaps: true)",
        "(orderBy: [{status: ASC}])",
        "(groupBy: [{field: STATUS}], first: 10001)",
        "(groupBy: [{field: STATUS}], first: -1)",
    ] {
        let answer = shop
            .owner
            .ask(&format!(
                "{{ bookingOrderAggregate{arguments} {{ count }} }}"
            ))
            .await?;
        assert_eq!(
            answer.code(),
            Some("BAD_USER_INPUT"),
            "{arguments}: {}",
            answer.body
        );
    }
    Ok(())
}

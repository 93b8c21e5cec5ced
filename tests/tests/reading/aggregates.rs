//! Counts and sums in groups: by columns, by local days, with gaps filled, never across currencies.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, TimeZone as _, Utc};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{Plan, location};
use tests::orders::{Order, insert};
use tests::{Actor, World};

use super::Shop;

async fn groups(owner: &Actor, arguments: &str, fields: &str) -> anyhow::Result<Vec<Value>> {
    let data = owner
        .read(&format!(
            "{{ bookingOrderAggregate{arguments} {{ {fields} }} }}"
        ))
        .await?;
    let groups = data["bookingOrderAggregate"].as_array().cloned();
    Ok(groups.unwrap_or_default())
}

/// A tenant with an order at each of these instants.
async fn open_at(instants: &[DateTime<Utc>]) -> anyhow::Result<(World, Actor)> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let place = uuid(&json!(location(&owner, &Plan::default()).await?))?;
    let orders: Vec<Order> = instants.iter().map(|at| Order::at(place, *at)).collect();
    let client = world.database.platform(owner.biz_id).await?;
    insert(&client, owner.biz_id, &orders).await?;
    Ok((world, owner))
}

fn hours(from: DateTime<Utc>, count: i64) -> Vec<DateTime<Utc>> {
    (0..count)
        .map(|hour| from + Duration::hours(hour))
        .collect()
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

/// Clocks in Lisbon go forward in the night to 30 March 2031, and back in that to 26 October.
#[tokio::test]
async fn days_are_those_of_the_zone_also_when_clocks_change() -> anyhow::Result<()> {
    let spring = Utc.with_ymd_and_hms(2031, 3, 29, 0, 0, 0).unwrap();
    let autumn = Utc.with_ymd_and_hms(2031, 10, 25, 0, 0, 0).unwrap();
    let instants = [hours(spring, 72), hours(autumn, 72)].concat();
    let (_world, owner) = open_at(&instants).await?;
    let days = groups(
        &owner,
        "(groupBy: [{field: STARTS_AT, bucket: DAY, timeZone: \"Europe/Lisbon\"}])",
        "startsAt count",
    )
    .await?;
    let days: Vec<(&str, i64)> = days
        .iter()
        .map(|day| {
            (
                day["startsAt"].as_str().unwrap_or_default(),
                day["count"].as_i64().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        days,
        [
            ("2031-03-29T00:00:00Z", 24),
            ("2031-03-30T00:00:00Z", 23),
            ("2031-03-30T23:00:00Z", 24),
            ("2031-03-31T23:00:00Z", 1),
            ("2031-10-24T23:00:00Z", 23),
            ("2031-10-25T23:00:00Z", 25),
            ("2031-10-27T00:00:00Z", 24),
        ]
    );
    // An hour that comes twice is two hours.
    let hours = groups(
        &owner,
        "(groupBy: [{field: STARTS_AT, bucket: HOUR, timeZone: \"Europe/Lisbon\"}], filter: {startsAt: {gte: \"2031-10-25T23:00:00Z\", lt: \"2031-10-27T00:00:00Z\"}})",
        "startsAt count",
    )
    .await?;
    assert_eq!(hours.len(), 25);
    assert!(hours.iter().all(|hour| hour["count"] == 1));
    let utc = groups(
        &owner,
        "(groupBy: [{field: STARTS_AT, bucket: DAY}])",
        "startsAt count",
    )
    .await?;
    assert!(utc.iter().all(|day| day["count"] == 24), "{utc:?}");
    Ok(())
}

#[tokio::test]
async fn half_hours_and_southern_summers_have_their_own_days() -> anyhow::Result<()> {
    // Lord Howe's clocks go back by half an hour in the night to 6 April 2031.
    let start = Utc.with_ymd_and_hms(2031, 4, 4, 13, 0, 0).unwrap();
    let instants: Vec<_> = (0..144)
        .map(|half| start + Duration::minutes(30 * half))
        .collect();
    let (_world, owner) = open_at(&instants).await?;
    let days = groups(
        &owner,
        "(groupBy: [{field: STARTS_AT, bucket: DAY, timeZone: \"Australia/Lord_Howe\"}])",
        "startsAt count",
    )
    .await?;
    let counts: Vec<(&str, i64)> = days
        .iter()
        .map(|day| {
            (
                day["startsAt"].as_str().unwrap_or_default(),
                day["count"].as_i64().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("2031-04-04T13:00:00Z", 48),
            ("2031-04-05T13:00:00Z", 49),
            ("2031-04-06T13:30:00Z", 47),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn weeks_months_quarters_and_years_begin_where_calendars_say() -> anyhow::Result<()> {
    let instants = [
        "2031-01-01T00:00:00Z",
        "2031-03-31T22:30:00Z",
        "2031-03-31T23:30:00Z",
        "2031-12-31T23:30:00Z",
    ];
    let instants: Vec<DateTime<Utc>> = instants
        .iter()
        .map(|at| at.parse())
        .collect::<Result<_, _>>()?;
    let (_world, owner) = open_at(&instants).await?;
    for (bucket, expected) in [
        (
            "WEEK",
            vec![
                ("2030-12-30T00:00:00Z", 1),
                ("2031-03-30T23:00:00Z", 2),
                ("2031-12-29T00:00:00Z", 1),
            ],
        ),
        (
            "MONTH",
            vec![
                ("2031-01-01T00:00:00Z", 1),
                ("2031-03-01T00:00:00Z", 1),
                ("2031-03-31T23:00:00Z", 1),
                ("2031-12-01T00:00:00Z", 1),
            ],
        ),
        (
            "QUARTER",
            vec![
                ("2031-01-01T00:00:00Z", 2),
                ("2031-03-31T23:00:00Z", 1),
                ("2031-09-30T23:00:00Z", 1),
            ],
        ),
        ("YEAR", vec![("2031-01-01T00:00:00Z", 4)]),
    ] {
        let found = groups(
            &owner,
            &format!(
                "(groupBy: [{{field: STARTS_AT, bucket: {bucket}, timeZone: \"Europe/Lisbon\"}}])"
            ),
            "startsAt count",
        )
        .await?;
        let found: Vec<(&str, i64)> = found
            .iter()
            .map(|group| {
                (
                    group["startsAt"].as_str().unwrap_or_default(),
                    group["count"].as_i64().unwrap_or_default(),
                )
            })
            .collect();
        assert_eq!(found, expected, "{bucket}");
    }
    // A calendar day has no zone; its buckets are days.
    let months = groups(
        &owner,
        "(groupBy: [{field: BUSINESS_DATE, bucket: MONTH}])",
        "businessDate count",
    )
    .await?;
    assert_eq!(
        months,
        [
            json!({"businessDate": "2031-01-01", "count": 1}),
            json!({"businessDate": "2031-03-01", "count": 2}),
            json!({"businessDate": "2031-12-01", "count": 1}),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn gaps_are_filled_between_the_first_and_the_last_bucket() -> anyhow::Result<()> {
    let instants = [
        "2031-03-28T12:00:00Z",
        "2031-03-28T13:00:00Z",
        "2031-04-01T12:00:00Z",
    ];
    let instants: Vec<DateTime<Utc>> = instants
        .iter()
        .map(|at| at.parse())
        .collect::<Result<_, _>>()?;
    let (_world, owner) = open_at(&instants).await?;
    let days = groups(
        &owner,
        "(groupBy: [{field: STARTS_AT, bucket: DAY, timeZone: \"Europe/Lisbon\"}], fillGaps: true)",
        "startsAt count sum { partySize }",
    )
    .await?;
    let day = |at: &str, count: i64, people: Value| json!({"startsAt": at, "count": count, "sum": {"partySize": people}});
    assert_eq!(
        days,
        [
            day("2031-03-28T00:00:00Z", 2, json!(2)),
            day("2031-03-29T00:00:00Z", 0, Value::Null),
            day("2031-03-30T00:00:00Z", 0, Value::Null),
            day("2031-03-30T23:00:00Z", 0, Value::Null),
            day("2031-03-31T23:00:00Z", 1, json!(1)),
        ]
    );
    // With another key, each of its values has every bucket.
    let days = groups(
        &owner,
        "(groupBy: [{field: BUSINESS_DATE, bucket: DAY}, {field: STATUS}], fillGaps: true, orderBy: [{businessDate: DESC}])",
        "businessDate status count",
    )
    .await?;
    assert_eq!(days.len(), 5);
    assert!(days.iter().all(|day| day["status"] == "CONFIRMED"));
    assert_eq!(days[0]["businessDate"], "2031-04-01");
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

//! Groups by spans of time: hours, days, months as the calendars of a zone have them, with gaps
//! filled.

use chrono::{DateTime, Duration, TimeZone as _, Utc};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{Plan, location};
use tests::orders::{Order, insert};
use tests::{Actor, World};

use super::aggregates::groups;

/// How many orders begin in each bucket of local time, by the start of the bucket.
async fn counts(owner: &Actor, bucket: &str, zone: &str) -> anyhow::Result<Vec<(String, i64)>> {
    let by = format!("(groupBy: [{{field: STARTS_AT, bucket: {bucket}, timeZone: \"{zone}\"}}])");
    let groups = groups(owner, &by, "startsAt count").await?;
    let read = |group: &Value| {
        let start = group["startsAt"].as_str().unwrap_or_default();
        (
            start.to_owned(),
            group["count"].as_i64().unwrap_or_default(),
        )
    };
    Ok(groups.iter().map(read).collect())
}

fn expected<const N: usize>(buckets: [(&str, i64); N]) -> Vec<(String, i64)> {
    let own = |(start, count): (&str, i64)| (start.to_owned(), count);
    buckets.into_iter().map(own).collect()
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

/// Clocks in Lisbon go forward in the night to 30 March 2031, and back in that to 26 October.
#[tokio::test]
async fn days_are_those_of_the_zone_also_when_clocks_change() -> anyhow::Result<()> {
    let spring = Utc.with_ymd_and_hms(2031, 3, 29, 0, 0, 0).unwrap();
    let autumn = Utc.with_ymd_and_hms(2031, 10, 25, 0, 0, 0).unwrap();
    let instants = [hours(spring, 72), hours(autumn, 72)].concat();
    let (_world, owner) = open_at(&instants).await?;
    let days = expected([
        ("2031-03-29T00:00:00Z", 24),
        ("2031-03-30T00:00:00Z", 23),
        ("2031-03-30T23:00:00Z", 24),
        ("2031-03-31T23:00:00Z", 1),
        ("2031-10-24T23:00:00Z", 23),
        ("2031-10-25T23:00:00Z", 25),
        ("2031-10-27T00:00:00Z", 24),
    ]);
    assert_eq!(counts(&owner, "DAY", "Europe/Lisbon").await?, days);
    // An hour that comes twice is two hours.
    let hours = counts(&owner, "HOUR", "Europe/Lisbon").await?;
    assert_eq!(hours.len(), 144);
    assert!(hours.iter().all(|(_, count)| *count == 1));
    let utc = counts(&owner, "DAY", "UTC").await?;
    assert!(utc.iter().all(|(_, count)| *count == 24), "{utc:?}");
    Ok(())
}

/// Lord Howe's clocks go back by half an hour in the night to 6 April 2031.
#[tokio::test]
async fn half_hours_and_southern_summers_have_their_own_days() -> anyhow::Result<()> {
    let start = Utc.with_ymd_and_hms(2031, 4, 4, 13, 0, 0).unwrap();
    let half_hours = (0..144).map(|half| start + Duration::minutes(30 * half));
    let (_world, owner) = open_at(&half_hours.collect::<Vec<_>>()).await?;
    let days = expected([
        ("2031-04-04T13:00:00Z", 48),
        ("2031-04-05T13:00:00Z", 49),
        ("2031-04-06T13:30:00Z", 47),
    ]);
    assert_eq!(counts(&owner, "DAY", "Australia/Lord_Howe").await?, days);
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
    let instants = instants.iter().map(|at| at.parse());
    let (_world, owner) = open_at(&instants.collect::<Result<Vec<_>, _>>()?).await?;
    let weeks = expected([
        ("2030-12-30T00:00:00Z", 1),
        ("2031-03-30T23:00:00Z", 2),
        ("2031-12-29T00:00:00Z", 1),
    ]);
    assert_eq!(counts(&owner, "WEEK", "Europe/Lisbon").await?, weeks);
    let months = expected([
        ("2031-01-01T00:00:00Z", 1),
        ("2031-03-01T00:00:00Z", 1),
        ("2031-03-31T23:00:00Z", 1),
        ("2031-12-01T00:00:00Z", 1),
    ]);
    assert_eq!(counts(&owner, "MONTH", "Europe/Lisbon").await?, months);
    let quarters = expected([
        ("2031-01-01T00:00:00Z", 2),
        ("2031-03-31T23:00:00Z", 1),
        ("2031-09-30T23:00:00Z", 1),
    ]);
    assert_eq!(counts(&owner, "QUARTER", "Europe/Lisbon").await?, quarters);
    let years = expected([("2031-01-01T00:00:00Z", 4)]);
    assert_eq!(counts(&owner, "YEAR", "Europe/Lisbon").await?, years);
    Ok(())
}

/// A calendar day has no zone; its buckets are days.
#[tokio::test]
async fn calendar_days_are_gathered_as_they_stand() -> anyhow::Result<()> {
    let instants = [
        "2031-01-01T00:00:00Z",
        "2031-03-31T23:30:00Z",
        "2031-03-01T00:00:00Z",
    ];
    let instants = instants.iter().map(|at| at.parse());
    let (_world, owner) = open_at(&instants.collect::<Result<Vec<_>, _>>()?).await?;
    let by = "(groupBy: [{field: BUSINESS_DATE, bucket: MONTH}])";
    let months = groups(&owner, by, "businessDate count").await?;
    let month = |start: &str, count: i64| json!({"businessDate": start, "count": count});
    assert_eq!(months, [month("2031-01-01", 1), month("2031-03-01", 2)]);
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

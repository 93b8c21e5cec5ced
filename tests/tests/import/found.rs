//! The same totals, as the graph's aggregates tell them over HTTP.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Lisbon;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tests::Client;

use super::expected::Totals;

/// The totals of what a tenant imported.
pub async fn by(client: &Client) -> anyhow::Result<Totals> {
    Ok(Totals {
        bookings: bookings(client).await?,
        revenue: revenue(client).await?,
        segments: segments(client).await?,
        occupancy: occupancy(client).await?,
        statuses: statuses(client).await?,
    })
}

/// The groups of an aggregate.
async fn groups(
    client: &Client,
    field: &str,
    arguments: &str,
    selection: &str,
) -> anyhow::Result<Vec<Value>> {
    let query = format!("{{ groups: {field}({arguments}, first: 10000) {{ {selection} }} }}");
    let data = client.read(&query).await?;
    data["groups"].as_array().cloned().context("no groups")
}

fn get<T: DeserializeOwned>(group: &Value, pointer: &str) -> anyhow::Result<T> {
    let value = group.pointer(pointer).cloned().unwrap_or_default();
    serde_json::from_value(value).with_context(|| format!("{pointer} of {group}"))
}

/// The month that begins at an instant, where the hotels are.
fn month(group: &Value) -> anyhow::Result<String> {
    let begins: DateTime<Utc> = get(group, "/startsAt")?;
    Ok(begins.with_timezone(&Lisbon).format("%Y-%m").to_string())
}

const BY_MONTH: &str = "{field: STARTS_AT, bucket: MONTH, timeZone: \"Europe/Lisbon\"}";

/// How many bookings were imported.
pub async fn count(client: &Client) -> anyhow::Result<u64> {
    let arguments = "filter: {channel: {eq: IMPORT}}";
    let groups = groups(client, "bookingOrderAggregate", arguments, "count").await?;
    get(&groups[0], "/count")
}

async fn bookings(client: &Client) -> anyhow::Result<BTreeMap<(String, String), u64>> {
    let arguments = format!(
        "filter: {{channel: {{eq: IMPORT}}}}, groupBy: [{{field: LOCATION_ID}}, {BY_MONTH}]"
    );
    let selection = "location { name } startsAt count";
    let groups = groups(client, "bookingOrderAggregate", &arguments, selection).await?;
    let entry = |group: &Value| {
        Ok((
            (get(group, "/location/name")?, month(group)?),
            get(group, "/count")?,
        ))
    };
    groups.iter().map(entry).collect()
}

async fn revenue(client: &Client) -> anyhow::Result<BTreeMap<String, u64>> {
    let arguments = format!(
        "filter: {{channel: {{eq: IMPORT}}, status: {{eq: COMPLETED}}}}, groupBy: [{{field: CURRENCY}}, {BY_MONTH}]"
    );
    let selection = "currency startsAt sum { totalMinor }";
    let groups = groups(client, "bookingOrderAggregate", &arguments, selection).await?;
    let entry = |group: &Value| {
        anyhow::ensure!(group["currency"] == "EUR", "{group}");
        Ok((month(group)?, get(group, "/sum/totalMinor")?))
    };
    groups.iter().map(entry).collect()
}

async fn segments(client: &Client) -> anyhow::Result<BTreeMap<String, (u64, u64)>> {
    let mut segments: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (filter, is_all) in [("", true), (", status: {eq: CANCELLED}", false)] {
        let arguments = format!(
            "filter: {{bookingOrder: {{channel: {{eq: IMPORT}}{filter}}}}}, groupBy: [{{field: MARKET_SEGMENT}}]"
        );
        let selection = "marketSegment count";
        for group in groups(client, "reservationDetailAggregate", &arguments, selection).await? {
            let entry = segments.entry(get(&group, "/marketSegment")?).or_default();
            let count = get(&group, "/count")?;
            *(if is_all { &mut entry.1 } else { &mut entry.0 }) = count;
        }
    }
    Ok(segments)
}

async fn occupancy<D: DeserializeOwned + Ord>(
    client: &Client,
) -> anyhow::Result<BTreeMap<(String, D), u64>> {
    let mut nights = BTreeMap::new();
    for hotel in ["Resort Hotel", "City Hotel"] {
        let arguments = format!(
            "filter: {{bookingOrder: {{channel: {{eq: IMPORT}}, status: {{eq: COMPLETED}}, \
             location: {{name: {{eq: \"{hotel}\"}}}}}}}}, groupBy: [{{field: STAY_DATE}}]"
        );
        let selection = "stayDate count";
        for group in groups(client, "reservationNightAggregate", &arguments, selection).await? {
            nights.insert(
                (hotel.to_owned(), get(&group, "/stayDate")?),
                get(&group, "/count")?,
            );
        }
    }
    Ok(nights)
}

async fn statuses(client: &Client) -> anyhow::Result<BTreeMap<&'static str, u64>> {
    let arguments = "filter: {channel: {eq: IMPORT}}, groupBy: [{field: STATUS}]";
    let mut statuses = BTreeMap::new();
    for group in groups(client, "bookingOrderAggregate", arguments, "status count").await? {
        let known = ["COMPLETED", "CANCELLED", "NO_SHOW"];
        let status = known.into_iter().find(|status| group["status"] == *status);
        let status = status.with_context(|| group.to_string())?;
        statuses.insert(status, get(&group, "/count")?);
    }
    Ok(statuses)
}

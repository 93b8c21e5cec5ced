//! What the engine reads: filters, orders, pages, aggregates, and documents as the language has them.

mod aggregates;
mod archived;
mod buckets;
mod documents;
mod filter_kinds;
mod filters;
mod limits;
mod nested;
mod nodes;
mod paging;
mod plans;
mod snapshot;

use chrono::{Duration, TimeZone as _, Utc};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{Plan, id_of, location, made};
use tests::orders::{Order, add_participant, insert};
use tests::{Actor, World};
use uuid::Uuid;

/// A tenant with three locations and eighty orders: many ties, many nulls, all statuses.
struct Shop {
    world: World,
    owner: Actor,
    locations: Vec<String>,
    /// The orders as the graph shows them, by id.
    rows: Vec<Value>,
}

/// What [`Shop::rows`] hold.
const FIELDS: &str = "id number status channel channelRef note partySize totalMinor currency startsAt businessDate \
    locationId customerId location { name timezone } customer { fullName } \
    participants { nodes { name role } }";

const NOTES: &[&str] = &[
    "late",
    "Late arrival",
    "50% off_peak",
    "back\\slash",
    "ÁGUA",
    "água",
    "",
];

impl Shop {
    async fn open() -> anyhow::Result<Self> {
        let world = World::new().await?;
        let owner = world.owner().await?;
        let mut locations = Vec::new();
        for _ in 0..3 {
            locations.push(location(&owner, &Plan::default()).await?);
        }
        let mut customers = Vec::new();
        for name in ["Ana", "Bruno", "Ana"] {
            let input = json!({ "fullName": name });
            customers.push(uuid(&json!(made(&owner, "customer", input).await?))?);
        }
        let orders = orders(&locations, &customers)?;
        let client = world.database.platform(owner.biz_id).await?;
        insert(&client, owner.biz_id, &orders).await?;
        for (index, order) in orders.iter().enumerate() {
            let guests: &[(&str, &str)] = match index % 4 {
                0 => &[],
                1 => &[("Ana", "guest")],
                2 => &[("Ana", "payer"), ("Bia", "guest")],
                _ => &[("Caio", "child"), ("Bia", "child")],
            };
            for (name, role) in guests {
                add_participant(&client, owner.biz_id, order.id, name, role).await?;
            }
        }
        let query = format!("{{ bookingOrders(first: 200) {{ nodes {{ {FIELDS} }} }} }}");
        let data = owner.read(&query).await?;
        let rows = data["bookingOrders"]["nodes"].as_array().cloned();
        let rows = rows.unwrap_or_default();
        assert_eq!(rows.len(), orders.len());
        Ok(Self {
            world,
            owner,
            locations,
            rows,
        })
    }

    /// The ids of the rows that meet a condition, in the order of ids.
    fn where_(&self, condition: impl Fn(&Value) -> bool) -> Vec<String> {
        let found = self.rows.iter().filter(|row| condition(row));
        ids(found)
    }
}

fn orders(locations: &[String], customers: &[Uuid]) -> anyhow::Result<Vec<Order>> {
    let mut random = StdRng::seed_from_u64(7);
    let start = Utc.with_ymd_and_hms(2031, 3, 1, 9, 0, 0).unwrap();
    let statuses = [
        "draft",
        "confirmed",
        "confirmed",
        "in_progress",
        "completed",
        "cancelled",
        "no_show",
    ];
    let mut orders = Vec::new();
    for index in 0..80 {
        let location = &locations[random.random_range(0..locations.len())];
        let starts_at = start + Duration::hours(random.random_range(0..40) * 6);
        let mut order = Order::at(uuid(&json!(location))?, starts_at);
        order.number = format!("N-{index:03}");
        (*statuses.choose(&mut random).unwrap_or(&"draft")).clone_into(&mut order.status);
        order.party_size = random.random_range(1..5);
        order.total_minor = random.random_range(0..6) * 2_500;
        if index == 40 {
            order.total_minor = 9_007_199_254_740_993;
        }
        order.currency = ["EUR", "EUR", "JPY"][index % 3].to_owned();
        order.customer_id = (index % 3 > 0).then(|| customers[index % customers.len()]);
        order.note = (index % 2 > 0).then(|| NOTES[index % NOTES.len()].to_owned());
        order.channel_ref = (index % 5 == 0).then(|| format!("REF-{index}"));
        orders.push(order);
    }
    Ok(orders)
}

fn ids<'a>(rows: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    let mut ids: Vec<String> = in_order(rows);
    ids.sort();
    ids
}

fn in_order<'a>(rows: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    let rows = rows.into_iter();
    rows.map(|row| row["id"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// The id of an order that there never was.
fn nowhere(prefix: &str) -> String {
    id_of(prefix, bizing::database::new_id())
}

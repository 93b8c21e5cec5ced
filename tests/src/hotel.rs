//! A tenant with something to sell: a hotel in Lisbon, and stays in it.

use anyhow::Context as _;
use bizing::database::{Clock as _, SystemClock};
use bizing::graph::type_id;
use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::actor::{Actor, unique};
use crate::world::World;

/// A hotel of a tenant: one location, one type of room, so many rooms of it.
#[derive(Clone, Debug)]
pub struct Hotel {
    /// The owner of the tenant.
    pub owner: Actor,
    /// The location's id.
    pub location: String,
    /// The unit type's id.
    pub unit_type: String,
    /// The id of what a night in it is sold as.
    pub sellable: String,
    /// The id of the policy by which stays are cancelled.
    pub policy: String,
    /// The capacity pool's id.
    pub pool: String,
}

/// How a hotel is to be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many rooms it has.
    pub rooms: i32,
    /// The time zone of its clocks.
    pub timezone: String,
    /// When its business day begins.
    pub cutoff: String,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            rooms: 5,
            timezone: "Europe/Lisbon".to_owned(),
            cutoff: "00:00:00".to_owned(),
        }
    }
}

/// The id of the row that a plain write of an entity made.
pub async fn made(owner: &Actor, entity: &str, input: Value) -> anyhow::Result<String> {
    let payload = owner
        .act(
            &format!("{entity}Create"),
            input,
            &format!("{entity} {{ id }}"),
        )
        .await?;
    let id = payload[entity]["id"].as_str();
    Ok(id.with_context(|| format!("no id of {entity}"))?.to_owned())
}

/// The id of a new location.
pub async fn location(owner: &Actor, plan: &Plan) -> anyhow::Result<String> {
    let number = unique();
    let input = json!({
        "code": format!("H{number}"), "name": format!("Hotel {number}"), "kind": "PROPERTY",
        "timezone": plan.timezone, "currency": "EUR", "businessDayCutoff": plan.cutoff,
    });
    made(owner, "location", input).await
}

/// The id of a policy: a free cancellation up to a week ahead, half of it up to a day ahead by the
/// location's clock, all of it then; and all of it for not coming.
pub async fn policy(owner: &Actor) -> anyhow::Result<String> {
    let input = json!({
        "code": format!("P{}", unique()), "name": "Usual terms", "noShowFeeKind": "PERCENT", "noShowFeeBps": 10000,
    });
    let policy = made(owner, "cancellationPolicy", input).await?;
    let tiers = [
        json!({ "policyId": policy, "hoursBeforeStart": 168, "feeKind": "NONE" }),
        json!({ "policyId": policy, "hoursBeforeStart": 24, "localCutoffTime": "18:00:00", "feeKind": "PERCENT", "feeBps": 5000 }),
        json!({ "policyId": policy, "hoursBeforeStart": 0, "feeKind": "PERCENT", "feeBps": 10000 }),
    ];
    for tier in tiers {
        made(owner, "cancellationPolicyTier", tier).await?;
    }
    Ok(policy)
}

impl World {
    /// A hotel of a new tenant.
    pub async fn hotel(&self) -> anyhow::Result<Hotel> {
        self.hotel_as(&Plan::default()).await
    }

    /// A hotel of a new tenant, built to a plan.
    pub async fn hotel_as(&self, plan: &Plan) -> anyhow::Result<Hotel> {
        let owner = self.owner().await?;
        self.hotel_of(&owner, plan).await
    }

    /// One more hotel of a tenant.
    pub async fn hotel_of(&self, owner: &Actor, plan: &Plan) -> anyhow::Result<Hotel> {
        let location = location(owner, plan).await?;
        let code = format!("D{}", unique());
        let input = json!({ "code": code, "name": "Double room", "locationId": location, "maxOccupancy": 4 });
        let unit_type = made(owner, "unitType", input).await?;
        let input = json!({
            "kind": "UNIT_TYPE", "refType": "UnitType", "refId": unit_type, "name": "Night in a double room",
        });
        let sellable = made(owner, "sellable", input).await?;
        let policy = policy(owner).await?;
        let input = json!({
            "code": code, "name": "Double rooms", "locationId": location, "unitTypeId": unit_type,
            "capacity": plan.rooms, "unit": "room",
        });
        let pool = made(owner, "capacityPool", input).await?;
        Ok(Hotel {
            owner: owner.clone(),
            location,
            unit_type,
            sellable,
            policy,
            pool,
        })
    }
}

/// The TypeID of a row.
pub fn id_of(prefix: &str, id: Uuid) -> String {
    type_id::encode(prefix, id)
}

/// A day so many days after a day two months ahead, so that it can be booked whenever tests run.
pub fn soon(days: i64) -> NaiveDate {
    SystemClock.now().date_naive() + Duration::days(60 + days)
}

/// What is selected of a booking.
pub const ORDER: &str = "bookingOrder { id number status version holdId totalMinor currency startsAt endsAt businessDate \
    checkInOn checkOutOn locationId customerId }";

impl Hotel {
    /// What `bookingCreate` takes for a stay of so many nights, held for a quarter of an hour.
    pub fn stay(&self, check_in_on: NaiveDate, nights: i64) -> Value {
        json!({
            "locationId": self.location,
            "unitTypeId": self.unit_type,
            "checkInOn": check_in_on,
            "checkOutOn": check_in_on + Duration::days(nights),
            "nightlyRate": { "amount": "100.00", "currency": "EUR" },
            "cancellationPolicyId": self.policy,
        })
    }

    /// A booking by the owner.
    pub async fn book(&self, input: Value) -> anyhow::Result<Value> {
        let payload = self.owner.act("bookingCreate", input, ORDER).await?;
        Ok(payload["bookingOrder"].clone())
    }

    /// A confirmed stay.
    pub async fn confirmed(&self, check_in_on: NaiveDate, nights: i64) -> anyhow::Result<Value> {
        let mut input = self.stay(check_in_on, nights);
        input["confirm"] = json!(true);
        self.book(input).await
    }
}

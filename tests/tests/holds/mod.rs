//! Places that are kept before there is a booking: holds, and the waiting list.

mod blocks;
mod elsewhere;
mod peak;
mod races;
mod refusals;
mod shopper;
mod slots;
mod verbs;
mod waitlist;
mod windows;

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use serde_json::{Value, json};
use tests::actor::{unique, uuid};
use tests::hotel::{Plan, made, soon};
use tests::{Answer, Hotel, World};
use tokio_postgres::Client;

/// A hotel with a treatment room, and a look at its tables from behind.
struct House {
    world: World,
    hotel: Hotel,
    sql: Client,
}

impl House {
    async fn open(rooms: i32) -> anyhow::Result<Self> {
        Self::over(World::new().await?, rooms).await
    }

    async fn over(world: World, rooms: i32) -> anyhow::Result<Self> {
        let plan = Plan {
            rooms,
            ..Plan::default()
        };
        let hotel = world.hotel_as(&plan).await?;
        let sql = world.database.platform(hotel.owner.biz_id).await?;
        Ok(Self { world, hotel, sql })
    }

    /// What `holdCreate` takes for nights of the hotel.
    fn nights(&self, session: &str, from: i64, nights: i64) -> Value {
        json!({
            "sessionRef": session, "unitTypeId": self.hotel.unit_type, "fromOn": soon(from),
            "untilOn": soon(from) + Duration::days(nights),
        })
    }

    async fn hold(&self, input: Value) -> anyhow::Result<Answer> {
        self.hotel.owner.verb("holdCreate", input, HOLD).await
    }

    /// A hold that must come about.
    async fn held(&self, input: Value) -> anyhow::Result<Value> {
        Ok(self.hold(input).await?.must()?.payload()["bookingHold"].clone())
    }

    async fn on_hold(&self, verb: &str, hold: &Value, more: Value) -> anyhow::Result<Answer> {
        let input = with(json!({ "id": hold["id"] }), more);
        self.hotel.owner.verb(verb, input, HOLD_ALONE).await
    }

    /// A customer of the house.
    async fn customer(&self) -> anyhow::Result<String> {
        let number = unique();
        let input =
            json!({ "number": format!("C{number}"), "fullName": format!("Carla {number}") });
        made(&self.hotel.owner, "customer", input).await
    }

    /// A resource for one at a time, in use.
    async fn resource(&self) -> anyhow::Result<String> {
        self.shared_resource(1).await
    }

    /// A resource that so many use at once; of one, for itself alone.
    async fn shared_resource(&self, capacity: i32) -> anyhow::Result<String> {
        let owner = &self.hotel.owner;
        let number = unique();
        let kind = json!({
            "code": format!("R{number}"), "name": "Room", "kind": "ROOM",
            "defaultExclusive": capacity == 1, "defaultCapacity": capacity,
        });
        let kind = made(owner, "resourceType", kind).await?;
        let input = json!({
            "typeId": kind, "locationId": self.hotel.location, "name": "Room", "number": format!("R-{number}"),
            "exclusive": capacity == 1, "capacity": capacity,
        });
        let resource = made(owner, "resource", input).await?;
        let into_use = json!({ "id": resource, "to": "ACTIVE" });
        owner
            .act("resourceTransition", into_use, "resource { id }")
            .await?;
        Ok(resource)
    }

    /// Lets a hold run out: it should have been confirmed a second ago.
    async fn let_expire(&self, hold: &Value) -> anyhow::Result<()> {
        let id = uuid(&hold["id"])?;
        for sql in [
            "update availability.booking_holds set held_until = clock_timestamp() - interval '1 second' where id = $1",
            "update availability.allocations set expires_at = clock_timestamp() - interval '1 second' where booking_hold_id = $1 and status = 'hold'",
            "update availability.waitlist_offers set offered_at = offered_at - interval '2 hours', expires_at = clock_timestamp() - interval '1 second' where hold_id = $1",
        ] {
            self.sql.execute(sql, &[&id]).await?;
        }
        Ok(())
    }

    /// What each night counts: held and occupied.
    async fn counts(&self) -> anyhow::Result<Vec<(NaiveDate, i32, i32)>> {
        let sql = "select business_date, held, occupied from availability.slots where held + occupied > 0 order by 1";
        let rows = self.sql.query(sql, &[]).await?;
        let read =
            |row: &tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        rows.iter().map(read).collect()
    }

    async fn count(&self, sql: &str) -> anyhow::Result<i64> {
        Ok(self.sql.query_one(sql, &[]).await?.try_get(0)?)
    }

    /// Fails unless all that must agree does.
    async fn must_agree(&self) -> anyhow::Result<()> {
        let breaks = self.world.breaks().await?;
        anyhow::ensure!(breaks == 0, "{breaks} things do not agree");
        Ok(())
    }
}

const HOLD_ALONE: &str = "bookingHold { id number status units heldUntil extendedCount sessionRef customerId \
    allocations(first: 50) { nodes { status units exclusive serviceStartsAt serviceEndsAt blockedStartsAt blockedEndsAt releasedReason } } }";
const HOLD: &str = "bookingHold { id number status units heldUntil extendedCount sessionRef customerId \
    allocations(first: 50) { nodes { status units exclusive serviceStartsAt serviceEndsAt blockedStartsAt blockedEndsAt releasedReason } } } \
    replaced { id status }";

/// An input with some fields changed.
fn with(mut input: Value, changes: Value) -> Value {
    if let (Value::Object(input), Value::Object(changes)) = (&mut input, changes) {
        input.extend(changes);
    }
    input
}

/// An instant of the first day that can be booked, so many minutes after midnight.
fn minute(minutes: i64) -> DateTime<Utc> {
    soon(0).and_time(NaiveTime::MIN).and_utc() + Duration::minutes(minutes)
}

/// How often each code came back, and "" for what was done.
fn tally(codes: impl IntoIterator<Item = (&'static str, usize)>) -> BTreeMap<String, usize> {
    codes
        .into_iter()
        .map(|(code, count)| (code.to_owned(), count))
        .collect()
}

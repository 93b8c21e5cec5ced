//! The work of orders: planned, given to somebody, done and proved.

mod assigning;
mod machine;
mod order;

use chrono::{DateTime, Duration, NaiveTime, Utc};
use serde_json::{Value, json};
use tests::actor::{Actor, unique};
use tests::hotel::{made, soon};
use tests::{Answer, Hotel, World};
use tokio_postgres::Client;

/// A hotel with a confirmed stay, whose line asks for work.
struct Site {
    world: World,
    hotel: Hotel,
    sql: Client,
    order: Value,
    line: String,
}

const UNIT: &str = "fulfillmentUnit { id status version sequence plannedStartsAt actualStartsAt actualEndsAt priority } ";

impl Site {
    async fn open() -> anyhow::Result<Self> {
        Self::over(World::new().await?).await
    }

    async fn over(world: World) -> anyhow::Result<Self> {
        let hotel = world.hotel().await?;
        let sql = world.database.platform(hotel.owner.biz_id).await?;
        let order = hotel.confirmed(soon(0), 1).await?;
        let query = format!(
            "{{ bookingOrder(id: {}) {{ lines(first: 1) {{ nodes {{ id }} }} }} }}",
            order["id"]
        );
        let data = hotel.owner.read(&query).await?;
        let line = data["bookingOrder"]["lines"]["nodes"][0]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            world,
            hotel,
            sql,
            order,
            line,
        })
    }

    fn owner(&self) -> &Actor {
        &self.hotel.owner
    }

    /// What `fulfillmentUnitPlan` takes for an hour from a minute of the first day on.
    fn work(&self, from: i64) -> Value {
        json!({ "orderLineId": self.line, "plannedStartsAt": minute(from), "plannedEndsAt": minute(from + 60) })
    }

    async fn planned(&self, input: Value) -> anyhow::Result<Value> {
        let payload = self.owner().act("fulfillmentUnitPlan", input, UNIT).await?;
        Ok(payload["fulfillmentUnit"].clone())
    }

    /// Uses a step of the machine.
    async fn step(&self, verb: &str, unit: &Value, more: Value) -> anyhow::Result<Answer> {
        let selection = format!("{UNIT} madeReady {{ id status }}");
        self.owner()
            .verb(verb, with(json!({ "id": unit["id"] }), more), &selection)
            .await
    }

    /// The status that a step which must succeed leads to.
    async fn moved(&self, verb: &str, unit: &Value) -> anyhow::Result<Value> {
        let answer = self.step(verb, unit, json!({})).await?.must()?;
        Ok(answer.payload()["fulfillmentUnit"]["status"].clone())
    }

    /// Somebody who works, in use.
    async fn person(&self) -> anyhow::Result<String> {
        let owner = self.owner();
        let number = unique();
        let kind = json!({ "code": format!("P{number}"), "name": "Therapist", "kind": "HUMAN" });
        let kind = made(owner, "resourceType", kind).await?;
        let input = json!({
            "typeId": kind, "locationId": self.hotel.location, "name": format!("Paula {number}"), "number": format!("P-{number}"),
        });
        let person = made(owner, "resource", input).await?;
        let into_use = json!({ "id": person, "to": "ACTIVE" });
        owner
            .act("resourceTransition", into_use, "resource { id }")
            .await?;
        Ok(person)
    }

    async fn assign(&self, unit: &Value, person: &str, more: Value) -> anyhow::Result<Answer> {
        let input = with(
            json!({ "id": unit["id"], "resourceId": person, "role": "therapist" }),
            more,
        );
        let selection =
            format!("{UNIT} fulfillmentAssignment {{ id status allocationId position }}");
        self.owner()
            .verb("fulfillmentAssign", input, &selection)
            .await
    }

    async fn status(&self, unit: &Value) -> anyhow::Result<Value> {
        let data = self
            .owner()
            .read(&format!(
                "{{ fulfillmentUnit(id: {}) {{ status }} }}",
                unit["id"]
            ))
            .await?;
        Ok(data["fulfillmentUnit"]["status"].clone())
    }

    async fn count(&self, sql: &str) -> anyhow::Result<i64> {
        Ok(self.sql.query_one(sql, &[]).await?.try_get(0)?)
    }
}

/// An instant of the first day, so many minutes after midnight.
fn minute(minutes: i64) -> DateTime<Utc> {
    soon(0).and_time(NaiveTime::MIN).and_utc() + Duration::minutes(minutes)
}

/// An input with some fields changed.
fn with(mut input: Value, changes: Value) -> Value {
    if let (Value::Object(input), Value::Object(changes)) = (&mut input, changes) {
        input.extend(changes);
    }
    input
}

//! The service desk: requests, faults and their repair, incidents, checklists, and what is promised.

mod boards;
mod clocks;
mod compensation;
mod faults;
mod guests;
mod incidents;
mod plans;
mod report;
mod requests;
mod reversals;
mod verify;

use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::{Plan, location, made};
use tests::{Actor, Answer, World};
use tokio_postgres::Client;

/// What is selected of a request.
const REQUEST: &str = "serviceRequest { id number status priority version acknowledgedAt resolvedAt reopenedCount escalationLevel rating assigneeId }";
/// What is selected of a clock.
const CLOCK: &str =
    "id metric status outcome startedAt targetAt pausedAt stoppedAt breachedAt warnedAt";

/// A service desk, and a look at its tables from behind.
struct Desk {
    world: World,
    owner: Actor,
    sql: Client,
    location: String,
    category: String,
    customer: String,
}

impl Desk {
    async fn open() -> anyhow::Result<Self> {
        Self::over(World::with_pool(4).await?).await
    }

    async fn over(world: World) -> anyhow::Result<Self> {
        let owner = world.owner().await?;
        let sql = world.database.platform(owner.biz_id).await?;
        let location = location(&owner, &Plan::default()).await?;
        let category = category(&owner, json!({})).await?;
        let customer = made(&owner, "customer", json!({ "fullName": "Ana Almeida" })).await?;
        Ok(Self {
            world,
            owner,
            sql,
            location,
            category,
            customer,
        })
    }

    fn now(&self) -> DateTime<Utc> {
        self.world.opened.now()
    }

    /// Moves the clock, and signs the owner in anew, as tokens have ended.
    async fn later(&mut self, by: Duration) -> anyhow::Result<()> {
        self.world.clock.advance(by);
        self.owner = self.world.again(&self.owner).await?;
        Ok(())
    }

    /// A policy for requests, as wished besides.
    async fn policy(&self, metric: &str, minutes: i32, besides: Value) -> anyhow::Result<String> {
        let input = json!({
            "code": format!("P{}", unique()), "name": format!("{metric} in {minutes}"), "appliesTo": "ServiceRequest",
            "metric": metric, "targetMinutes": minutes,
        });
        made(&self.owner, "slaPolicy", with(input, besides)).await
    }

    /// What makes a request.
    fn wish(&self) -> Value {
        json!({
            "categoryId": self.category, "locationId": self.location, "summary": "Two more towels", "customerId": self.customer,
        })
    }

    /// A new request, as wished besides.
    async fn request(&self, besides: Value) -> anyhow::Result<Value> {
        let input = with(self.wish(), besides);
        let done = self
            .owner
            .act("serviceRequestCreate", input, REQUEST)
            .await?;
        Ok(done["serviceRequest"].clone())
    }

    /// Uses a verb on a row, whatever comes back.
    async fn step(&self, verb: &str, row: &Value, besides: Value) -> anyhow::Result<Answer> {
        let input = with(json!({ "id": row["id"] }), besides);
        self.owner.verb(verb, input, selection(verb)).await
    }

    /// Takes a request through steps that must succeed.
    async fn go(&self, row: &Value, steps: &[&str]) -> anyhow::Result<Value> {
        let mut last = row.clone();
        for step in steps {
            let besides = match *step {
                "Resolve" => json!({ "resolution": "Brought" }),
                "Reopen" | "Cancel" | "Escalate" => json!({ "reason": "As it is" }),
                _ => json!({}),
            };
            let verb = format!("serviceRequest{step}");
            let done = self.step(&verb, row, besides).await?.must()?;
            last = done.payload()["serviceRequest"].clone();
        }
        Ok(last)
    }

    /// The clocks of a row, by what they measure.
    async fn clocks(&self, row: &Value) -> anyhow::Result<Value> {
        let query = format!(
            "query($id: ID!) {{ slaClocks(first: 20, filter: {{ subjectId: {{ eq: $id }} }}) {{ nodes {{ {CLOCK} }} }} }}"
        );
        let answer = self
            .owner
            .graphql(&query, json!({ "id": row["id"] }))
            .await?
            .must()?;
        let nodes = answer.data("/slaClocks/nodes").as_array().cloned();
        let clocks = nodes.unwrap_or_default().into_iter();
        let clocks = clocks.map(|clock| {
            (
                clock["metric"].as_str().unwrap_or_default().to_owned(),
                clock,
            )
        });
        Ok(Value::Object(clocks.collect()))
    }

    /// How many events of a topic there are.
    async fn told(&self, topic: &str) -> anyhow::Result<i64> {
        let sql = "select count(*) from core.outbox_events where biz_id = $1 and topic = $2";
        let row = self
            .sql
            .query_one(sql, &[&self.owner.biz_id, &topic])
            .await?;
        Ok(row.get(0))
    }
}

/// What is selected of the payload of a verb.
fn selection(verb: &str) -> &'static str {
    match verb {
        "serviceRequestConvert" => {
            "serviceRequest { id status } maintenanceRequest { id status severity resourceId }"
        }
        "serviceRequestComment" => "serviceRequest { id status } note { id body visibility }",
        _ if verb.starts_with("serviceRequest") => REQUEST,
        "maintenanceOrder" => {
            "maintenanceRequest { id status } maintenanceWorkOrder { id number status kind title blocksResource }"
        }
        _ if verb.starts_with("maintenance") => {
            "maintenanceRequest { id status resourceId severity resolvedAt workOrderId }"
        }
        "workOrderSchedule" => {
            "maintenanceWorkOrder { id status startsAt endsAt } availabilityBlock { id status startsAt endsAt reason }"
        }
        _ if verb.starts_with("workOrder") => {
            "maintenanceWorkOrder { id status startedAt completedAt costMinor currency }"
        }
        _ if verb.starts_with("incident") => {
            "incidentReport { id number status closedAt investigatorId }"
        }
        _ if verb.starts_with("correctiveAction") => {
            "correctiveAction { id status doneAt verifiedAt }"
        }
        _ if verb.starts_with("checklist") => "checklistRun { id status answers completedAt }",
        _ => "userErrors { code }",
    }
}

/// A kind of request, as wished besides.
async fn category(owner: &Actor, besides: Value) -> anyhow::Result<String> {
    let code = format!("K{}", unique());
    let input = json!({ "code": code, "name": "Extra towels", "team": "housekeeping" });
    made(owner, "requestCategory", with(input, besides)).await
}

/// A room at a location.
async fn room(owner: &Actor, location: &str) -> anyhow::Result<String> {
    let code = format!("R{}", unique());
    let input = json!({"code": code, "name": "Room", "kind": "ROOM", "defaultExclusive": true});
    let ty = made(owner, "resourceType", input).await?;
    let input = json!({"typeId": ty, "locationId": location, "name": code, "capacity": 1, "exclusive": true});
    made(owner, "resource", input).await
}

/// Somebody's membership.
async fn member(actor: &Actor) -> anyhow::Result<String> {
    let data = actor.read("{ viewer { member { id } } }").await?;
    let id = data["viewer"]["member"]["id"].as_str();
    Ok(id.context("no member")?.to_owned())
}

/// An instant of an answer.
fn instant(value: &Value) -> anyhow::Result<DateTime<Utc>> {
    let text = value.as_str();
    Ok(text
        .with_context(|| format!("{value} is no instant"))?
        .parse()?)
}

/// An object with the fields of another besides.
fn with(mut object: Value, besides: Value) -> Value {
    if let (Some(fields), Value::Object(more)) = (object.as_object_mut(), besides) {
        fields.extend(more);
    }
    object
}

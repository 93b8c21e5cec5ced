//! Walk-in queues: who joins, is called, is served, and what everybody sees of it.

mod clerks;
mod day;
mod desks;
mod model;
mod order;
mod screens;
mod verbs;
mod verify;

use anyhow::Context as _;
use bizing::database::{Clock as _, SystemClock};
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::{Plan, location, made};
use tests::{Actor, Answer, World};

/// A queue with desks.
pub struct Hall {
    pub world: World,
    pub owner: Actor,
    pub location: String,
    pub queue: String,
    pub desks: Vec<String>,
}

pub const ENTRY: &str = "queueEntry { id status noShowCount queueId servicePointId effectivePriorityAt joinedAt ticket { displayNumber seq } }";

impl Hall {
    /// A queue that is open, with so many desks that are staffed by a clerk each.
    pub async fn open(pool: u32, desks: usize, settings: Value) -> anyhow::Result<Self> {
        let world = World::with_pool(pool).await?;
        let owner = world.owner().await?;
        let location = location(&owner, &Plan::default()).await?;
        let mut hall = Self {
            world,
            owner,
            location,
            queue: String::new(),
            desks: Vec::new(),
        };
        hall.queue = hall.queue(settings).await?;
        for number in 0..desks {
            let desk = hall.desk(&[&hall.queue]).await?;
            let input = if number == 0 {
                json!({ "id": desk })
            } else {
                let clerk = hall.world.staff(&hall.owner, "front_desk", &[]).await?;
                json!({ "id": desk, "memberId": member(&clerk).await? })
            };
            hall.owner
                .act("servicePointOpen", input, "servicePoint { status }")
                .await?;
            hall.desks.push(desk);
        }
        Ok(hall)
    }

    /// Another queue, open.
    pub async fn queue(&self, settings: Value) -> anyhow::Result<String> {
        let code = format!("Q{}", unique());
        let mut input = json!({ "locationId": self.location, "code": code, "name": "Counter" });
        for (name, value) in settings.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        let queue = made(&self.owner, "queue", input).await?;
        self.owner
            .act("queueOpen", json!({ "id": queue }), "queue { status }")
            .await?;
        Ok(queue)
    }

    /// Another desk, closed.
    pub async fn desk(&self, queues: &[&str]) -> anyhow::Result<String> {
        let input = json!({ "locationId": self.location, "name": format!("Desk {}", unique()) });
        let desk = made(&self.owner, "servicePoint", input).await?;
        for queue in queues {
            let pair = json!({ "servicePointId": desk, "queueId": queue });
            self.owner.act("servicePointQueueAdd", pair, "").await?;
        }
        Ok(desk)
    }

    /// Somebody joins.
    pub async fn join(&self, more: Value) -> anyhow::Result<Value> {
        let mut input = json!({ "queueId": self.queue });
        for (name, value) in more.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        let selection = format!(
            "{ENTRY} queueTicket {{ displayNumber seq }} ticketToken position p50Seconds p90Seconds"
        );
        self.owner.act("queueJoin", input, &selection).await
    }

    /// The next is called to a desk.
    pub async fn next(&self, desk: usize) -> anyhow::Result<Answer> {
        let input = json!({ "servicePointId": self.desks[desk] });
        self.owner.verb("queueCallNext", input, ENTRY).await
    }

    /// The entry that is called to a desk.
    pub async fn called(&self, desk: usize) -> anyhow::Result<Value> {
        Ok(self.next(desk).await?.must()?.payload()["queueEntry"].clone())
    }

    /// A verb on an entry.
    pub async fn step(&self, verb: &str, entry: &Value, more: Value) -> anyhow::Result<Answer> {
        let mut input = json!({ "id": entry["id"] });
        for (name, value) in more.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        self.owner.verb(verb, input, ENTRY).await
    }

    /// The ids of those who wait, in their order.
    pub async fn waiting(&self) -> anyhow::Result<Vec<Value>> {
        let query = "query($queue: ID!) { queueEntries(first: 200, filter: {queueId: {eq: $queue}, status: {eq: WAITING}},
            orderBy: [{effectivePriorityAt: ASC}, {joinedAt: ASC}]) { nodes { id } } }";
        let answer = self
            .owner
            .graphql(query, json!({ "queue": self.queue }))
            .await?
            .must()?;
        let nodes = answer.data("/queueEntries/nodes").as_array().cloned();
        Ok(nodes
            .unwrap_or_default()
            .into_iter()
            .map(|node| node["id"].clone())
            .collect())
    }

    /// Moves the program's clock, and signs the owner in anew.
    pub async fn later(&mut self, by: Duration) -> anyhow::Result<()> {
        self.world.clock.advance(by);
        self.owner = self.world.again(&self.owner).await?;
        Ok(())
    }
}

/// Now, by the machine.
pub fn now() -> DateTime<Utc> {
    SystemClock.now()
}

/// The id of somebody's membership.
pub async fn member(actor: &Actor) -> anyhow::Result<String> {
    let data = actor.read("{ viewer { member { id } } }").await?;
    let id = data["viewer"]["member"]["id"].as_str();
    Ok(id.context("no member")?.to_owned())
}

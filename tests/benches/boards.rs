//! Boards under load: many sockets on two server processes over one database, events at a steady pace,
//! readers whose connections break, readers that do not read, a server that is killed; in the end
//! everyone's state is compared with a fresh query.
//!
//! `cargo bench -p tests --bench boards -- --sockets 1000 --rate 200 --seconds 30 --kills 10`
//! A thousand sockets need `ulimit -n 8192`.

#[path = "../tests/import/program.rs"]
#[expect(dead_code, reason = "what other tests need of it")]
mod program;
#[path = "boards/report.rs"]
mod report;
#[path = "boards/sleepers.rs"]
mod sleepers;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use clap::Parser;
use futures_util::future::try_join_all;
use program::{Program, Serving};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use report::report;
use serde_json::{Value, json};
use sleepers::{closed, closing, memory, sleepers};
use tests::actor::{PASSWORD, unique};
use tests::hotel::{Plan, location, made};
use tests::{Actor, Client, Seen, Socket, World};

/// How much load.
#[derive(Clone, Parser)]
struct Load {
    /// Sockets, half of them on each server.
    #[arg(long, default_value_t = 100)]
    sockets: usize,
    /// Events a second.
    #[arg(long, default_value_t = 50)]
    rate: u64,
    /// For how long.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many different boards the sockets look at.
    #[arg(long, default_value_t = 4)]
    queues: usize,
    /// Of a hundred sockets, so many break and come back each second.
    #[arg(long, default_value_t = 1.0)]
    breaks: f64,
    /// Sockets that subscribe and never read.
    #[arg(long, default_value_t = 5)]
    slow: usize,
    /// How often the second server is killed and started again.
    #[arg(long, default_value_t = 0)]
    kills: u32,
    /// What cargo passes to benchmarks.
    #[arg(long, hide = true)]
    bench: bool,
}

const BOARD: &str = "subscription($q: ID!, $after: String) { board: queueBoard(queueId: $q, after: $after) {
    cursor snapshot { id status version partySize ticket { displayNumber } } upserts { id status version partySize ticket { displayNumber } } removed } }";
const FRESH: &str = "query($q: ID!) { queueEntries(first: 1000, filter: {queueId: {eq: $q}, status: {in: [WAITING, CALLED, SERVING, PARKED, NO_SHOW, TRANSFERRED, REOPENED]}}) {
    nodes { id status version partySize } } }";

/// What one client went through.
struct Life {
    seen: Seen,
    messages: u64,
    returns: u64,
    snapshots: u64,
    slowest: Duration,
    /// From the answer to the writer, after the commit, to the client.
    latencies: Vec<Duration>,
}

/// What all know: where the two servers are, whether it is over, and when which version of an entry
/// was committed.
struct Stage {
    servers: [RwLock<Client>; 2],
    is_over: AtomicBool,
    committed: Mutex<HashMap<(String, i64), Instant>>,
}

impl Stage {
    fn server(&self, number: usize) -> Client {
        let client = self.servers[number % 2].read();
        client.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, entry: &Value) {
        let key = (
            entry["id"].as_str().unwrap_or_default().to_owned(),
            entry["version"].as_i64().unwrap_or(0),
        );
        let mut committed = self
            .committed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        committed.insert(key, Instant::now());
    }

    /// How long ago the rows of a message were committed, of those that are known to be.
    fn late(&self, update: &Value) -> Vec<Duration> {
        let committed = self
            .committed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let rows = update["upserts"].as_array().into_iter().flatten();
        rows.filter_map(|row| {
            let key = (row["id"].as_str()?.to_owned(), row["version"].as_i64()?);
            Some(committed.get(&key)?.elapsed())
        })
        .collect()
    }
}

/// A subscription that is tried until a server takes it.
async fn connect(
    stage: &Stage,
    number: usize,
    queue: &str,
    after: Option<&str>,
) -> anyhow::Result<Socket> {
    let start = Instant::now();
    loop {
        let client = stage.server(number);
        let opened = async {
            let mut socket = Socket::open(&client).await?;
            let variables = json!({ "q": queue, "after": after });
            socket.subscribe(BOARD, variables).await?;
            anyhow::Ok(socket)
        };
        match opened.await {
            Ok(socket) => return Ok(socket),
            Err(error) if start.elapsed() > Duration::from_secs(60) => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn rows(client: &Client, queue: &str) -> anyhow::Result<BTreeMap<String, Value>> {
    let answer = client.graphql(FRESH, json!({ "q": queue })).await?.must()?;
    let nodes = answer
        .data("/queueEntries/nodes")
        .as_array()
        .cloned()
        .unwrap_or_default();
    Ok(nodes
        .into_iter()
        .map(|row| (row["id"].as_str().unwrap_or_default().to_owned(), row))
        .collect())
}

fn agrees(seen: &Seen, fresh: &BTreeMap<String, Value>) -> bool {
    let same = |(id, row): (&String, &Value)| {
        fresh.get(id).is_some_and(|known| {
            ["status", "version", "partySize"]
                .iter()
                .all(|name| known[name] == row[name])
        })
    };
    seen.rows.len() == fresh.len() && seen.rows.iter().all(same)
}

async fn watch(
    stage: Arc<Stage>,
    queue: String,
    load: Load,
    number: usize,
) -> anyhow::Result<Life> {
    let mut random = StdRng::seed_from_u64(u64::try_from(number)?);
    let mut life = Life {
        seen: Seen::default(),
        messages: 0,
        returns: 0,
        snapshots: 0,
        slowest: Duration::ZERO,
        latencies: Vec::new(),
    };
    let mut socket = connect(&stage, number, &queue, None).await?;
    let mut looked = Instant::now();
    let mut settled = None;
    let mut has_returned = false;
    loop {
        let is_over = stage.is_over.load(Ordering::Relaxed);
        let mut is_broken = false;
        match socket.update_within(Duration::from_millis(250)).await {
            Ok(Some(update)) => {
                if !has_returned && update["snapshot"].is_null() {
                    life.latencies.extend(stage.late(&update));
                }
                life.snapshots += u64::from(!update["snapshot"].is_null());
                // What was known beyond the cursor is sent once more to who comes back.
                let doubles = life.seen.doubles;
                life.seen.take(&update)?;
                if has_returned {
                    life.seen.doubles = doubles;
                }
                has_returned = false;
                life.messages += 1;
                settled = None;
            }
            Ok(None) if is_over => {
                // Quiet after the end: it must agree now, or soon.
                let since = *settled.get_or_insert_with(Instant::now);
                if agrees(&life.seen, &rows(&stage.server(0), &queue).await?) {
                    return Ok(life);
                }
                ensure!(
                    since.elapsed() < Duration::from_secs(30),
                    "a client does not know what there is"
                );
            }
            Ok(None) => {}
            Err(_) => is_broken = true,
        }
        if looked.elapsed() > Duration::from_secs(1) && !is_over {
            looked = Instant::now();
            is_broken |= random.random_bool((load.breaks / 100.0).clamp(0.0, 1.0));
        }
        if is_broken {
            let start = Instant::now();
            socket.kill();
            socket = connect(&stage, number, &queue, life.seen.cursor.as_deref()).await?;
            life.returns += 1;
            life.slowest = life.slowest.max(start.elapsed());
            has_returned = true;
        }
    }
}

/// Joins, and moves of those who wait, at a steady pace.
async fn write(stage: &Stage, queues: &[String], load: &Load) -> anyhow::Result<u64> {
    let client = stage.server(0);
    let count = AtomicU64::new(0);
    let end = Instant::now() + Duration::from_secs(load.seconds);
    let writers = 8_u64;
    let all = (0..writers).map(|writer| {
        let (client, count) = (client.clone(), &count);
        async move {
            let mut random = StdRng::seed_from_u64(writer);
            let mut turns = tokio::time::interval(Duration::from_secs_f64(
                f64::from(u32::try_from(writers)?) / f64::from(u32::try_from(load.rate.max(1))?),
            ));
            let mut waiting: Vec<Value> = Vec::new();
            while Instant::now() < end {
                turns.tick().await;
                let queue = &queues[random.random_range(0..queues.len())];
                let enough = waiting.len() > 20;
                if enough || (!waiting.is_empty() && random.random_bool(0.5)) {
                    let index = random.random_range(0..waiting.len());
                    let verb = match random.random_range(0..3) {
                        0 if !enough => "queueEntryPark",
                        1 if !enough => "queueEntryUnpark",
                        _ => "queueEntryLeave",
                    };
                    let input = json!({ "id": waiting[index] });
                    let answer = client
                        .verb(verb, input, "queueEntry { id version }")
                        .await?;
                    stage.note(&answer.payload()["queueEntry"]);
                    if verb == "queueEntryLeave" {
                        waiting.swap_remove(index);
                    }
                } else {
                    let input = json!({ "queueId": queue, "partySize": random.random_range(1..5) });
                    let joined = client
                        .act("queueJoin", input, "queueEntry { id version }")
                        .await?;
                    stage.note(&joined["queueEntry"]);
                    waiting.push(joined["queueEntry"]["id"].clone());
                }
                count.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        }
    });
    try_join_all(all).await?;
    Ok(count.into_inner())
}

async fn signed_in(server: &Serving, email: &str, slug: &str) -> anyhow::Result<Client> {
    let anonymous = Client::anonymous(reqwest::Client::new(), &server.url);
    let input = json!({ "email": email, "password": PASSWORD, "bizSlug": slug });
    let token = anonymous.act("signIn", input, "accessToken").await?;
    let token = token["accessToken"].as_str().context("no token")?;
    Ok(anonymous.with_token(token))
}

/// Kills the second server again and again, evenly over the time, and starts another in its place.
async fn kill(
    stage: &Stage,
    program: &Program,
    mut server: Serving,
    token: &str,
    load: &Load,
) -> anyhow::Result<Serving> {
    let pause = Duration::from_secs(load.seconds) / (load.kills + 1);
    for _ in 0..load.kills {
        tokio::time::sleep(pause).await;
        server.child.kill().await?;
        server = program.serve().await?;
        let client = Client::anonymous(reqwest::Client::new(), &server.url).with_token(token);
        *stage.servers[1]
            .write()
            .unwrap_or_else(PoisonError::into_inner) = client;
    }
    Ok(server)
}

/// So many queues that are open.
async fn counters(owner: &Actor, count: usize) -> anyhow::Result<Vec<String>> {
    let location = location(owner, &Plan::default()).await?;
    let mut queues = Vec::new();
    for _ in 0..count {
        let input =
            json!({ "locationId": location, "code": format!("B{}", unique()), "name": "Counter" });
        let queue = made(owner, "queue", input).await?;
        owner
            .act("queueOpen", json!({ "id": queue }), "queue { id }")
            .await?;
        queues.push(queue);
    }
    Ok(queues)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let load = Load::parse();
    let world = World::with_pool(3).await?;
    let owner = world.owner().await?;
    let queues = counters(&owner, load.queues).await?;
    let program = Program::over(&world.database.target())?;
    let (first, second) = (program.serve().await?, program.serve().await?);
    let client = signed_in(&first, &owner.email, &owner.slug).await?;
    let token = client.token().context("no token")?.to_owned();
    let other = Client::anonymous(reqwest::Client::new(), &second.url).with_token(&token);
    let stage = Arc::new(Stage {
        servers: [RwLock::new(client), RwLock::new(other)],
        is_over: AtomicBool::new(false),
        committed: Mutex::default(),
    });
    let watching: Vec<_> = (0..load.sockets)
        .map(|number| {
            let queue = queues[number / 2 % queues.len()].clone();
            tokio::spawn(watch(Arc::clone(&stage), queue, load.clone(), number))
        })
        .collect();
    // All have their snapshot before anything happens.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = memory(&first);
    // Somebody else, as one user looks at so many boards at most.
    let sleeper = world.staff(&owner, "manager", &[]).await?;
    let sleeper = signed_in(&first, &sleeper.email, &owner.slug).await?;
    let asleep = sleepers(&sleeper, &queues, load.slow).await?;
    let most = Duration::from_secs(load.seconds + 45);
    let closing = tokio::spawn(closing(first.url.clone(), load.sockets.div_ceil(2), most));
    let started = Instant::now();
    let (events, second) = tokio::join!(
        write(&stage, &queues, &load),
        kill(&stage, &program, second, &token, &load)
    );
    let (events, second) = (events?, second?);
    let took = started.elapsed();
    let after = memory(&first);
    // While the others are still there to be counted.
    let last = closing.await??;
    let last = last.map_or("some never".to_owned(), |last| {
        format!("the last {last:.1?}")
    });
    stage.is_over.store(true, Ordering::Relaxed);
    let mut lives = Vec::new();
    for life in watching {
        lives.push(life.await??);
    }
    report(&lives, &queues, events, took);
    let slow = asleep.len();
    println!(
        "memory of the first server: {before} MB before, {after} MB under load, {} MB at the end; of the second {} MB; \
         of {slow} sockets that never read {} were closed, {last} after the first event",
        memory(&first),
        memory(&second),
        closed(asleep).await
    );
    Ok(())
}

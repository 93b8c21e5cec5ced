//! Boards under load: many sockets on two servers of one database, events at a steady pace, readers
//! whose connections break, readers that do not read; in the end everyone's state is compared with a
//! fresh query.
//!
//! `cargo bench -p tests --bench boards -- --sockets 1000 --rate 200 --seconds 30`
//! Each socket needs two file descriptors of this process: `ulimit -n 8192` for a thousand.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use clap::Parser;
use futures_util::future::try_join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::{Plan, location, made};
use tests::{Client, Seen, Socket, World};

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
    slowest: Duration,
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
    client: Client,
    queue: String,
    load: Load,
    seed: u64,
    done: Arc<AtomicBool>,
) -> anyhow::Result<Life> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut life = Life {
        seen: Seen::default(),
        messages: 0,
        returns: 0,
        slowest: Duration::ZERO,
    };
    let mut socket = Socket::open(&client).await?;
    socket.subscribe(BOARD, json!({ "q": queue })).await?;
    let mut looked = Instant::now();
    let mut settled = None;
    loop {
        match socket.update_within(Duration::from_millis(250)).await? {
            Some(update) => {
                life.seen.take(&update)?;
                life.messages += 1;
                settled = None;
            }
            None if done.load(Ordering::Relaxed) => {
                // Quiet after the end: it must agree now, or soon.
                let since = *settled.get_or_insert_with(Instant::now);
                if agrees(&life.seen, &rows(&client, &queue).await?) {
                    return Ok(life);
                }
                ensure!(
                    since.elapsed() < Duration::from_secs(20),
                    "a client does not know what there is"
                );
            }
            None => {}
        }
        let passed = looked.elapsed();
        if passed > Duration::from_secs(1) && !done.load(Ordering::Relaxed) {
            looked = Instant::now();
            if random.random_bool((load.breaks / 100.0).clamp(0.0, 1.0)) {
                socket.kill();
                let start = Instant::now();
                socket = Socket::open(&client).await?;
                socket
                    .subscribe(BOARD, json!({ "q": queue, "after": life.seen.cursor }))
                    .await?;
                life.returns += 1;
                life.slowest = life.slowest.max(start.elapsed());
            }
        }
    }
}

/// Joins, and moves of those who wait, at a steady pace.
async fn write(client: Client, queues: Vec<String>, load: &Load) -> anyhow::Result<u64> {
    let count = AtomicU64::new(0);
    let end = Instant::now() + Duration::from_secs(load.seconds);
    let writers = 8_u64;
    let all = (0..writers).map(|writer| {
        let (client, queues, count) = (client.clone(), &queues, &count);
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
                        0 => "queueEntryPark",
                        1 => "queueEntryUnpark",
                        _ => "queueEntryLeave",
                    };
                    let input = json!({ "id": waiting[index] });
                    let answer = client.verb(verb, input, "queueEntry { id }").await?;
                    if verb == "queueEntryLeave" || answer.user_code().is_some() && enough {
                        waiting.swap_remove(index);
                    }
                } else {
                    let input = json!({ "queueId": queue, "partySize": random.random_range(1..5) });
                    let joined = client.act("queueJoin", input, "queueEntry { id }").await?;
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

/// Sockets that subscribe to everything they may, and never read again.
async fn sleepers(client: &Client, queues: &[String], count: usize) -> anyhow::Result<Vec<Socket>> {
    let mut sockets = Vec::new();
    for number in 0..count {
        let mut socket = Socket::open(client).await?;
        for _ in 0..40 {
            socket
                .subscribe(BOARD, json!({ "q": queues[number % queues.len()] }))
                .await?;
        }
        sockets.push(socket);
    }
    Ok(sockets)
}

/// The memory of this process in MB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let load = Load::parse();
    let world = World::with_pool(16).await?;
    let other = world.beside(12).await?;
    let owner = world.owner().await?;
    let location = location(&owner, &Plan::default()).await?;
    let mut queues = Vec::new();
    for _ in 0..load.queues {
        let input =
            json!({ "locationId": location, "code": format!("B{}", unique()), "name": "Counter" });
        let queue = made(&owner, "queue", input).await?;
        owner
            .act("queueOpen", json!({ "id": queue }), "queue { id }")
            .await?;
        queues.push(queue);
    }
    let token = owner.token().context("no token")?;
    let clients = [Client::clone(&owner), other.anonymous().with_token(token)];
    let before = memory();
    let done = Arc::new(AtomicBool::new(false));
    let watching: Vec<_> = (0..load.sockets)
        .map(|number| {
            let (client, queue) = (
                clients[number % 2].clone(),
                queues[number / 2 % queues.len()].clone(),
            );
            let seed = u64::try_from(number).unwrap_or_default();
            tokio::spawn(watch(client, queue, load.clone(), seed, Arc::clone(&done)))
        })
        .collect();
    let asleep = sleepers(&clients[0], &queues, load.slow).await?;
    let started = Instant::now();
    let events = write(clients[0].clone(), queues.clone(), &load).await?;
    let took = started.elapsed();
    done.store(true, Ordering::Relaxed);
    let mut lives = Vec::new();
    for life in watching {
        lives.push(life.await??);
    }
    let sum = |part: fn(&Life) -> u64| lives.iter().map(part).sum::<u64>();
    let doubles: usize = lives.iter().map(|life| life.seen.doubles).sum();
    let slowest = lives
        .iter()
        .map(|life| life.slowest)
        .max()
        .unwrap_or_default();
    println!(
        "{} sockets on 2 servers, {} boards: every client's state equals a fresh query",
        lives.len(),
        queues.len()
    );
    println!(
        "{events} events in {took:.1?} ({:.0}/s), {} messages, {} returns (slowest {slowest:.1?}), {doubles} rows sent although known",
        f64::from(u32::try_from(events)?) / took.as_secs_f64(),
        sum(|life| life.messages),
        sum(|life| life.returns)
    );
    println!(
        "memory of servers and clients together: {before} MB before, {} MB at the end, {} sockets that never read",
        memory(),
        asleep.len()
    );
    drop(asleep);
    Ok(())
}

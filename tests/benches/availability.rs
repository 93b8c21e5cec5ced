//! How long a search takes: `cargo bench -p tests --bench availability`.
//!
//! A tenant of its own with 50 people, a calendar each, and 100,000 bookings; a month of an offer is
//! searched that any of them can give, over HTTP, one request after the other and eight at once.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use bizing::graph::type_id;
use chrono::{Days, NaiveDate};
use clap::Parser;
use tests::{Actor, World};
use uuid::Uuid;

/// As in the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What fills the tenant.
const FILL: &str = include_str!("availability/fill.sql");

/// What 99 of 100 searches must not take longer than.
const LIMIT: Duration = Duration::from_millis(50);

/// Measures searches of a month among 50 resources and 100,000 bookings.
#[derive(Clone, Copy, Debug, Parser)]
struct Options {
    /// How many searches of each kind.
    #[arg(long, default_value_t = 300)]
    searches: usize,
    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match measure(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(options: Options) -> anyhow::Result<()> {
    let world = World::with_pool(8).await?;
    let owner = world.owner().await?;
    let offer = bizing::database::new_id();
    let began = Instant::now();
    fill(&world, &owner, offer).await?;
    println!("filled in {} s", began.elapsed().as_secs());
    let today = bizing::database::Clock::now(&bizing::database::SystemClock).date_naive();
    for (name, selection, first) in [
        ("times", "slots { startsAt endsAt unitsLeft }", 500),
        (
            "times and candidates",
            "slots { startsAt unitsLeft components { role resourceIds } } resources { id name }",
            500,
        ),
        (
            "a page of 50 with picks",
            "slots { startsAt unitsLeft picks { resourceId blockedStartsAt blockedEndsAt } }",
            50,
        ),
    ] {
        for at_once in [1, 8] {
            let query = |turn: u64| document(offer, today + Days::new(turn % 60), first, selection);
            let mut took = Vec::with_capacity(options.searches);
            let mut listed = 0;
            let mut turn = 0;
            while took.len() < options.searches {
                let round = (0..at_once).map(|_| {
                    turn += 1;
                    let asked = query(turn);
                    let owner = &owner;
                    async move {
                        let began = Instant::now();
                        let answer = owner.ask(&asked).await?.must()?;
                        let slots = answer.data("/answer/slots").as_array().map_or(0, Vec::len);
                        anyhow::Ok((began.elapsed(), slots))
                    }
                });
                for answer in futures_util::future::try_join_all(round).await? {
                    took.push(answer.0);
                    listed = answer.1;
                }
            }
            told(name, at_once, listed, took.split_off(took.len() / 10));
        }
    }
    Ok(())
}

/// A month from a day on, every quarter of an hour.
fn document(offer: Uuid, from: NaiveDate, first: u32, selection: &str) -> String {
    let offer = type_id::encode("off", offer);
    let to = from + Days::new(30);
    format!(
        "{{ answer: availabilitySearch(offerId: \"{offer}\", from: \"{from}\", to: \"{to}\", first: {first}) {{ {selection} }} }}"
    )
}

fn told(name: &str, at_once: usize, listed: usize, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |part: usize| {
        took.get(took.len() * part / 100)
            .copied()
            .unwrap_or_default()
    };
    let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
    let verdict = if at_once > 1 || at(99) < LIMIT {
        ""
    } else {
        " (slower than it may be)"
    };
    println!(
        "{name}, {at_once} at once, {listed} times: p50 {:.1} ms, p99 {:.1} ms{verdict}",
        milliseconds(at(50)),
        milliseconds(at(99))
    );
}

async fn fill(world: &World, owner: &Actor, offer: Uuid) -> anyhow::Result<()> {
    let mut client = world.database.platform(owner.biz_id).await?;
    client
        .batch_execute(&format!("set bench.offer = '{offer}'"))
        .await?;
    let transaction = client.transaction().await?;
    transaction
        .batch_execute(FILL)
        .await
        .context("the tenant cannot be filled")?;
    transaction.commit().await?;
    world
        .database
        .owner()
        .await?
        .batch_execute("vacuum analyze")
        .await?;
    Ok(())
}

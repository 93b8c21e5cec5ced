//! What the clients went through, in three lines.

use std::time::Duration;

use crate::Life;

/// Prints it.
pub fn report(lives: &[Life], queues: &[String], events: u64, took: Duration) {
    let sum = |part: fn(&Life) -> u64| lives.iter().map(part).sum::<u64>();
    let doubles: usize = lives.iter().map(|life| life.seen.doubles).sum();
    let slowest = lives.iter().map(|life| life.slowest).max();
    let mut latencies: Vec<Duration> = lives
        .iter()
        .flat_map(|life| life.latencies.iter().copied())
        .collect();
    latencies.sort_unstable();
    let share = |part: usize| {
        latencies
            .get(latencies.len() * part / 1000)
            .copied()
            .unwrap_or_default()
    };
    println!(
        "{} sockets on 2 server processes, {} boards: every client's state equals a fresh query",
        lives.len(),
        queues.len()
    );
    println!(
        "{events} events in {took:.1?}, {} messages, {} returns (slowest {:.1?}), {} snapshots, {doubles} rows sent although known",
        sum(|life| life.messages),
        sum(|life| life.returns),
        slowest.unwrap_or_default(),
        sum(|life| life.snapshots),
    );
    println!(
        "from commit to client ({} rows): p50 {:.1?}, p90 {:.1?}, p99 {:.1?}, p99.9 {:.1?}",
        latencies.len(),
        share(500),
        share(900),
        share(990),
        share(999)
    );
}

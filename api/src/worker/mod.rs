//! Clock work: what nobody asks for, and what would be right without it too. Holds expire by the
//! clock whether or not this runs (a claim gives back what expired holds keep); it only makes that
//! visible, and keeps tables small.
//!
//! Many workers may run: a job is done by the one that has its lock, and the others pass it over.

mod jobs;

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::database::{Database, Error};

/// How often expired holds are looked for.
const SWEEP: Duration = Duration::from_secs(10);
/// How often partitions are made and old rows deleted.
const HOUSEKEEPING: Duration = Duration::from_hours(1);

/// Does the clock work until `stop` turns true. A job that fails is logged, and tried again at its
/// next turn.
pub async fn run(database: &Database, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let mut turns = interval(SWEEP);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut housekeeping_at = Instant::now();
    loop {
        tokio::select! {
            // Whoever could say "stop" is gone: so is the program.
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
            _ = turns.tick() => {}
        }
        let work = async {
            log("expire holds", jobs::expire_holds(database).await);
            if Instant::now() >= housekeeping_at {
                housekeeping_at = Instant::now() + HOUSEKEEPING;
                log("make partitions", jobs::make_partitions(database).await);
                log("delete what is over", jobs::purge(database).await);
            }
        };
        tokio::select! {
            // Stopping in the middle is safe: what is not committed is rolled back.
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
            () = work => {}
        }
    }
}

fn log(job: &'static str, done: Result<u64, Error>) {
    match done {
        Ok(0) => tracing::debug!(job, "nothing to do"),
        Ok(count) => tracing::info!(job, count, "done"),
        Err(error) => tracing::error!(job, %error, "failed; it is tried again"),
    }
}

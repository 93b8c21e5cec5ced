//! Clock work: what nobody asks for, and what would be right without it too. Holds expire by the
//! clock whether or not this runs (a claim gives back what expired holds keep); it only makes that
//! visible, and keeps tables small.
//!
//! Many workers may run: a job is done by the one that has its lock, and the others pass it over.

pub mod jobs;
pub mod tenants;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::database::Error;
use crate::graph::session::Shared;

/// How often the worker looks whether a job is due.
const TURN: Duration = Duration::from_secs(1);

/// How many connections a job may have at once: one for its lock, one for what it does, and one by
/// which that takes numbers.
const CONNECTIONS: usize = 3;

/// Clock work.
pub struct Job {
    /// What it is called in the log, and by its lock.
    pub name: &'static str,
    /// How often it runs.
    pub every: Duration,
    run: Box<dyn Fn(Arc<Shared>) -> BoxFuture<'static, Result<u64, Error>> + Send + Sync>,
}

impl Job {
    /// A job, and what it does: it says how many things it did. Any number of workers may run it at
    /// the same time, and it may be cut off at any point.
    pub fn new<F>(
        name: &'static str,
        every: Duration,
        run: impl Fn(Arc<Shared>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<u64, Error>> + Send + 'static,
    {
        Self {
            name,
            every,
            run: Box::new(move |shared| Box::pin(run(shared))),
        }
    }

    /// Does it now.
    pub async fn run(&self, shared: &Arc<Shared>) -> Result<u64, Error> {
        (self.run)(Arc::clone(shared)).await
    }
}

/// Does the clock work until `stop` turns true. A job that fails is logged, and tried again at its
/// next turn. Only so many are done at once that none waits for a connection that another waiting one
/// has, and that requests find some.
pub async fn run(
    shared: &Arc<Shared>,
    jobs: Vec<Job>,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let places = Semaphore::new((shared.database.most_connections() / CONNECTIONS).max(1));
    let all = jobs
        .into_iter()
        .map(|job| repeat(shared, job, &places, stop.clone()));
    futures_util::future::join_all(all).await;
    Ok(())
}

async fn repeat(
    shared: &Arc<Shared>,
    job: Job,
    places: &Semaphore,
    mut stop: watch::Receiver<bool>,
) {
    let mut turns = interval(job.every.min(TURN));
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut due_at = Instant::now();
    loop {
        let turn = async {
            turns.tick().await;
            if Instant::now() >= due_at {
                // Never closed, so that there is always a place in the end.
                let _place = places.acquire().await;
                due_at = Instant::now() + job.every;
                log(job.name, job.run(shared).await);
            }
        };
        tokio::select! {
            // Whoever could say "stop" is gone: so is the program. Stopping in the middle is safe:
            // what is not committed is rolled back.
            _ = stop.wait_for(|stop| *stop) => return,
            () = turn => {}
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

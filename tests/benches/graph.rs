//! The graph against its floors: `cargo bench -p tests --bench graph`.
//!
//! 200,000 bookings in 20 tenants; the same questions asked of the product's graph (tenancy,
//! permissions, snapshot and all), of hand-written SQL whose binary rows are put together into JSON
//! in Rust, and of one `json_agg` statement passed through. All three are answered by one axum with
//! pools of 8 connections, in a process of its own, so that its CPU is measured apart from that of
//! the load.
//!
//! Beside `bookingCreate`, what `PostGraphile` takes to insert the same rows is measured where it is
//! installed (its node too, where the machine's is too old for it):
//!
//! ```sh
//! mkdir /tmp/postgraphile && (cd /tmp/postgraphile && npm install node@22 postgraphile@5)
//! cargo bench -p tests --bench graph -- --scenario create --postgraphile /tmp/postgraphile
//! ```
//!
//! | module | what it knows |
//! | --- | --- |
//! | `data` | the database: where it is, how it is filled |
//! | `server` | the process under test |
//! | `product` | the product's router, and how to sign in to it |
//! | `floor` | the hand-written answers |
//! | `postgraphile` | the rows of a booking, inserted through it |
//! | `load` | connections that ask and wait |
//! | `scenario` | what is asked |
//! | `run` | rounds, in which the ways take turns |
//! | `cpu` | what the processes used |
//! | `report` | the table |

#[path = "graph/cpu.rs"]
mod cpu;
#[path = "graph/data.rs"]
mod data;
#[path = "graph/floor.rs"]
mod floor;
#[path = "graph/json.rs"]
mod json;
#[path = "graph/load.rs"]
mod load;
#[path = "graph/postgraphile.rs"]
mod postgraphile;
#[path = "graph/product.rs"]
mod product;
#[path = "graph/report.rs"]
mod report;
#[path = "graph/run.rs"]
mod run;
#[path = "graph/scenario.rs"]
mod scenario;
#[path = "graph/server.rs"]
mod server;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;

use scenario::{Scenario, Way};

/// As in the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the graph beside its floors, on 200,000 bookings of 20 tenants.
///
/// The database is kept under target/bench-postgres, or stands where BENCH_DATABASE_URL says (on
/// this machine, or PostgreSQL's CPU reads as nothing; created bookings stay in it).
#[derive(Clone, Debug, Parser)]
struct Options {
    /// Short rounds: a look, not a measurement.
    #[arg(long)]
    quick: bool,
    /// Only these scenarios.
    #[arg(long = "scenario", value_name = "NAME")]
    scenarios: Vec<Scenario>,
    /// Only with so many connections.
    #[arg(long, value_name = "N")]
    connections: Vec<usize>,
    /// Only these ways of answering.
    #[arg(long = "way", value_name = "NAME")]
    ways: Vec<Way>,
    /// Where `PostGraphile` is installed, to be measured beside `bookingCreate`.
    #[arg(long, value_name = "DIRECTORY")]
    postgraphile: Option<PathBuf>,
    /// How many rounds, in each of which all ways are measured.
    #[arg(long, value_name = "N")]
    rounds: Option<usize>,
    /// How long each way is measured in each round.
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<f64>,
    /// Prepares the database and ends.
    #[arg(long)]
    prepare: bool,
    /// Serves this database and says on which port: the process under test.
    #[arg(long, hide = true, value_name = "DATABASE")]
    serve: Option<String>,
    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.quick { 1 } else { 3 })
    }

    fn seconds(&self) -> f64 {
        self.seconds.unwrap_or(if self.quick { 0.5 } else { 2.0 })
    }

    fn scenarios(&self) -> Vec<Scenario> {
        if self.scenarios.is_empty() {
            return Scenario::ALL.to_vec();
        }
        self.scenarios.clone()
    }

    fn connections(&self) -> Vec<usize> {
        if self.connections.is_empty() {
            return vec![1, 16, 64];
        }
        self.connections.clone()
    }
}

fn main() -> ExitCode {
    match measure(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the benchmark cannot start its threads")?;
    match &options.serve {
        Some(database) => runtime.block_on(server::serve(database)),
        None => runtime.block_on(run::run(options)),
    }
}

//! The program: reads the command line, starts the log, and turns any failure into one sentence.

use std::{
    io::{IsTerminal as _, Write as _},
    process::ExitCode,
};

use anyhow::{Context as _, anyhow};
use bizing::cli::Cli;
use clap::Parser as _;
use tracing_subscriber::EnvFilter;

/// A third of a query's CPU was malloc's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is logged where nothing is said: our own doings, and the troubles of others.
/// (The pool's own warnings say no more than that a connection ended.)
const DEFAULT_LOG: &str = "warn,bizing=info,foundation=info,scheduling=info,finance=info,\
    ordering=info,people=info,service=info,deadpool.postgres=error";

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let sentence = format!("{error:#}")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            let _ = writeln!(std::io::stderr(), "error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    start_log(cli.settings.log.as_deref())?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the program cannot start its threads")?
        .block_on(cli.run())
}

/// Logs to stderr: for people on a terminal, as JSON for machines.
fn start_log(filter: Option<&str>) -> anyhow::Result<()> {
    let filter = filter
        .filter(|text| !text.trim().is_empty())
        .unwrap_or(DEFAULT_LOG);
    let filter = EnvFilter::try_new(filter).map_err(|_| {
        anyhow!("RUST_LOG {filter} is not a filter, such as info or warn,bizing=debug")
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.with_target(false).init();
    } else {
        log.json().init();
    }
    Ok(())
}

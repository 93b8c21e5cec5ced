//! The command line.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help text, which is read in a terminal"
)]

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, Parser, Subcommand};
use tokio::sync::watch;

use crate::{
    app::{self, App},
    codegen,
    config::Settings,
    database::{Database, connect::Target},
    demo, domain,
    identity::Sealer,
    import, reference, serve, shutdown,
    startup::{self, Opened, Sharing},
    verify, worker,
};

/// The back office of businesses that sell time, places, things and people's work.
///
/// Without a command it serves. Without DATABASE_URL it starts a PostgreSQL of its own under
/// BIZING_HOME, migrates it, and fills an empty one with demo tenants.
#[derive(Debug, Parser)]
#[command(name = "bizing", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: ServeFlags,

    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer GraphQL over HTTP (the default)
    Serve(ServeFlags),
    /// Bring the database to this program's version
    Migrate {
        /// Only say what would be applied
        #[arg(long)]
        dry_run: bool,
    },
    /// Print the GraphQL schema as SDL
    Schema,
    /// Write the entities crate from a freshly migrated database (for developers)
    Entities {
        /// Write nothing; fail if the files differ from what would be written
        #[arg(long)]
        check: bool,
        /// The sources of the entities crate
        #[arg(long, value_name = "DIRECTORY", default_value = "entities/src")]
        out: PathBuf,
    },
    /// Fill the demo tenants, or fill them again
    Demo,
    /// Import a file as real bookings, safe to run again
    Import {
        /// What kind of file it is: hotel
        source: String,
        /// The file
        file: PathBuf,
        /// The tenant that gets the bookings
        #[arg(long, value_name = "SLUG")]
        biz: String,
    },
    /// Do the work that runs on a clock, and nothing else
    Worker,
    /// Recompute what must agree (balances, counters, audit chain), and name each break
    Verify,
}

#[derive(Args, Debug)]
struct ServeFlags {
    /// Leave the work that runs on a clock to `bizing worker`
    #[arg(long)]
    no_worker: bool,
}

impl Cli {
    /// Does what was asked.
    pub async fn run(self) -> anyhow::Result<()> {
        let settings = self.settings.checked()?;
        match self.command {
            None => Box::pin(serve::run(settings, !self.serve.no_worker)).await,
            Some(Command::Serve(flags)) => {
                Box::pin(serve::run(
                    settings,
                    !(flags.no_worker || self.serve.no_worker),
                ))
                .await
            }
            Some(Command::Migrate { dry_run }) => migrate(&settings, dry_run).await,
            Some(Command::Schema) => {
                say(&app::sdl());
                Ok(())
            }
            Some(Command::Entities { check, out }) => entities(&settings, &out, check).await,
            Some(Command::Demo) => {
                let opened = startup::open(&settings, Sharing::Guest).await?;
                let outcome = fill_demo(&settings, &opened.database).await;
                close(opened, outcome).await
            }
            Some(Command::Import { source, file, biz }) => {
                let opened = startup::open(&settings, Sharing::Guest).await?;
                let outcome = import::run(&opened.database, &source, &file, &biz).await;
                close(opened, outcome).await
            }
            Some(Command::Worker) => {
                let stop = shutdown::requested()?;
                let opened = startup::open(&settings, Sharing::Guest).await?;
                let outcome = work(&settings, &opened, stop).await;
                close(opened, outcome).await
            }
            Some(Command::Verify) => verify_all(&settings).await,
        }
    }
}

async fn work(
    settings: &Settings,
    opened: &Opened,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let app = App::new(
        opened.database.clone(),
        settings.keys()?,
        &settings.outside,
        false,
    )
    .await?;
    worker::run(app.shared(), domain::jobs(), stop).await
}

/// Stops an embedded server that this command has started.
async fn close(opened: Opened, outcome: anyhow::Result<()>) -> anyhow::Result<()> {
    if let Some(embedded) = opened.embedded {
        embedded.stop().await;
    }
    outcome
}

async fn migrate(settings: &Settings, dry_run: bool) -> anyhow::Result<()> {
    let server = startup::reach(settings, Sharing::Guest).await?;
    let outcome = migrate_target(&server.target, dry_run).await;
    if let Some(embedded) = server.embedded {
        embedded.stop().await;
    }
    outcome
}

async fn migrate_target(target: &Target, dry_run: bool) -> anyhow::Result<()> {
    let (files, deed) = if dry_run {
        (
            migration::pending(&target.connect().await?).await?,
            "would be applied",
        )
    } else {
        (startup::migrate(target).await?, "was applied")
    };
    for file in &files {
        say(&format!("{file} {deed}"));
    }
    if files.is_empty() {
        say("the database is up to date");
    }
    Ok(())
}

/// Migrates a database of its own, beside the configured one, so that what is written follows the
/// files alone.
async fn entities(settings: &Settings, out: &Path, check: bool) -> anyhow::Result<()> {
    if !out.is_dir() {
        bail!(
            "{} is not a directory: run this in the project's directory, or set --out",
            out.display()
        );
    }
    let server = startup::reach(settings, Sharing::Guest).await?;
    let outcome = entities_from(&server.target, out, check).await;
    if let Some(embedded) = server.embedded {
        embedded.stop().await;
    }
    outcome
}

async fn entities_from(target: &Target, out: &Path, check: bool) -> anyhow::Result<()> {
    let name = format!("bizing_entities_{}", std::process::id());
    let admin = target.connect().await?;
    admin
        .batch_execute(&format!("create database {name} template template0"))
        .await?;
    let files = async {
        let target = target.with_database(&name);
        startup::migrate(&target).await?;
        codegen::generate(&target.connect().await?).await
    }
    .await;
    admin
        .batch_execute(&format!("drop database {name} with (force)"))
        .await?;
    let files = files?;
    if !check {
        let changed = codegen::write(out, &files)?;
        say(&format!(
            "{changed} of {} files in {} were changed",
            files.len(),
            out.display()
        ));
        return Ok(());
    }
    let drift = codegen::check(out, &files);
    for sentence in &drift {
        say(sentence);
    }
    if !drift.is_empty() {
        bail!(
            "{} files in {} differ: run `bizing entities`",
            drift.len(),
            out.display()
        );
    }
    Ok(())
}

async fn fill_demo(settings: &Settings, database: &Database) -> anyhow::Result<()> {
    reference::fill(database).await?;
    demo::fill(database, &Sealer::new(&settings.keys()?.data)).await
}

async fn verify_all(settings: &Settings) -> anyhow::Result<()> {
    let opened = startup::open(settings, Sharing::Guest).await?;
    let outcome = match verify::run(&opened.database).await {
        Ok(0) => {
            say("everything agrees");
            Ok(())
        }
        Ok(1) => Err(anyhow::anyhow!("1 thing does not agree")),
        Ok(breaks) => Err(anyhow::anyhow!("{breaks} things do not agree")),
        Err(error) => Err(error),
    };
    close(opened, outcome).await
}

/// What a command answers; everything else goes to the log.
fn say(text: &str) {
    use std::io::Write as _;
    // A reader that has closed the pipe has what it wanted.
    let _ = writeln!(std::io::stdout(), "{text}");
}

//! The blocks, run as the server would run them: in a tenant, as a user, under row security.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use futures_util::future::try_join_all;
use tests::TestDatabase;
use tokio::sync::Barrier;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

use super::file::{Block, Kind, blocks, text};

/// How many run at once what can race.
const RACERS: usize = 8;
/// How many do where it is an invariant of domain.md.
const MOST_RACERS: usize = 32;
/// The tenant and the user of `given.sql`.
const BEGIN: &str = "begin; \
    select set_config('role', 'bizing_app', true), \
      set_config('app.biz_id', '00000000-0000-7000-8000-000000000001', true), \
      set_config('app.user_id', '00000000-0000-7000-8000-00000000000a', true), \
      set_config('app.reason', '', true)";

/// Tries all blocks of a module, and lists those of which something else came.
pub async fn run(module: &str) -> anyhow::Result<()> {
    let blocks = blocks(module)?;
    let most = blocks.iter().map(racers).max().unwrap_or_default();
    let database = TestDatabase::migrated(u32::try_from(most)? + 1).await?;
    let client = database.owner().await?;
    client.batch_execute("begin").await?;
    client
        .batch_execute(&text("given")?)
        .await
        .context("given.sql")?;
    client.batch_execute("commit").await?;
    let mut wrong = Vec::new();
    for block in blocks {
        let outcome = match block.kind {
            Kind::Given => expect_done(attempt(&client, &block.sql, true).await),
            Kind::Allowed => expect_done(attempt(&client, &block.sql, false).await),
            Kind::Refused => expect_refused(attempt(&client, &block.sql, false).await, &block),
            Kind::Race => race(&database, &block).await?,
        };
        if let Err(problem) = outcome {
            let Block {
                kind,
                constraint,
                what,
                ..
            } = &block;
            wrong.push(format!("{kind:?} {constraint}: {what}\n    {problem}"));
        }
    }
    ensure!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    Ok(())
}

/// How many run a block at once.
fn racers(block: &Block) -> usize {
    match block.kind {
        Kind::Race if block.what.starts_with("inv") => MOST_RACERS,
        Kind::Race => RACERS,
        _ => 1,
    }
}

/// The statements of one of more than nine racers. Within an id, whose last place the number would outgrow, it goes
/// into the fourth group.
fn numbered(sql: &str, number: usize) -> String {
    const GROUP: &str = "-8000-";
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(place) = rest.find(":n") {
        let head = &rest[..place];
        let group = place.checked_sub(GROUP.len() + 11);
        match group.filter(|group| {
            head.get(*group..)
                .is_some_and(|tail| tail.starts_with(GROUP))
        }) {
            Some(group) => {
                let digits = &head[group + GROUP.len()..];
                out.push_str(&format!("{}-8{number:03x}-{digits}0", &head[..group]));
            }
            None => out.push_str(&format!("{head}{number}")),
        }
        rest = &rest[place + 2..];
    }
    out + rest
}

/// Runs statements in a transaction; deferred constraints are checked before it ends.
async fn attempt(client: &Client, sql: &str, keep: bool) -> Result<(), Error> {
    client.batch_execute(BEGIN).await?;
    let sql = format!("{sql}; set constraints all immediate");
    let done = client.batch_execute(&sql).await;
    let end = if keep && done.is_ok() {
        "commit"
    } else {
        "rollback"
    };
    client.batch_execute(end).await?;
    done
}

/// The constraint that refused, or else the code and words of the error.
fn refused_by(error: &Error) -> String {
    let Some(error) = error.as_db_error() else {
        return error.to_string();
    };
    match error.constraint() {
        Some(name) => name.to_owned(),
        None => format!("{}: {}", error.code().code(), error.message()),
    }
}

fn expect_done(done: Result<(), Error>) -> Result<(), String> {
    done.map_err(|error| {
        let message = error.as_db_error().map(ToString::to_string);
        format!(
            "was refused by {}: {}",
            refused_by(&error),
            message.unwrap_or_default()
        )
    })
}

fn expect_refused(done: Result<(), Error>, block: &Block) -> Result<(), String> {
    match done {
        Ok(()) => Err("was done".to_owned()),
        Err(error) if refused_by(&error) == block.constraint => Ok(()),
        Err(error) => Err(format!("was refused by {}", refused_by(&error))),
    }
}

async fn race(database: &TestDatabase, block: &Block) -> anyhow::Result<Result<(), String>> {
    let count = racers(block);
    let start = Arc::new(Barrier::new(count));
    let racers = (1..=count).map(|number| {
        let start = Arc::clone(&start);
        let sql = if count > 9 {
            numbered(&block.sql, number)
        } else {
            block.sql.replace(":n", &number.to_string())
        };
        async move {
            let client = database.owner().await?;
            start.wait().await;
            anyhow::Ok(attempt(&client, &sql, true).await)
        }
    });
    let outcomes = try_join_all(racers).await?;
    let winners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let strange: Vec<String> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .filter(|error| {
            let code = error.code();
            code != Some(&SqlState::T_R_DEADLOCK_DETECTED)
                && code != Some(&SqlState::T_R_SERIALIZATION_FAILURE)
                && !block
                    .constraint
                    .split('|')
                    .any(|name| name == refused_by(error))
        })
        .map(refused_by)
        .collect();
    if winners != 1 {
        return Ok(Err(format!("{winners} of {count} were done")));
    }
    if !strange.is_empty() {
        return Ok(Err(format!("was refused by {strange:?}")));
    }
    Ok(Ok(()))
}

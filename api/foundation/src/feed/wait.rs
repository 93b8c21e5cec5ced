//! Waiting until what was committed elsewhere is visible here: on a replica, which is behind, or in
//! the feed, which does not go past a transaction that is still running.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Position;
use crate::database::{Database, new_id};
use crate::graph::failure::{Code, Failure};

/// How long a reader waits for a position at most.
pub const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How long between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// Waits until the reads of this database show the transaction of a position, replicas included.
pub async fn wait_for(database: &Database, position: Position) -> Result<(), Failure> {
    let end = Instant::now() + LONGEST_WAIT;
    // `pg_visible_in_snapshot` says yes for what was rolled back, too: there is nothing to wait for.
    // Before the first event of a transaction there are only those that came before it.
    let sql = "select case when $2 > 0 then pg_visible_in_snapshot($1::text::xid8, pg_current_snapshot()) \
               else $1::text::xid8 <= pg_snapshot_xmin(pg_current_snapshot()) end";
    let values = [position.transaction.to_string().into(), position.seq.into()];
    loop {
        let scope = database.platform_replica(new_id());
        let row = scope.query_opt(sql, &values).await?;
        let is_visible = row.is_some_and(|row| row.try_get(0).unwrap_or(false));
        scope.rollback().await?;
        if is_visible {
            return Ok(());
        }
        if Instant::now() >= end {
            let text = format!("The position {position} is not visible here yet; try again.");
            return Err(Failure::new(Code::Timeout, text).with("retryable", true));
        }
        sleep(PAUSE).await;
    }
}

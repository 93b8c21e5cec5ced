//! The trap of reading by the highest number seen: a transaction that took its number early and
//! commits late.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use tests::orders::{Order, insert};
use tests::{Seen, Socket, World};
use uuid::Uuid;

use super::{BOARD, settles};

/// How often it is tried; `LATE_TRAPS` says otherwise.
const TRAPS: usize = 60;

/// One more read of the feed; the bookings that it tells of.
async fn poll(client: &tests::Client, cursor: &mut Option<String>) -> anyhow::Result<Vec<String>> {
    let query = "query($after: String) { changes(after: $after, first: 1000, withRows: true, types: [BOOKING_ORDER]) { cursor nodes { ids } } }";
    let answer = client
        .graphql(query, json!({ "after": cursor }))
        .await?
        .must()?;
    let page = &answer.body["data"]["changes"];
    *cursor = page["cursor"].as_str().map(str::to_owned);
    let nodes = page["nodes"].as_array().into_iter().flatten();
    let ids = nodes.flat_map(|node| node["ids"].as_array().into_iter().flatten());
    Ok(ids
        .filter_map(|id| id.as_str().map(str::to_owned))
        .collect())
}

#[tokio::test]
async fn what_commits_late_is_late_and_never_passed_over() -> anyhow::Result<()> {
    let world = World::with_pool(6).await?;
    let hotel = world.hotel().await?;
    let (biz, location) = (
        hotel.owner.biz_id,
        tests::actor::uuid(&json!(hotel.location))?,
    );
    let early = world.database.platform(biz).await?;
    let quick = world.database.platform(biz).await?;
    let mut socket = Socket::open(&hotel.owner).await?;
    socket.subscribe(BOARD, json!({})).await?;
    let mut seen = Seen::default();
    seen.take(&socket.update().await?)?;
    let start = chrono::DateTime::UNIX_EPOCH + chrono::Duration::days(365 * 60);
    let (mut cursor, mut told, mut written) = (None, Vec::new(), BTreeSet::new());
    poll(&hotel.owner, &mut cursor).await?;
    let traps = std::env::var("LATE_TRAPS").ok();
    let traps = traps.and_then(|count| count.parse().ok()).unwrap_or(TRAPS);
    for trap in 0..traps {
        let (a, b) = (Order::at(location, start), Order::at(location, start));
        early.batch_execute("begin").await?;
        insert(&early, biz, std::slice::from_ref(&a)).await?;
        insert(&quick, biz, std::slice::from_ref(&b)).await?;
        // The later one is committed: a reader looks now, and must not go past the earlier one.
        told.extend(poll(&hotel.owner, &mut cursor).await?);
        if trap % 3 == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let is_undone = trap % 10 == 9;
        early
            .batch_execute(if is_undone { "rollback" } else { "commit" })
            .await?;
        if trap % 2 == 0 {
            told.extend(poll(&hotel.owner, &mut cursor).await?);
        }
        let id = |id: Uuid| tests::hotel::id_of("bkg", id);
        written.insert(id(b.id));
        if !is_undone {
            written.insert(id(a.id));
        }
    }
    // Other tests of this server may hold the horizon back for a moment.
    for _ in 0..100 {
        told.extend(poll(&hotel.owner, &mut cursor).await?);
        if told.len() >= written.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let distinct: BTreeSet<String> = told.iter().cloned().collect();
    assert_eq!(distinct, written, "nothing is skipped");
    assert_eq!(told.len(), written.len(), "nothing is told twice");
    if traps > TRAPS {
        // More rows than a board shows, and than a page of the query holds.
        return Ok(());
    }
    settles(&mut socket, &mut seen, &hotel.owner).await?;
    assert_eq!((seen.snapshots, seen.doubles), (1, 0));
    Ok(())
}

//! Many clerks at once: no ticket is called twice, none is lost.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::try_join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;

use super::Hall;

const CLERKS: usize = 16;
/// How many tickets are drawn, each of which is four operations; `QUEUE_TICKETS` says otherwise.
const TICKETS: usize = 160;

/// A clerk who calls until nobody is left, and now and then lets somebody join: whom they saw to.
async fn clerk(
    hall: &Hall,
    joined: &AtomicUsize,
    (desk, tickets): (usize, usize),
) -> anyhow::Result<Vec<String>> {
    let mut random = StdRng::seed_from_u64(u64::try_from(desk)?);
    let mut called = Vec::new();
    loop {
        if joined.load(Ordering::Relaxed) < tickets && random.random_bool(0.5) {
            joined.fetch_add(1, Ordering::Relaxed);
            hall.join(json!({})).await?;
        }
        let answer = hall.next(desk).await?;
        if answer.user_code() == Some("NOBODY_WAITING") {
            if joined.load(Ordering::Relaxed) >= tickets {
                return Ok(called);
            }
            continue;
        }
        let entry = answer.must()?.payload()["queueEntry"].clone();
        // Some go away, some are put back, most are served.
        let steps: &[&str] = match random.random_range(0..10) {
            0 => &["Leave"],
            1 => &["PutBack"],
            _ => &["Start", "Finish"],
        };
        for step in steps {
            let verb = format!("queueEntry{step}");
            hall.step(&verb, &entry, json!({})).await?.must()?;
        }
        if steps != ["PutBack"] {
            called.push(entry["id"].as_str().unwrap_or_default().to_owned());
        }
    }
}

/// E-70, invariant 21: two clerks never call the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e70_inv21_sixteen_clerks_call_each_ticket_once_and_lose_none() -> anyhow::Result<()> {
    let tickets = std::env::var("QUEUE_TICKETS").ok();
    let tickets = tickets
        .and_then(|count| count.parse().ok())
        .unwrap_or(TICKETS);
    let hall = Hall::open(18, CLERKS, json!({})).await?;
    for _ in 0..tickets / 2 {
        hall.join(json!({})).await?;
    }
    let joined = AtomicUsize::new(tickets / 2);
    let clerks = (0..CLERKS).map(|desk| clerk(&hall, &joined, (desk, tickets)));
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for id in try_join_all(clerks).await?.into_iter().flatten() {
        *ends.entry(id).or_default() += 1;
    }
    // Whoever was put back at the very end may still wait.
    let left = hall.waiting().await?;
    assert!(
        ends.values().all(|count| *count == 1),
        "somebody was called by two"
    );
    assert_eq!(
        ends.len() + left.len(),
        joined.load(Ordering::Relaxed),
        "somebody was lost"
    );
    // An independent look: every call follows a time of waiting.
    let sql = hall.world.database.owner().await?;
    let wrong: i64 = sql
        .query_one(
            "select count(*) from (
               select kind, lag(kind) over (partition by entry_id order by id) before from queue.queue_events) e
             where e.kind = 'called' and e.before not in ('joined', 'put_back')",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(wrong, 0);
    let most = overtakes(&sql).await?;
    assert!(
        most < 2 * CLERKS,
        "somebody was called before {most} who came first"
    );
    assert_eq!(hall.world.breaks().await?, 0);
    Ok(())
}

/// A model that knows nothing of the queue but what happened: who waits by when they joined. The most
/// that anybody was called before; as many as there are clerks may be on their way.
async fn overtakes(sql: &tokio_postgres::Client) -> anyhow::Result<usize> {
    let rows = sql
        .query(
            "select v.kind::text, v.entry_id::text, e.joined_at from queue.queue_events v
             join queue.queue_entries e on e.biz_id = v.biz_id and e.id = v.entry_id order by v.id",
            &[],
        )
        .await?;
    let mut waiting: BTreeMap<(chrono::DateTime<chrono::Utc>, String), ()> = BTreeMap::new();
    let mut most = 0;
    for row in &rows {
        let (kind, entry): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let key = (row.try_get(2)?, entry);
        match kind.as_str() {
            "joined" | "put_back" | "returned" => {
                waiting.insert(key, ());
            }
            "called" => {
                most = most.max(waiting.range(..key.clone()).count());
                waiting.remove(&key);
            }
            _ => {}
        }
    }
    Ok(most)
}

/// Invariant 21: one clerk serves one, however often the button is pressed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv21_a_desk_that_calls_thirty_two_times_at_once_calls_one() -> anyhow::Result<()> {
    let hall = Hall::open(10, 1, json!({})).await?;
    for _ in 0..40 {
        hall.join(json!({})).await?;
    }
    let calls = (0..32).map(|_| hall.next(0));
    let answers = try_join_all(calls).await?;
    let called = answers
        .iter()
        .filter(|answer| answer.user_errors().is_empty() && answer.errors().is_empty());
    assert_eq!(called.count(), 1);
    assert_eq!(hall.waiting().await?.len(), 39);
    assert_eq!(hall.world.breaks().await?, 0);
    Ok(())
}

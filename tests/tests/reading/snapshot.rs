//! A query reads one snapshot, whatever is written meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::Utc;
use serde_json::json;
use tests::World;
use tests::actor::uuid;
use tests::hotel::{Plan, location};
use tests::orders::{Order, insert};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(
    clippy::disallowed_methods,
    reason = "any instant will do for an order"
)]
async fn all_fields_of_a_query_see_the_same_rows() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let place = location(&owner, &Plan::default()).await?;
    let place = uuid(&json!(place))?;
    let client = world.database.platform(owner.biz_id).await?;
    let (biz, now) = (owner.biz_id, Utc::now());
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let writer = tokio::spawn(async move {
        while !stopped.load(Ordering::Relaxed) {
            insert(&client, biz, &[Order::at(place, now)]).await?;
        }
        Ok::<(), anyhow::Error>(())
    });
    let mut last = 0;
    for _ in 0..60 {
        let data = owner
            .read(
                "{ a: bookingOrders(first: 1) { totalCount } b: bookingOrderAggregate { count }
                   locations(filter: {code: {startsWith: \"H\"}}) { nodes { bookingOrders(first: 1) { totalCount } } } c: bookingOrders(first: 1) { totalCount } }",
            )
            .await?;
        let counts = [
            &data["a"]["totalCount"],
            &data["b"][0]["count"],
            &data["locations"]["nodes"][0]["bookingOrders"]["totalCount"],
            &data["c"]["totalCount"],
        ]
        .map(|count| count.as_i64().unwrap_or(-1));
        assert!(counts.iter().all(|count| *count == counts[0]), "{data}");
        assert!(counts[0] >= last);
        last = counts[0];
    }
    stop.store(true, Ordering::Relaxed);
    writer.await??;
    assert!(last > 0, "nothing was written meanwhile");
    Ok(())
}

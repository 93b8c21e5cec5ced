//! `bizing verify` names what does not agree on the road after a row was changed by hand.

use serde_json::json;

use super::seats::reserve;
use super::trips::{route, schedule};
use super::{Depot, id};

/// Each check: how what it looks at is spoilt, and what it says then.
const SPOILT: [(&str, &str, &str); 3] = [
    (
        "trip_seats",
        "update dispatch.trip_stop_inventory set sold = sold + 1 where from_seq = 2",
        "counts 2 seats sold and 0 held from stop 2, its passengers have 1 and 0",
    ),
    (
        "task_assignments",
        "update dispatch.task_assignments set ended_at = now() where ended_at is null",
        "0 people or vehicles",
    ),
    (
        "task_order",
        "update dispatch.dispatch_tasks set status = 'assigned', finished_at = null where kind = 'pickup'",
        "which it follows, which is assigned",
    ),
];

#[tokio::test]
async fn each_check_names_what_was_changed_by_hand() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let pickup = depot.task(json!({ "kind": "PICKUP" })).await?;
    let dropoff = depot.task(json!({ "requiresTaskId": pickup })).await?;
    depot
        .go(
            &pickup,
            &["Assign", "Accept", "Start", "Arrive", "Complete"],
        )
        .await?;
    depot.go(&dropoff, &["Assign", "Accept", "Start"]).await?;
    let route = route(&depot).await?;
    let trip = schedule(&depot, &route, json!({ "capacity": 4 }))
        .await?
        .must()?;
    let trip = id(&trip.payload()["transportTrip"])?;
    reserve(&depot, &trip, 1, 3, json!({})).await?.must()?;
    let gone = reserve(&depot, &trip, 2, 4, json!({})).await?.must()?;
    let gone = json!({ "id": gone.payload()["tripManifest"]["id"], "reason": "Not coming" });
    depot
        .owner
        .act("tripSeatCancel", gone, "tripManifest { id }")
        .await?;
    assert_eq!(depot.world.breaks().await?, 0);
    let by_hand = depot.world.database.owner().await?;
    // Without triggers, as whoever goes round the program would.
    by_hand
        .batch_execute("set session_replication_role = replica")
        .await?;
    for (check, spoil, words) in SPOILT {
        let checks = bizing::domain::dispatch::verify::CHECKS;
        let found = checks.iter().find(|(known, _)| *known == check);
        let (_, sql) = found.unwrap_or_else(|| panic!("there is no check {check}"));
        let said = async || -> anyhow::Result<Vec<String>> {
            let rows = by_hand.query(*sql, &[&depot.owner.biz_id]).await?;
            Ok(rows
                .iter()
                .map(|row| row.try_get(0))
                .collect::<Result<_, _>>()?)
        };
        assert_eq!(said().await?, Vec::<String>::new(), "{check}");
        by_hand.batch_execute(spoil).await?;
        let said = said().await?;
        assert!(
            said.iter().any(|line| line.contains(words)),
            "{check}: {said:?}"
        );
    }
    Ok(())
}

//! `bizing verify` names what does not agree after a row was changed by hand.

use chrono::Duration;
use serde_json::json;

use super::{Desk, room};

/// What a check says.
async fn says(desk: &Desk, name: &str) -> anyhow::Result<Vec<String>> {
    let checks = bizing::domain::operations::verify::CHECKS;
    let found = checks.iter().find(|(known, _)| *known == name);
    let (_, sql) = found.unwrap_or_else(|| panic!("there is no check {name}"));
    let rows = desk.sql.query(*sql, &[&desk.owner.biz_id]).await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?)
}

/// Each check: how what it looks at is spoilt, what it says then, and how it is mended, where that is
/// not to spoil the next.
const SPOILT: &[(&str, &str, &str, &str)] = &[
    (
        "sla_breaches",
        "delete from operations.sla_breach_events",
        "no record",
        "insert into operations.sla_breach_events (biz_id, id, clock_id, breached_at)
         select biz_id, core.uuid_v7(), id, breached_at from operations.sla_clocks where breached_at is not null;
         update operations.sla_compensation_events c set breach_id = b.id from operations.sla_breach_events b where b.biz_id = c.biz_id",
    ),
    (
        "sla_pauses",
        "update operations.sla_clock_pauses set ends_at = starts_at + interval '1 second'",
        "has 0 open pauses",
        "",
    ),
    (
        "sla_stopped",
        "update operations.sla_clocks set status = 'running', stopped_at = null where status = 'met'",
        "still runs",
        "update operations.sla_clocks set status = 'met', stopped_at = started_at where status = 'running' and breached_at is null",
    ),
    (
        "sla_targets",
        "update operations.sla_clocks set target_at = target_at + interval '5 minutes' where status = 'met'",
        "within 30 minutes",
        "",
    ),
    (
        "sla_compensations",
        "update operations.sla_compensation_events set amount_minor = 5000",
        "5000 of EUR",
        "update operations.sla_compensation_events set amount_minor = 1000",
    ),
    (
        "sla_credits",
        "update operations.sla_compensation_events set amount_minor = 900",
        "whose grant says 1000",
        "",
    ),
    (
        "work_order_blocks",
        "update resources.maintenance_work_orders set status = 'triaged'",
        "still blocks",
        "",
    ),
];

/// A desk with a promise kept, one broken and made good, one that stands still, and work on a room.
async fn busy() -> anyhow::Result<Desk> {
    let mut desk = Desk::open().await?;
    let policy = json!({
        "pauseStatuses": ["waiting_customer"], "compensationKind": "CREDIT", "compensationMinor": 1000,
        "compensationCapMinor": 1000, "currency": "EUR",
    });
    desk.policy("RESOLVE", 30, policy).await?;
    let done = desk.request(json!({})).await?;
    desk.request(json!({})).await?;
    desk.go(&done, &["Start", "Resolve"]).await?;
    desk.later(Duration::minutes(31)).await?;
    desk.world.run_job("sla_evaluate").await?;
    let query = "{ slaBreachEvents(first: 1) { nodes { id } } }";
    let breach = desk.owner.read(query).await?["slaBreachEvents"]["nodes"][0]["id"].clone();
    let give = json!({ "breachId": breach });
    desk.owner
        .act("slaBreachCompensate", give, "slaClock { id }")
        .await?;
    let waiting = desk.request(json!({})).await?;
    desk.go(&waiting, &["Start", "Wait"]).await?;
    let room = room(&desk.owner, &desk.location).await?;
    let work = json!({ "resourceId": room, "title": "Paint the door" });
    let work = desk
        .owner
        .act("workOrderOpen", work, "maintenanceWorkOrder { id }")
        .await?["maintenanceWorkOrder"]
        .clone();
    let starts = desk.now() + Duration::hours(1);
    let plan = json!({ "startsAt": starts, "endsAt": starts + Duration::hours(1) });
    desk.step("workOrderSchedule", &work, plan).await?.must()?;
    Ok(desk)
}

#[tokio::test]
async fn each_check_names_the_row_that_was_changed_by_hand() -> anyhow::Result<()> {
    let desk = busy().await?;
    assert_eq!(desk.world.breaks().await?, 0);
    let by_hand = desk.world.database.owner().await?;
    // Without triggers, as whoever goes round the program would.
    by_hand
        .batch_execute("set session_replication_role = replica")
        .await?;
    for (check, spoil, words, mend) in SPOILT {
        assert_eq!(says(&desk, check).await?, Vec::<String>::new(), "{check}");
        by_hand.batch_execute(spoil).await?;
        let said = says(&desk, check).await?;
        assert!(
            said.iter().any(|line| line.contains(words)),
            "{check}: {said:?}"
        );
        by_hand.batch_execute(mend).await?;
    }
    Ok(())
}

//! `xTransition`: staff take a row to another status along the moves of its machine.

use serde_json::{Value, json};
use tests::actor::uuid;

use super::{Office, location};

async fn place(office: &Office) -> anyhow::Result<Value> {
    let made = office
        .owner
        .act("locationCreate", location(), "location { id }")
        .await?;
    Ok(made["location"]["id"].clone())
}

const STATUS: &str = "location { status version allowedTransitions }";

#[tokio::test]
async fn a_row_goes_along_legal_moves_alone() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let id = place(&office).await?;
    let go = async |to: &str| {
        let input = json!({"id": id, "to": to});
        office.owner.verb("locationTransition", input, STATUS).await
    };
    let done = go("MAINTENANCE").await?.must()?;
    assert_eq!(
        done.payload()["location"],
        json!({"status": "MAINTENANCE", "version": 2, "allowedTransitions": ["ACTIVE"]})
    );
    // From maintenance a location goes back into use first.
    let refused = go("INACTIVE").await?;
    assert_eq!(refused.user_code(), Some("INVALID"), "{}", refused.body);
    assert!(
        refused.user_message().contains("maintenance"),
        "{}",
        refused.user_message()
    );
    go("ACTIVE").await?.must()?;
    go("INACTIVE").await?.must()?;
    Ok(())
}

#[tokio::test]
async fn a_move_that_needs_a_reason_has_one_in_its_history() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let owner = &office.owner;
    let kind = json!({"code": "ROOM", "name": "Room", "kind": "ROOM"});
    let kind = tests::hotel::made(owner, "resourceType", kind).await?;
    let place = place(&office).await?;
    let room = json!({"typeId": kind, "locationId": place, "name": "Room 1"});
    let room = tests::hotel::made(owner, "resource", room).await?;
    let go = async |to: &str, reason: Value| {
        let input = json!({"id": room, "to": to, "reason": reason});
        owner
            .verb("resourceTransition", input, "resource { lifecycleStatus }")
            .await
    };
    go("ACTIVE", Value::Null).await?.must()?;
    for reason in [Value::Null, json!(" ")] {
        let refused = go("OUT_OF_SERVICE", reason).await?;
        assert_eq!(refused.user_code(), Some("INVALID"), "{}", refused.body);
    }
    let done = go("OUT_OF_SERVICE", json!("water damage")).await?.must()?;
    assert_eq!(
        done.payload()["resource"]["lifecycleStatus"],
        "OUT_OF_SERVICE"
    );
    let id = uuid(&json!(room))?;
    let history = office
        .sql
        .query(
            "select to_status, reason, actor_id from core.status_history where subject_id = $1 order by occurred_at",
            &[&id],
        )
        .await?;
    let moves: Vec<(&str, Option<&str>)> =
        history.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(
        moves,
        [("active", None), ("out_of_service", Some("water damage"))]
    );
    assert!(
        history
            .iter()
            .all(|row| row.get::<_, Option<uuid::Uuid>>(2) == Some(owner.user_id))
    );
    let events = "select count(*) from core.outbox_events where subject_id = $1 and topic like 'resources.resource.%' and topic not like '%created'";
    assert_eq!(
        office
            .sql
            .query_one(events, &[&id])
            .await?
            .try_get::<_, i64>(0)?,
        2
    );
    Ok(())
}

#[tokio::test]
async fn a_stale_version_is_a_conflict_and_a_dry_run_moves_nothing() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let id = place(&office).await?;
    let dry = json!({"id": id, "to": "INACTIVE", "dryRun": true});
    let dry = office.owner.act("locationTransition", dry, STATUS).await?;
    assert_eq!(dry["location"]["status"], "INACTIVE");
    let stale = json!({"id": id, "to": "INACTIVE", "version": 7});
    let stale = office
        .owner
        .verb("locationTransition", stale, STATUS)
        .await?;
    stale.must_fail("CONFLICT")?;
    let read = format!("{{ location(id: {id}) {{ status }} }}");
    assert_eq!(
        office.owner.read(&read).await?["location"]["status"],
        "ACTIVE"
    );
    let nowhere = tests::hotel::id_of("loc", bizing::database::new_id());
    let nowhere = json!({"id": nowhere, "to": "INACTIVE"});
    let answer = office
        .owner
        .verb("locationTransition", nowhere, STATUS)
        .await?;
    answer.must_fail("NOT_FOUND")?;
    Ok(())
}

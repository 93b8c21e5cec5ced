//! Incidents, what follows from them, and checklists.

use chrono::Duration;
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::made;

use super::{Desk, member, selection, with};

async fn incident(desk: &Desk, besides: Value) -> anyhow::Result<Value> {
    let input = json!({
        "locationId": desk.location, "occurredAt": desk.now() - Duration::hours(1), "kind": "INJURY", "severity": "SERIOUS",
        "title": "A guest fell on the stairs", "involvedParties": "Rui Ramos, +351 910 000 000",
    });
    let done = desk
        .owner
        .act(
            "incidentReportCreate",
            with(input, besides),
            selection("incident"),
        )
        .await?;
    Ok(done["incidentReport"].clone())
}

#[tokio::test]
async fn an_incident_is_closed_when_all_that_follows_is_verified_by_another() -> anyhow::Result<()>
{
    let mut desk = Desk::open().await?;
    let report = incident(&desk, json!({ "draft": true })).await?;
    assert_eq!(report["status"], "DRAFT");
    desk.step("incidentInvestigate", &report, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    desk.step("incidentRevise", &report, json!({ "severity": "CRITICAL" }))
        .await?
        .must()?;
    desk.step("incidentHandIn", &report, json!({}))
        .await?
        .must()?;
    desk.step("incidentInvestigate", &report, json!({}))
        .await?
        .must()?;
    desk.step("incidentConclude", &report, json!({ "rootCause": " " }))
        .await?
        .must_refuse("CAUSE_REQUIRED")?;
    desk.step(
        "incidentConclude",
        &report,
        json!({ "rootCause": "The light was out" }),
    )
    .await?
    .must()?;
    let owner = member(&desk.owner).await?;
    let manager = desk.world.staff(&desk.owner, "manager", &[]).await?;
    let action = json!({
        "incidentId": report["id"], "description": "Change the lamp", "ownerId": owner, "dueOn": desk.now().date_naive(),
    });
    let action = desk
        .owner
        .act("correctiveActionAdd", action, selection("correctiveAction"))
        .await?["correctiveAction"]
        .clone();
    desk.step("incidentClose", &report, json!({}))
        .await?
        .must_refuse("ACTIONS_OPEN")?;
    desk.step("correctiveActionStart", &action, json!({}))
        .await?
        .must()?;
    desk.later(Duration::minutes(5)).await?;
    desk.step(
        "correctiveActionFinish",
        &action,
        json!({ "note": "Changed" }),
    )
    .await?
    .must()?;
    desk.step("correctiveActionVerify", &action, json!({}))
        .await?
        .must_refuse("OWN_ACTION")?;
    let manager = desk.world.again(&manager).await?;
    let reject = json!({ "id": action["id"], "reason": "It flickers" });
    manager
        .act(
            "correctiveActionReject",
            reject,
            selection("correctiveAction"),
        )
        .await?;
    desk.step("correctiveActionStart", &action, json!({}))
        .await?
        .must()?;
    desk.step("correctiveActionFinish", &action, json!({}))
        .await?
        .must()?;
    let verify = json!({ "id": action["id"] });
    manager
        .act(
            "correctiveActionVerify",
            verify,
            selection("correctiveAction"),
        )
        .await?;
    desk.step("incidentClose", &report, json!({}))
        .await?
        .must()?;
    desk.step(
        "incidentRevise",
        &report,
        json!({ "title": "Nothing happened" }),
    )
    .await?
    .must_refuse("WRONG_STATUS")?;
    let add = json!({ "incidentId": report["id"], "description": "More", "ownerId": owner, "dueOn": "2030-01-01" });
    desk.owner
        .verb("correctiveActionAdd", add, selection("correctiveAction"))
        .await?
        .must_refuse("INCIDENT_CLOSED")?;
    for _ in 0..2 {
        let amended = desk
            .step(
                "incidentAmend",
                &report,
                json!({ "body": "The guest is well", "reason": "They wrote" }),
            )
            .await?
            .must()?;
        assert_eq!(amended.payload()["incidentReport"]["status"], "AMENDED");
    }
    Ok(())
}

#[tokio::test]
async fn what_an_authority_has_to_be_told_is_closed_after_it_was() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let report = incident(&desk, json!({ "isRegulatorNotifiable": true, "notifyRegulatorBy": desk.now() + Duration::hours(72) })).await?;
    desk.step("incidentInvestigate", &report, json!({}))
        .await?
        .must()?;
    desk.step("incidentClose", &report, json!({}))
        .await?
        .must_refuse("REGULATOR_NOT_TOLD")?;
    desk.step(
        "incidentNotifyRegulator",
        &report,
        json!({ "reference": "ACT-2026-1" }),
    )
    .await?
    .must()?;
    desk.step("incidentClose", &report, json!({}))
        .await?
        .must()?;
    let other = incident(&desk, json!({})).await?;
    desk.step("incidentNotifyRegulator", &other, json!({}))
        .await?
        .must_refuse("NOT_NOTIFIABLE")?;
    let future = json!({ "occurredAt": desk.now() + Duration::hours(1) });
    let input = with(
        json!({ "locationId": desk.location, "kind": "FIRE", "severity": "MINOR", "title": "Smoke" }),
        future,
    );
    desk.owner
        .verb("incidentReportCreate", input, selection("incident"))
        .await?
        .must_refuse("NOT_YET_HAPPENED")?;
    // Who was concerned is kept sealed, and opened for who may read it.
    let row = desk
        .sql
        .query_one(
            "select position('Rui' in encode(involved_parties_enc, 'escape')) from operations.incident_reports where biz_id = $1 limit 1",
            &[&desk.owner.biz_id],
        )
        .await?;
    assert_eq!(row.get::<_, i32>(0), 0);
    Ok(())
}

#[tokio::test]
async fn a_checklist_is_filled_in_and_stays() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let items = json!([
        { "key": "doors", "label": "Doors shut", "kind": "yes_no", "required": true },
        { "key": "fridge", "label": "Degrees", "kind": "number" },
    ]);
    let list = json!({ "code": format!("CL{}", unique()), "name": "Closing", "kind": "CLOSING", "items": items });
    let list = made(&desk.owner, "checklist", list).await?;
    let input = json!({ "checklistId": list, "locationId": desk.location });
    let run = desk
        .owner
        .act("checklistStart", input, selection("checklist"))
        .await?["checklistRun"]
        .clone();
    desk.step("checklistComplete", &run, json!({}))
        .await?
        .must_refuse("UNANSWERED")?;
    for wrong in [json!({ "windows": true }), json!({ "doors": "yes" })] {
        desk.step("checklistAnswer", &run, json!({ "answers": wrong }))
            .await?
            .must_refuse("UNKNOWN_ITEM")?;
    }
    desk.step(
        "checklistAnswer",
        &run,
        json!({ "answers": { "fridge": 4 } }),
    )
    .await?
    .must()?;
    let done = desk
        .step(
            "checklistComplete",
            &run,
            json!({ "answers": { "doors": true } }),
        )
        .await?
        .must()?;
    assert_eq!(
        done.payload()["checklistRun"]["answers"],
        json!({ "doors": true, "fridge": 4 })
    );
    desk.step(
        "checklistAnswer",
        &run,
        json!({ "answers": { "fridge": 9 } }),
    )
    .await?
    .must_refuse("WRONG_STATUS")?;
    desk.step("checklistAbandon", &run, json!({ "reason": "Late" }))
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}

//! Incidents, what follows from them, and checklists.

use chrono::Duration;
use serde_json::{Value, json};
use tests::Answer;
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

/// An incident whose cause is known.
async fn concluded(desk: &Desk) -> anyhow::Result<Value> {
    let report = incident(desk, json!({ "draft": true })).await?;
    assert_eq!(report["status"], "DRAFT");
    desk.step("incidentInvestigate", &report, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let severe = json!({ "severity": "CRITICAL" });
    desk.step("incidentRevise", &report, severe).await?.must()?;
    for step in ["incidentHandIn", "incidentInvestigate"] {
        desk.step(step, &report, json!({})).await?.must()?;
    }
    let cause = |text: &str| json!({ "rootCause": text });
    desk.step("incidentConclude", &report, cause(" "))
        .await?
        .must_refuse("CAUSE_REQUIRED")?;
    desk.step("incidentConclude", &report, cause("The light was out"))
        .await?
        .must()?;
    Ok(report)
}

/// Something that the owner is to do about an incident, whatever comes back.
async fn action(desk: &Desk, report: &Value) -> anyhow::Result<Answer> {
    let input = json!({
        "incidentId": report["id"], "description": "Change the lamp", "ownerId": member(&desk.owner).await?,
        "dueOn": desk.now().date_naive(),
    });
    desk.owner
        .verb("correctiveActionAdd", input, selection("correctiveAction"))
        .await
}

#[tokio::test]
async fn an_incident_is_closed_when_all_that_follows_is_verified_by_another() -> anyhow::Result<()>
{
    let mut desk = Desk::open().await?;
    let report = concluded(&desk).await?;
    let manager = desk.world.staff(&desk.owner, "manager", &[]).await?;
    let added = action(&desk, &report).await?.must()?;
    let action = added.payload()["correctiveAction"].clone();
    desk.step("incidentClose", &report, json!({}))
        .await?
        .must_refuse("ACTIONS_OPEN")?;
    desk.step("correctiveActionStart", &action, json!({}))
        .await?
        .must()?;
    desk.later(Duration::minutes(5)).await?;
    let note = json!({ "note": "Changed" });
    desk.step("correctiveActionFinish", &action, note)
        .await?
        .must()?;
    desk.step("correctiveActionVerify", &action, json!({}))
        .await?
        .must_refuse("OWN_ACTION")?;
    let manager = desk.world.again(&manager).await?;
    let says = async |verb: &str, besides: Value| {
        let input = with(json!({ "id": action["id"] }), besides);
        manager
            .act(verb, input, selection("correctiveAction"))
            .await
    };
    let reason = json!({ "reason": "It flickers" });
    says("correctiveActionReject", reason).await?;
    for step in ["correctiveActionStart", "correctiveActionFinish"] {
        desk.step(step, &action, json!({})).await?.must()?;
    }
    says("correctiveActionVerify", json!({})).await?;
    desk.step("incidentClose", &report, json!({}))
        .await?
        .must()?;
    Ok(())
}

#[tokio::test]
async fn a_closed_incident_stays_as_it_is_and_is_amended() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let report = incident(&desk, json!({})).await?;
    for step in ["incidentInvestigate", "incidentClose"] {
        desk.step(step, &report, json!({})).await?.must()?;
    }
    let title = json!({ "title": "Nothing happened" });
    desk.step("incidentRevise", &report, title)
        .await?
        .must_refuse("WRONG_STATUS")?;
    action(&desk, &report)
        .await?
        .must_refuse("INCIDENT_CLOSED")?;
    for _ in 0..2 {
        let said = json!({ "body": "The guest is well", "reason": "They wrote" });
        let amended = desk.step("incidentAmend", &report, said).await?.must()?;
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

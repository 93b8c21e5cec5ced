//! Every move of the machine, and what follows from it.

use bizing::database::new_id;
use serde_json::{Value, json};
use tests::hotel::id_of;

use super::{Site, UNIT, minute, with};

#[tokio::test]
async fn work_goes_from_plan_to_proof() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let unit = site.planned(site.work(600)).await?;
    // The stay itself is the first piece of work of the line.
    assert_eq!(
        (&unit["status"], &unit["sequence"]),
        (&json!("READY"), &json!(2))
    );
    site.step("fulfillmentUnitStart", &unit, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let person = site.person().await?;
    let given = site.assign(&unit, &person, json!({})).await?.must()?;
    assert_eq!(given.payload()["fulfillmentUnit"]["status"], "ASSIGNED");
    for (verb, status) in [
        ("fulfillmentUnitStart", "IN_PROGRESS"),
        ("fulfillmentUnitPause", "PAUSED"),
        ("fulfillmentUnitResume", "IN_PROGRESS"),
        ("fulfillmentUnitComplete", "COMPLETED"),
        ("fulfillmentUnitVerify", "VERIFIED"),
    ] {
        assert_eq!(site.moved(verb, &unit).await?, json!(status), "{verb}");
    }
    let proof = json!({ "id": unit["id"], "kind": "CODE", "code": "4711", "signedBy": "Carla" });
    let selection = "deliverableProof { id kind signedBy }";
    let made = site
        .owner()
        .act("fulfillmentProofAdd", proof.clone(), selection)
        .await?;
    assert_eq!(made["deliverableProof"]["kind"], "CODE");
    let empty = with(proof, json!({ "code": null }));
    site.owner()
        .verb("fulfillmentProofAdd", empty, selection)
        .await?
        .must_refuse("INCOMPLETE")?;
    let data = site
        .owner()
        .read(&format!(
            "{{ fulfillmentUnit(id: {0}) {{ actualStartsAt actualEndsAt allowedTransitions }}
            fulfillmentAssignments(filter: {{unitId: {{eq: {0}}}}}) {{ nodes {{ status }} }}
            statusHistories(filter: {{subjectId: {{eq: {0}}}}}) {{ totalCount }} }}",
            unit["id"]
        ))
        .await?;
    assert_ne!(data["fulfillmentUnit"]["actualEndsAt"], Value::Null);
    assert_eq!(data["fulfillmentUnit"]["allowedTransitions"], json!([]));
    assert_eq!(
        data["fulfillmentAssignments"]["nodes"],
        json!([{ "status": "COMPLETED" }])
    );
    assert_eq!(data["statusHistories"]["totalCount"], 6);
    Ok(())
}

#[tokio::test]
async fn work_that_is_called_off_or_fails_gives_its_people_back() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let person = site.person().await?;
    for (verb, status) in [
        ("fulfillmentUnitCancel", "CANCELLED"),
        ("fulfillmentUnitFail", "FAILED"),
    ] {
        let unit = site.planned(site.work(600)).await?;
        site.assign(&unit, &person, json!({})).await?.must()?;
        let other = site.planned(site.work(630)).await?;
        site.assign(&other, &person, json!({}))
            .await?
            .must_refuse("SLOT_TAKEN")?;
        site.step(verb, &unit, json!({ "reason": " " }))
            .await?
            .must_refuse("REASON_REQUIRED")?;
        let done = site
            .step(verb, &unit, json!({ "reason": "ill" }))
            .await?
            .must()?;
        assert_eq!(done.payload()["fulfillmentUnit"]["status"], status);
        site.assign(&other, &person, json!({})).await?.must()?;
        site.step("fulfillmentUnitCancel", &other, json!({ "reason": "x" }))
            .await?
            .must()?;
        site.assign(&unit, &person, json!({}))
            .await?
            .must_refuse("WRONG_STATUS")?;
    }
    assert_eq!(site.count("select count(*) from availability.allocations where source_type = 'FulfillmentUnit' and status = 'firm'").await?, 0);
    Ok(())
}

#[tokio::test]
async fn what_failed_is_planned_anew() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let (unit, person) = (site.planned(site.work(600)).await?, site.person().await?);
    site.assign(&unit, &person, json!({})).await?.must()?;
    site.moved("fulfillmentUnitStart", &unit).await?;
    site.step("fulfillmentUnitFail", &unit, json!({ "reason": "no key" }))
        .await?
        .must()?;
    // It waits for nothing, and so is ready at once.
    assert_eq!(site.moved("fulfillmentUnitRetry", &unit).await?, "READY");
    let data = site
        .owner()
        .read(&format!(
            "{{ fulfillmentUnit(id: {}) {{ actualStartsAt actualEndsAt }} }}",
            unit["id"]
        ))
        .await?;
    assert_eq!(
        data["fulfillmentUnit"],
        json!({ "actualStartsAt": null, "actualEndsAt": null })
    );
    site.step("fulfillmentUnitRetry", &unit, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}

/// Every step from every status: what the machine does not allow is refused, and nothing else.
#[tokio::test]
async fn inv32_only_legal_moves_are_made() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let steps: [(&str, &[&str]); 9] = [
        ("Ready", &["planned"]),
        ("Start", &["assigned"]),
        ("Pause", &["in_progress"]),
        ("Resume", &["paused"]),
        ("Complete", &["in_progress", "paused"]),
        ("Verify", &["completed"]),
        (
            "Cancel",
            &["planned", "ready", "assigned", "in_progress", "paused"],
        ),
        (
            "Fail",
            &["planned", "ready", "assigned", "in_progress", "paused"],
        ),
        ("Retry", &["failed"]),
    ];
    let line = tests::actor::uuid(&json!(site.line))?;
    let location = tests::actor::uuid(&json!(site.hotel.location))?;
    let mut sequence = 10;
    for status in [
        "planned",
        "ready",
        "assigned",
        "in_progress",
        "paused",
        "completed",
        "verified",
        "cancelled",
        "failed",
    ] {
        for (name, from) in steps {
            sequence += 1;
            let id = new_id();
            let sql = "insert into booking.fulfillment_units (biz_id, id, order_line_id, location_id, kind, sequence, status, actual_starts_at) \
                values ($1, $2, $3, $4, 'service', $5, $6::text, now())";
            let biz = site.owner().biz_id;
            site.sql
                .execute(sql, &[&biz, &id, &line, &location, &sequence, &status])
                .await?;
            let unit = json!({ "id": id_of("ful", id) });
            let more = if matches!(name, "Cancel" | "Fail") {
                json!({ "reason": "x" })
            } else {
                json!({})
            };
            let answer = site
                .step(&format!("fulfillmentUnit{name}"), &unit, more)
                .await?;
            let expected = (!from.contains(&status)).then_some("WRONG_STATUS");
            assert_eq!(
                answer.user_code(),
                expected,
                "{name} from {status}: {}",
                answer.body
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn plans_move_with_what_was_taken_for_them() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let (unit, person) = (site.planned(site.work(600)).await?, site.person().await?);
    site.assign(&unit, &person, json!({})).await?.must()?;
    let other = site.planned(site.work(700)).await?;
    site.assign(&other, &person, json!({})).await?.must()?;
    let replan = |unit: &Value, from: i64| {
        json!({
            "id": unit["id"], "plannedStartsAt": minute(from), "plannedEndsAt": minute(from + 60), "priority": 3,
        })
    };
    let owner = site.owner();
    owner
        .verb("fulfillmentUnitReplan", replan(&unit, 670), UNIT)
        .await?
        .must_refuse("SLOT_TAKEN")?;
    let moved = owner
        .act("fulfillmentUnitReplan", replan(&unit, 630), UNIT)
        .await?;
    assert_eq!(moved["fulfillmentUnit"]["priority"], 3);
    let version = json!({ "expectedVersion": 1 });
    owner
        .verb(
            "fulfillmentUnitReplan",
            with(replan(&unit, 500), version),
            UNIT,
        )
        .await?
        .must_fail("CONFLICT")?;
    let half = with(replan(&unit, 500), json!({ "plannedEndsAt": null }));
    owner
        .verb("fulfillmentUnitReplan", half, UNIT)
        .await?
        .must_refuse("INVALID")?;
    site.moved("fulfillmentUnitStart", &unit).await?;
    owner
        .verb("fulfillmentUnitReplan", replan(&unit, 500), UNIT)
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}

#[tokio::test]
async fn what_was_seen_on_the_way_is_noted() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let unit = site.planned(site.work(600)).await?;
    let input = json!({ "id": unit["id"], "code": "arrived", "lat": "38.7", "lng": "-9.1", "note": "at the gate", "idempotencyKey": "cp-1" });
    let selection = "fulfillmentCheckpoint { id code lat }";
    let made = site
        .owner()
        .act("fulfillmentCheckpointRecord", input.clone(), selection)
        .await?;
    assert_eq!(made["fulfillmentCheckpoint"]["code"], "arrived");
    let again = site
        .owner()
        .act("fulfillmentCheckpointRecord", input, selection)
        .await?;
    assert_eq!(again["replayed"], true);
    assert_eq!(
        site.count("select count(*) from booking.fulfillment_checkpoints")
            .await?,
        1
    );
    let half = json!({ "id": unit["id"], "code": "left", "lat": "38.7" });
    site.owner()
        .verb("fulfillmentCheckpointRecord", half, selection)
        .await?
        .must_refuse("INVALID")?;
    site.step("fulfillmentUnitCancel", &unit, json!({ "reason": "x" }))
        .await?
        .must()?;
    let late = json!({ "id": unit["id"], "code": "left" });
    site.owner()
        .verb("fulfillmentCheckpointRecord", late, selection)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let early = json!({ "id": unit["id"], "kind": "CODE", "code": "1" });
    site.owner()
        .verb("fulfillmentProofAdd", early, "fulfillmentUnit { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}

#[tokio::test]
async fn work_of_others_and_beyond_ones_permissions() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let unit = site.planned(site.work(600)).await?;
    let other = site.world.owner().await?;
    for step in [
        "Ready", "Start", "Pause", "Resume", "Complete", "Verify", "Retry",
    ] {
        let input = json!({ "id": unit["id"] });
        other
            .verb(&format!("fulfillmentUnit{step}"), input, UNIT)
            .await?
            .must_fail("NOT_FOUND")?;
    }
    for step in ["Cancel", "Fail"] {
        let input = json!({ "id": unit["id"], "reason": "x" });
        other
            .verb(&format!("fulfillmentUnit{step}"), input, UNIT)
            .await?
            .must_fail("NOT_FOUND")?;
    }
    other
        .verb("fulfillmentUnitPlan", site.work(600), UNIT)
        .await?
        .must_fail("NOT_FOUND")?;
    let analyst = site.world.staff(site.owner(), "analyst", &[]).await?;
    analyst
        .verb("fulfillmentUnitPlan", site.work(600), UNIT)
        .await?
        .must_fail("FORBIDDEN")?;
    let instructor = site.world.staff(site.owner(), "instructor", &[]).await?;
    instructor
        .verb("fulfillmentUnitVerify", json!({ "id": unit["id"] }), UNIT)
        .await?
        .must_fail("FORBIDDEN")?;
    instructor
        .verb("fulfillmentUnitStart", json!({ "id": unit["id"] }), UNIT)
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}

//! Requests: their way from asking to closing, and who may take them along it.

use serde_json::{Value, json};
use tests::hotel::{Plan, location};

use super::{Desk, REQUEST, category, room, with};

#[tokio::test]
async fn a_request_goes_its_way_and_back_when_it_was_not_done() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let request = desk.request(json!({ "priority": "HIGH" })).await?;
    assert_eq!(
        (&request["status"], &request["priority"]),
        (&json!("NEW"), &json!("HIGH"))
    );
    let seen = desk
        .step(
            "serviceRequestAcknowledge",
            &request,
            json!({ "priority": "URGENT" }),
        )
        .await?
        .must()?;
    let seen = &seen.payload()["serviceRequest"];
    assert_eq!(
        (&seen["status"], &seen["priority"]),
        (&json!("ACKNOWLEDGED"), &json!("URGENT"))
    );
    let waiting = desk.go(&request, &["Start", "Wait"]).await?;
    assert_eq!(waiting["status"], "WAITING_CUSTOMER");
    let resolved = desk.go(&request, &["Start", "Resolve"]).await?;
    assert_eq!(resolved["status"], "RESOLVED");
    let rated = desk
        .step(
            "serviceRequestRate",
            &request,
            json!({ "rating": 4, "comment": "Quick" }),
        )
        .await?
        .must()?;
    assert_eq!(rated.payload()["serviceRequest"]["rating"], 4);
    desk.step("serviceRequestRate", &request, json!({ "rating": 6 }))
        .await?
        .must_refuse("RATING_INVALID")?;
    let reopened = desk.go(&request, &["Reopen"]).await?;
    assert_eq!(
        (
            &reopened["status"],
            &reopened["resolvedAt"],
            &reopened["rating"],
            &reopened["reopenedCount"]
        ),
        (&json!("REOPENED"), &Value::Null, &Value::Null, &json!(1))
    );
    let closed = desk.go(&request, &["Start", "Resolve", "Close"]).await?;
    assert_eq!(closed["status"], "CLOSED");
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn every_step_starts_from_its_own_statuses_alone() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let ways: [(&[&str], &[&str]); 6] = [
        (&[], &["Wait", "Resolve", "Close", "Reopen"]),
        (
            &["Acknowledge"],
            &["Acknowledge", "Wait", "Resolve", "Close", "Reopen"],
        ),
        (
            &["Start"],
            &["Acknowledge", "Start", "Close", "Reopen", "Cancel"],
        ),
        (
            &["Start", "Resolve"],
            &[
                "Acknowledge",
                "Assign",
                "Escalate",
                "Start",
                "Wait",
                "Resolve",
                "Cancel",
            ],
        ),
        (
            &["Start", "Resolve", "Close"],
            &["Start", "Reopen", "Close", "Cancel"],
        ),
        (
            &["Cancel"],
            &["Acknowledge", "Assign", "Start", "Escalate", "Cancel"],
        ),
    ];
    for (way, refused) in ways {
        let request = desk.request(json!({})).await?;
        desk.go(&request, way).await?;
        for step in refused {
            let besides = match *step {
                "Resolve" => json!({ "resolution": "Brought" }),
                "Reopen" | "Cancel" | "Escalate" => json!({ "reason": "As it is" }),
                _ => json!({}),
            };
            let answer = desk
                .step(&format!("serviceRequest{step}"), &request, besides)
                .await?;
            answer
                .must_refuse("WRONG_STATUS")
                .map_err(|error| error.context(format!("{step} after {way:?}")))?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_is_asked_is_of_a_kind_that_there_is() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let fixed = category(&desk.owner, json!({ "needsResource": true })).await?;
    let input = with(desk.wish(), json!({ "categoryId": fixed }));
    desk.owner
        .verb("serviceRequestCreate", input.clone(), REQUEST)
        .await?
        .must_refuse("RESOURCE_REQUIRED")?;
    let room = room(&desk.owner, &desk.location).await?;
    desk.owner
        .act(
            "serviceRequestCreate",
            with(input, json!({ "resourceId": room })),
            REQUEST,
        )
        .await?;
    let archived = json!({ "id": fixed, "version": 1 });
    desk.owner
        .act("requestCategoryArchive", archived, "requestCategory { id }")
        .await?;
    let input = with(desk.wish(), json!({ "categoryId": fixed }));
    desk.owner
        .verb("serviceRequestCreate", input, REQUEST)
        .await?
        .must_refuse("UNKNOWN_CATEGORY")?;
    for blank in ["", "  "] {
        let input = with(desk.wish(), json!({ "summary": blank }));
        desk.owner
            .verb("serviceRequestCreate", input, REQUEST)
            .await?
            .must_refuse("INVALID")?;
    }
    Ok(())
}

#[tokio::test]
async fn it_is_seen_to_where_it_is_and_by_who_may() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let request = desk.request(json!({})).await?;
    let elsewhere = location(&desk.owner, &Plan::default()).await?;
    let there = desk
        .world
        .staff(&desk.owner, "front_desk", &[&elsewhere])
        .await?;
    let kitchen = desk.world.staff(&desk.owner, "kitchen", &[]).await?;
    let other = desk.world.owner().await?;
    let acknowledge = json!({ "id": request["id"] });
    for (actor, code) in [
        (&there, "NOT_FOUND"),
        (&kitchen, "FORBIDDEN"),
        (&other, "NOT_FOUND"),
    ] {
        actor
            .verb("serviceRequestAcknowledge", acknowledge.clone(), REQUEST)
            .await?
            .must_fail(code)?;
    }
    there
        .verb("serviceRequestCreate", desk.wish(), REQUEST)
        .await?
        .must_fail("NOT_FOUND")?;
    // Who sees to requests does not see to what they cost.
    let here = desk
        .world
        .staff(&desk.owner, "front_desk", &[&desk.location])
        .await?;
    here.verb("serviceRequestAcknowledge", acknowledge, REQUEST)
        .await?
        .must()?;
    Ok(())
}

#[tokio::test]
async fn the_same_key_asks_once_and_an_old_version_is_a_conflict() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let input = with(desk.wish(), json!({ "idempotencyKey": "towels" }));
    let first = desk
        .owner
        .act("serviceRequestCreate", input.clone(), REQUEST)
        .await?;
    let again = desk
        .owner
        .act("serviceRequestCreate", input, REQUEST)
        .await?;
    assert_eq!(again["replayed"], true);
    assert_eq!(again["serviceRequest"]["id"], first["serviceRequest"]["id"]);
    assert_eq!(desk.told("service_request.created").await?, 1);
    let request = &first["serviceRequest"];
    desk.go(request, &["Acknowledge"]).await?;
    desk.step(
        "serviceRequestStart",
        request,
        json!({ "expectedVersion": request["version"] }),
    )
    .await?
    .must_fail("CONFLICT")?;
    let dry = with(desk.wish(), json!({ "dryRun": true }));
    desk.owner.act("serviceRequestCreate", dry, REQUEST).await?;
    assert_eq!(desk.told("service_request.created").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_request_is_passed_up_nine_times_with_a_reason() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let request = desk.request(json!({})).await?;
    desk.step("serviceRequestEscalate", &request, json!({ "reason": " " }))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    for level in 1..=9 {
        let done = desk.go(&request, &["Escalate"]).await?;
        assert_eq!(done["escalationLevel"], level);
    }
    desk.step(
        "serviceRequestEscalate",
        &request,
        json!({ "reason": "Once more" }),
    )
    .await?
    .must_refuse("TOO_HIGH")?;
    Ok(())
}

#[tokio::test]
async fn a_request_becomes_a_fault_once() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let room = room(&desk.owner, &desk.location).await?;
    let request = desk
        .request(json!({ "resourceId": room, "summary": "The shower drips" }))
        .await?;
    let done = desk
        .step(
            "serviceRequestConvert",
            &request,
            json!({ "severity": "HIGH" }),
        )
        .await?
        .must()?;
    let fault = &done.payload()["maintenanceRequest"];
    assert_eq!(
        (&fault["status"], &fault["severity"], &fault["resourceId"]),
        (&json!("REPORTED"), &json!("HIGH"), &json!(room))
    );
    desk.step("serviceRequestConvert", &request, json!({}))
        .await?
        .must_refuse("ALREADY_CONVERTED")?;
    let other = desk.request(json!({})).await?;
    desk.step(
        "serviceRequestConvert",
        &other,
        json!({ "blocksResource": true }),
    )
    .await?
    .must_refuse("RESOURCE_REQUIRED")?;
    Ok(())
}

#[tokio::test]
async fn what_was_done_a_week_ago_is_closed_by_the_clock() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let done = desk.request(json!({})).await?;
    desk.go(&done, &["Start", "Resolve"]).await?;
    desk.later(chrono::Duration::days(6)).await?;
    let fresh = desk.request(json!({})).await?;
    desk.go(&fresh, &["Start", "Resolve"]).await?;
    assert_eq!(desk.world.run_job("service_request_close").await?, 0);
    desk.later(chrono::Duration::days(1)).await?;
    assert_eq!(desk.world.run_job("service_request_close").await?, 1);
    assert_eq!(desk.world.run_job("service_request_close").await?, 0);
    desk.step(
        "serviceRequestReopen",
        &done,
        json!({ "reason": "Too late" }),
    )
    .await?
    .must_refuse("WRONG_STATUS")?;
    desk.go(&fresh, &["Reopen"]).await?;
    Ok(())
}

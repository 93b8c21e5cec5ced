//! A task from the depot to the door.

use chrono::Duration;
use serde_json::{Value, json};
use tests::World;

use super::{Depot, id, resource};

#[tokio::test]
async fn a_task_is_assigned_accepted_driven_to_and_completed() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let task = depot
        .task(json!({"address": "Rua 1", "contactName": "Ana"}))
        .await?;
    depot
        .go(&task, &["Assign", "Accept", "Start", "Arrive", "Complete"])
        .await?;
    let data = depot
        .owner
        .read(&format!(
            "{{ dispatchTask(id: \"{task}\") {{ status address contactName startedAt arrivedAt finishedAt }} \
               taskAssignments {{ nodes {{ acceptedAt endedAt }} }} \
               statusHistories(filter: {{machine: {{eq: \"dispatch_task\"}}}}) {{ nodes {{ toStatus }} }} }}"
        ))
        .await?;
    let row = &data["dispatchTask"];
    assert_eq!(row["status"], "COMPLETED");
    assert_eq!(
        (&row["address"], &row["contactName"]),
        (&json!("Rua 1"), &json!("Ana"))
    );
    assert_ne!(row["finishedAt"], Value::Null);
    let assignment = &data["taskAssignments"]["nodes"][0];
    assert!(!assignment["acceptedAt"].is_null() && !assignment["endedAt"].is_null());
    assert_eq!(
        data["statusHistories"]["nodes"].as_array().map(Vec::len),
        Some(5)
    );
    Ok(())
}

/// Each status, by the steps that lead to it.
const PATHS: &[(&str, &[&str])] = &[
    ("UNASSIGNED", &[]),
    ("ASSIGNED", &["Assign"]),
    ("ACCEPTED", &["Assign", "Accept"]),
    ("EN_ROUTE", &["Assign", "Accept", "Start"]),
    ("ARRIVED", &["Assign", "Accept", "Start", "Arrive"]),
    (
        "COMPLETED",
        &["Assign", "Accept", "Start", "Arrive", "Complete"],
    ),
    ("FAILED", &["Assign", "Accept", "Start", "Fail"]),
    ("CANCELLED", &["Cancel"]),
];

/// Each verb, with what it needs besides, and the statuses it starts from.
const STEPS: &[(&str, &[&str])] = &[
    ("Accept", &["ASSIGNED"]),
    ("Decline", &["ASSIGNED"]),
    ("Unassign", &["ASSIGNED", "ACCEPTED", "EN_ROUTE"]),
    ("Start", &["ACCEPTED"]),
    ("Arrive", &["EN_ROUTE"]),
    ("Complete", &["ARRIVED"]),
    ("Fail", &["EN_ROUTE", "ARRIVED"]),
    (
        "Cancel",
        &["UNASSIGNED", "ASSIGNED", "ACCEPTED", "EN_ROUTE"],
    ),
];

#[tokio::test]
async fn e75_every_step_starts_from_its_own_statuses_alone() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    for (status, path) in PATHS {
        let task = depot.task(json!({})).await?;
        depot.go(&task, path).await?;
        assert_eq!(depot.of_task(&task, "status").await?, *status);
        for (step, from) in STEPS {
            let besides = super::with(super::needed(step), json!({"dryRun": true}));
            let verb = format!("dispatchTask{step}");
            let answer = depot.step(&verb, &task, besides).await?;
            if from.contains(status) {
                answer.must()?;
            } else {
                answer.must_refuse("WRONG_STATUS")?;
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn e77_inv24_a_dropoff_does_not_begin_before_its_pickup_is_completed() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let pickup = depot.task(json!({"kind": "PICKUP"})).await?;
    let dropoff = depot.task(json!({"requiresTaskId": pickup})).await?;
    depot.go(&dropoff, &["Assign", "Accept"]).await?;
    depot
        .step("dispatchTaskStart", &dropoff, json!({}))
        .await?
        .must_refuse("PREDECESSOR_OPEN")?;
    depot
        .go(&pickup, &["Assign", "Accept", "Start", "Arrive"])
        .await?;
    depot
        .step("dispatchTaskStart", &dropoff, json!({}))
        .await?
        .must_refuse("PREDECESSOR_OPEN")?;
    depot.go(&pickup, &["Complete"]).await?;
    depot.go(&dropoff, &["Start", "Arrive", "Complete"]).await
}

#[tokio::test]
async fn e77_a_task_taken_away_meanwhile_is_not_gone_on_with() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let task = depot.task(json!({})).await?;
    depot.go(&task, &["Assign", "Accept", "Start"]).await?;
    let version = depot.of_task(&task, "version").await?;
    depot
        .step(
            "dispatchTaskUnassign",
            &task,
            json!({"reason": "van broke down"}),
        )
        .await?
        .must()?;
    // The driver was offline, and says later that they arrived.
    depot
        .step(
            "dispatchTaskArrive",
            &task,
            json!({"expectedVersion": version}),
        )
        .await?
        .must_fail("CONFLICT")?;
    depot
        .step("dispatchTaskArrive", &task, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(depot.of_task(&task, "driverId").await?, Value::Null);
    depot.go(&task, &["Assign"]).await
}

#[tokio::test]
async fn a_failed_task_is_tried_again_as_one_that_counts_on() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let task = depot
        .task(json!({"kind": "PICKUP", "address": "Rua 2"}))
        .await?;
    let waits = depot.task(json!({"requiresTaskId": task})).await?;
    let window = json!({
        "startsAt": depot.now() + Duration::days(1), "endsAt": depot.now() + Duration::days(1) + Duration::hours(2),
    });
    depot
        .step("dispatchTaskRetry", &task, window.clone())
        .await?
        .must_refuse("NOT_FAILED")?;
    depot.go(&task, &["Assign", "Accept", "Start"]).await?;
    depot
        .step("dispatchTaskFail", &task, json!({"failure": "OTHER"}))
        .await?
        .must_refuse("NOTE_REQUIRED")?;
    depot
        .step(
            "dispatchTaskFail",
            &task,
            json!({"failure": "NOBODY_THERE"}),
        )
        .await?
        .must()?;
    let again = depot
        .step("dispatchTaskRetry", &task, window.clone())
        .await?
        .must()?;
    let again = again.payload()["dispatchTask"].clone();
    assert_eq!(
        (&again["attemptNo"], &again["status"]),
        (&json!(2), &json!("UNASSIGNED"))
    );
    let again = id(&again)?;
    assert_eq!(depot.of_task(&again, "address").await?, "Rua 2");
    assert_eq!(depot.of_task(&waits, "requiresTaskId").await?, json!(again));
    depot
        .step("dispatchTaskRetry", &task, window)
        .await?
        .must_refuse("ALREADY_RETRIED")?;
    Ok(())
}

#[tokio::test]
async fn a_task_is_completed_with_the_proof_it_asks_for() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let input = super::with(depot.wish(), json!({"requiredProof": "CODE"}));
    let made = depot
        .owner
        .act("dispatchTaskCreate", input, "dispatchTask { id } proofCode")
        .await?;
    let (task, code) = (id(&made["dispatchTask"])?, made["proofCode"].clone());
    assert_eq!(code.as_str().map(str::len), Some(6));
    depot
        .go(&task, &["Assign", "Accept", "Start", "Arrive"])
        .await?;
    for wrong in [json!({}), json!({"proofCode": "ZZZZZZ"})] {
        depot
            .step("dispatchTaskComplete", &task, wrong)
            .await?
            .must_refuse("WRONG_CODE")?;
    }
    depot
        .step(
            "dispatchTaskComplete",
            &task,
            json!({"proofCode": code, "receivedBy": "Ana"}),
        )
        .await?
        .must()?;
    assert_eq!(depot.of_task(&task, "proofKind").await?, "CODE");
    assert_eq!(depot.of_task(&task, "receivedBy").await?, "Ana");

    let signed = depot.task(json!({"requiredProof": "SIGNATURE"})).await?;
    depot
        .go(&signed, &["Assign", "Accept", "Start", "Arrive"])
        .await?;
    depot
        .step("dispatchTaskComplete", &signed, json!({}))
        .await?
        .must_refuse("PROOF_REQUIRED")?;
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_a_new_task_is_said() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let create = async |besides: Value| {
        let input = super::with(depot.wish(), besides);
        depot
            .owner
            .verb("dispatchTaskCreate", input, "dispatchTask { id }")
            .await
    };
    create(json!({"startsAt": null}))
        .await?
        .must_refuse("WINDOW_REQUIRED")?;
    create(json!({"endsAt": depot.now()}))
        .await?
        .must_refuse("INVALID_WINDOW")?;
    create(json!({"lat": "91"})).await?.must_refuse("INVALID")?;
    create(json!({"lng": null})).await?.must_refuse("INVALID")?;
    create(json!({"quantity": "0"}))
        .await?
        .must_refuse("INVALID")?;
    create(json!({"priority": 100_000}))
        .await?
        .must_fail("BAD_USER_INPUT")?;
    let other = Depot::of(World::new().await?).await?;
    create(json!({"locationId": other.location}))
        .await?
        .must_refuse("INVALID")?;
    Ok(())
}

#[tokio::test]
async fn a_driver_drives_and_does_not_plan() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let driver = depot.world.staff(&depot.owner, "driver", &[]).await?;
    driver
        .verb("dispatchTaskCreate", depot.wish(), "dispatchTask { id }")
        .await?
        .must_fail("FORBIDDEN")?;
    let task = depot.task(json!({})).await?;
    depot.go(&task, &["Assign"]).await?;
    driver
        .act(
            "dispatchTaskAccept",
            json!({"id": task}),
            "dispatchTask { status }",
        )
        .await?;
    // Another depot's driver does not know of it.
    let elsewhere = tests::hotel::location(&depot.owner, &tests::hotel::Plan::default()).await?;
    let stranger = depot
        .world
        .staff(&depot.owner, "driver", &[&elsewhere])
        .await?;
    stranger
        .verb(
            "dispatchTaskStart",
            json!({"id": task}),
            "dispatchTask { status }",
        )
        .await?
        .must_fail("NOT_FOUND")?;
    let room = resource(&depot.owner, &depot.location, "ROOM", "Room").await?;
    let item = json!({"taskId": depot.task(json!({})).await?, "driverId": room});
    let done = depot
        .owner
        .act(
            "dispatchTaskAssign",
            json!({"items": [item]}),
            "results { isAssigned }",
        )
        .await?;
    assert_eq!(
        done["results"],
        json!([{"isAssigned": false}]),
        "a room drives nothing"
    );
    Ok(())
}

//! Each verb: the good way, and what it refuses.

use chrono::Duration;
use serde_json::json;
use tests::World;

use super::Hall;

#[tokio::test]
async fn somebody_joins_is_called_comes_and_is_served() -> anyhow::Result<()> {
    let hall = Hall::open(3, 1, json!({ "ticketPrefix": "R" })).await?;
    let joined = hall
        .join(json!({ "name": "Ana", "phone": "+351 910 000 000" }))
        .await?;
    assert_eq!(joined["queueTicket"]["displayNumber"], "R001");
    assert_eq!(
        (&joined["position"], &joined["queueEntry"]["status"]),
        (&json!(1), &json!("WAITING"))
    );
    assert!(
        joined["ticketToken"]
            .as_str()
            .is_some_and(|token| token.starts_with("biz_"))
    );
    let called = hall.called(0).await?;
    assert_eq!(called["id"], joined["queueEntry"]["id"]);
    assert_eq!(
        (&called["status"], &called["servicePointId"]),
        (&json!("CALLED"), &json!(hall.desks[0]))
    );
    hall.step("queueEntryRecall", &called, json!({}))
        .await?
        .must()?;
    hall.step("queueEntryStart", &called, json!({}))
        .await?
        .must()?;
    hall.step("queueEntryRecall", &called, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let served = hall
        .step("queueEntryFinish", &called, json!({}))
        .await?
        .must()?;
    assert_eq!(served.payload()["queueEntry"]["status"], "SERVED");
    let again = hall
        .step("queueEntryReopen", &called, json!({}))
        .await?
        .must()?;
    assert_eq!(again.payload()["queueEntry"]["status"], "REOPENED");
    hall.step("queueEntryFinish", &called, json!({}))
        .await?
        .must()?;
    hall.next(0).await?.must_refuse("NOBODY_WAITING")?;
    Ok(())
}

#[tokio::test]
async fn a_place_in_a_queue_is_not_for_everyone() -> anyhow::Result<()> {
    let hall = Hall::open(4, 1, json!({ "maxLength": 2 })).await?;
    hall.join(json!({ "partySize": 2 })).await?;
    hall.join(json!({})).await?;
    let input = json!({ "queueId": hall.queue });
    hall.owner
        .verb("queueJoin", input.clone(), "position")
        .await?
        .must_refuse("QUEUE_FULL")?;
    let other = hall.world.owner().await?;
    other
        .verb("queueJoin", input.clone(), "position")
        .await?
        .must_fail("NOT_FOUND")?;
    let kitchen = hall.world.staff(&hall.owner, "kitchen", &[]).await?;
    kitchen
        .verb("queueJoin", input.clone(), "position")
        .await?
        .must_fail("FORBIDDEN")?;
    hall.called(0).await?;
    let bad = json!({ "queueId": hall.queue, "partySize": 0 });
    hall.owner
        .verb("queueJoin", bad, "position")
        .await?
        .must_refuse("PARTY_SIZE_INVALID")?;
    let bad = json!({ "queueId": hall.queue, "priorityBand": 10 });
    hall.owner
        .verb("queueJoin", bad, "position")
        .await?
        .must_refuse("PRIORITY_INVALID")?;
    let mut twice = input.clone();
    twice["idempotencyKey"] = json!("once");
    let first = hall
        .owner
        .act("queueJoin", twice.clone(), "queueEntry { id }")
        .await?;
    let second = hall
        .owner
        .act("queueJoin", twice, "queueEntry { id }")
        .await?;
    assert_eq!(first["queueEntry"], second["queueEntry"]);
    assert_eq!(second["replayed"], true);
    hall.owner
        .act(
            "queueClose",
            json!({ "id": hall.queue }),
            "queue { status }",
        )
        .await?;
    hall.owner
        .verb("queueJoin", input, "position")
        .await?
        .must_refuse("QUEUE_CLOSED")?;
    Ok(())
}

#[tokio::test]
async fn a_transfer_keeps_the_place_unless_it_is_to_begin_anew() -> anyhow::Result<()> {
    let mut hall = Hall::open(3, 1, json!({})).await?;
    let target = hall.queue(json!({})).await?;
    let early = hall.join(json!({})).await?["queueEntry"].clone();
    let second = hall.join(json!({})).await?["queueEntry"].clone();
    hall.later(Duration::minutes(5)).await?;
    let there = hall.join(json!({ "queueId": target })).await?["queueEntry"].clone();
    let to =
        |keep: bool| json!({ "toQueueId": target, "keepPlace": keep, "reason": "Better there" });
    let moved = hall
        .step("queueEntryTransfer", &early, to(true))
        .await?
        .must()?;
    let moved = &moved.payload()["queueEntry"];
    assert_eq!(
        (&moved["queueId"], &moved["status"], &moved["joinedAt"]),
        (&json!(target), &json!("WAITING"), &early["joinedAt"])
    );
    let anew = hall
        .step("queueEntryTransfer", &second, to(false))
        .await?
        .must()?;
    assert!(anew.payload()["queueEntry"]["joinedAt"].as_str() > there["joinedAt"].as_str());
    hall.step("queueEntryTransfer", &early, to(true))
        .await?
        .must_refuse("SAME_QUEUE")?;
    hall.owner
        .act("queueClose", json!({ "id": hall.queue }), "queue { id }")
        .await?;
    let back = json!({ "toQueueId": hall.queue });
    hall.step("queueEntryTransfer", &early, back)
        .await?
        .must_refuse("QUEUE_CLOSED")?;
    Ok(())
}

#[tokio::test]
async fn a_paused_queue_calls_nobody_and_says_why() -> anyhow::Result<()> {
    let hall = Hall::open(3, 1, json!({})).await?;
    let token = hall.join(json!({})).await?["ticketToken"].clone();
    let id = json!({ "id": hall.queue });
    let pause = |reason: &str| json!({ "id": hall.queue, "reason": reason });
    hall.owner
        .verb("queuePause", pause(""), "queue { id }")
        .await?
        .must_refuse("REASON_REQUIRED")?;
    hall.owner
        .act("queuePause", pause("Lunch"), "queue { status }")
        .await?;
    hall.owner
        .verb("queuePause", pause("Again"), "queue { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    hall.next(0).await?.must_refuse("NOBODY_WAITING")?;
    hall.join(json!({})).await?;
    let query = "query($t: String!) { queueTicketPosition(ticketToken: $t) { position status queueStatus pausedReason p90Seconds } }";
    let answer = hall
        .world
        .anonymous()
        .graphql(query, json!({ "t": token }))
        .await?
        .must()?;
    assert_eq!(answer.data("/queueTicketPosition/pausedReason"), "Lunch");
    assert_eq!(answer.data("/queueTicketPosition/position"), 1);
    hall.owner
        .act("queueResume", id, "queue { status }")
        .await?;
    hall.called(0).await?;
    Ok(())
}

#[tokio::test]
async fn staff_move_and_set_aside_and_somebody_leaves() -> anyhow::Result<()> {
    let hall = Hall::open(3, 1, json!({})).await?;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(hall.join(json!({})).await?["queueEntry"].clone());
    }
    hall.step("queueEntryMove", &ids[3], json!({ "position": 2 }))
        .await?
        .must()?;
    assert_eq!(
        hall.waiting().await?,
        [&ids[0], &ids[3], &ids[1], &ids[2]].map(|entry| entry["id"].clone())
    );
    hall.step("queueEntryMove", &ids[3], json!({ "position": 0 }))
        .await?
        .must_refuse("POSITION_INVALID")?;
    let desk = hall.world.staff(&hall.owner, "front_desk", &[]).await?;
    let input = json!({ "id": ids[3]["id"], "position": 1 });
    desk.act("queueEntryMove", input, "queueEntry { id }")
        .await?;
    hall.step("queueEntryPark", &ids[3], json!({}))
        .await?
        .must()?;
    let past = json!({ "until": "2020-01-01T00:00:00Z" });
    hall.step("queueEntryPark", &ids[0], past)
        .await?
        .must_refuse("UNTIL_PASSED")?;
    assert_eq!(hall.called(0).await?["id"], ids[0]["id"]);
    hall.step("queueEntryUnpark", &ids[3], json!({}))
        .await?
        .must()?;
    hall.step(
        "queueEntryLeave",
        &ids[1],
        json!({ "reason": "In a hurry" }),
    )
    .await?
    .must()?;
    assert_eq!(
        hall.waiting().await?,
        [ids[3]["id"].clone(), ids[2]["id"].clone()]
    );
    hall.step("queueEntryLeave", &ids[1], json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let other = hall.world.owner().await?;
    let input = json!({ "id": ids[2]["id"] });
    other
        .verb("queueEntryLeave", input, "queueEntry { id }")
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}

#[tokio::test]
async fn who_is_elsewhere_or_may_not_does_not_find_it() -> anyhow::Result<()> {
    let hall = Hall::open(4, 1, json!({})).await?;
    let entry = hall.join(json!({})).await?["queueEntry"].clone();
    let elsewhere = tests::hotel::location(&hall.owner, &tests::hotel::Plan::default()).await?;
    let narrowed = hall
        .world
        .staff(&hall.owner, "front_desk", &[&elsewhere])
        .await?;
    for (verb, input) in [
        ("queueEntryLeave", json!({ "id": entry["id"] })),
        ("queueEntryPark", json!({ "id": entry["id"] })),
        ("queueClose", json!({ "id": hall.queue })),
        ("queueCallNext", json!({ "servicePointId": hall.desks[0] })),
    ] {
        narrowed
            .verb(verb, input.clone(), "eventCursor")
            .await?
            .must_fail("NOT_FOUND")?;
        let kitchen = World::anonymous(&hall.world);
        kitchen
            .verb(verb, input, "eventCursor")
            .await?
            .must_fail("UNAUTHENTICATED")?;
    }
    Ok(())
}

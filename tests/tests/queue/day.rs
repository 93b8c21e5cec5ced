//! The day of a queue: numbers without a gap, who does not come, and the night.

use std::collections::BTreeSet;

use chrono::Duration;
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::{Hall, now};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_follow_one_another_whoever_joins_at_once() -> anyhow::Result<()> {
    let hall = Hall::open(12, 0, json!({ "maxLength": 40 })).await?;
    let joins = (0..48).map(|_| {
        hall.owner.verb(
            "queueJoin",
            json!({ "queueId": hall.queue }),
            "queueTicket { seq }",
        )
    });
    let answers = try_join_all(joins).await?;
    let numbers: BTreeSet<i64> = answers
        .iter()
        .filter_map(|answer| answer.payload()["queueTicket"]["seq"].as_i64())
        .collect();
    assert_eq!(
        numbers,
        (1..=40).collect::<BTreeSet<i64>>(),
        "no gap, though eight were refused"
    );
    assert_eq!(
        answers
            .iter()
            .filter(|answer| answer.user_code() == Some("QUEUE_FULL"))
            .count(),
        8
    );
    Ok(())
}

#[tokio::test]
async fn numbers_begin_anew_with_the_business_day() -> anyhow::Result<()> {
    let mut hall = Hall::open(3, 0, json!({})).await?;
    assert_eq!(hall.join(json!({})).await?["queueTicket"]["seq"], 1);
    assert_eq!(hall.join(json!({})).await?["queueTicket"]["seq"], 2);
    hall.later(Duration::days(1)).await?;
    assert_eq!(hall.join(json!({})).await?["queueTicket"]["seq"], 1);
    Ok(())
}

/// E-73: nobody returns to the head for ever.
#[tokio::test]
async fn e73_who_does_not_come_returns_so_often_and_behind_some() -> anyhow::Result<()> {
    let hall = Hall::open(
        3,
        1,
        json!({ "noShowPosition": "AFTER_SOME", "noShowAfter": 2, "maxNoShows": 2 }),
    )
    .await?;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(hall.join(json!({})).await?["queueEntry"].clone());
    }
    hall.step("queueEntryReturn", &ids[0], json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    for turn in 1..=3 {
        if turn > 1 {
            hall.step("queueEntryMove", &ids[0], json!({ "position": 1 }))
                .await?
                .must()?;
        }
        let called = hall.called(0).await?;
        assert_eq!(called["id"], ids[0]["id"]);
        let missed = hall
            .step("queueEntryMarkNoShow", &called, json!({}))
            .await?
            .must()?;
        let entry = &missed.payload()["queueEntry"];
        assert_eq!(entry["noShowCount"], turn);
        if turn < 3 {
            assert_eq!(entry["status"], "NO_SHOW");
            hall.step("queueEntryReturn", &called, json!({}))
                .await?
                .must()?;
            let waiting = hall.waiting().await?;
            assert_eq!(
                waiting.iter().position(|id| *id == ids[0]["id"]),
                Some(2),
                "behind two"
            );
        } else {
            assert_eq!(entry["status"], "REMOVED");
            hall.step("queueEntryReturn", &called, json!({}))
                .await?
                .must_refuse("WRONG_STATUS")?;
        }
    }
    Ok(())
}

/// E-73: no queue stays open over night; the day is that of the location.
#[tokio::test]
async fn e73_a_queue_left_open_is_closed_when_its_business_day_ends() -> anyhow::Result<()> {
    let mut hall = Hall::open(3, 1, json!({ "leftoverRule": "NO_SHOW" })).await?;
    let entry = hall.join(json!({})).await?["queueEntry"].clone();
    assert_eq!(
        hall.world.run_job("queue_day_close").await?,
        0,
        "its day has not ended"
    );
    hall.later(Duration::days(1)).await?;
    assert_eq!(hall.world.run_job("queue_day_close").await?, 1);
    let query = "query($q: ID!, $e: ID!) { queue(id: $q) { status } queueEntry(id: $e) { status leftReason } }";
    let answer = hall
        .owner
        .graphql(query, json!({ "q": hall.queue, "e": entry["id"] }))
        .await?
        .must()?;
    assert_eq!(answer.data("/queue/status"), "CLOSED");
    assert_eq!(answer.data("/queueEntry/status"), "NO_SHOW");
    assert_eq!(hall.world.run_job("queue_day_close").await?, 0);
    Ok(())
}

#[tokio::test]
async fn closing_serves_who_waits_and_then_does_what_the_rule_says() -> anyhow::Result<()> {
    let hall = Hall::open(3, 1, json!({ "leftoverRule": "CARRIED" })).await?;
    let first = hall.join(json!({})).await?["queueEntry"].clone();
    let second = hall.join(json!({})).await?["queueEntry"].clone();
    let close = |now: bool| json!({ "id": hall.queue, "now": now });
    let closing = hall
        .owner
        .act("queueClose", close(false), "queue { status }")
        .await?;
    assert_eq!(closing["queue"]["status"], "CLOSING");
    let called = hall.called(0).await?;
    assert_eq!(called["id"], first["id"]);
    hall.owner
        .verb("queueClose", close(true), "queue { id }")
        .await?
        .must_refuse("STILL_SERVING")?;
    hall.step("queueEntryLeave", &called, json!({}))
        .await?
        .must()?;
    let closed = hall
        .owner
        .act("queueClose", close(true), "queue { status }")
        .await?;
    assert_eq!(closed["queue"]["status"], "CLOSED");
    assert_eq!(
        hall.waiting().await?,
        [second["id"].clone()],
        "carried to the next day"
    );
    hall.owner
        .verb("queueClose", close(true), "queue { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    hall.owner
        .act("queueOpen", json!({ "id": hall.queue }), "queue { status }")
        .await?;
    assert_eq!(hall.called(0).await?["id"], second["id"]);
    Ok(())
}

#[tokio::test]
async fn who_was_called_and_does_not_come_is_noted_by_the_clock() -> anyhow::Result<()> {
    let mut hall = Hall::open(3, 1, json!({ "callTimeoutSeconds": 60 })).await?;
    hall.join(json!({})).await?;
    let called = hall.called(0).await?;
    assert_eq!(hall.world.run_job("queue_missed_calls").await?, 0);
    hall.later(Duration::seconds(61)).await?;
    assert_eq!(hall.world.run_job("queue_missed_calls").await?, 1);
    assert_eq!(hall.world.run_job("queue_missed_calls").await?, 0);
    hall.step("queueEntryReturn", &called, json!({}))
        .await?
        .must()?;
    let until = now() + Duration::minutes(10);
    hall.step("queueEntryPark", &called, json!({ "until": until }))
        .await?
        .must()?;
    assert_eq!(hall.world.run_job("queue_unpark").await?, 0);
    hall.later(Duration::minutes(11)).await?;
    assert_eq!(hall.world.run_job("queue_unpark").await?, 1);
    assert_eq!(hall.waiting().await?.len(), 1);
    Ok(())
}

/// E-71: however many urgent ones come, nobody waits for ever.
#[tokio::test]
async fn e71_inv22_no_waiting_ticket_starves() -> anyhow::Result<()> {
    let mut hall = Hall::open(
        3,
        1,
        json!({ "fairness": "PRIORITY_AGED", "agingMinutes": 10 }),
    )
    .await?;
    let patient = hall.join(json!({})).await?["queueEntry"]["id"].clone();
    let mut overtaken = 0;
    for _ in 0..40 {
        // Somebody urgent comes every two minutes: a head start of 30 minutes.
        hall.join(json!({ "priorityBand": 3 })).await?;
        let called = hall.called(0).await?;
        hall.step("queueEntryStart", &called, json!({}))
            .await?
            .must()?;
        hall.step("queueEntryFinish", &called, json!({}))
            .await?
            .must()?;
        if called["id"] == patient {
            assert!(
                (10..=16).contains(&overtaken),
                "overtaken {overtaken} times"
            );
            return Ok(());
        }
        overtaken += 1;
        hall.later(Duration::minutes(2)).await?;
    }
    anyhow::bail!("still waiting after having been overtaken {overtaken} times")
}

/// Invariant 22: whoever joined so much earlier that ageing makes up for a band is never overtaken by
/// it, whatever comes and goes.
#[tokio::test]
async fn inv22_nobody_is_overtaken_by_who_came_too_late_for_their_band() -> anyhow::Result<()> {
    let mut hall = Hall::open(
        3,
        1,
        json!({ "fairness": "PRIORITY_AGED", "agingMinutes": 10 }),
    )
    .await?;
    let mut waiting: Vec<(Value, chrono::DateTime<chrono::Utc>, i64)> = Vec::new();
    for step in 0..60_i64 {
        let band = (step * 7) % 5;
        let entry = hall.join(json!({ "priorityBand": band })).await?["queueEntry"].clone();
        let joined = entry["joinedAt"].as_str().unwrap_or_default().parse()?;
        waiting.push((entry["id"].clone(), joined, band));
        if step % 10 == 9 {
            hall.later(Duration::minutes(4)).await?;
        }
        if step % 2 == 1 {
            let called = hall.called(0).await?;
            let place = waiting.iter().position(|(id, ..)| *id == called["id"]);
            let place = place.unwrap_or_else(|| panic!("{called} does not wait"));
            let (_, joined, band) = waiting.remove(place);
            // A band is worth ten minutes of waiting, and no more.
            for (id, earlier, own) in &waiting {
                let head_start = Duration::minutes((band - own) * 10);
                assert!(joined - *earlier <= head_start, "{id} was overtaken");
            }
            hall.step("queueEntryStart", &called, json!({}))
                .await?
                .must()?;
            hall.step("queueEntryFinish", &called, json!({}))
                .await?
                .must()?;
        }
    }
    assert_eq!(hall.world.breaks().await?, 0);
    Ok(())
}

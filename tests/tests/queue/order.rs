//! In which order people are called, and how long they wait.

use chrono::Duration;
use serde_json::json;

use super::{Hall, now};

#[tokio::test]
async fn appointments_go_first_in_a_fixed_ratio() -> anyhow::Result<()> {
    let hall = Hall::open(
        3,
        1,
        json!({ "fairness": "APPOINTMENT_FIRST", "appointmentsPerWalkIn": 2 }),
    )
    .await?;
    let hotel = hall
        .world
        .hotel_of(&hall.owner, &tests::hotel::Plan::default())
        .await?;
    let mut expected = Vec::new();
    for _ in 0..3 {
        expected.push(hall.join(json!({})).await?["queueEntry"]["id"].clone());
    }
    let mut appointments = Vec::new();
    for day in 0..4 {
        let order = hotel.confirmed(tests::hotel::soon(day * 2), 1).await?;
        let input = json!({ "queueId": hall.queue, "bookingId": order["id"] });
        let joined = hall
            .owner
            .act("queueCheckIn", input.clone(), "queueEntry { id }")
            .await?;
        appointments.push(joined["queueEntry"]["id"].clone());
        hall.owner
            .verb("queueCheckIn", input, "position")
            .await?
            .must_refuse("ALREADY_CHECKED_IN")?;
    }
    let order = [
        &appointments[0],
        &appointments[1],
        &expected[0],
        &appointments[2],
        &appointments[3],
        &expected[1],
        &expected[2],
    ];
    for id in order {
        let called = hall.called(0).await?;
        assert_eq!(called["id"], *id);
        hall.step("queueEntryStart", &called, json!({}))
            .await?
            .must()?;
        hall.step("queueEntryFinish", &called, json!({}))
            .await?
            .must()?;
    }
    Ok(())
}

/// A queue that promises four minutes: two waited three and five and were served for two each, and one
/// went away.
async fn served() -> anyhow::Result<Hall> {
    let mut hall = Hall::open(3, 1, json!({ "avgServiceMinutes": 2, "slaMinutes": 4 })).await?;
    for _ in 0..3 {
        hall.join(json!({})).await?;
    }
    hall.later(Duration::minutes(3)).await?;
    for _ in 0..2 {
        let called = hall.called(0).await?;
        hall.step("queueEntryStart", &called, json!({}))
            .await?
            .must()?;
        hall.later(Duration::minutes(2)).await?;
        hall.step("queueEntryFinish", &called, json!({}))
            .await?
            .must()?;
    }
    let left = hall.waiting().await?;
    let input = json!({ "id": left[0] });
    hall.owner
        .act("queueEntryLeave", input, "queueEntry { id }")
        .await?;
    Ok(hall)
}

#[tokio::test]
async fn a_report_tells_waits_and_how_well_they_were_told() -> anyhow::Result<()> {
    let hall = served().await?;
    let query = "query($q: ID!, $from: Date!, $to: Date!) { queueReport(queueId: $q, from: $from, to: $to) {
        joined served left noShow averageWaitSeconds p90WaitSeconds averageServiceSeconds withinPromise
        predictionErrorSeconds withinP90 } }";
    let (from, to) = (
        now().date_naive() - Duration::days(1),
        now().date_naive() + Duration::days(1),
    );
    let answer = hall
        .owner
        .graphql(query, json!({ "q": hall.queue, "from": from, "to": to }))
        .await?
        .must()?;
    let report = answer.data("/queueReport");
    assert_eq!(
        (&report["joined"], &report["served"], &report["left"]),
        (&json!(3), &json!(2), &json!(1))
    );
    let seconds = |name: &str| report[name].as_f64().unwrap_or(-1.0);
    assert!(
        (seconds("averageServiceSeconds") - 120.0).abs() < 5.0,
        "{report}"
    );
    assert!(
        (seconds("averageWaitSeconds") - 240.0).abs() < 5.0,
        "{report}"
    );
    // Told were 0 and 120 seconds; it took 180 and 300.
    assert!(
        (seconds("predictionErrorSeconds") - 180.0).abs() < 5.0,
        "{report}"
    );
    assert!((seconds("p90WaitSeconds") - 288.0).abs() < 5.0, "{report}");
    // One was called within four minutes; both waited longer than nine of ten were said to.
    assert_eq!(
        (
            &report["withinPromise"],
            &report["withinP90"],
            &report["noShow"]
        ),
        (&json!(0.5), &json!(0.0), &json!(0))
    );
    let other = hall.world.owner().await?;
    other
        .graphql(query, json!({ "q": hall.queue, "from": from, "to": to }))
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}

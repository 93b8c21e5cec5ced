//! What is promised: when time is up, what stops it, who is told. Once.

use chrono::{Datelike as _, Duration, TimeZone as _, Weekday};
use chrono_tz::Europe::Lisbon;
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::made;

use super::{Desk, category, instant};

#[tokio::test]
async fn a_promise_is_kept_by_what_was_promised() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    for (metric, minutes) in [
        ("ACKNOWLEDGE", 5),
        ("RESPOND", 10),
        ("START", 15),
        ("RESOLVE", 60),
    ] {
        desk.policy(metric, minutes, json!({})).await?;
    }
    let request = desk.request(json!({})).await?;
    let clocks = desk.clocks(&request).await?;
    for (metric, minutes) in [
        ("ACKNOWLEDGE", 5),
        ("RESPOND", 10),
        ("START", 15),
        ("RESOLVE", 60),
    ] {
        let clock = &clocks[metric];
        let length = instant(&clock["targetAt"])? - instant(&clock["startedAt"])?;
        assert_eq!(
            (clock["status"].as_str(), length.num_minutes()),
            (Some("RUNNING"), minutes),
            "{metric}"
        );
    }
    desk.go(&request, &["Acknowledge"]).await?;
    let note = json!({ "body": "On the way", "isPublic": true });
    desk.step("serviceRequestComment", &request, note)
        .await?
        .must()?;
    desk.later(Duration::minutes(20)).await?;
    // What is started late was promised earlier, whether or not anybody has noted that.
    desk.go(&request, &["Start", "Resolve"]).await?;
    let clocks = desk.clocks(&request).await?;
    for (metric, outcome) in [
        ("ACKNOWLEDGE", "MET"),
        ("RESPOND", "MET"),
        ("START", "BREACHED"),
        ("RESOLVE", "MET"),
    ] {
        assert_eq!(clocks[metric]["outcome"], outcome, "{metric}");
        assert_ne!(clocks[metric]["stoppedAt"], Value::Null, "{metric}");
    }
    assert_eq!(desk.told("sla.breached").await?, 1);
    assert_eq!(desk.world.run_job("sla_evaluate").await?, 0);
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn time_stands_still_while_the_customer_has_to_answer() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let pausing = json!({ "pauseStatuses": ["waiting_customer"], "warnMinutes": 5 });
    desk.policy("RESOLVE", 60, pausing).await?;
    let request = desk.request(json!({})).await?;
    desk.go(&request, &["Start"]).await?;
    let before = instant(&desk.clocks(&request).await?["RESOLVE"]["targetAt"])?;
    desk.later(Duration::minutes(50)).await?;
    desk.go(&request, &["Wait"]).await?;
    let paused = desk.clocks(&request).await?;
    assert_eq!(paused["RESOLVE"]["status"], "PAUSED");
    desk.later(Duration::hours(30)).await?;
    assert_eq!(desk.world.run_job("sla_evaluate").await?, 0);
    desk.go(&request, &["Start"]).await?;
    let running = desk.clocks(&request).await?;
    let moved = instant(&running["RESOLVE"]["targetAt"])? - before;
    assert!(
        (moved - Duration::hours(30)).num_seconds().abs() < 60,
        "{moved}"
    );
    desk.later(Duration::minutes(8)).await?;
    desk.go(&request, &["Wait", "Resolve"]).await?;
    assert_eq!(desk.clocks(&request).await?["RESOLVE"]["outcome"], "MET");
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_warning_and_a_breach_come_once_however_many_workers_look() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let policy = json!({ "warnMinutes": 10, "escalateTo": "duty managers" });
    desk.policy("RESOLVE", 30, policy).await?;
    let mut requests = Vec::new();
    for _ in 0..12 {
        requests.push(desk.request(json!({})).await?);
    }
    assert_eq!(desk.world.run_job("sla_evaluate").await?, 0);
    desk.later(Duration::minutes(21)).await?;
    let worlds = (0..6).map(|_| desk.world.run_job("sla_evaluate"));
    let warned: u64 = try_join_all(worlds).await?.into_iter().sum();
    assert_eq!((warned, desk.told("sla.warned").await?), (12, 12));
    desk.later(Duration::minutes(10)).await?;
    let worlds = (0..6).map(|_| desk.world.run_job("sla_evaluate"));
    try_join_all(worlds).await?;
    desk.world.run_job("sla_evaluate").await?;
    assert_eq!(
        (
            desk.told("sla.warned").await?,
            desk.told("sla.breached").await?
        ),
        (12, 12)
    );
    for request in &requests {
        let clock = desk.clocks(request).await?["RESOLVE"].clone();
        assert_eq!(clock["status"], "BREACHED");
        assert_eq!(clock["breachedAt"], clock["targetAt"]);
    }
    let done = desk.go(&requests[0], &["Start", "Resolve"]).await?;
    assert_eq!(done["escalationLevel"], 1);
    assert_ne!(
        desk.clocks(&requests[0]).await?["RESOLVE"]["stoppedAt"],
        Value::Null
    );
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_breach_and_whoever_resolves_meet_and_one_of_them_notes_it() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    desk.policy("RESOLVE", 30, json!({ "escalateTo": "duty managers" }))
        .await?;
    let mut requests = Vec::new();
    for _ in 0..16 {
        let request = desk.request(json!({})).await?;
        desk.go(&request, &["Start"]).await?;
        requests.push(request);
    }
    desk.later(Duration::minutes(31)).await?;
    let resolving = requests
        .iter()
        .map(|request| desk.go(request, &["Resolve"]));
    let looking = (0..4).map(|_| desk.world.run_job("sla_evaluate"));
    let (resolved, looked) = tokio::join!(try_join_all(resolving), try_join_all(looking));
    resolved?;
    looked?;
    desk.world.run_job("sla_evaluate").await?;
    assert_eq!(desk.told("sla.breached").await?, 16);
    for request in &requests {
        let clock = desk.clocks(request).await?["RESOLVE"].clone();
        assert_eq!(clock["status"], "BREACHED");
        assert_ne!(clock["stoppedAt"], Value::Null);
    }
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn closed_hours_do_not_count() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let input = json!({ "code": format!("C{}", unique()), "name": "Office", "kind": "OPENING", "timezone": "Europe/Lisbon" });
    let calendar = made(&desk.owner, "calendar", input).await?;
    let rule = json!({
        "calendarId": calendar, "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "localStart": "09:00:00", "localEnd": "17:00:00",
    });
    made(&desk.owner, "availabilityRule", rule).await?;
    desk.policy(
        "RESOLVE",
        120,
        json!({ "calendarId": calendar, "pauseStatuses": ["waiting_customer"] }),
    )
    .await?;
    // A Friday, an hour before it closes.
    let mut day = desk.now().with_timezone(&Lisbon).date_naive() + Duration::days(3);
    while day.weekday() != Weekday::Fri {
        day += Duration::days(1);
    }
    let local = |day: chrono::NaiveDate, hour: u32| {
        let time = day.and_hms_opt(hour, 0, 0).unwrap_or_default();
        Lisbon
            .from_local_datetime(&time)
            .earliest()
            .map(|at| at.to_utc())
    };
    let friday = local(day, 16).unwrap_or_default();
    desk.world.clock.set(friday);
    desk.owner = desk.world.again(&desk.owner).await?;
    let request = desk.request(json!({})).await?;
    let monday = day + Duration::days(3);
    let target = instant(&desk.clocks(&request).await?["RESOLVE"]["targetAt"])?;
    let expected = local(monday, 10).unwrap_or_default();
    assert!(
        (target - expected).num_seconds().abs() < 60,
        "{target} is not {expected}"
    );
    // Paused at half past four, gone on with on Tuesday at noon: an hour and a half is left.
    desk.later(Duration::minutes(30)).await?;
    desk.go(&request, &["Start", "Wait"]).await?;
    desk.world
        .clock
        .set(local(monday + Duration::days(1), 12).unwrap_or_default());
    desk.owner = desk.world.again(&desk.owner).await?;
    desk.go(&request, &["Start"]).await?;
    let target = instant(&desk.clocks(&request).await?["RESOLVE"]["targetAt"])?;
    let expected =
        local(monday + Duration::days(1), 13).unwrap_or_default() + Duration::minutes(30);
    assert!(
        (target - expected).num_seconds().abs() < 60,
        "{target} is not {expected}"
    );
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn the_policy_that_says_most_holds() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    desk.policy("RESOLVE", 100, json!({})).await?;
    desk.policy("RESOLVE", 90, json!({ "priority": "URGENT" }))
        .await?;
    desk.policy("RESOLVE", 80, json!({ "locationId": desk.location }))
        .await?;
    let named = desk
        .policy("RESOLVE", 70, json!({ "isDefault": false }))
        .await?;
    let minutes = async |wish: Value| -> anyhow::Result<i64> {
        let request = desk.request(wish).await?;
        let clock = desk.clocks(&request).await?["RESOLVE"].clone();
        Ok((instant(&clock["targetAt"])? - instant(&clock["startedAt"])?).num_minutes())
    };
    assert_eq!(minutes(json!({})).await?, 80);
    assert_eq!(minutes(json!({ "priority": "URGENT" })).await?, 80);
    let elsewhere = tests::hotel::location(&desk.owner, &tests::hotel::Plan::default()).await?;
    assert_eq!(
        minutes(json!({ "locationId": elsewhere, "priority": "URGENT" })).await?,
        90
    );
    assert_eq!(minutes(json!({ "locationId": elsewhere })).await?, 100);
    let own = category(&desk.owner, json!({ "slaPolicyId": named })).await?;
    assert_eq!(minutes(json!({ "categoryId": own })).await?, 70);
    Ok(())
}

#[tokio::test]
async fn a_promise_is_waived_with_a_reason_and_reported() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    desk.policy("RESOLVE", 30, json!({})).await?;
    let (kept, broken, waived) = (
        desk.request(json!({})).await?,
        desk.request(json!({})).await?,
        desk.request(json!({})).await?,
    );
    desk.go(&kept, &["Start", "Resolve"]).await?;
    desk.later(Duration::hours(1)).await?;
    desk.world.run_job("sla_evaluate").await?;
    let clock = desk.clocks(&waived).await?["RESOLVE"]["id"].clone();
    let waive = async |reason: &str| {
        let input = json!({ "id": clock, "reason": reason });
        desk.owner
            .verb("slaClockWaive", input, "slaClock { id status outcome }")
            .await
    };
    waive(" ").await?.must_refuse("REASON_REQUIRED")?;
    assert_eq!(
        waive("Power cut").await?.must()?.payload()["slaClock"]["outcome"],
        "WAIVED"
    );
    waive("Power cut").await?.must_refuse("WRONG_STATUS")?;
    let desk_staff = desk.world.staff(&desk.owner, "front_desk", &[]).await?;
    desk_staff
        .verb(
            "slaClockWaive",
            json!({ "id": clock, "reason": "Mine" }),
            "slaClock { id }",
        )
        .await?
        .must_fail("FORBIDDEN")?;
    let running = desk.request(json!({})).await?;
    let question = "query($from: DateTime!, $until: DateTime!) { operationsReport(from: $from, until: $until) {
        requests cancelled promises { metric met breached waived running metShare } } }";
    let now = desk.now();
    let given = json!({ "from": now - Duration::days(1), "until": now + Duration::days(1) });
    let report = desk.owner.graphql(question, given).await?.must()?;
    assert_eq!(
        report.data("/operationsReport/promises/0"),
        &json!({ "metric": "RESOLVE", "met": 1, "breached": 1, "waived": 1, "running": 1, "metShare": "0.5" }),
        "{broken} {running}"
    );
    assert_eq!(report.data("/operationsReport/requests"), &json!(4));
    Ok(())
}

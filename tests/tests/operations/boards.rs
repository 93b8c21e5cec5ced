//! What the desk watches, as the verbs move it.

use chrono::Duration;
use serde_json::{Value, json};
use tests::{Seen, Socket, World};

use super::{Desk, category};

fn status<'a>(seen: &'a Seen, row: &Value) -> Option<&'a str> {
    seen.rows.get(row["id"].as_str()?)?["status"].as_str()
}

#[tokio::test]
async fn the_request_board_follows_a_team() -> anyhow::Result<()> {
    let desk = Desk::over(World::with_pool(5).await?).await?;
    let other = category(&desk.owner, json!({ "team": "reception" })).await?;
    let board = "subscription { board: requestBoard(team: \"housekeeping\") { cursor
        snapshot { id status priority } upserts { id status priority } removed } }";
    let first = desk.request(json!({})).await?;
    let mut socket = Socket::open(&desk.owner).await?;
    socket.subscribe(board, json!({})).await?;
    let mut seen = Seen::default();
    socket
        .until(&mut seen, |seen| status(seen, &first) == Some("NEW"))
        .await?;
    let theirs = desk.request(json!({ "categoryId": other })).await?;
    let second = desk.request(json!({})).await?;
    socket
        .until(&mut seen, |seen| status(seen, &second) == Some("NEW"))
        .await?;
    assert_eq!(status(&seen, &theirs), None);
    desk.go(&first, &["Acknowledge", "Start"]).await?;
    socket
        .until(&mut seen, |seen| {
            status(seen, &first) == Some("IN_PROGRESS")
        })
        .await?;
    // Triage moves it to this team.
    let moved = json!({ "categoryId": desk.category });
    desk.step("serviceRequestAcknowledge", &theirs, moved)
        .await?
        .must()?;
    socket
        .until(&mut seen, |seen| {
            status(seen, &theirs) == Some("ACKNOWLEDGED")
        })
        .await?;
    desk.go(&first, &["Resolve", "Close"]).await?;
    desk.go(&second, &["Cancel"]).await?;
    socket
        .until(&mut seen, |seen| {
            status(seen, &first).is_none() && status(seen, &second).is_none()
        })
        .await?;
    assert_eq!((seen.snapshots, seen.doubles, seen.rows.len()), (1, 0, 1));
    let kitchen = desk.world.staff(&desk.owner, "kitchen", &[]).await?;
    let mut socket = Socket::open(&kitchen).await?;
    socket.subscribe(board, json!({})).await?;
    assert_eq!(socket.receive().await?["type"], "error");
    Ok(())
}

#[tokio::test]
async fn a_promise_appears_when_little_is_left_and_goes_when_it_is_kept() -> anyhow::Result<()> {
    let mut desk = Desk::over(World::with_pool(5).await?).await?;
    desk.policy(
        "RESOLVE",
        60,
        json!({ "pauseStatuses": ["waiting_customer"] }),
    )
    .await?;
    let (near, far) = (
        desk.request(json!({})).await?,
        desk.request(json!({})).await?,
    );
    desk.go(&near, &["Start"]).await?;
    let clock = desk.clocks(&near).await?["RESOLVE"].clone();
    let other = desk.clocks(&far).await?["RESOLVE"].clone();
    let board = "subscription { board: slaAtRisk(minutes: 15) { cursor snapshot { id status targetAt } upserts { id status targetAt } removed } }";
    let mut socket = Socket::open(&desk.owner).await?;
    socket.subscribe(board, json!({})).await?;
    let mut seen = Seen::default();
    seen.take(&socket.update().await?)?;
    assert!(seen.rows.is_empty());
    desk.world.clock.advance(Duration::minutes(10));
    desk.owner = desk.world.again(&desk.owner).await?;
    desk.go(&near, &["Wait"]).await?;
    desk.later(Duration::minutes(36)).await?;
    // Time passes by itself: the board looks every few seconds. What stands still is not at risk.
    let mut socket = Socket::open(&desk.owner).await?;
    socket.subscribe(board, json!({})).await?;
    let mut seen = Seen::default();
    socket
        .until(&mut seen, |seen| status(seen, &other) == Some("RUNNING"))
        .await?;
    assert_eq!(status(&seen, &clock), None);
    desk.go(&far, &["Start", "Resolve"]).await?;
    socket
        .until(&mut seen, |seen| status(seen, &other).is_none())
        .await?;
    Ok(())
}

#[tokio::test]
async fn incidents_and_faults_are_watched_until_they_are_over() -> anyhow::Result<()> {
    let desk = Desk::over(World::with_pool(5).await?).await?;
    let mut socket = Socket::open(&desk.owner).await?;
    let faults = "subscription { board: maintenanceBoard { cursor snapshot { id status } upserts { id status } removed } }";
    socket.subscribe(faults, json!({})).await?;
    let mut seen = Seen::default();
    seen.take(&socket.update().await?)?;
    let input = json!({ "locationId": desk.location, "description": "A lamp is out" });
    let fault = desk
        .owner
        .act("maintenanceReport", input, "maintenanceRequest { id }")
        .await?["maintenanceRequest"]
        .clone();
    socket
        .until(&mut seen, |seen| status(seen, &fault) == Some("REPORTED"))
        .await?;
    desk.step(
        "maintenanceReject",
        &fault,
        json!({ "reason": "It is day" }),
    )
    .await?
    .must()?;
    socket
        .until(&mut seen, |seen| status(seen, &fault).is_none())
        .await?;

    let mut socket = Socket::open(&desk.owner).await?;
    let incidents = "subscription { board: incidentBoard { cursor snapshot { id status } upserts { id status } removed } }";
    socket.subscribe(incidents, json!({})).await?;
    let mut seen = Seen::default();
    seen.take(&socket.update().await?)?;
    let input = json!({
        "locationId": desk.location, "occurredAt": desk.now() - Duration::hours(1), "kind": "NEAR_MISS", "severity": "MINOR", "title": "A near fall",
    });
    let incident = desk
        .owner
        .act("incidentReportCreate", input, "incidentReport { id }")
        .await?["incidentReport"]
        .clone();
    socket
        .until(&mut seen, |seen| {
            status(seen, &incident) == Some("REPORTED")
        })
        .await?;
    desk.step("incidentInvestigate", &incident, json!({}))
        .await?
        .must()?;
    desk.step("incidentClose", &incident, json!({}))
        .await?
        .must()?;
    socket
        .until(&mut seen, |seen| status(seen, &incident).is_none())
        .await?;
    Ok(())
}

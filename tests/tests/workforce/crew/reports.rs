//! Boards that live, and reports.

use std::time::Duration;

use anyhow::Context as _;
use serde_json::json;
use tests::{Seen, Socket};

use super::House;

/// Waits until a board shows so many rows.
async fn until(socket: &mut Socket, seen: &mut Seen, rows: usize) -> anyhow::Result<()> {
    while seen.rows.len() != rows {
        let update = socket.update_within(Duration::from_secs(10)).await?;
        seen.take(&update.context("the board is silent")?)?;
    }
    Ok(())
}

#[tokio::test]
async fn boards_show_who_is_planned_and_who_is_there() -> anyhow::Result<()> {
    let house = House::at("2027-03-01T08:00:00Z").await?;
    let ana = house.person(json!({})).await?;
    let mut roster = Socket::open(&house.owner).await?;
    let board = format!(
        "subscription {{ board: rosterBoard(from: \"2027-03-01\", until: \"2027-03-08\", locationId: \"{}\") {{ cursor snapshot {{ id }} upserts {{ id status }} removed }} }}",
        house.location
    );
    roster.subscribe(&board, json!({})).await?;
    let mut clocked = Socket::open(&house.owner).await?;
    clocked.subscribe("subscription { board: clockedIn { cursor snapshot { id } upserts { id kind } removed } }", json!({})).await?;
    let (mut planned, mut there) = (Seen::default(), Seen::default());
    planned.take(&roster.update().await?)?;
    there.take(&clocked.update().await?)?;
    let shift = house
        .draft(&ana, "2027-03-02", "08:00:00", "16:00:00")
        .await?;
    house
        .draft(&ana, "2027-03-20", "08:00:00", "16:00:00")
        .await?;
    until(&mut roster, &mut planned, 1).await?;
    assert_eq!(planned.rows.keys().collect::<Vec<_>>(), [&shift]);
    house
        .on("shiftCancel", &shift, json!({}), "staffShift { id }")
        .await?
        .must()?;
    until(&mut roster, &mut planned, 0).await?;
    assert!(planned.rows.is_empty());
    house
        .owner
        .act("clockIn", json!({"staffId": ana}), "workTimeSegment { id }")
        .await?;
    until(&mut clocked, &mut there, 1).await?;
    assert_eq!(there.rows.len(), 1);
    house
        .owner
        .act(
            "clockOut",
            json!({"staffId": ana}),
            "workTimeSegment { id }",
        )
        .await?;
    until(&mut clocked, &mut there, 0).await?;
    assert!(there.rows.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_roster_is_filled_by_those_who_come() -> anyhow::Result<()> {
    let house = House::at("2027-03-01T08:00:00Z").await?;
    let ana = house.person(json!({})).await?;
    house
        .shift(&ana, "2027-03-02", "08:00:00", "12:00:00")
        .await?;
    house
        .draft(&ana, "2027-03-03", "08:00:00", "12:00:00")
        .await?;
    let offer = json!({"locationId": house.location, "day": "2027-03-09", "startsAt": "10:00:00", "endsAt": "14:00:00"});
    house
        .owner
        .act("openShiftOffer", offer, "openShifts { id }")
        .await?;
    let report = "{ rosterFillReport(from: \"2027-03-01\", until: \"2027-04-01\") { month wanted filled unfilled noShows wantedMinutes filledMinutes rate } }";
    let told = house.owner.read(report).await?;
    assert_eq!(
        told["rosterFillReport"],
        json!([{"month": "2027-03-01", "wanted": 2, "filled": 1, "unfilled": 1, "noShows": 0, "wantedMinutes": 480, "filledMinutes": 240, "rate": "0.5"}])
    );
    let housekeeper = house.world.staff(&house.owner, "housekeeper", &[]).await?;
    housekeeper.ask(report).await?.must_fail("FORBIDDEN")?;
    house
        .owner
        .ask("{ rosterFillReport(from: \"2027-03-01\", until: \"2027-03-01\") { wanted } }")
        .await?
        .must_fail("BAD_USER_INPUT")?;
    Ok(())
}

//! What dispatchers and customers watch, as the verbs move it.

use std::time::Duration as Wait;

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::{Plan, location};
use tests::{Actor, Client, Seen, Socket, World};

use super::trips::{route, schedule};
use super::{Depot, id, with};

const BOARD: &str = "subscription($after: String, $filter: DispatchBoardFilter) { board: dispatchBoard(after: $after, filter: $filter) {
    cursor snapshot { id status driverId } upserts { id status driverId } removed } }";

async fn depot() -> anyhow::Result<Depot> {
    Depot::of(World::with_pool(6).await?).await
}

fn field<'a>(seen: &'a Seen, id: &str, name: &str) -> Option<&'a str> {
    seen.rows.get(id)?[name].as_str()
}

/// What a query says of the tasks that the board shows.
async fn fresh(owner: &Actor) -> anyhow::Result<Vec<Value>> {
    let query = "{ dispatchTasks(first: 200, orderBy: [{id: ASC}], filter: {status: {in: [UNASSIGNED, ASSIGNED, ACCEPTED, EN_ROUTE, ARRIVED]}}) {
        nodes { id status driverId } } }";
    let data = owner.read(query).await?;
    Ok(data["dispatchTasks"]["nodes"]
        .as_array()
        .cloned()
        .unwrap_or_default())
}

async fn watch(client: &Client, query: &str, variables: Value) -> anyhow::Result<(Socket, Seen)> {
    let mut socket = Socket::open(client).await?;
    socket.subscribe(query, variables).await?;
    let mut seen = Seen::default();
    seen.take(&socket.update().await?)?;
    Ok((socket, seen))
}

#[tokio::test]
async fn the_board_shows_tasks_until_they_are_over() -> anyhow::Result<()> {
    let depot = depot().await?;
    let first = depot.task(json!({})).await?;
    let (mut socket, mut seen) = watch(&depot.owner, BOARD, json!({})).await?;
    assert_eq!(field(&seen, &first, "status"), Some("UNASSIGNED"));
    let second = depot.task(json!({})).await?;
    socket.until(&mut seen, |seen| seen.rows.len() == 2).await?;
    for (step, status) in [
        ("Assign", "ASSIGNED"),
        ("Accept", "ACCEPTED"),
        ("Start", "EN_ROUTE"),
        ("Arrive", "ARRIVED"),
    ] {
        depot.go(&first, &[step]).await?;
        socket
            .until(&mut seen, |seen| {
                field(seen, &first, "status") == Some(status)
            })
            .await?;
    }
    assert_eq!(
        field(&seen, &first, "driverId"),
        Some(depot.driver.as_str())
    );
    depot.go(&first, &["Complete"]).await?;
    let cancel = json!({ "reason": "Not wanted" });
    depot
        .step("dispatchTaskCancel", &second, cancel)
        .await?
        .must()?;
    socket.until(&mut seen, |seen| seen.rows.is_empty()).await?;
    assert_eq!((seen.snapshots, seen.doubles), (1, 0));
    // Who asks for a status sees those that are over, too.
    let over = json!({ "filter": { "task": { "status": { "eq": "COMPLETED" } } } });
    let (_, seen) = watch(&depot.owner, BOARD, over).await?;
    assert_eq!(field(&seen, &first, "status"), Some("COMPLETED"));
    Ok(())
}

#[tokio::test]
async fn who_comes_back_is_sent_what_it_missed_and_agrees_with_a_query() -> anyhow::Result<()> {
    let depot = depot().await?;
    let gone = depot.task(json!({})).await?;
    let stays = depot.task(json!({})).await?;
    let (socket, mut seen) = watch(&depot.owner, BOARD, json!({})).await?;
    socket.kill();
    let cancel = json!({ "reason": "Not wanted" });
    depot
        .step("dispatchTaskCancel", &gone, cancel)
        .await?
        .must()?;
    depot.go(&stays, &["Assign"]).await?;
    let new = depot.task(json!({})).await?;
    let mut socket = Socket::open(&depot.owner).await?;
    socket
        .subscribe(BOARD, json!({ "after": seen.cursor }))
        .await?;
    let missed = socket.update().await?;
    assert_eq!(missed["snapshot"], Value::Null);
    seen.take(&missed)?;
    socket
        .until(&mut seen, |seen| {
            seen.rows.contains_key(&new) && !seen.rows.contains_key(&gone)
        })
        .await?;
    assert!(
        seen.rows.values().eq(&fresh(&depot.owner).await?),
        "{seen:?}"
    );
    assert_eq!(seen.snapshots, 1);
    Ok(())
}

#[tokio::test]
async fn e86_a_dispatcher_sees_the_depot_in_reach_and_others_see_nothing() -> anyhow::Result<()> {
    let depot = depot().await?;
    let elsewhere = location(&depot.owner, &Plan::default()).await?;
    let here = depot.task(json!({})).await?;
    let there = depot.task(json!({ "locationId": elsewhere })).await?;
    let narrowed = depot
        .world
        .staff(&depot.owner, "dispatcher", &[&elsewhere])
        .await?;
    let (mut socket, mut seen) = watch(&narrowed, BOARD, json!({})).await?;
    assert_eq!(seen.rows.keys().collect::<Vec<_>>(), [&there]);
    depot.go(&here, &["Assign"]).await?;
    let second = depot.task(json!({ "locationId": elsewhere })).await?;
    socket.until(&mut seen, |seen| seen.rows.len() > 1).await?;
    assert!(seen.rows.contains_key(&second) && !seen.rows.contains_key(&here));
    let (_, filtered) = watch(
        &depot.owner,
        BOARD,
        json!({ "filter": { "locationId": elsewhere } }),
    )
    .await?;
    assert_eq!(filtered.rows.len(), 2);
    let other = depot.world.owner().await?;
    let (mut quiet, seen) = watch(&other, BOARD, json!({})).await?;
    assert!(seen.rows.is_empty());
    depot.task(json!({})).await?;
    assert!(quiet.update_within(Wait::from_millis(400)).await?.is_none());
    let kitchen = depot.world.staff(&depot.owner, "kitchen", &[]).await?;
    for client in [&*kitchen, &depot.world.anonymous()] {
        let mut socket = Socket::open(client).await?;
        socket.subscribe(BOARD, json!({})).await?;
        assert_eq!(socket.receive().await?["type"], "error");
    }
    Ok(())
}

#[tokio::test]
async fn positions_within_bounds_are_told_as_vehicles_move() -> anyhow::Result<()> {
    let depot = depot().await?;
    let query = "subscription($b: MapBounds) { board: vehiclePositions(bounds: $b) { cursor snapshot { id lastLat } upserts { id lastLat } removed } }";
    let bounds =
        json!({ "b": { "south": "38.70", "north": "38.80", "west": "-9.2", "east": "-9.0" } });
    let (mut socket, mut seen) = watch(&depot.owner, query, bounds).await?;
    assert!(
        seen.rows.is_empty(),
        "a vehicle that was never heard of is nowhere"
    );
    let at = |minutes: i64| depot.now() - Duration::minutes(minutes);
    depot.at("38.71", at(5)).await?;
    socket
        .until(&mut seen, |seen| {
            field(seen, &depot.vehicle, "lastLat") == Some("38.710000")
        })
        .await?;
    // What comes within a second comes together.
    for (place, minutes) in [("38.72", 4), ("38.73", 3), ("38.74", 2)] {
        depot.at(place, at(minutes)).await?;
    }
    socket
        .until(&mut seen, |seen| {
            field(seen, &depot.vehicle, "lastLat") == Some("38.740000")
        })
        .await?;
    depot.at("38.99", at(1)).await?;
    socket.until(&mut seen, |seen| seen.rows.is_empty()).await?;
    let upside_down =
        json!({ "b": { "south": "39", "north": "38", "west": "-9.2", "east": "-9.0" } });
    let mut socket = Socket::open(&depot.owner).await?;
    socket.subscribe(query, upside_down).await?;
    assert_eq!(socket.receive().await?["type"], "error");
    Ok(())
}

#[tokio::test]
async fn a_customer_follows_the_driver_by_the_link_and_no_longer() -> anyhow::Result<()> {
    let depot = depot().await?;
    let task = depot.task(json!({})).await?;
    let share = json!({ "taskId": task });
    let shared = depot
        .owner
        .act("trackingLinkShare", share, "trackingLink { id } token")
        .await?;
    let query = "subscription($t: String!) { board: taskTracking(token: $t) { cursor
        snapshot { id status lat etaAt } upserts { id status lat etaAt } removed } }";
    let anonymous = depot.world.anonymous();
    let (mut socket, mut seen) = watch(&anonymous, query, json!({ "t": shared["token"] })).await?;
    assert_eq!(field(&seen, &task, "status"), Some("UNASSIGNED"));
    depot
        .at("38.71", depot.now() - Duration::minutes(2))
        .await?;
    depot.go(&task, &["Assign", "Accept"]).await?;
    socket
        .until(&mut seen, |seen| {
            field(seen, &task, "status") == Some("ACCEPTED")
        })
        .await?;
    assert_eq!(
        field(&seen, &task, "lat"),
        None,
        "a driver with others first is not shown"
    );
    depot.go(&task, &["Start"]).await?;
    socket
        .until(&mut seen, |seen| field(seen, &task, "lat") == Some("38.71"))
        .await?;
    depot
        .at("38.72", depot.now() - Duration::minutes(1))
        .await?;
    socket
        .until(&mut seen, |seen| field(seen, &task, "lat") == Some("38.72"))
        .await?;
    let link = json!({ "id": shared["trackingLink"]["id"] });
    depot
        .owner
        .act("trackingLinkRevoke", link, "trackingLink { id }")
        .await?;
    socket.until(&mut seen, |seen| seen.rows.is_empty()).await?;
    for wrong in [shared["token"].clone(), json!("nonsense")] {
        let mut socket = Socket::open(&anonymous).await?;
        socket.subscribe(query, json!({ "t": wrong })).await?;
        assert_eq!(socket.receive().await?["type"], "error");
    }
    Ok(())
}

#[tokio::test]
async fn trips_of_a_day_are_watched_until_they_are_over() -> anyhow::Result<()> {
    let depot = depot().await?;
    let route = route(&depot).await?;
    let query = "subscription { board: tripBoard { cursor snapshot { id status delayMinutes } upserts { id status delayMinutes } removed } }";
    let (mut socket, mut seen) = watch(&depot.owner, query, json!({})).await?;
    let made = schedule(&depot, &route, json!({ "capacity": 4 }))
        .await?
        .must()?;
    let trip = id(&made.payload()["transportTrip"])?;
    socket
        .until(&mut seen, |seen| {
            field(seen, &trip, "status") == Some("SCHEDULED")
        })
        .await?;
    for (verb, besides, status) in [
        ("transportTripDelay", json!({ "minutes": 12 }), "SCHEDULED"),
        ("transportTripBoard", json!({}), "BOARDING"),
    ] {
        let input = with(json!({ "id": trip }), besides);
        depot.owner.act(verb, input, "transportTrip { id }").await?;
        socket
            .until(&mut seen, |seen| {
                field(seen, &trip, "status") == Some(status)
            })
            .await?;
    }
    let input = json!({ "id": trip, "reason": "The road is flooded" });
    depot
        .owner
        .act("transportTripCancel", input, "transportTrip { id }")
        .await?;
    socket.until(&mut seen, |seen| seen.rows.is_empty()).await?;
    assert_eq!(seen.snapshots, 1);
    Ok(())
}

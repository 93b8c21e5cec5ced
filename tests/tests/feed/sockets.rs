//! Sockets and streams: how they are closed, by whom, and how many one may have.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::hotel::soon;
use tests::{Seen, Socket, World};

use super::{BOARD, after, settles};

/// The code and reason by which a socket is closed.
async fn closed(socket: &mut Socket) -> anyhow::Result<String> {
    loop {
        if let Err(error) = socket.receive().await {
            return Ok(error.to_string());
        }
    }
}

#[tokio::test]
async fn the_codes_of_the_protocol_are_used() -> anyhow::Result<()> {
    let world = World::new().await?;
    let anonymous = world.anonymous();
    let mut socket = Socket::silent(&anonymous).await?;
    socket.subscribe(BOARD, json!({})).await?;
    assert!(closed(&mut socket).await?.contains("4401"));
    let mut socket = Socket::open(&anonymous).await?;
    socket.send(&json!({ "type": "nonsense" })).await?;
    assert!(closed(&mut socket).await?.contains("4400"));
    let mut socket = Socket::open(&anonymous).await?;
    socket.send(&json!({ "type": "connection_init" })).await?;
    assert!(closed(&mut socket).await?.contains("4429"));
    let owner = world.owner().await?;
    let mut socket = Socket::open(&owner).await?;
    let message = json!({ "type": "subscribe", "id": "1", "payload": { "query": BOARD } });
    socket.send(&message).await?;
    socket.send(&message).await?;
    assert!(closed(&mut socket).await?.contains("4409"));
    let mut socket = Socket::silent(&anonymous).await?;
    assert!(closed(&mut socket).await?.contains("4408"));
    Ok(())
}

#[tokio::test]
async fn a_session_that_is_revoked_elsewhere_is_closed_within_five_seconds() -> anyhow::Result<()> {
    let world = World::with_pool(8).await?;
    let owner = world.owner().await?;
    let other = world.beside(3).await?;
    let mut socket = Socket::open(
        &other
            .anonymous()
            .with_token(owner.token().unwrap_or_default()),
    )
    .await?;
    socket.subscribe(BOARD, json!({})).await?;
    socket.update().await?;
    owner.act("signOut", json!({}), "").await.ok();
    world
        .database
        .owner()
        .await?
        .execute(
            "update identity.sessions set revoked_at = now() where revoked_at is null",
            &[],
        )
        .await?;
    let start = Instant::now();
    assert!(closed(&mut socket).await?.contains("4403"));
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    Ok(())
}

#[tokio::test]
async fn a_token_that_expires_closes_its_socket_within_five_seconds() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let mut socket = Socket::open(&owner).await?;
    socket.subscribe(BOARD, json!({})).await?;
    socket.update().await?;
    world.clock.advance(chrono::Duration::minutes(16));
    let start = Instant::now();
    assert!(closed(&mut socket).await?.contains("4403"));
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    Ok(())
}

#[tokio::test]
async fn who_loses_a_permission_loses_the_board() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let desk = world.staff(&hotel.owner, "front_desk", &[]).await?;
    let mut socket = Socket::open(&desk).await?;
    socket.subscribe(BOARD, json!({})).await?;
    socket.update().await?;
    let database = world.database.owner().await?;
    database
        .execute(
            "delete from identity.role_permissions p using identity.roles r
             where r.biz_id = p.biz_id and r.id = p.role_id and r.code = 'front_desk' and p.permission_code = 'booking.read'",
            &[],
        )
        .await?;
    assert!(closed(&mut socket).await?.contains("4403"));
    let mut socket = Socket::open(&desk).await?;
    socket.subscribe(BOARD, json!({})).await?;
    assert_eq!(socket.receive().await?["type"], "error");
    Ok(())
}

#[tokio::test]
async fn one_socket_runs_fifty_operations_and_names_are_free_again() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let mut socket = Socket::open(&owner).await?;
    for _ in 0..50 {
        socket.subscribe(BOARD, json!({})).await?;
    }
    for _ in 0..50 {
        socket.update().await?;
    }
    let id = socket.subscribe(BOARD, json!({})).await?;
    let refused = socket.receive().await?;
    assert_eq!(
        (&refused["type"], &refused["id"]),
        (&json!("error"), &json!(id))
    );
    assert_eq!(refused["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    socket.complete("1").await?;
    // The name is free once the server has seen that it is complete.
    for _ in 0..100 {
        socket.subscribe(BOARD, json!({})).await?;
        let answer = socket.receive().await?;
        if answer["type"] == "next" {
            return Ok(());
        }
        assert_eq!(answer["payload"][0]["extensions"]["code"], "RATE_LIMITED");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("a place that was given back stays taken")
}

/// How many boards one user looks at in all, and one socket runs.
const MOST: (usize, usize) = (2_000, 50);

#[tokio::test]
async fn one_user_looks_at_so_many_boards_over_all_sockets_and_others_are_not_kept_out()
-> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let mut sockets = Vec::new();
    for _ in 0..MOST.0 / MOST.1 {
        let mut socket = Socket::open(&owner).await?;
        for _ in 0..MOST.1 {
            socket.subscribe(BOARD, json!({})).await?;
        }
        for _ in 0..MOST.1 {
            socket.update().await?;
        }
        sockets.push(socket);
    }
    let mut more = Socket::open(&owner).await?;
    more.subscribe(BOARD, json!({})).await?;
    let refused = more.receive().await?;
    assert_eq!(refused["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    let other = world.staff(&owner, "manager", &[]).await?;
    let mut theirs = Socket::open(&other).await?;
    theirs.subscribe(BOARD, json!({})).await?;
    theirs.update().await?;
    // Places are free again once the server has seen that a socket is gone.
    if let Some(socket) = sockets.pop() {
        socket.kill();
    }
    for _ in 0..100 {
        more.subscribe(BOARD, json!({})).await?;
        if more.receive().await?["type"] == "next" {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("places of a socket that is gone stay taken")
}

#[tokio::test]
async fn who_looks_at_the_same_shares_one_reading() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let desk = world.staff(&hotel.owner, "front_desk", &[]).await?;
    let mut sockets = Vec::new();
    for client in [&hotel.owner, &hotel.owner, &hotel.owner, &desk] {
        let mut socket = Socket::open(client).await?;
        socket.subscribe(BOARD, json!({})).await?;
        socket.update().await?;
        sockets.push(socket);
    }
    assert_eq!(
        world.shared.boards.hubs(),
        2,
        "one for each set of permissions"
    );
    for socket in sockets {
        socket.kill();
    }
    for _ in 0..100 {
        if world.shared.boards.hubs() == 0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("hubs without clients stay")
}

/// How many turns it may take until a reader is too slow.
const TURNS: usize = 600;

/// A reader that does not read makes nobody wait, is told why it was cut off, and goes on.
#[tokio::test]
async fn a_slow_reader_is_cut_off_and_can_go_on() -> anyhow::Result<()> {
    let world = World::with_pool(4).await?;
    let hotel = world.hotel().await?;
    // Long messages: what the connection itself takes in while nobody reads is soon full.
    let notes: String = (0..60).map(|index| format!(" n{index}: note")).collect();
    let document = BOARD.replace(
        "upserts { id status version customer { id } }",
        &format!("upserts {{ id status version customer {{ id }}{notes} }}"),
    );
    let mut orders = Vec::new();
    for room in 0..4 {
        orders.push(hotel.confirmed(soon(room * 2), 1).await?);
    }
    let mut slow = Socket::open(&hotel.owner).await?;
    slow.subscribe(&document, json!({})).await?;
    let mut seen = Seen::default();
    seen.take(&slow.update().await?)?;
    let mut quick = Socket::open(&hotel.owner).await?;
    quick.subscribe(BOARD, json!({})).await?;
    quick.update().await?;
    assert_eq!(world.shared.boards.hubs(), 2);
    let database = world.database.owner().await?;
    let mut turn = 0;
    // The hub of whoever was cut off has nobody else, and ends.
    while world.shared.boards.hubs() == 2 {
        anyhow::ensure!(turn < TURNS, "a reader that never reads is not cut off");
        let note = "x".repeat(1_900) + &turn.to_string();
        database
            .execute("update booking.booking_orders set note = $1", &[&note])
            .await?;
        let quickly = quick.update_within(Duration::from_secs(30)).await?;
        assert!(quickly.is_some(), "a quick reader waits for a slow one");
        turn += 1;
    }
    let mut reason = String::new();
    while reason.is_empty() {
        match slow.receive().await {
            Ok(message) if message["type"] == "next" => {
                seen.take(&message["payload"]["data"]["board"])?;
            }
            Ok(message) => reason = message.to_string(),
            Err(error) => reason = error.to_string(),
        }
    }
    assert!(
        ["SLOW_READER", "1008", "1001"]
            .iter()
            .any(|known| reason.contains(known)),
        "{reason}"
    );
    let mut again = Socket::open(&hotel.owner).await?;
    again.subscribe(BOARD, after(&seen)).await?;
    seen.take(&again.update().await?)?;
    settles(&mut again, &mut seen, &hotel.owner).await?;
    for order in orders {
        assert!(
            seen.rows
                .contains_key(order["id"].as_str().unwrap_or_default())
        );
    }
    Ok(())
}

/// Who reads answers the signs of life. Who does not is cut off, however little there is to read.
#[tokio::test]
async fn a_client_that_never_reads_is_cut_off_where_nothing_happens() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let mut asleep = Socket::open(&owner).await?;
    asleep.subscribe(BOARD, json!({})).await?;
    asleep.update().await?;
    let mut awake = Socket::open(&owner).await?;
    let other = BOARD.replace("version", "revision: version");
    awake.subscribe(&other, json!({})).await?;
    awake.update().await?;
    assert_eq!(world.shared.boards.hubs(), 2);
    let start = Instant::now();
    // Its hub has nobody else, and ends with it.
    while world.shared.boards.hubs() == 2 {
        anyhow::ensure!(
            start.elapsed() < Duration::from_mins(1),
            "it is never cut off"
        );
        let nothing = awake.receive_within(Duration::from_millis(100)).await?;
        assert_eq!(nothing, None, "who reads is left alone");
    }
    assert!(closed(&mut asleep).await?.contains("1001"));
    assert_eq!(
        awake.receive_within(Duration::from_millis(100)).await?,
        None
    );
    Ok(())
}

#[tokio::test]
async fn an_event_stream_sends_the_same() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    hotel.confirmed(soon(0), 1).await?;
    let response = reqwest::Client::new()
        .post(format!("{}/graphql/stream", hotel.owner.url()))
        .bearer_auth(hotel.owner.token().unwrap_or_default())
        .header("accept", "text/event-stream")
        .json(&json!({ "query": BOARD }))
        .send()
        .await?;
    assert_eq!(response.status(), 200);
    let mut response = response;
    let mut text = String::new();
    while !text.contains("\"snapshot\":[{") {
        let chunk = response.chunk().await?;
        let chunk = chunk.ok_or_else(|| anyhow::anyhow!("the stream ended: {text}"))?;
        text += std::str::from_utf8(&chunk)?;
    }
    hotel.confirmed(soon(3), 1).await?;
    while !text.contains("\"upserts\":[{") {
        let chunk = response.chunk().await?;
        let chunk = chunk.ok_or_else(|| anyhow::anyhow!("the stream ended: {text}"))?;
        text += std::str::from_utf8(&chunk)?;
    }
    Ok(())
}

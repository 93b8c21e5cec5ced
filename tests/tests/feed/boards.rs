//! What a board sends: all, then changes; to whom it may.

use std::time::Duration;

use serde_json::json;
use tests::hotel::{Plan, soon};
use tests::{Seen, Socket, World};

use super::{BOARD, after, caught_up, fresh, settles};

#[tokio::test]
async fn a_board_sends_all_and_then_one_message_a_change() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let first = hotel.confirmed(soon(0), 1).await?;
    let mut socket = Socket::open(&hotel.owner).await?;
    socket.subscribe(BOARD, json!({})).await?;
    let all = socket.update().await?;
    assert_eq!(all["snapshot"][0]["id"], first["id"]);
    assert_eq!(all["upserts"], json!([]));

    let second = hotel.book(hotel.stay(soon(3), 1)).await?;
    let change = socket.update().await?;
    assert_eq!(change["snapshot"], json!(null));
    assert_eq!(change["upserts"][0]["id"], second["id"]);
    assert_eq!(change["upserts"][0]["status"], "HELD");

    let input = json!({ "id": first["id"], "reason": "Flight cancelled" });
    hotel
        .owner
        .act("bookingCancel", input, "bookingOrder { id }")
        .await?;
    let change = socket.update().await?;
    assert_eq!(change["removed"], json!([first["id"]]));
    assert_eq!(change["upserts"], json!([]));
    Ok(())
}

#[tokio::test]
async fn who_comes_back_is_sent_what_it_missed_and_no_snapshot() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let gone = hotel.confirmed(soon(0), 1).await?;
    caught_up(&world).await?;
    let mut socket = Socket::open(&hotel.owner).await?;
    socket.subscribe(BOARD, json!({})).await?;
    let mut seen = Seen::default();
    seen.take(&socket.update().await?)?;
    socket.kill();
    let input = json!({ "id": gone["id"], "reason": "Ill" });
    hotel
        .owner
        .act("bookingCancel", input, "bookingOrder { id }")
        .await?;
    let new = hotel.confirmed(soon(2), 1).await?;
    let mut socket = Socket::open(&hotel.owner).await?;
    socket.subscribe(BOARD, after(&seen)).await?;
    let missed = socket.update().await?;
    assert_eq!(missed["snapshot"], json!(null));
    assert_eq!(missed["removed"], json!([gone["id"]]));
    assert_eq!(missed["upserts"][0]["id"], new["id"]);
    seen.take(&missed)?;
    settles(&mut socket, &mut seen, &hotel.owner).await?;
    assert_eq!((seen.snapshots, seen.doubles), (1, 0));
    Ok(())
}

#[tokio::test]
async fn a_dry_run_and_a_refusal_are_no_news() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let mut socket = Socket::open(&hotel.owner).await?;
    socket.subscribe(BOARD, json!({})).await?;
    socket.update().await?;
    let mut dry = hotel.stay(soon(0), 1);
    dry["dryRun"] = json!(true);
    hotel.book(dry).await?;
    assert!(
        socket
            .update_within(Duration::from_millis(400))
            .await?
            .is_none()
    );
    Ok(())
}

#[tokio::test]
async fn what_jobs_and_hands_change_is_seen_as_well() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let held = hotel.book(hotel.stay(soon(0), 1)).await?;
    let mut socket = Socket::open(&hotel.owner).await?;
    socket.subscribe(BOARD, json!({})).await?;
    socket.update().await?;
    let owner = world.database.owner().await?;
    owner
        .execute(
            "update availability.booking_holds set held_until = created_at",
            &[],
        )
        .await
        .ok();
    owner
        .execute(
            "update booking.booking_orders set note = 'seen by hand'",
            &[],
        )
        .await?;
    let change = socket.update().await?;
    assert_eq!(change["upserts"][0]["id"], held["id"]);
    Ok(())
}

/// E-86: the tenant is in the topic, and rows are read again as whoever is told.
#[tokio::test]
async fn e86_nobody_is_told_of_another_tenant_nor_of_a_location_out_of_reach() -> anyhow::Result<()>
{
    let world = World::with_pool(6).await?;
    let (hotel, other) = (world.hotel().await?, world.hotel().await?);
    let second = world.hotel_of(&hotel.owner, &Plan::default()).await?;
    let desk = world
        .staff(&hotel.owner, "front_desk", &[&second.location])
        .await?;
    let mut sockets = Vec::new();
    for client in [&hotel.owner, &desk, &other.owner] {
        let mut socket = Socket::open(client).await?;
        socket.subscribe(BOARD, json!({})).await?;
        assert_eq!(socket.update().await?["snapshot"], json!([]));
        sockets.push(socket);
    }
    let here = hotel.confirmed(soon(0), 1).await?;
    let change = sockets[0].update().await?;
    assert_eq!(change["upserts"][0]["id"], here["id"]);
    let there = second.confirmed(soon(0), 1).await?;
    assert_eq!(sockets[0].update().await?["upserts"][0]["id"], there["id"]);
    // The first thing that the narrowed desk hears of is its own.
    assert_eq!(sockets[1].update().await?["upserts"][0]["id"], there["id"]);
    let quiet = sockets[2].update_within(Duration::from_millis(300)).await?;
    assert!(quiet.is_none(), "{quiet:?}");

    // Who comes back and may not know of what changed elsewhere gets a snapshot of its own.
    let mut socket = Socket::open(&desk).await?;
    let cursor = fresh(&desk).await?;
    assert_eq!(cursor.len(), 1);
    socket.subscribe(BOARD, json!({ "after": "1-0" })).await?;
    let update = socket.update().await?;
    assert_eq!(update["snapshot"].as_array().map(Vec::len), Some(1));
    assert!(
        !update
            .to_string()
            .contains(here["id"].as_str().unwrap_or("?"))
    );
    Ok(())
}

#[tokio::test]
async fn a_board_needs_the_permission_of_its_rows() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let kitchen = world.staff(&hotel.owner, "kitchen", &[]).await?;
    for client in [&*kitchen, &world.anonymous()] {
        let mut socket = Socket::open(client).await?;
        socket.subscribe(BOARD, json!({})).await?;
        let refused = socket.receive().await?;
        assert_eq!(refused["type"], "error", "{refused}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_no_position_is_refused_as_is_one_that_never_comes() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let mut socket = Socket::open(&hotel.owner).await?;
    socket
        .subscribe(BOARD, json!({ "after": "yesterday" }))
        .await?;
    let refused = socket.receive().await?;
    assert_eq!(
        refused["payload"][0]["extensions"]["code"],
        "BAD_USER_INPUT"
    );
    socket
        .subscribe(BOARD, json!({ "after": "999999999999-1" }))
        .await?;
    let refused = socket.receive().await?;
    assert_eq!(refused["payload"][0]["extensions"]["code"], "TIMEOUT");
    Ok(())
}

#[tokio::test]
async fn every_table_that_a_board_watches_tells_of_its_changes() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.database.owner().await?;
    for board in bizing::domain::boards() {
        for entity in &board.watches {
            let table = entities::TABLES
                .iter()
                .find(|table| table.entity == *entity);
            let table = table.unwrap_or_else(|| panic!("{board:?}: there is no {entity}"));
            let watched: i64 = owner
                .query_one(
                    "select count(*) from pg_trigger t join pg_proc p on p.oid = t.tgfoid
                     where t.tgrelid = ($1 || '.' || $2)::text::regclass and p.proname = 'note_changed_rows'",
                    &[&table.schema, &table.name],
                )
                .await?
                .get(0);
            assert_eq!(watched, 3, "{board:?}: {entity} is not watched");
        }
    }
    Ok(())
}

/// A transaction that has run since before the tenant was made holds the horizon back, and with it
/// every cursor: what came since is known all the same.
#[tokio::test]
async fn a_cursor_from_before_the_tenant_is_followed_without_a_snapshot() -> anyhow::Result<()> {
    let world = World::with_pool(5).await?;
    let old = world.database.owner().await?;
    old.batch_execute("begin; select pg_current_xact_id()")
        .await?;
    let owner = world.owner().await?;
    let mut socket = Socket::open(&owner).await?;
    socket.subscribe(BOARD, json!({})).await?;
    let mut seen = Seen::default();
    seen.take(&socket.update().await?)?;
    // Not for long: it holds back all tests of this server.
    old.batch_execute("commit").await?;
    socket.kill();
    let hotel = world.hotel_of(&owner, &Plan::default()).await?;
    let new = hotel.confirmed(soon(2), 1).await?;
    let mut socket = Socket::open(&hotel.owner).await?;
    socket.subscribe(BOARD, after(&seen)).await?;
    let missed = socket.update().await?;
    assert_eq!(missed["snapshot"], json!(null));
    assert_eq!(missed["upserts"][0]["id"], new["id"]);
    Ok(())
}

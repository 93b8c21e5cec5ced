//! Many clients, several servers, connections that break: all know the same in the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::try_join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use tests::hotel::{Plan, soon};
use tests::{Client, Hotel, Seen, Socket, World};

use super::{BOARD, after, settles};

const SOCKETS: usize = 40;
const BOOKINGS: i64 = 60;

/// A client whose connection breaks now and then, until the writers are done.
async fn watch(client: Client, seed: u64, done: Arc<AtomicBool>) -> anyhow::Result<Seen> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut seen = Seen::default();
    let mut socket = Socket::open(&client).await?;
    socket.subscribe(BOARD, json!({})).await?;
    let mut is_back = false;
    while is_back || !done.load(Ordering::Relaxed) {
        if let Some(update) = socket.update_within(Duration::from_millis(50)).await? {
            // A cursor is as old as the oldest transaction of the server: what was known beyond it is
            // sent once more to who comes back.
            let doubles = seen.doubles;
            seen.take(&update)?;
            if is_back {
                seen.doubles = doubles;
            }
            is_back = false;
        }
        if seen.cursor.is_some() && random.random_bool(0.03) {
            socket.kill();
            socket = Socket::open(&client).await?;
            socket.subscribe(BOARD, after(&seen)).await?;
            is_back = true;
        }
    }
    settles(&mut socket, &mut seen, &client).await?;
    Ok(seen)
}

async fn write(hotel: &Hotel, clients: &[Client]) -> anyhow::Result<()> {
    let mut random = StdRng::seed_from_u64(7);
    let mut open = Vec::new();
    for turn in 0..BOOKINGS {
        let client = &clients[random.random_range(0..clients.len())];
        let payload = client
            .act(
                "bookingCreate",
                hotel.stay(soon(turn % 20), 1),
                "bookingOrder { id }",
            )
            .await?;
        open.push(payload["bookingOrder"]["id"].clone());
        if random.random_bool(0.7) {
            let id = open[random.random_range(0..open.len())].clone();
            let verb = if random.random_bool(0.5) {
                "bookingConfirm"
            } else {
                "bookingCancel"
            };
            let mut input = json!({ "id": id });
            if verb == "bookingCancel" {
                input["reason"] = json!("As it falls");
            }
            client.verb(verb, input, "bookingOrder { id }").await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_clients_of_two_servers_know_in_the_end_what_a_query_tells() -> anyhow::Result<()> {
    let world = World::with_pool(12).await?;
    let plan = Plan {
        rooms: 50,
        ..Plan::default()
    };
    let hotel = world.hotel_as(&plan).await?;
    let other = world.beside(5).await?;
    let token = hotel.owner.token().unwrap_or_default().to_owned();
    let elsewhere = other.anonymous().with_token(&token);
    let clients = [Client::clone(&hotel.owner), elsewhere];
    let done = Arc::new(AtomicBool::new(false));
    let watching = (0..SOCKETS).map(|number| {
        let client = clients[number % 2].clone();
        let done = Arc::clone(&done);
        let number = u64::try_from(number).unwrap_or_default();
        async move { tokio::spawn(watch(client, number, done)).await? }
    });
    let writing = async {
        let written = write(&hotel, &clients).await;
        done.store(true, Ordering::Relaxed);
        written
    };
    let (seen, written) = tokio::join!(try_join_all(watching), writing);
    written?;
    let seen = seen?;
    assert!(seen.iter().all(|seen| !seen.rows.is_empty()));
    let doubles: usize = seen.iter().map(|seen| seen.doubles).sum();
    let snapshots: usize = seen.iter().map(|seen| seen.snapshots).sum();
    assert_eq!(snapshots, SOCKETS, "who comes back needs none");
    assert_eq!(doubles, 0, "rows were sent although known");
    Ok(())
}

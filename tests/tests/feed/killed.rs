//! A server that is killed: its clients come back to another, and nothing is missing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use serde_json::json;
use tests::hotel::{Plan, soon};
use tests::{Client, Seen, Socket, World};
use tokio::sync::RwLock;

use super::{BOARD, after, settles};
use crate::import::program::Program;

const SOCKETS: usize = 12;

/// A subscription of whichever server there is now.
async fn connect(server: &RwLock<Client>, seen: &Seen) -> anyhow::Result<Socket> {
    let start = Instant::now();
    loop {
        let client = server.read().await.clone();
        let opened = async {
            let mut socket = Socket::open(&client).await?;
            socket.subscribe(BOARD, after(seen)).await?;
            anyhow::Ok(socket)
        };
        match opened.await {
            Ok(socket) => return Ok(socket),
            Err(error) if start.elapsed() > Duration::from_secs(60) => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// A client that comes back whenever its server is gone.
async fn watch(
    server: Arc<RwLock<Client>>,
    done: Arc<AtomicBool>,
    fresh: Client,
) -> anyhow::Result<Seen> {
    let mut seen = Seen::default();
    let mut socket = connect(&server, &seen).await?;
    let mut is_back = false;
    while is_back || !done.load(Ordering::Relaxed) {
        match socket.update_within(Duration::from_millis(50)).await {
            Ok(Some(update)) => {
                // What was known beyond the cursor is sent once more to who comes back.
                let doubles = seen.doubles;
                seen.take(&update)?;
                if is_back {
                    seen.doubles = doubles;
                }
                is_back = false;
            }
            Ok(None) => {}
            Err(_) => {
                socket = connect(&server, &seen).await?;
                is_back = true;
            }
        }
    }
    settles(&mut socket, &mut seen, &fresh).await?;
    Ok(seen)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_of_a_killed_server_resume_where_they_were() -> anyhow::Result<()> {
    let kills = std::env::var("FEED_KILLS").ok();
    let kills: i64 = kills.and_then(|count| count.parse().ok()).unwrap_or(2);
    let world = World::with_pool(5).await?;
    let plan = Plan {
        rooms: 50,
        ..Plan::default()
    };
    let hotel = world.hotel_as(&plan).await?;
    let program = Program::over(&world.database.target())?;
    let mut serving = program.serve().await?;
    let anonymous = Client::anonymous(reqwest::Client::new(), &serving.url);
    let input = json!({ "email": hotel.owner.email, "password": tests::actor::PASSWORD, "bizSlug": hotel.owner.slug });
    let token = anonymous.act("signIn", input, "accessToken").await?;
    let token = token["accessToken"].as_str().unwrap_or_default().to_owned();
    let server = Arc::new(RwLock::new(anonymous.with_token(&token)));
    let done = Arc::new(AtomicBool::new(false));
    let watching: Vec<_> = (0..SOCKETS)
        .map(|_| {
            tokio::spawn(watch(
                Arc::clone(&server),
                Arc::clone(&done),
                Client::clone(&hotel.owner),
            ))
        })
        .collect();
    for round in 0..=kills {
        for day in 0..4 {
            let booked = hotel.confirmed(soon(round * 4 + day), 1).await?;
            if day % 2 == 0 {
                let input = json!({ "id": booked["id"], "reason": "As it falls" });
                hotel
                    .owner
                    .act("bookingCancel", input, "bookingOrder { id }")
                    .await?;
            }
        }
        if round < kills {
            serving.child.kill().await?;
            hotel.confirmed(soon(40 + round), 1).await?;
            serving = program.serve().await?;
            *server.write().await =
                Client::anonymous(reqwest::Client::new(), &serving.url).with_token(&token);
        }
    }
    done.store(true, Ordering::Relaxed);
    let ended = try_join_all(watching).await?;
    for seen in ended {
        let seen = seen?;
        assert_eq!(
            (seen.snapshots, seen.doubles),
            (1, 0),
            "who comes back needs no snapshot"
        );
        assert_eq!(i64::try_from(seen.rows.len())?, (kills + 1) * 2 + kills);
    }
    Ok(())
}

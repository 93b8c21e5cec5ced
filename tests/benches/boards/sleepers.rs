//! Readers that never read, and what they cost a server.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::json;
use tests::{Client, Socket};

use crate::BOARD;
use crate::program::Serving;

/// Sockets that subscribe to everything they may, and never read again.
pub async fn sleepers(
    client: &Client,
    queues: &[String],
    count: usize,
) -> anyhow::Result<Vec<Socket>> {
    let mut sockets = Vec::new();
    for number in 0..count {
        let mut socket = Socket::open(client).await?;
        for _ in 0..40 {
            socket
                .subscribe(BOARD, json!({ "q": queues[number % queues.len()] }))
                .await?;
        }
        sockets.push(socket);
    }
    Ok(sockets)
}

/// How long a server takes until it has no more sockets than those that read. Who does not read cannot see
/// that they were cut off: the server tells.
pub async fn closing(
    url: String,
    readers: usize,
    most: Duration,
) -> anyhow::Result<Option<Duration>> {
    let (client, start) = (reqwest::Client::new(), Instant::now());
    while start.elapsed() < most {
        let text = client.get(format!("{url}/metrics")).send().await?;
        let text = text.text().await?;
        let open = text
            .lines()
            .find_map(|line| line.strip_prefix("bizing_open_streams{transport=\"websocket\"} "))
            .and_then(|count| count.trim().parse::<usize>().ok());
        if open.context("no count of open sockets")? <= readers {
            return Ok(Some(start.elapsed()));
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    Ok(None)
}

/// Of sockets that never read, how many were closed by the server.
pub async fn closed(sockets: Vec<Socket>) -> usize {
    let mut closed = 0;
    for mut socket in sockets {
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end {
            match socket.receive_within(Duration::from_millis(500)).await {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) => {
                    closed += 1;
                    break;
                }
            }
        }
    }
    closed
}

/// The memory of a server in MB.
pub fn memory(server: &Serving) -> u64 {
    let id = server.child.id().unwrap_or(0);
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}

//! Readers that never read, and what they cost a server.

use std::time::{Duration, Instant};

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

//! Connections that ask, wait for the answer, and ask again: HTTP/1.1 over bare sockets, so that
//! the load costs little beside what it measures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Requests ready to be sent, and what each answer to them must hold.
#[derive(Clone, Debug)]
pub struct Asks {
    pub requests: Arc<[Bytes]>,
    pub expected: &'static str,
    /// The request that is sent next: none twice before all were sent once.
    next: Arc<AtomicUsize>,
}

impl Asks {
    pub fn new(requests: Arc<[Bytes]>, expected: &'static str) -> Self {
        Self {
            requests,
            expected,
            next: Arc::default(),
        }
    }
}

/// What came of a stretch of asking.
#[derive(Debug, Default)]
pub struct Answered {
    /// The time each answer took, in microseconds.
    pub latencies: Vec<f32>,
    pub elapsed: Duration,
}

/// An HTTP request without a body.
pub fn get(path: &str) -> Bytes {
    Bytes::from(format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n"))
}

/// A GraphQL request.
pub fn post(token: Option<&str>, body: &serde_json::Value) -> Bytes {
    let body = body.to_string();
    let authorization = token
        .map(|token| format!("authorization: Bearer {token}\r\n"))
        .unwrap_or_default();
    Bytes::from(format!(
        "POST /graphql HTTP/1.1\r\nhost: bench\r\n{authorization}content-type: application/json\r\n\
         accept: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
}

/// One connection.
pub struct Connection {
    stream: TcpStream,
    buffer: BytesMut,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: BytesMut::with_capacity(128 * 1024),
        })
    }

    /// Sends a request and waits for the body of its answer.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Bytes> {
        self.stream.write_all(request).await?;
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let status = self.buffer.get(9..12).map(<[u8]>::to_vec);
        let length = content_length(&self.buffer[..head]).context("an answer without a length")?;
        while self.buffer.len() < head + length {
            self.more().await?;
        }
        self.buffer.advance(head);
        let body = self.buffer.split_to(length).freeze();
        if status.as_deref() != Some(b"200") {
            bail!("refused: {}", String::from_utf8_lossy(&body));
        }
        Ok(body)
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed a connection");
        }
        Ok(())
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn content_length(head: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(head).ok()?;
    let value = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then_some(value)
    })?;
    value.trim().parse().ok()
}

/// Asks over so many connections for so long.
pub async fn drive(
    address: SocketAddr,
    asks: &Asks,
    connections: usize,
    duration: Duration,
) -> anyhow::Result<Answered> {
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        open.push(Connection::open(address).await?);
    }
    let began = Instant::now();
    let tasks: Vec<_> = open
        .into_iter()
        .map(|connection| {
            let asks = asks.clone();
            tokio::spawn(keep_asking(connection, asks, began + duration))
        })
        .collect();
    let mut answered = Answered::default();
    for task in tasks {
        answered.latencies.append(&mut task.await??);
    }
    answered.elapsed = began.elapsed();
    Ok(answered)
}

async fn keep_asking(
    mut connection: Connection,
    asks: Asks,
    until: Instant,
) -> anyhow::Result<Vec<f32>> {
    let mut latencies = Vec::with_capacity(4096);
    let mut sent = Instant::now();
    while sent < until {
        let index = asks.next.fetch_add(1, Ordering::Relaxed) % asks.requests.len();
        let body = connection.ask(&asks.requests[index]).await?;
        if find(&body[..body.len().min(2048)], asks.expected.as_bytes()).is_none() {
            bail!("not what was asked for: {}", String::from_utf8_lossy(&body));
        }
        let now = Instant::now();
        latencies.push((now - sent).as_secs_f32() * 1e6);
        sent = now;
    }
    Ok(latencies)
}

//! Subscriptions over `graphql-transport-ws`, and what a client of a board knows.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::client::Client;

/// How long a test waits for a message.
const PATIENCE: Duration = Duration::from_secs(30);

/// A socket.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next: u32,
}

impl Socket {
    /// A socket that has not said anything.
    pub async fn silent(client: &Client) -> anyhow::Result<Self> {
        let url = client.url().replacen("http", "ws", 1) + "/graphql";
        let mut request = url.into_client_request()?;
        let protocol = "graphql-transport-ws".parse()?;
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        let (stream, _) = connect_async(request).await?;
        Ok(Self { stream, next: 0 })
    }

    /// A socket of whoever the client is, ready for subscriptions.
    pub async fn open(client: &Client) -> anyhow::Result<Self> {
        let mut socket = Self::silent(client).await?;
        let payload = match client.token() {
            Some(token) => json!({ "authorization": format!("Bearer {token}") }),
            None => json!({}),
        };
        socket
            .send(&json!({ "type": "connection_init", "payload": payload }))
            .await?;
        let ack = socket.receive().await?;
        ensure!(ack["type"] == "connection_ack", "no acknowledgement: {ack}");
        Ok(socket)
    }

    /// Says something.
    pub async fn send(&mut self, message: &Value) -> anyhow::Result<()> {
        Ok(self.stream.send(Message::text(message.to_string())).await?)
    }

    /// The next message of the protocol. A close is an error that says its code and reason.
    pub async fn receive(&mut self) -> anyhow::Result<Value> {
        self.receive_within(PATIENCE)
            .await?
            .context("no message came")
    }

    /// The same, if one comes in time.
    pub async fn receive_within(&mut self, wait: Duration) -> anyhow::Result<Option<Value>> {
        loop {
            let Ok(message) = timeout(wait, self.stream.next()).await else {
                return Ok(None);
            };
            match message.context("the socket has ended")?? {
                Message::Text(text) => return Ok(Some(serde_json::from_str(&text)?)),
                Message::Close(Some(frame)) => {
                    bail!("closed: {} {}", u16::from(frame.code), frame.reason)
                }
                Message::Close(None) => bail!("closed without a code"),
                _ => {}
            }
        }
    }

    /// Subscribes; the operation's id.
    pub async fn subscribe(&mut self, query: &str, variables: Value) -> anyhow::Result<String> {
        self.next += 1;
        let id = self.next.to_string();
        let payload = json!({ "query": query, "variables": variables });
        self.send(&json!({ "type": "subscribe", "id": id, "payload": payload }))
            .await?;
        Ok(id)
    }

    /// Ends an operation.
    pub async fn complete(&mut self, id: &str) -> anyhow::Result<()> {
        self.send(&json!({ "type": "complete", "id": id })).await
    }

    /// The next data of the board that was subscribed to as `board`.
    pub async fn update(&mut self) -> anyhow::Result<Value> {
        let message = self.receive().await?;
        ensure!(message["type"] == "next", "no update: {message}");
        let board = &message["payload"]["data"]["board"];
        ensure!(board.is_object(), "no board: {message}");
        Ok(board.clone())
    }

    /// The same, if one comes in time.
    pub async fn update_within(&mut self, wait: Duration) -> anyhow::Result<Option<Value>> {
        let Some(message) = self.receive_within(wait).await? else {
            return Ok(None);
        };
        ensure!(message["type"] == "next", "no update: {message}");
        Ok(Some(message["payload"]["data"]["board"].clone()))
    }

    /// Takes in what comes until what is known is so, for half a minute at most.
    pub async fn until(
        &mut self,
        seen: &mut Seen,
        is_so: impl Fn(&Seen) -> bool,
    ) -> anyhow::Result<()> {
        for _ in 0..60 {
            if is_so(seen) {
                return Ok(());
            }
            if let Some(update) = self.update_within(Duration::from_millis(500)).await? {
                seen.take(&update)?;
            }
        }
        bail!("it does not come to that: {seen:?}")
    }

    /// Breaks the connection without a word.
    pub fn kill(self) {
        drop(self.stream);
    }
}

/// What a client of a board knows: the rows by their ids, and up to where.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The rows.
    pub rows: BTreeMap<String, Value>,
    /// The last cursor.
    pub cursor: Option<String>,
    /// How many snapshots came.
    pub snapshots: usize,
    /// How often something came that was known just so.
    pub doubles: usize,
}

impl Seen {
    /// Takes in a message.
    pub fn take(&mut self, update: &Value) -> anyhow::Result<()> {
        let id = |row: &Value| -> anyhow::Result<String> {
            Ok(row["id"]
                .as_str()
                .context("a row without an id")?
                .to_owned())
        };
        if let Some(rows) = update["snapshot"].as_array() {
            self.snapshots += 1;
            self.rows.clear();
            for row in rows {
                self.rows.insert(id(row)?, row.clone());
            }
        }
        for row in update["upserts"].as_array().context("no upserts")? {
            let before = self.rows.insert(id(row)?, row.clone());
            if before.as_ref() == Some(row) {
                self.doubles += 1;
            }
        }
        for gone in update["removed"].as_array().context("no removed")? {
            self.rows
                .remove(gone.as_str().context("an id that is none")?);
        }
        self.cursor = update["cursor"].as_str().map(str::to_owned);
        Ok(())
    }
}

//! The way out of a socket: a short queue and one writer, who gives up on clients that do not read.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::SinkExt as _;
use futures_util::stream::SplitSink;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::Closing;

/// How many messages wait for a slow client before its operations wait too.
const WAITING: usize = 16;

/// How long the reason of the close may take to go out.
const LAST_WORD: Duration = Duration::from_secs(5);

/// The queue and its writer.
pub struct Outgoing {
    /// The queue; closed once the writer has given up.
    pub sender: mpsc::Sender<Message>,
    writer: JoinHandle<()>,
}

impl Outgoing {
    /// A writer for this socket.
    pub fn new(sink: SplitSink<WebSocket, Message>, patience: Duration) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let writer = tokio::spawn(write(sink, receiver, patience));
        Self { sender, writer }
    }

    /// Closes the socket once what waits before has been read, or left unread for a while.
    pub async fn close(self, closing: Option<Closing>) {
        let Self { sender, mut writer } = self;
        let close = async {
            if let Some(closing) = closing {
                // Fails where the writer has given up, which says why by itself.
                let _ = sender.send(frame(&closing)).await;
            }
            drop(sender);
            let _ = (&mut writer).await;
        };
        if timeout(LAST_WORD, close).await.is_err() {
            writer.abort();
        }
    }
}

fn frame(closing: &Closing) -> Message {
    Message::Close(Some(CloseFrame {
        code: closing.code,
        reason: closing.reason.as_str().into(),
    }))
}

async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    mut receiver: mpsc::Receiver<Message>,
    patience: Duration,
) {
    while let Some(message) = receiver.recv().await {
        let is_last = matches!(message, Message::Close(_));
        let step = async {
            sink.feed(message).await?;
            // Whatever waits goes out together.
            if is_last || receiver.is_empty() {
                sink.flush().await?;
            }
            Ok::<_, axum::Error>(())
        };
        match timeout(patience, step).await {
            Ok(Ok(())) if is_last => return,
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) => break,
        }
    }
    if receiver.is_closed() && receiver.is_empty() {
        return;
    }
    // Nothing more is queued; should the client wake up soon, it learns why.
    receiver.close();
    while receiver.try_recv().is_ok() {}
    let reason = Closing::new(1008, "Messages were left unread for too long");
    let _ = timeout(patience.min(LAST_WORD), sink.send(frame(&reason))).await;
}

//! GraphQL over server-sent events, in the mode of distinct connections
//! (<https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>): one operation, one stream.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Request as Asked, Response as Answer};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, stream};
use tokio::sync::mpsc;
use tracing::Instrument as _;

use super::answer::refused;
use super::graphql::{asked_by_get, asked_by_post};
use super::measure::OpenStream;
use super::operation::{responses, session_end};
use super::rejection::Rejection;
use super::service::{Client, Service};
use super::{HttpState, bearer, json, media};

const TRANSPORT: &str = "sse";
/// How many events wait for a slow client before the operation waits too.
const WAITING: usize = 16;

/// `GET /graphql/stream`: a query or a subscription.
pub async fn by_get<S: Service>(
    State(state): State<Arc<HttpState<S>>>,
    request: Request,
) -> Result<Response, Rejection> {
    let (parts, _) = request.into_parts();
    check_accept(&parts.headers)?;
    let client = bearer::client(&parts, &state.options)?;
    let asked = asked_by_get(&state, &parts).await?;
    opened(state, &parts.headers, client, asked).await
}

/// `POST /graphql/stream`: any operation.
pub async fn by_post<S: Service>(
    State(state): State<Arc<HttpState<S>>>,
    request: Request,
) -> Result<Response, Rejection> {
    let (parts, body) = request.into_parts();
    check_accept(&parts.headers)?;
    let client = bearer::client(&parts, &state.options)?;
    let mut requests = asked_by_post(&parts.headers, body, &state.options.limits, 1).await?;
    match (requests.list.pop(), requests.is_batch) {
        (Some(asked), false) => opened(state, &parts.headers, client, asked).await,
        _ => Err(Rejection::input(
            "A stream answers one request, not a batch.",
        )),
    }
}

fn check_accept(headers: &HeaderMap) -> Result<(), Rejection> {
    if media::accepts_events(headers) {
        return Ok(());
    }
    let message = "Answers are text/event-stream; those in JSON are at /graphql.";
    Err(Rejection::new(
        StatusCode::NOT_ACCEPTABLE,
        "BAD_USER_INPUT",
        message,
    ))
}

async fn opened<S: Service>(
    state: Arc<HttpState<S>>,
    headers: &HeaderMap,
    client: Client,
    asked: Asked,
) -> Result<Response, Rejection> {
    let caller = bearer::caller(&state, headers, &client).await?;
    let (sender, receiver) = mpsc::channel(WAITING);
    let answers = responses(Arc::clone(&state), asked, caller.clone(), client, TRANSPORT);
    tokio::spawn(feed(state, caller, answers, sender).in_current_span());
    let events = stream::unfold(receiver, |mut receiver| async {
        let event: Bytes = receiver.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(event), receiver))
    });
    let mut response = Body::from_stream(events).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        // Proxies that collect responses would hold events back.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// Turns responses into events until they, the session, the client or the program end.
async fn feed<S: Service>(
    state: Arc<HttpState<S>>,
    caller: S::Caller,
    mut answers: BoxStream<'static, Answer>,
    sender: mpsc::Sender<Bytes>,
) {
    let _open = OpenStream::new(TRANSPORT);
    let limits = &state.options.limits;
    let out = Outlet {
        sender,
        patience: limits.patience,
    };
    let session = session_end(Arc::clone(&state), caller);
    let stopped = state.stopped();
    tokio::pin!(session, stopped);
    // A first comment, so that the client sees at once that it is heard.
    let mut is_read = out.send(COMMENT).await;
    while is_read {
        is_read = tokio::select! {
            answer = answers.next() => match answer {
                Some(answer) => out.send(next(&answer)).await,
                None => break,
            },
            () = &mut session => {
                out.send(next(&refused("UNAUTHENTICATED", "The session has ended."))).await;
                break;
            }
            // Without a `complete`, so that the client comes back.
            () = &mut stopped => return,
            () = out.sender.closed() => return,
            () = tokio::time::sleep(limits.keep_alive) => out.send(COMMENT).await,
        };
    }
    if is_read {
        out.send(COMPLETE).await;
    }
}

const COMMENT: Bytes = Bytes::from_static(b":\n\n");
const COMPLETE: Bytes = Bytes::from_static(b"event: complete\ndata: \n\n");

struct Outlet {
    sender: mpsc::Sender<Bytes>,
    patience: Duration,
}

impl Outlet {
    /// False where the client has gone, or does not read.
    async fn send(&self, event: Bytes) -> bool {
        let sent = self.sender.send_timeout(event, self.patience).await;
        sent.is_ok()
    }
}

fn next(answer: &Answer) -> Bytes {
    event("next", &json::write(answer))
}

/// An event. Line breaks can only stand between the tokens of JSON, and are sent as several lines.
fn event(name: &str, data: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(data.len() + 32);
    out.extend_from_slice(b"event: ");
    out.extend_from_slice(name.as_bytes());
    for line in data.split(|byte| matches!(byte, b'\n' | b'\r')) {
        out.extend_from_slice(b"\ndata: ");
        out.extend_from_slice(line);
    }
    out.extend_from_slice(b"\n\n");
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_may_have_several_lines() {
        assert_eq!(event("next", b"{}"), "event: next\ndata: {}\n\n");
        assert_eq!(event("next", b"{\n}"), "event: next\ndata: {\ndata: }\n\n");
    }
}

//! One socket, from its upgrade to its close.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Request, ServerError};
use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt as _;
use futures_util::future;
use futures_util::stream::SplitStream;
use tokio::sync::mpsc;
use tokio::task::{self, AbortHandle, JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use tracing::Instrument as _;

use super::Closing;
use super::message::{self, Said};
use super::outgoing::Outgoing;
use crate::http::answer::{code_of, is_refusal};
use crate::http::measure::OpenStream;
use crate::http::operation::{responses, session_end};
use crate::http::rejection;
use crate::http::service::{Client, Service};
use crate::http::{HttpState, request_id};

const TRANSPORT: &str = "websocket";
/// How long a client has to answer a close.
const FAREWELL: Duration = Duration::from_secs(3);

/// Serves a socket until it is closed.
pub async fn serve<S: Service>(state: Arc<HttpState<S>>, client: Client, socket: WebSocket) {
    let _open = OpenStream::new(TRANSPORT);
    let (sink, mut incoming) = socket.split();
    let outgoing = Outgoing::new(sink, state.options.limits.patience);
    let session = Session {
        sender: outgoing.sender.clone(),
        caller: None,
        ended: Box::pin(future::pending()),
        names: HashMap::new(),
        running: JoinSet::new(),
        client,
        state,
    };
    let closing = session.run(&mut incoming).await;
    tracing::debug!(?closing, "a socket ends");
    outgoing.close(closing).await;
    farewell(&mut incoming).await;
}

/// Closes a socket that is not served.
pub async fn refuse<S: Service>(state: &HttpState<S>, socket: WebSocket, closing: Closing) {
    let (sink, mut incoming) = socket.split();
    let outgoing = Outgoing::new(sink, state.options.limits.patience);
    outgoing.close(Some(closing)).await;
    farewell(&mut incoming).await;
}

/// Reads what was under way: a connection that is dropped with bytes unread takes the reason of its
/// close with it.
async fn farewell(incoming: &mut SplitStream<WebSocket>) {
    let drain = async { while let Some(Ok(_)) = incoming.next().await {} };
    let _ = timeout(FAREWELL, drain).await;
}

/// How an operation ended: with errors in place of a response, or well.
struct Ended {
    id: String,
    errors: Option<Vec<ServerError>>,
}

struct Session<S: Service> {
    state: Arc<HttpState<S>>,
    client: Client,
    sender: mpsc::Sender<Message>,
    caller: Option<S::Caller>,
    /// Resolves when the caller's session has ended.
    ended: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// The operations that run, by the client's names for them.
    names: HashMap<String, AbortHandle>,
    running: JoinSet<Ended>,
}

impl<S: Service> Session<S> {
    /// Why the socket is to be closed; nothing where the client has gone.
    async fn run(mut self, incoming: &mut SplitStream<WebSocket>) -> Option<Closing> {
        let limits = self.state.options.limits.clone();
        let stopped = self.state.stopped();
        let late = sleep(limits.init_time);
        tokio::pin!(stopped, late);
        let mut heartbeat = interval(limits.keep_alive);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let silence = sleep(limits.silence);
        tokio::pin!(silence);
        let writer = self.sender.clone();
        loop {
            let step = tokio::select! {
                message = incoming.next() => {
                    silence.as_mut().reset(Instant::now() + limits.silence);
                    self.hear(message).await
                }
                Some(ended) = self.running.join_next_with_id() => self.finish(ended).await,
                () = &mut self.ended => Err(Some(Closing::new(4403, "Session ended"))),
                () = &mut late, if self.caller.is_none() => {
                    Err(Some(Closing::new(4408, "Connection initialisation timeout")))
                }
                () = &mut stopped => Err(Some(Closing::new(1012, "The server is stopping"))),
                () = writer.closed() => Err(None),
                () = &mut silence => Err(Some(Closing::new(1001, "The client is silent"))),
                _ = heartbeat.tick() => {
                    // Where the queue is full, there is enough to answer.
                    let _ = writer.try_send(Message::Ping(bytes::Bytes::new()));
                    Ok(())
                }
            };
            if let Err(closing) = step {
                return closing;
            }
        }
    }

    async fn hear(
        &mut self,
        message: Option<Result<Message, axum::Error>>,
    ) -> Result<(), Option<Closing>> {
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Binary(_))) => {
                return Err(Some(Closing::invalid("Messages are text")));
            }
            Some(Err(error)) => {
                tracing::debug!(%error, "a socket breaks");
                return Err(Some(Closing::new(1009, "Message too big, or broken")));
            }
            Some(Ok(Message::Close(_))) | None => return Err(None),
        };
        if text.len() > self.state.options.limits.body {
            return Err(Some(Closing::new(1009, "Message too big")));
        }
        match message::read(&text).map_err(|reason| Some(Closing::invalid(reason)))? {
            Said::Init { authorization } => self.init(authorization).await,
            Said::Ping(payload) => self.say(message::pong(&payload)).await,
            Said::Pong => Ok(()),
            Said::Subscribe { id, request } => self.start(id, *request).await,
            Said::Complete { id } => {
                if let Some(operation) = self.names.remove(&id) {
                    operation.abort();
                }
                Ok(())
            }
        }
    }

    async fn init(&mut self, authorization: Option<String>) -> Result<(), Option<Closing>> {
        if self.caller.is_some() {
            return Err(Some(Closing::new(4429, "Too many initialisation requests")));
        }
        let service = &self.state.service;
        let caller = service.authenticate(authorization.as_deref(), &self.client);
        match caller.await {
            Ok(caller) => {
                self.ended = Box::pin(session_end(Arc::clone(&self.state), caller.clone()));
                self.caller = Some(caller);
                self.say(message::ack()).await
            }
            Err(error) if matches!(code_of(&error), Some("UNAUTHENTICATED" | "FORBIDDEN")) => {
                tracing::debug!(reason = error.message, "a socket is forbidden");
                Err(Some(Closing::new(4403, "Forbidden")))
            }
            // Not the client's fault; it may come back.
            Err(error) => Err(Some(Closing::new(1013, error.message))),
        }
    }

    async fn start(&mut self, id: String, request: Request) -> Result<(), Option<Closing>> {
        let Some(caller) = self.caller.clone() else {
            return Err(Some(Closing::new(4401, "Unauthorized")));
        };
        if self.names.contains_key(&id) {
            let reason = format!("Subscriber for {id} already exists");
            return Err(Some(Closing::new(4409, reason)));
        }
        let most = self.state.options.limits.operations;
        if self.names.len() >= most {
            let message = format!("At most {most} operations run at once over one socket.");
            let error = rejection::error("RATE_LIMITED", message);
            return self.say(message::error(&id, &[error])).await;
        }
        let client = Client {
            request_id: request_id::new(),
            // A header of the upgrade says nothing about a single mutation.
            idempotency_key: None,
            ..self.client.clone()
        };
        let span = request_id::span(&client.request_id, "WS", "/graphql");
        let state = Arc::clone(&self.state);
        let work = perform(
            state,
            self.sender.clone(),
            id.clone(),
            request,
            caller,
            client,
        );
        let handle = self.running.spawn(work.instrument(span));
        self.names.insert(id, handle);
        Ok(())
    }

    async fn finish(
        &mut self,
        ended: Result<(task::Id, Ended), JoinError>,
    ) -> Result<(), Option<Closing>> {
        let task = match &ended {
            Ok((task, _)) => *task,
            Err(error) => error.id(),
        };
        let name = self
            .names
            .iter()
            .find(|(_, handle)| handle.id() == task)
            .map(|(name, _)| name.clone());
        let Some(name) = name else {
            // The client did not want to know the end.
            return Ok(());
        };
        // The name is free before the client knows: it may use it again at once.
        self.names.remove(&name);
        let message = match ended {
            Ok((_, Ended { id, errors: None })) => message::complete(&id),
            Ok((
                _,
                Ended {
                    id,
                    errors: Some(errors),
                },
            )) => message::error(&id, &errors),
            Err(_) => {
                let error = rejection::error("INTERNAL", "The operation broke off.");
                message::error(&name, &[error])
            }
        };
        self.say(message).await
    }

    async fn say(&mut self, message: Message) -> Result<(), Option<Closing>> {
        self.sender.send(message).await.map_err(|_| None)
    }
}

/// Runs an operation and sends its responses; its end is for the session to tell.
async fn perform<S: Service>(
    state: Arc<HttpState<S>>,
    sender: mpsc::Sender<Message>,
    id: String,
    request: Request,
    caller: S::Caller,
    client: Client,
) -> Ended {
    let started = Instant::now();
    let mut responses = responses(state, request, caller, client, TRANSPORT);
    let mut errors = None;
    while let Some(response) = responses.next().await {
        if is_refusal(&response) {
            errors = Some(response.errors);
            break;
        }
        if sender.send(message::next(&id, &response)).await.is_err() {
            break;
        }
    }
    let milliseconds = request_id::milliseconds(started.elapsed());
    tracing::info!(is_refused = errors.is_some(), milliseconds, "answered");
    Ended { id, errors }
}

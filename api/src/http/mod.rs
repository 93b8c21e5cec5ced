//! The transport: GraphQL over HTTP, sockets and event streams, GraphiQL, and what operators read.
//!
//! Nothing here knows the schema: the graph is behind [`Service`].

mod answer;
mod assets;
mod bearer;
mod documents;
mod graphql;
mod health;
mod json;
mod measure;
mod media;
mod operation;
mod rejection;
mod request;
mod request_id;
mod service;
mod stream;
mod websocket;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, Method, header};
use axum::routing::get;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

pub use self::documents::Document;
pub use self::rejection::error;
pub use self::request_id::note_tenant;
pub use self::service::{Client, Operation, Service};

/// How long requests and sockets have to end once the program stops.
const GRACE: Duration = Duration::from_secs(10);

/// What a client may ask for at most.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a body, and of a socket's message.
    pub body: usize,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// Requests of a batch.
    pub batch: usize,
    /// How long a query or mutation may run.
    pub request_time: Duration,
    /// Operations that run at once over one socket.
    pub operations: usize,
    /// How long a new socket may wait with its `connection_init`.
    pub init_time: Duration,
    /// How long a client of a socket or stream may leave a message unread.
    pub patience: Duration,
    /// How often the session behind a socket or stream is looked at.
    pub session_check: Duration,
    /// How often an idle socket or stream gives a sign of life.
    pub keep_alive: Duration,
    /// How long the client of a socket may be silent: one that reads answers each sign of life, and
    /// with what a close takes (see `websocket`) one that does not is gone within 30 seconds.
    pub silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            body_time: Duration::from_secs(15),
            batch: 10,
            request_time: Duration::from_secs(30),
            operations: 50,
            init_time: Duration::from_secs(10),
            patience: Duration::from_secs(10),
            session_check: Duration::from_secs(2),
            keep_alive: Duration::from_secs(6),
            silence: Duration::from_secs(18),
        }
    }
}

/// Gauges that are read when `/metrics` is: their names and values.
pub type Gauges = Box<dyn Fn() -> Vec<(&'static str, f64)> + Send + Sync>;

/// How to serve.
#[derive(Default)]
pub struct Options {
    /// What a client may ask for at most.
    pub limits: Limits,
    /// Whether `X-Forwarded-For` names the client: only behind a proxy that sets it.
    pub trusts_proxy: bool,
    /// The document that GraphiQL opens with, in place of its own.
    pub welcome: Option<String>,
    /// The numbers of others, such as the connection pool.
    pub gauges: Option<Gauges>,
    /// Paths of others, such as where processors send their messages.
    pub beside: Option<Router>,
}

/// What all handlers share.
pub struct HttpState<S> {
    service: S,
    options: Options,
    page: assets::Page,
    /// True once the program stops. Every open stream holds a receiver, so that their end can be
    /// waited for.
    stopping: watch::Sender<bool>,
}

impl<S: Service> HttpState<S> {
    /// The state of a server that answers with this service.
    pub fn new(service: S, options: Options) -> Self {
        let page = assets::Page::new(options.welcome.as_deref());
        Self {
            service,
            options,
            page,
            stopping: watch::Sender::new(false),
        }
    }

    /// Ends all open sockets and streams.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Resolves when the program stops; holds it up until dropped.
    fn stopped(&self) -> impl Future<Output = ()> + Send + use<S> {
        let mut stopping = self.stopping.subscribe();
        async move {
            // The sender lives as long as the state, so this is no error but the end.
            let _ = stopping.wait_for(|is_stopping| *is_stopping).await;
        }
    }
}

/// All paths of the program.
pub fn router<S: Service>(state: Arc<HttpState<S>>) -> Router {
    measure::recorder();
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        // A wildcard would not cover Authorization.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([HeaderName::from_static("x-request-id"), header::RETRY_AFTER])
        .max_age(Duration::from_hours(24));
    let beside = state.options.beside.clone().unwrap_or_default();
    Router::new()
        .route("/", get(assets::page::<S>))
        .route("/graphiql/{file}", get(assets::file))
        .route(
            "/graphql",
            get(graphql::by_get::<S>).post(graphql::by_post::<S>),
        )
        .route(
            "/graphql/stream",
            get(stream::by_get::<S>).post(stream::by_post::<S>),
        )
        .route("/documents/{kind}/{file}", get(documents::by_id::<S>))
        .route("/schema.graphql", get(health::schema::<S>))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready::<S>))
        .route("/metrics", get(health::metrics::<S>))
        .fallback(health::no_such_path)
        .method_not_allowed_fallback(health::no_such_method)
        .with_state(state)
        .merge(beside)
        // Together, as each call would put every route into a box of its own.
        .layer((axum::middleware::from_fn(request_id::around), cors))
}

/// Serves until `shutdown` resolves, and then until what is open has ended, or a while has passed.
pub async fn serve<S: Service>(
    listener: TcpListener,
    state: Arc<HttpState<S>>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let app = router(Arc::clone(&state)).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.tap_io(|stream| {
        // Answers are written whole; waiting for more would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection has gone");
        }
    });
    let stop = {
        let state = Arc::clone(&state);
        async move {
            shutdown.await;
            state.stop();
        }
    };
    let served = axum::serve(listener, app).with_graceful_shutdown(stop);
    let overdue = async {
        state.stopped().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        outcome = served => outcome?,
        () = overdue => tracing::warn!("stopping with requests unanswered"),
        () = measure::upkeep() => {}
    }
    if tokio::time::timeout(GRACE, state.stopping.closed())
        .await
        .is_err()
    {
        tracing::warn!("stopping with sockets open");
    }
    Ok(())
}

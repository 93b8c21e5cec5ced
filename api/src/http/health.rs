//! What operators and tools read: alive, ready, numbers, the schema.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use metrics::gauge;

use super::HttpState;
use super::measure;
use super::rejection::Rejection;
use super::service::Service;

/// A program that needs longer to find out whether it is ready is not.
const READY_TIME: Duration = Duration::from_secs(3);

/// `GET /healthz`: the program runs.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: requests can be answered.
pub async fn ready<S: Service>(State(state): State<Arc<HttpState<S>>>) -> Response {
    let refused = |reason: &str| (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n"));
    if *state.stopping.borrow() {
        return refused("stopping").into_response();
    }
    match tokio::time::timeout(READY_TIME, state.service.ready()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(reason)) => refused(&reason).into_response(),
        Err(_) => refused("no answer in time").into_response(),
    }
}

/// `GET /metrics`: the program's numbers, for Prometheus.
pub async fn metrics<S: Service>(State(state): State<Arc<HttpState<S>>>) -> Response {
    let Some(recorder) = measure::recorder() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    if let Some(gauges) = &state.options.gauges {
        for (name, value) in gauges() {
            gauge!(name).set(value);
        }
    }
    let content_type = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, content_type)], recorder.render()).into_response()
}

/// `GET /schema.graphql`: the schema's text.
pub async fn schema<S: Service>(State(state): State<Arc<HttpState<S>>>) -> Response {
    state.service.sdl().to_owned().into_response()
}

/// Any other path.
pub async fn no_such_path() -> Rejection {
    let message = "There is nothing here; the graph is at /graphql.";
    Rejection::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
}

/// A path of ours with a method that it does not have.
pub async fn no_such_method() -> Rejection {
    let message = "This path does not have this method.";
    Rejection::new(StatusCode::METHOD_NOT_ALLOWED, "BAD_USER_INPUT", message)
}

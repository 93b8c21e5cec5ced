//! The id of a request: in its response, in its log lines, in the errors that are our fault.

use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument as _, Span, field};

use crate::database;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Longer names of operations are cut off in the log.
const LONGEST_NAME: usize = 100;

/// The id of a request, among its extensions.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// A new id.
pub fn new() -> String {
    database::new_id().to_string()
}

/// The span of a request; `tenant` and `operation` are filled once they are known.
pub fn span(id: &str, method: &str, path: &str) -> Span {
    tracing::info_span!(
        "request",
        id,
        method,
        path,
        tenant = field::Empty,
        operation = field::Empty,
    )
}

/// Notes in the current request's span which tenant it is for.
pub fn note_tenant(tenant: impl std::fmt::Display) {
    Span::current().record("tenant", field::display(tenant));
}

/// Notes in the current request's span what is asked for.
pub fn note_operation(name: Option<&str>) {
    if let Some(name) = name {
        let end = name.floor_char_boundary(LONGEST_NAME);
        Span::current().record("operation", &name[..end]);
    }
}

/// Wraps every request: its id, its span, its line in the log, and headers that all responses have.
pub async fn around(mut request: Request, next: Next) -> Response {
    let own = request.headers().get(&HEADER).and_then(acceptable);
    let id = own.unwrap_or_else(new);
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = span(&id, request.method().as_str(), request.uri().path());
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let milliseconds = milliseconds(started.elapsed());
    span.in_scope(|| tracing::info!(status, milliseconds, "answered"));
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::try_from(id) {
        headers.insert(HEADER, value);
    }
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}

/// A duration as it stands in the log, to the microsecond.
pub fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1_000_000.0).round() / 1000.0
}

/// An id that a client or proxy gave, if it is fit for logs and headers.
fn acceptable(value: &HeaderValue) -> Option<String> {
    let text = value.to_str().ok()?;
    let is_fit = (1..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/=+".contains(&byte));
    is_fit.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fit_ids_are_taken_over() {
        let taken = |text| acceptable(&HeaderValue::from_static(text)).is_some();
        assert!(taken("01JABC-7.x:1"));
        assert!(!taken(""));
        assert!(!taken("a b"));
        assert!(!taken("a\"b"));
    }
}

//! What the transport itself refuses: always a GraphQL error, whatever the status.

use async_graphql::{ErrorExtensionValues, Response as Answer, ServerError};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answer::code_of;
use super::json;
use super::media::Media;

/// A request that does not reach the graph.
#[derive(Debug)]
pub struct Rejection {
    status: StatusCode,
    error: Box<ServerError>,
    media: Media,
    /// A header that belongs to the status.
    header: Option<(header::HeaderName, HeaderValue)>,
}

impl Rejection {
    /// A refusal with this status and sentence.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self::of(status, error(code, message))
    }

    /// A request that is not what it must be.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", message)
    }

    /// What `authenticate` said.
    pub fn unauthenticated(error: ServerError) -> Self {
        let status = status_of(&error);
        let mut rejection = Self::of(status, error);
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            rejection.header = Some((header::WWW_AUTHENTICATE, scheme));
        }
        rejection
    }

    /// A method that is not for this.
    pub fn method(allowed: &'static str, message: &str) -> Self {
        let mut rejection = Self::new(StatusCode::METHOD_NOT_ALLOWED, "BAD_USER_INPUT", message);
        rejection.header = Some((header::ALLOW, HeaderValue::from_static(allowed)));
        rejection
    }

    /// The same, in the media type that the client asked for.
    #[must_use]
    pub fn in_media(mut self, media: Media) -> Self {
        self.media = media;
        self
    }

    /// A refusal with this status and error.
    pub fn of(status: StatusCode, error: ServerError) -> Self {
        Self {
            status,
            error: Box::new(error),
            media: Media::Json,
            header: None,
        }
    }
}

/// An error of the transport.
pub fn error(code: &'static str, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    error.extensions = Some(extensions);
    error
}

/// The status that an error's code stands for.
pub fn status_of(error: &ServerError) -> StatusCode {
    match code_of(error) {
        Some("UNAUTHENTICATED") => StatusCode::UNAUTHORIZED,
        Some("FORBIDDEN") => StatusCode::FORBIDDEN,
        Some("RATE_LIMITED") => StatusCode::TOO_MANY_REQUESTS,
        Some("TIMEOUT") => StatusCode::GATEWAY_TIMEOUT,
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let body = json::write(&Answer::from_errors(vec![*self.error]));
        let mut response = (
            self.status,
            [(header::CONTENT_TYPE, self.media.content_type())],
            body,
        )
            .into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some((name, value)) = self.header {
            headers.insert(name, value);
        }
        response
    }
}

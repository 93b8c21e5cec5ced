//! `GET /documents/{kind}/{id}.pdf`: documents on paper, for whoever may read them.

use std::sync::Arc;

use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::HttpState;
use super::answer::code_of;
use super::bearer;
use super::rejection::{Rejection, status_of};
use super::service::Service;

/// A document as the graph's side prints it.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Sends a document; what the caller may not read is not there.
pub async fn by_id<S: Service>(
    State(state): State<Arc<HttpState<S>>>,
    request: Request,
) -> Result<Response, Rejection> {
    let (mut parts, _) = request.into_parts();
    let missing = || {
        Rejection::new(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "There is no such document.",
        )
    };
    let path = Path::<(String, String)>::from_request_parts(&mut parts, &()).await;
    let Path((kind, file)) = path.map_err(|_| missing())?;
    let id = file.strip_suffix(".pdf").ok_or_else(missing)?;
    let client = bearer::client(&parts, &state.options)?;
    let caller = bearer::caller(&state, &parts.headers, &client).await?;
    let document = state.service.document(&kind, id, caller, &client).await;
    let document = document.map_err(|error| {
        let status = match code_of(&error) {
            Some("NOT_FOUND") => StatusCode::NOT_FOUND,
            _ => status_of(&error),
        };
        Rejection::of(status, error)
    })?;
    let name = format!("inline; filename=\"{}\"", document.name);
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("inline"));
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(document.media),
        ),
        (header::CONTENT_DISPOSITION, name),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        ),
    ];
    Ok((headers, document.bytes).into_response())
}

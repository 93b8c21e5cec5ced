//! GraphQL over HTTP (<https://graphql.github.io/graphql-over-http/draft/>).

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request as Asked, Response as Answer};
use axum::body::Body;
use axum::extract::{FromRequestParts as _, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use futures_util::future::join_all;

use super::answer::{answer, is_refusal};
use super::media::Media;
use super::rejection::{Rejection, status_of};
use super::request::{self, Requests};
use super::service::{Client, Operation, Service};
use super::{HttpState, Limits, bearer, json, websocket};

/// How much of a body that is too long is read, so that its sender gets to read the answer.
const DRAINED: usize = 16;

/// `GET /graphql`: a query, or the upgrade to a WebSocket.
pub async fn by_get<S: Service>(
    State(state): State<Arc<HttpState<S>>>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    if websocket::is_upgrade(&parts.headers) {
        return websocket::upgrade(state, parts).await;
    }
    let Some(media) = Media::accepted(&parts.headers) else {
        return not_acceptable();
    };
    let outcome = async {
        let client = bearer::client(&parts, &state.options)?;
        let requests = Requests {
            list: vec![asked_by_get(&state, &parts).await?],
            is_batch: false,
        };
        answered(&state, &parts.headers, client, requests, media).await
    };
    outcome
        .await
        .unwrap_or_else(|rejection| rejection.in_media(media).into_response())
}

/// `POST /graphql`: a request, or a batch of them.
pub async fn by_post<S: Service>(
    State(state): State<Arc<HttpState<S>>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Some(media) = Media::accepted(&parts.headers) else {
        return not_acceptable();
    };
    let outcome = async {
        let client = bearer::client(&parts, &state.options)?;
        let limits = &state.options.limits;
        let requests = asked_by_post(&parts.headers, body, limits, limits.batch).await?;
        answered(&state, &parts.headers, client, requests, media).await
    };
    outcome
        .await
        .unwrap_or_else(|rejection| rejection.in_media(media).into_response())
}

/// The request of an address. Mutations are refused: an address may be fetched by anything.
pub async fn asked_by_get<S: Service>(
    state: &HttpState<S>,
    parts: &Parts,
) -> Result<Asked, Rejection> {
    let mut parts = parts.clone();
    let parameters = Query::from_request_parts(&mut parts, &())
        .await
        .map_err(|error| Rejection::input(error.body_text()))?;
    let asked = request::from_parameters(parameters.0).map_err(Rejection::input)?;
    match operation(state, &asked) {
        Some(Operation {
            kind: OperationType::Mutation,
            ..
        }) => Err(Rejection::method("POST", "Mutations are sent by POST.")),
        _ => Ok(asked),
    }
}

/// The requests of a body.
pub async fn asked_by_post(
    headers: &HeaderMap,
    body: Body,
    limits: &Limits,
    most: usize,
) -> Result<Requests, Rejection> {
    if !is_json(headers) {
        return Err(Rejection::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "BAD_USER_INPUT",
            "The Content-Type must be application/json, in UTF-8.",
        ));
    }
    let body = tokio::time::timeout(limits.body_time, read(body, limits.body));
    let body = body.await.map_err(|_| {
        let message = "The body took too long to arrive.";
        Rejection::new(StatusCode::REQUEST_TIMEOUT, "TIMEOUT", message)
    })??;
    request::from_body(&body, most).map_err(Rejection::input)
}

/// Whether a body is JSON in UTF-8, by its content type.
fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE);
    let Some(text) = content_type.and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
    parts.next().as_deref() == Some("application/json")
        && parts.all(|parameter| match parameter.strip_prefix("charset=") {
            Some(charset) => charset.trim_matches('"') == "utf-8",
            None => true,
        })
}

async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Rejection> {
    let mut chunks = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut length = 0_usize;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Rejection::input("The body broke off."))?;
        length = length.saturating_add(chunk.len());
        if length <= limit {
            bytes.extend_from_slice(&chunk);
        } else if length > limit.saturating_mul(DRAINED) {
            break;
        }
    }
    if length > limit {
        return Err(Rejection::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "BAD_USER_INPUT",
            format!("The body has more than {limit} bytes."),
        ));
    }
    Ok(bytes)
}

async fn answered<S: Service>(
    state: &Arc<HttpState<S>>,
    headers: &HeaderMap,
    client: Client,
    mut requests: Requests,
    media: Media,
) -> Result<Response, Rejection> {
    if requests.list.len() > 1 && client.idempotency_key.is_some() {
        return Err(Rejection::input(
            "One Idempotency-Key cannot stand for a batch; give each mutation its own in its input.",
        ));
    }
    let caller = bearer::caller(state, headers, &client).await?;
    // A future in a list is moved there and back, and these are long: most requests come alone.
    if !requests.is_batch
        && let Some(asked) = requests.list.pop()
    {
        let operation = operation(state, &asked);
        let answer = answer(state, asked, operation, caller, &client).await;
        return Ok(written(&[answer], false, media));
    }
    let operations: Vec<_> = requests
        .list
        .iter()
        .map(|asked| operation(state, asked))
        .collect();
    let has_mutation = operations
        .iter()
        .flatten()
        .any(|operation| operation.kind == OperationType::Mutation);
    let pending = requests
        .list
        .into_iter()
        .zip(operations)
        .map(|(asked, operation)| answer(state, asked, operation, caller.clone(), &client));
    let mut answers = Vec::new();
    if has_mutation {
        // One after the other, as they may build on each other.
        for pending in pending {
            answers.push(pending.await);
        }
    } else {
        answers = join_all(pending).await;
    }
    Ok(written(&answers, requests.is_batch, media))
}

fn operation<S: Service>(state: &HttpState<S>, asked: &Asked) -> Option<Operation> {
    let name = asked.operation_name.as_deref();
    state.service.operation(&asked.query, name)
}

fn written(answers: &[Answer], is_batch: bool, media: Media) -> Response {
    let (status, body) = match answers {
        [answer] if !is_batch => (status(answer, media), json::write(answer)),
        _ => (StatusCode::OK, json::write_list(answers)),
    };
    let mut response =
        (status, [(header::CONTENT_TYPE, media.content_type())], body).into_response();
    let headers = response.headers_mut();
    for answer in answers {
        for (name, value) in &answer.http_headers {
            headers.append(name, value.clone());
        }
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(header::VARY, HeaderValue::from_static("accept"));
    response
}

/// With the older media type, a status says only whether the request was well-formed.
fn status(answer: &Answer, media: Media) -> StatusCode {
    match (media, answer.errors.first()) {
        (Media::GraphqlResponse, Some(error)) if is_refusal(answer) => status_of(error),
        _ => StatusCode::OK,
    }
}

fn not_acceptable() -> Response {
    let message = "Answers are application/graphql-response+json or application/json.";
    Rejection::new(StatusCode::NOT_ACCEPTABLE, "BAD_USER_INPUT", message).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::answer::refused;

    #[test]
    fn only_json_in_utf8_is_read() {
        let is = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(text));
            is_json(&headers)
        };
        assert!(is("application/json"));
        assert!(is("Application/JSON; Charset=\"UTF-8\""));
        assert!(!is("application/json; charset=utf-16"));
        assert!(!is("text/plain"));
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn a_refusal_has_a_status_only_with_the_newer_type() {
        let refusal = refused("BAD_USER_INPUT", "");
        assert_eq!(status(&refusal, Media::Json), 200);
        assert_eq!(status(&refusal, Media::GraphqlResponse), 400);
        let limited = refused("RATE_LIMITED", "");
        assert_eq!(status(&limited, Media::GraphqlResponse), 429);
    }
}

//! One operation, from a checked request to a finished response: its time, its panics, its error
//! codes, its numbers.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, ServerError, Value};
use futures_util::FutureExt as _;

use super::measure::{self, Outcome};
use super::rejection::error;
use super::service::{Client, Operation, Service};
use super::{HttpState, request_id};

/// Whether a response refuses the whole request: nothing ran, so there is no `data` to speak of.
///
/// What failed while fields ran names the field in its path, and so does the null that spread from
/// a field up to the root.
pub fn is_refusal(response: &Response) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// The code of an error.
pub fn code_of(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

/// Gives every error a code, and the request's id to those that are our fault.
///
/// Errors without a code are those of parsing, validation and coercion: the graph's own have one.
pub fn complete(response: &mut Response, client: &Client) {
    for error in &mut response.errors {
        complete_error(error, client);
    }
}

/// The same for one error.
pub fn complete_error(error: &mut ServerError, client: &Client) {
    match code_of(error) {
        Some("INTERNAL") => set(error, "requestId", &client.request_id),
        Some(_) => {}
        None => set(error, "code", "BAD_USER_INPUT"),
    }
}

fn set(error: &mut ServerError, name: &str, value: &str) {
    let extensions = error.extensions.get_or_insert_default();
    extensions.set(name, value);
}

/// Answers a query or a mutation.
pub async fn answer<S: Service>(
    state: &Arc<HttpState<S>>,
    request: Request,
    operation: Option<Operation>,
    caller: S::Caller,
    client: &Client,
) -> Response {
    let name = operation
        .as_ref()
        .and_then(|operation| operation.name.as_deref());
    request_id::note_operation(name.or(request.operation_name.as_deref()));
    let kind = operation.map(|operation| operation.kind);
    let started = Instant::now();
    let mut response = if kind == Some(OperationType::Subscription) {
        refused(
            "BAD_USER_INPUT",
            "Subscriptions are answered over a WebSocket (graphql-transport-ws), or at /graphql/stream.",
        )
    } else {
        run(state, request, caller, client).await
    };
    complete(&mut response, client);
    measure::answered(kind, Outcome::of(&response), started.elapsed());
    response
}

async fn run<S: Service>(
    state: &HttpState<S>,
    request: Request,
    caller: S::Caller,
    client: &Client,
) -> Response {
    let execution = state.service.execute(request, caller, client);
    let guarded = AssertUnwindSafe(execution).catch_unwind();
    match tokio::time::timeout(state.options.limits.request_time, guarded).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!("the graph panicked");
            refused(
                "INTERNAL",
                "Something went wrong on our side; it is logged with this request's id.",
            )
        }
        Err(_) => refused(
            "TIMEOUT",
            "The answer took longer than it may; ask for less at a time.",
        ),
    }
}

/// The refusal of a whole request.
pub fn refused(code: &'static str, message: impl Into<String>) -> Response {
    Response::from_errors(vec![error(code, message)])
}

#[cfg(test)]
mod tests {
    use async_graphql::PathSegment;

    use super::*;

    #[test]
    fn only_our_own_faults_carry_the_request() {
        let client = Client {
            request_id: "r1".to_owned(),
            ..Client::default()
        };
        let mut response = Response::from_errors(vec![
            ServerError::new("parse", None),
            error("INTERNAL", "fault"),
            error("NOT_FOUND", "gone"),
        ]);
        complete(&mut response, &client);
        let codes: Vec<_> = response.errors.iter().filter_map(code_of).collect();
        assert_eq!(codes, ["BAD_USER_INPUT", "INTERNAL", "NOT_FOUND"]);
        let with_id = |error: &ServerError| {
            let extensions = error.extensions.as_ref();
            extensions.is_some_and(|extensions| extensions.get("requestId").is_some())
        };
        let ids: Vec<_> = response.errors.iter().map(with_id).collect();
        assert_eq!(ids, [false, true, false]);
    }

    #[test]
    fn a_null_that_spread_is_no_refusal() {
        let mut error = ServerError::new("no", None);
        assert!(is_refusal(&Response::from_errors(vec![error.clone()])));
        error.path.push(PathSegment::Field("a".to_owned()));
        assert!(!is_refusal(&Response::from_errors(vec![error])));
        assert!(!is_refusal(&Response::new(Value::Null)));
    }
}

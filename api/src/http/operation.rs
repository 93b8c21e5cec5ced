//! Any operation as a stream of responses: one for a query or a mutation, many for a subscription.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _};

use super::answer::{answer, complete, refused};
use super::measure::{self, Outcome};
use super::service::{Client, Service};
use super::{HttpState, request_id};

/// The responses of an operation.
pub fn responses<S: Service>(
    state: Arc<HttpState<S>>,
    request: Request,
    caller: S::Caller,
    client: Client,
    transport: &'static str,
) -> BoxStream<'static, Response> {
    let name = request.operation_name.as_deref();
    let operation = state.service.operation(&request.query, name);
    match &operation {
        Some(operation) if operation.kind == OperationType::Subscription => {
            request_id::note_operation(operation.name.as_deref());
            subscription(&state, request, caller, client, transport)
        }
        _ => async move { answer(&state, request, operation, caller, &client).await }
            .into_stream()
            .boxed(),
    }
}

fn subscription<S: Service>(
    state: &HttpState<S>,
    request: Request,
    caller: S::Caller,
    client: Client,
    transport: &'static str,
) -> BoxStream<'static, Response> {
    let responses = state.service.execute_stream(request, caller, &client);
    let mut ending = Ending(Outcome::Ok);
    AssertUnwindSafe(responses)
        .catch_unwind()
        .map(move |response| {
            let mut response = response.unwrap_or_else(|_| {
                tracing::error!("the graph panicked");
                let message =
                    "Something went wrong on our side; it is logged with this request's id.";
                refused("INTERNAL", message)
            });
            complete(&mut response, &client);
            measure::message_sent(transport);
            ending.note(Outcome::of(&response));
            response
        })
        .boxed()
}

/// Counts a subscription when it ends, however it does.
struct Ending(Outcome);

impl Ending {
    fn note(&mut self, outcome: Outcome) {
        self.0 = outcome;
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        measure::subscription_ended(self.0);
    }
}

/// Resolves when the caller's session has ended.
pub async fn session_end<S: Service>(state: Arc<HttpState<S>>, caller: S::Caller) {
    loop {
        tokio::time::sleep(state.options.limits.session_check).await;
        if !state.service.still_valid(&caller).await {
            return;
        }
    }
}

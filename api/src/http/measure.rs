//! The numbers at `/metrics`.

use std::sync::OnceLock;
use std::time::Duration;

use async_graphql::Response;
use async_graphql::parser::types::OperationType;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use super::answer::{code_of, is_refusal};

const OPERATIONS: &str = "bizing_operations_total";
const DURATION: &str = "bizing_operation_seconds";
const STREAMS: &str = "bizing_open_streams";
const MESSAGES: &str = "bizing_stream_messages_total";

const BUCKETS: [f64; 13] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0,
];

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Without errors.
    Ok,
    /// With errors beside data, or in its place.
    Failed,
    /// Nothing ran.
    Refused,
    /// It took too long.
    Timeout,
    /// A fault of the server.
    Internal,
}

impl Outcome {
    /// The outcome that a response tells of; the worst one.
    pub fn of(response: &Response) -> Self {
        let has = |code| {
            response
                .errors
                .iter()
                .any(|error| code_of(error) == Some(code))
        };
        if response.errors.is_empty() {
            Self::Ok
        } else if has("INTERNAL") {
            Self::Internal
        } else if has("TIMEOUT") {
            Self::Timeout
        } else if is_refusal(response) {
            Self::Refused
        } else {
            Self::Failed
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
            Self::Internal => "internal",
        }
    }
}

fn kind_name(kind: Option<OperationType>) -> &'static str {
    match kind {
        Some(OperationType::Query) => "query",
        Some(OperationType::Mutation) => "mutation",
        Some(OperationType::Subscription) => "subscription",
        None => "unknown",
    }
}

/// Counts an operation that was answered.
pub fn answered(kind: Option<OperationType>, outcome: Outcome, took: Duration) {
    let kind = kind_name(kind);
    let outcome = outcome.as_str();
    counter!(OPERATIONS, "kind" => kind, "outcome" => outcome).increment(1);
    histogram!(DURATION, "kind" => kind, "outcome" => outcome).record(took);
}

/// Counts a subscription that has ended; how long it was open says nothing about us.
pub fn subscription_ended(outcome: Outcome) {
    let kind = kind_name(Some(OperationType::Subscription));
    counter!(OPERATIONS, "kind" => kind, "outcome" => outcome.as_str()).increment(1);
}

/// Counts a message of a subscription.
pub fn message_sent(transport: &'static str) {
    counter!(MESSAGES, "transport" => transport).increment(1);
}

/// Counts an open socket or event stream for as long as it lives.
pub struct OpenStream(&'static str);

impl OpenStream {
    /// One more is open.
    pub fn new(transport: &'static str) -> Self {
        gauge!(STREAMS, "transport" => transport).increment(1);
        Self(transport)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        gauge!(STREAMS, "transport" => self.0).decrement(1);
    }
}

/// The program's recorder, installed with the first call; none where another one is in place.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let install = || {
        install()
            .inspect_err(|error| tracing::warn!(%error, "there will be no /metrics"))
            .ok()
    };
    RECORDER.get_or_init(install).as_ref()
}

fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?
        .install_recorder()?;
    describe_counter!(OPERATIONS, "GraphQL operations that have ended.");
    describe_histogram!(DURATION, "Seconds from a checked request to its response.");
    describe_gauge!(STREAMS, "Open sockets and event streams.");
    describe_counter!(MESSAGES, "Messages of subscriptions that were sent.");
    Ok(handle)
}

/// Keeps the recorder's buffers small while nobody reads them.
pub async fn upkeep() {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        if let Some(recorder) = recorder() {
            recorder.run_upkeep();
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Value;

    use super::*;
    use crate::http::answer::refused;

    #[test]
    fn the_worst_error_names_the_outcome() {
        assert_eq!(Outcome::of(&Response::new(Value::Null)), Outcome::Ok);
        assert_eq!(Outcome::of(&refused("TIMEOUT", "")), Outcome::Timeout);
        assert_eq!(Outcome::of(&refused("NOT_FOUND", "")), Outcome::Refused);
        let mut response = refused("NOT_FOUND", "");
        response.data = Value::from(1);
        assert_eq!(Outcome::of(&response), Outcome::Failed);
        response.errors.extend(refused("INTERNAL", "").errors);
        assert_eq!(Outcome::of(&response), Outcome::Internal);
    }
}

//! GraphQL over sockets: `graphql-transport-ws`
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).

mod message;
mod outgoing;
mod socket;

use std::sync::Arc;

use axum::extract::FromRequestParts as _;
use axum::extract::ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection};
use axum::http::{HeaderMap, header, request::Parts};
use axum::response::{IntoResponse as _, Response};
use tracing::Instrument as _;

use super::rejection::Rejection;
use super::service::Service;
use super::{HttpState, bearer};

const PROTOCOL: &str = "graphql-transport-ws";

/// Why a socket is closed: a code of the protocol, and a sentence of at most 123 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Closing {
    code: u16,
    reason: String,
}

impl Closing {
    fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        reason.truncate(reason.floor_char_boundary(123));
        Self { code, reason }
    }

    fn invalid(reason: impl Into<String>) -> Self {
        Self::new(4400, reason)
    }
}

/// Whether a request wants to become a WebSocket.
pub fn is_upgrade(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE);
    upgrade.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Makes the request a WebSocket.
pub async fn upgrade<S: Service>(state: Arc<HttpState<S>>, mut parts: Parts) -> Response {
    let client = match bearer::client(&parts, &state.options) {
        Ok(client) => client,
        Err(rejection) => return rejection.into_response(),
    };
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return refusal(&rejection).into_response(),
    };
    let limit = state.options.limits.body;
    let mut upgrade = upgrade
        .protocols([PROTOCOL])
        // Messages somewhat longer than allowed are read, so that the answer can be, too.
        .max_message_size(limit.saturating_mul(4))
        .max_frame_size(limit.saturating_mul(4));
    let is_spoken = upgrade.selected_protocol().is_some();
    let other = upgrade.requested_protocols().next().cloned();
    if !is_spoken && let Some(other) = other {
        // Clients that offered only others would break off before they read why.
        upgrade.set_selected_protocol(other);
    }
    upgrade.on_upgrade(move |socket| {
        async move {
            if is_spoken {
                socket::serve(state, client, socket).await;
            } else {
                let closing = Closing::new(4406, "Subprotocol not acceptable");
                socket::refuse(&state, socket, closing).await;
            }
        }
        .in_current_span()
    })
}

fn refusal(rejection: &WebSocketUpgradeRejection) -> Rejection {
    Rejection::new(rejection.status(), "BAD_USER_INPUT", rejection.body_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_cut_between_characters() {
        let closing = Closing::invalid("\u{e9}".repeat(100));
        assert_eq!(closing.reason.len(), 122);
    }
}

//! Who a request comes from: the client by its headers, the caller by its token.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderName, header, request::Parts};

use super::answer::complete_error;
use super::rejection::{Rejection, error};
use super::request_id::{self, RequestId};
use super::service::{Client, Service};
use super::{HttpState, Options};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const LONGEST_USER_AGENT: usize = 300;
const LONGEST_KEY: usize = 255;

/// The client of a request.
pub fn client(parts: &Parts, options: &Options) -> Result<Client, Rejection> {
    let id = parts.extensions.get::<RequestId>();
    Ok(Client {
        request_id: id.map_or_else(request_id::new, |RequestId(id)| id.clone()),
        ip: address(parts, options.trusts_proxy),
        user_agent: user_agent(&parts.headers),
        idempotency_key: idempotency_key(&parts.headers)?,
    })
}

/// The caller of a request.
pub async fn caller<S: Service>(
    state: &HttpState<S>,
    headers: &HeaderMap,
    client: &Client,
) -> Result<S::Caller, Rejection> {
    let authorization = match headers.get(header::AUTHORIZATION) {
        None => None,
        Some(value) => Some(value.to_str().map_err(|_| {
            let message = "The Authorization header holds bytes that no token has.";
            Rejection::unauthenticated(error("UNAUTHENTICATED", message))
        })?),
    };
    let caller = state.service.authenticate(authorization, client).await;
    caller.map_err(|mut error| {
        complete_error(&mut error, client);
        Rejection::unauthenticated(error)
    })
}

fn address(parts: &Parts, trusts_proxy: bool) -> Option<IpAddr> {
    if trusts_proxy && let Some(address) = forwarded(&parts.headers) {
        return Some(address);
    }
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map(|ConnectInfo(address)| address.ip())
}

/// The last address, which the proxy itself appended; those before it are the client's claims.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(FORWARDED_FOR).iter().next_back()?;
    let last = last.to_str().ok()?.rsplit(',').next()?.trim();
    last.parse().ok()
}

fn user_agent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::USER_AGENT)?.to_str().ok()?;
    let end = text.floor_char_boundary(LONGEST_USER_AGENT);
    Some(text[..end].to_owned())
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Rejection> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(text) if (1..=LONGEST_KEY).contains(&text.len()) => Ok(Some(text.to_owned())),
        _ => Err(Rejection::input(format!(
            "The Idempotency-Key header must have 1 to {LONGEST_KEY} printable ASCII characters."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, Request};

    use super::*;

    fn parts(headers: &[(HeaderName, &'static str)]) -> Parts {
        let mut request = Request::new(());
        let peer = SocketAddr::from(([10, 0, 0, 1], 5000));
        request.extensions_mut().insert(ConnectInfo(peer));
        for (name, value) in headers {
            let value = HeaderValue::from_static(value);
            request.headers_mut().append(name, value);
        }
        request.into_parts().0
    }

    #[test]
    fn a_proxy_is_believed_only_where_told_so() {
        let parts = parts(&[(FORWARDED_FOR, "6.6.6.6, 1.2.3.4")]);
        let ip = |trusts_proxy| address(&parts, trusts_proxy).unwrap().to_string();
        assert_eq!(ip(false), "10.0.0.1");
        assert_eq!(ip(true), "1.2.3.4");
    }

    #[test]
    fn idempotency_keys_have_a_length() {
        let key = |text| idempotency_key(&parts(&[(IDEMPOTENCY_KEY, text)]).headers);
        assert_eq!(key("a-1").unwrap().as_deref(), Some("a-1"));
        assert!(key("").is_err());
    }
}

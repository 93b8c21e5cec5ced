//! The messages of the protocol, as text.

use async_graphql::{Request, Response, ServerError, Value};
use axum::extract::ws::{Message, Utf8Bytes};

use crate::http::{json, request};

/// What a client says.
#[derive(Debug)]
pub enum Said {
    /// Who it is.
    Init {
        /// The token, as in the header of the same name.
        authorization: Option<String>,
    },
    /// Whether we are there.
    Ping(Value),
    /// That it is there.
    Pong,
    /// What it wants to know.
    Subscribe {
        /// What it calls the operation.
        id: String,
        /// The operation.
        request: Box<Request>,
    },
    /// That it no longer wants to know.
    Complete {
        /// What it called the operation.
        id: String,
    },
}

/// What a message says. The error is the reason of closing the socket.
pub fn read(text: &str) -> Result<Said, String> {
    let value = serde_json::from_str(text).map_err(|_| "Messages are JSON objects".to_owned())?;
    let Value::Object(mut fields) = value else {
        return Err("Messages are JSON objects".to_owned());
    };
    let payload = fields.swap_remove("payload").unwrap_or_default();
    let Some(Value::String(kind)) = fields.get("type") else {
        return Err("The message has no type".to_owned());
    };
    let id = || match fields.get("id") {
        Some(Value::String(id)) if !id.is_empty() => Ok(id.clone()),
        _ => Err(format!("The message {kind} needs an id")),
    };
    match kind.as_str() {
        "connection_init" => Ok(Said::Init {
            authorization: authorization(&payload)?,
        }),
        "ping" => Ok(Said::Ping(payload)),
        "pong" => Ok(Said::Pong),
        "subscribe" => Ok(Said::Subscribe {
            id: id()?,
            request: Box::new(request::from_value(payload)?),
        }),
        "complete" => Ok(Said::Complete { id: id()? }),
        _ => Err("The type of the message is unknown".to_owned()),
    }
}

fn authorization(payload: &Value) -> Result<Option<String>, String> {
    let fields = match payload {
        Value::Null => return Ok(None),
        Value::Object(fields) => fields,
        _ => return Err("The payload of connection_init must be an object".to_owned()),
    };
    let found = fields
        .iter()
        .find(|(name, _)| name.as_str().eq_ignore_ascii_case("authorization"));
    match found {
        None | Some((_, Value::Null)) => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text.clone())),
        Some(_) => Err("The authorization must be a string".to_owned()),
    }
}

/// The client is known.
pub fn ack() -> Message {
    Message::Text(Utf8Bytes::from_static("{\"type\":\"connection_ack\"}"))
}

/// We are there.
pub fn pong(payload: &Value) -> Message {
    let mut out = b"{\"type\":\"pong\"".to_vec();
    if *payload != Value::Null {
        out.extend_from_slice(b",\"payload\":");
        json::plain_to(&mut out, payload);
    }
    end(out)
}

/// A response of an operation.
pub fn next(id: &str, response: &Response) -> Message {
    let mut out = start("next", id);
    out.extend_from_slice(b",\"payload\":");
    json::write_to(&mut out, response);
    end(out)
}

/// An operation has failed.
pub fn error(id: &str, errors: &[ServerError]) -> Message {
    let mut out = start("error", id);
    out.extend_from_slice(b",\"payload\":");
    json::errors_to(&mut out, errors);
    end(out)
}

/// An operation has ended.
pub fn complete(id: &str) -> Message {
    end(start("complete", id))
}

fn start(kind: &str, id: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    out.extend_from_slice(b"{\"type\":\"");
    out.extend_from_slice(kind.as_bytes());
    out.extend_from_slice(b"\",\"id\":");
    json::plain_to(&mut out, &id);
    out
}

fn end(mut out: Vec<u8>) -> Message {
    out.push(b'}');
    // It is UTF-8 by the way it was made; a socket would be closed for anything else.
    let text = Utf8Bytes::try_from(out);
    Message::Text(text.unwrap_or_else(|_| Utf8Bytes::from_static("{}")))
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;
    use crate::http::answer::refused;

    fn text(message: &Message) -> &str {
        message.to_text().unwrap()
    }

    #[test]
    fn messages_are_understood() {
        let init = r#"{"type":"connection_init","payload":{"Authorization":"Bearer x"}}"#;
        assert!(
            matches!(read(init), Ok(Said::Init { authorization: Some(token) }) if token == "Bearer x")
        );
        let bare = r#"{"type":"connection_init"}"#;
        assert!(matches!(
            read(bare),
            Ok(Said::Init {
                authorization: None
            })
        ));
        let subscribe = r#"{"type":"subscribe","id":"1","payload":{"query":"{a}"}}"#;
        assert!(
            matches!(read(subscribe), Ok(Said::Subscribe { id, request }) if id == "1" && request.query == "{a}")
        );
        let complete = r#"{"type":"complete","id":"1"}"#;
        assert!(matches!(read(complete), Ok(Said::Complete { id }) if id == "1"));
    }

    #[test]
    fn others_are_refused() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"start"}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":""}}"#,
            r#"{"type":"connection_init","payload":"x"}"#,
            r#"{"type":"connection_init","payload":{"authorization":1}}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn messages_are_written() {
        assert_eq!(text(&ack()), r#"{"type":"connection_ack"}"#);
        assert_eq!(text(&pong(&Value::Null)), r#"{"type":"pong"}"#);
        assert_eq!(
            text(&pong(&value!({"a": 1}))),
            r#"{"type":"pong","payload":{"a":1}}"#
        );
        assert_eq!(
            text(&next("a\"", &Response::new(value!({"b": 2})))),
            r#"{"type":"next","id":"a\"","payload":{"data":{"b":2}}}"#
        );
        assert_eq!(
            text(&error("1", &refused("NOT_FOUND", "Gone.").errors)),
            r#"{"type":"error","id":"1","payload":[{"message":"Gone.","extensions":{"code":"NOT_FOUND"}}]}"#
        );
        assert_eq!(text(&complete("1")), r#"{"type":"complete","id":"1"}"#);
    }
}

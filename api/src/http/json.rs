//! A GraphQL response as JSON text, for all transports.
//!
//! The graph answers a root field with finished JSON text (a *raw* value); that text is sent as it
//! stands, without being read again.

use std::io::Write as _;

use async_graphql::{Response, ServerError, Value};
use async_graphql_value::RAW_VALUE_TOKEN;
use bytes::Bytes;
use serde::Serialize;

use super::answer::is_refusal;

/// The response as JSON text.
pub fn write(response: &Response) -> Bytes {
    let mut out = Vec::with_capacity(256 + raw_length(&response.data));
    write_to(&mut out, response);
    out.into()
}

/// The responses of a batch as a JSON list.
pub fn write_list(responses: &[Response]) -> Bytes {
    let mut out = Vec::with_capacity(256 * responses.len());
    out.push(b'[');
    for (index, response) in responses.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_to(&mut out, response);
    }
    out.push(b']');
    out.into()
}

/// Appends the response as JSON text.
pub fn write_to(out: &mut Vec<u8>, response: &Response) {
    out.push(b'{');
    // Errors first: people who read responses should not have to look for them.
    if !response.errors.is_empty() {
        out.extend_from_slice(b"\"errors\":");
        errors_to(out, &response.errors);
        out.push(b',');
    }
    if is_refusal(response) {
        // Nothing ran, so there is no data, not even null. The comma after the errors goes.
        out.pop();
    } else {
        out.extend_from_slice(b"\"data\":");
        data_to(out, &response.data);
    }
    if !response.extensions.is_empty() {
        out.extend_from_slice(b",\"extensions\":");
        plain_to(out, &response.extensions);
    }
    out.push(b'}');
}

/// Appends errors as a JSON array.
pub fn errors_to(out: &mut Vec<u8>, errors: &[ServerError]) {
    plain_to(out, &errors);
}

/// Appends a value that `serde_json` writes.
pub fn plain_to<T: Serialize>(out: &mut Vec<u8>, value: &T) {
    let start = out.len();
    if let Err(error) = serde_json::to_writer(&mut *out, value) {
        // Only map keys that are no strings can fail, and there are none.
        tracing::error!(%error, "a value cannot be written as JSON");
        out.truncate(start);
        out.extend_from_slice(b"null");
    }
}

fn data_to(out: &mut Vec<u8>, data: &Value) {
    let Value::Object(fields) = data else {
        return plain_to(out, data);
    };
    if raw(data).is_some() {
        return value_to(out, data);
    }
    let mut separator = b'{';
    for (key, value) in fields {
        out.push(separator);
        separator = b',';
        // The names of GraphQL need no escapes.
        let _ = write!(out, "\"{key}\":");
        value_to(out, value);
    }
    if fields.is_empty() {
        out.push(b'{');
    }
    out.push(b'}');
}

fn value_to(out: &mut Vec<u8>, value: &Value) {
    match raw(value) {
        Some(text) => out.extend_from_slice(text.as_bytes()),
        None => plain_to(out, value),
    }
}

/// The text of a raw value.
fn raw(value: &Value) -> Option<&str> {
    match value {
        Value::Object(fields) if fields.len() == 1 => match fields.get(RAW_VALUE_TOKEN) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

fn raw_length(data: &Value) -> usize {
    match data {
        Value::Object(fields) => fields
            .values()
            .filter_map(raw)
            .map(|text| text.len() + 32)
            .sum(),
        _ => 0,
    }
}

/// Whether a client's value poses as a raw one; it must not come in, as it would go out unread.
pub fn poses_as_raw(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields
            .iter()
            .any(|(key, value)| key == RAW_VALUE_TOKEN || poses_as_raw(value)),
        Value::List(items) => items.iter().any(poses_as_raw),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{ErrorExtensionValues, Name, PathSegment, indexmap::IndexMap, value};

    use super::*;

    fn text(response: &Response) -> String {
        String::from_utf8(write(response).to_vec()).unwrap()
    }

    fn raw_value(json: &str) -> Value {
        let mut object = IndexMap::new();
        object.insert(Name::new(RAW_VALUE_TOKEN), Value::from(json));
        Value::Object(object)
    }

    #[test]
    fn raw_values_are_sent_as_they_stand() {
        let mut data = IndexMap::new();
        data.insert(Name::new("orders"), raw_value("[ 1.50 ]"));
        data.insert(Name::new("viewer"), value!({"name": "Zo\u{eb}\n"}));
        data.insert(Name::new("none"), Value::Null);
        assert_eq!(
            text(&Response::new(Value::Object(data))),
            "{\"data\":{\"orders\":[ 1.50 ],\"viewer\":{\"name\":\"Zo\u{eb}\\n\"},\"none\":null}}"
        );
        assert_eq!(
            text(&Response::new(raw_value("{\"a\":1}"))),
            "{\"data\":{\"a\":1}}"
        );
        assert_eq!(
            text(&Response::new(Value::Object(IndexMap::new()))),
            "{\"data\":{}}"
        );
    }

    #[test]
    fn a_refusal_has_no_data() {
        let mut error = ServerError::new("No.", None);
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", "BAD_USER_INPUT");
        error.extensions = Some(extensions);
        let response = Response::from_errors(vec![error.clone()]).extension("cost", 3.into());
        assert_eq!(
            text(&response),
            "{\"errors\":[{\"message\":\"No.\",\"extensions\":{\"code\":\"BAD_USER_INPUT\"}}],\
             \"extensions\":{\"cost\":3}}"
        );
        error.path = vec![PathSegment::Field("a".to_owned())];
        error.extensions = None;
        assert_eq!(
            text(&Response::from_errors(vec![error])),
            "{\"errors\":[{\"message\":\"No.\",\"path\":[\"a\"]}],\"data\":null}"
        );
    }

    #[test]
    fn impostors_are_found() {
        let posing = Value::List(vec![value!({"a": 1}), raw_value("x")]);
        assert!(poses_as_raw(&posing));
        assert!(!poses_as_raw(&value!({"a": [{"b": "c"}]})));
    }
}

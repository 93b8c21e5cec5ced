//! Keys that make a verb happen once: taken before it, and answered from after it.

use std::collections::BTreeMap;

use async_graphql::Value;
use sea_orm::Value as Sql;
use serde_json::{Map, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::fault::{Fault, UserError};
use super::perform::Done;
use super::{Act, Declaration, Outcome};
use crate::database;
use crate::graph::failure::Failure;

/// How long the answer to an idempotency key is kept.
const KEY_LIFETIME: &str = "24 hours";
/// The longest idempotency key.
pub(super) const MAX_KEY: usize = 255;

/// What became of a key.
pub(super) enum Claim {
    /// It is this request's.
    New,
    /// This was answered to it before.
    Known(Done),
    /// It came with another input, or what it came with still runs.
    Refused(UserError),
}

const CLAIM: &str = "insert into core.idempotency_keys \
    (biz_id, actor_id, key, operation, request_digest, expires_at) \
    values ($1, $2, $3, $4, $5, now() + $6::text::interval) \
    on conflict (biz_id, actor_id, key) do update \
    set operation = excluded.operation, request_digest = excluded.request_digest, \
        state = 'in_progress', response = null, completed_at = null, expires_at = excluded.expires_at \
    where idempotency_keys.expires_at < now() returning 1";

/// Takes the key for this request, or finds what was answered to it before. A second request with
/// the key waits here until the first has ended.
pub(super) async fn claim(
    act: &Act<'_>,
    declaration: &Declaration,
    key: &str,
    input: &Value,
) -> Result<Claim, Fault<String>> {
    let (biz, actor) = (act.scope.biz_id(), act.principal()?.actor_id());
    let digest = digest(&declaration.name, input);
    let values: [Sql; 6] = [
        biz.into(),
        actor.into(),
        key.into(),
        declaration.name.as_str().into(),
        digest.clone().into(),
        KEY_LIFETIME.into(),
    ];
    let refused = |code: &str, message: &str, retryable| {
        Ok(Claim::Refused(UserError {
            code: code.to_owned(),
            message: message.to_owned(),
            field: vec!["idempotencyKey".to_owned()],
            retryable,
            values: Map::new(),
        }))
    };
    match act.scope.query(CLAIM, &values).await {
        Ok(rows) if !rows.is_empty() => return Ok(Claim::New),
        Ok(_) => {}
        Err(database::Error::LockTimeout) => {
            return refused(
                "IDEMPOTENCY_IN_FLIGHT",
                "The request with this idempotency key is still running; try again shortly.",
                true,
            );
        }
        Err(error) => return Err(error.into()),
    }
    let sql = "select request_digest, response from core.idempotency_keys \
               where biz_id = $1 and actor_id = $2 and key = $3";
    let row = act.scope.query_opt(sql, &values[..3]).await?;
    let row = row.ok_or_else(|| Failure::internal("an idempotency key vanished"))?;
    if row.try_get::<_, Vec<u8>>(0)? != digest {
        return refused(
            "IDEMPOTENCY_MISMATCH",
            "This idempotency key came before, with another input; take a new key.",
            false,
        );
    }
    let response: Option<serde_json::Value> = row.try_get(1)?;
    let response =
        response.ok_or_else(|| Failure::internal("an idempotency key without an answer"))?;
    Ok(Claim::Known(recall(declaration, &response)))
}

/// The outcome that was kept under a key.
fn recall(declaration: &Declaration, response: &serde_json::Value) -> Done {
    // A part may hold several rows, so they are kept as pairs.
    let row = |pair: &serde_json::Value| {
        let field = pair[0].as_str()?;
        let mut parts = declaration.payload.iter();
        let part = parts.find(|part| part.field() == field)?;
        Some((part.field(), pair[1].as_str()?.parse::<Uuid>().ok()?))
    };
    let pairs = response["rows"].as_array().into_iter().flatten();
    let rows = pairs.filter_map(row).collect();
    let values = response["values"].as_object().cloned().unwrap_or_default();
    Done {
        outcome: Outcome {
            rows,
            values,
            ..Outcome::default()
        },
        cursor: response["cursor"].as_str().map(str::to_owned),
        replayed: true,
    }
}

/// A digest of an input that does not depend on the order of its keys.
fn digest(operation: &str, input: &Value) -> Vec<u8> {
    fn add(value: &Value, hash: &mut Sha256) {
        match value {
            Value::Object(fields) => {
                hash.update(b"{");
                let sorted: BTreeMap<&str, &Value> = fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), value))
                    .collect();
                for (name, value) in sorted {
                    hash.update(json!(name).to_string());
                    add(value, hash);
                }
                hash.update(b"}");
            }
            Value::List(items) => {
                hash.update(b"[");
                for item in items {
                    add(item, hash);
                    hash.update(b",");
                }
                hash.update(b"]");
            }
            // An enum value and a string of a variable are the same thing written twice.
            Value::Enum(name) => hash.update(json!(name.as_str()).to_string()),
            other => hash.update(other.to_string()),
        }
    }
    let mut hash = Sha256::new();
    hash.update(operation);
    add(input, &mut hash);
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: serde_json::Value) -> Value {
        Value::from_json(json).unwrap()
    }

    #[test]
    fn the_digest_ignores_the_order_of_keys_and_nothing_else() {
        let one = digest("x", &value(json!({"a": 1, "b": [1, 2]})));
        assert_eq!(one, digest("x", &value(json!({"b": [1, 2], "a": 1}))));
        assert_ne!(one, digest("x", &value(json!({"a": 1, "b": [2, 1]}))));
        assert_ne!(one, digest("y", &value(json!({"a": 1, "b": [1, 2]}))));
        assert_ne!(one, digest("x", &value(json!({"a": "1", "b": [1, 2]}))));
    }
}

//! What happens around every verb.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Value;
use sea_orm::Value as Sql;
use serde_json::{Map, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::fault::{Fault, UserError, violation};
use super::payload::Payload;
use super::{Act, Declaration, FollowUp, Outcome, Part, Permission};
use crate::database::{self, new_id};
use crate::graph::failure::Failure;
use crate::graph::session::{Caller, Client, Session, Shared};
use crate::identity::{Principal, Proof};

/// How often a transaction is tried that loses against concurrent ones.
const ATTEMPTS: u32 = 8;
/// How long the answer to an idempotency key is kept.
const KEY_LIFETIME: &str = "24 hours";
/// The longest idempotency key.
const MAX_KEY: usize = 255;

/// What a caller wants of a verb.
pub struct Request<'a> {
    /// The verb's input, without what all inputs have.
    pub input: Value,
    /// The idempotency key, if one was given.
    pub key: Option<&'a str>,
    /// Whether nothing is to be kept.
    pub dry_run: bool,
}

/// What was done.
pub struct Done {
    /// What the verb did.
    pub outcome: Outcome,
    /// The position of its event.
    pub cursor: Option<String>,
    /// Whether it was done when the key first came.
    pub replayed: bool,
}

/// Does what a verb is asked in the name of a principal, without a document: for clock work, which
/// acts as [`Principal::program`]. The value is the verb's input as the graph has it; the key makes
/// it happen once.
pub async fn carry_out(
    shared: &Arc<Shared>,
    principal: Principal,
    declaration: &Declaration,
    input: Value,
    key: Option<&str>,
) -> Result<Done, Fault<String>> {
    let client = Client {
        request_id: new_id(),
        ip: None,
        user_agent: None,
        idempotency_key: None,
    };
    let caller = Caller::Principal(Arc::new(principal));
    let session = Session::new(Arc::clone(shared), caller, client);
    let mut attempt = 0;
    loop {
        attempt += 1;
        match carry_out_once(&session, declaration, &input, key).await {
            Err(Fault::Database(error)) if error.is_retryable() && attempt < ATTEMPTS => {
                tokio::time::sleep(pause(attempt)).await;
            }
            Err(Fault::Database(error)) => {
                return Err(match problem(declaration, &input, &error) {
                    Some(error) => Fault::Problem(error),
                    None => Fault::Database(error),
                });
            }
            done => return done,
        }
    }
}

async fn carry_out_once(
    session: &Session,
    declaration: &Declaration,
    input: &Value,
    key: Option<&str>,
) -> Result<Done, Fault<String>> {
    let database = &session.shared.database;
    let scope = database
        .write(session.principal()?, session.client.request_id)
        .await?;
    let act = Act {
        scope: &scope,
        session,
    };
    if let Some(key) = key {
        match claim(&act, declaration, key, input).await? {
            Claim::New => {}
            Claim::Known(done) => return Ok(done),
            Claim::Refused(error) => return Err(Fault::Problem(error)),
        }
    }
    let mut outcome = (declaration.run)(&act, input.clone()).await?;
    let cursor = record(&act, declaration, key, &outcome).await?;
    let follow_up = outcome.follow_up.take();
    scope.commit().await?;
    session.shared.feed.wake();
    if let Some(FollowUp(follow)) = follow_up {
        outcome
            .values
            .extend(follow(Arc::clone(&session.shared)).await?);
    }
    Ok(Done {
        outcome,
        cursor,
        replayed: false,
    })
}

/// Does what a verb is asked, and gives the JSON of its payload.
pub async fn perform(
    session: &Session,
    declaration: &Declaration,
    request: Request<'_>,
    payload: &Payload<'_>,
) -> Result<String, Failure> {
    permit(session, declaration.permission)?;
    if request
        .key
        .is_some_and(|key| key.is_empty() || key.len() > MAX_KEY)
    {
        return Err(Failure::input(format!(
            "idempotencyKey must have 1 to {MAX_KEY} characters."
        )));
    }
    let mut attempt = 0;
    loop {
        attempt += 1;
        match once(session, declaration, &request, payload).await {
            Ok(json) => return Ok(json),
            Err(Fault::Database(error)) if error.is_retryable() && attempt < ATTEMPTS => {
                tracing::debug!(
                    verb = declaration.name,
                    attempt,
                    "lost against a concurrent transaction; again"
                );
                tokio::time::sleep(pause(attempt)).await;
            }
            Err(Fault::Problem(error) | Fault::Kept(error)) => return payload.refused(&error),
            Err(Fault::Failure(failure)) => return Err(failure),
            Err(Fault::Database(error)) => match problem(declaration, &request.input, &error) {
                Some(error) => return payload.refused(&error),
                None => return Err(error.into()),
            },
        }
    }
}

fn permit(session: &Session, permission: Permission) -> Result<(), Failure> {
    match permission {
        Permission::Anyone => Ok(()),
        Permission::SignedIn => session.principal().map(drop),
        Permission::Holds(code) => {
            if session.principal()?.may(code) {
                Ok(())
            } else {
                Err(Failure::forbidden(code))
            }
        }
    }
}

/// A growing pause of random length, so that those who met once do not meet again.
fn pause(attempt: u32) -> Duration {
    let most = 5_u64 << attempt.min(6);
    Duration::from_millis(rand::random_range(1..=most))
}

/// The user error that a refusal of the database stands for.
fn problem(declaration: &Declaration, input: &Value, error: &database::Error) -> Option<UserError> {
    match error {
        database::Error::Violation(broken) => {
            let own = declaration
                .constraints
                .iter()
                .find(|(name, _)| *name == broken.constraint);
            let mut error = violation(broken)?;
            for field in &mut error.field {
                let named = declaration
                    .fields
                    .iter()
                    .find(|(column, _)| column == field);
                if let Some((_, input)) = named {
                    (*input).clone_into(field);
                }
            }
            if let (Some((_, code)), Value::Object(given)) = (own, input) {
                error.code.clone_from(code);
                // What the verb itself writes is no field of the input.
                error
                    .field
                    .retain(|field| given.contains_key(field.as_str()));
            }
            Some(error)
        }
        database::Error::Data(message) => Some(UserError {
            code: "INVALID".to_owned(),
            message: format!("A value does not fit: {message}."),
            field: Vec::new(),
            retryable: false,
            values: Map::new(),
        }),
        _ => None,
    }
}

async fn once(
    session: &Session,
    declaration: &Declaration,
    request: &Request<'_>,
    payload: &Payload<'_>,
) -> Result<String, Fault<String>> {
    let database = &session.shared.database;
    let scope = match declaration.permission {
        Permission::Holds(_) => {
            database
                .write(session.principal()?, session.client.request_id)
                .await?
        }
        Permission::Anyone | Permission::SignedIn => {
            database.platform_when_needed(session.client.request_id)
        }
    };
    let act = Act {
        scope: &scope,
        session,
    };
    let key = request
        .key
        .filter(|_| !request.dry_run && matches!(declaration.permission, Permission::Holds(_)));
    if let Some(key) = key {
        match claim(&act, declaration, key, &request.input).await? {
            Claim::New => {}
            Claim::Known(done) => {
                let json = payload.write(session, &scope, &done).await?;
                return Ok(json);
            }
            Claim::Refused(error) => return Err(Fault::Problem(error)),
        }
    }
    let mut outcome = match (declaration.run)(&act, request.input.clone()).await {
        Err(Fault::Kept(error)) if !request.dry_run => {
            scope.commit().await?;
            return Err(Fault::Kept(error));
        }
        outcome => outcome?,
    };
    let cursor = record(&act, declaration, key, &outcome).await?;
    let forget = outcome.forget;
    let follow_up = outcome.follow_up.take();
    let become_principal = outcome.principal.clone();
    let mut done = Done {
        outcome,
        cursor: cursor.filter(|_| !request.dry_run),
        replayed: false,
    };
    if let Some(FollowUp(follow)) = follow_up.filter(|_| !request.dry_run) {
        scope.commit().await?;
        session.shared.feed.wake();
        let added = follow(Arc::clone(&session.shared)).await?;
        done.outcome.values.extend(added);
        // Of whoever is not signed in, the payload is values alone.
        let scope = match session.principal() {
            Ok(principal) => database.read_after_write(principal).await?,
            Err(_) => database.platform_when_needed(session.client.request_id),
        };
        return Ok(payload.write(session, &scope, &done).await?);
    }
    if request.dry_run {
        // What is checked at the end of a transaction is checked now.
        scope.execute("set constraints all immediate", &[]).await?;
    }
    let principal = become_principal.as_deref().or(session.principal().ok());
    if let Some(principal) = principal
        && !matches!(declaration.permission, Permission::Holds(_))
    {
        // The platform's door sees all tenants; who reads the answer sees one.
        scope.assume(principal).await?;
    }
    let json = match principal {
        Some(principal) => payload.write_as(session, principal, &scope, &done).await?,
        None => payload.write(session, &scope, &done).await?,
    };
    if request.dry_run {
        scope.rollback().await?;
        return Ok(json);
    }
    scope.commit().await?;
    session.shared.feed.wake();
    if let Some(forget) = forget {
        session.shared.identity.forget(forget);
    }
    Ok(json)
}

enum Claim {
    New,
    Known(Done),
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
async fn claim(
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

const RECORD: &str = "with event as ( \
      insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
      values ($1, $2, $3, $4, $5, $6) returning transaction_id::text || '-' || seq as cursor), \
    entry as ( \
      insert into audit.audit_events (biz_id, id, actor_type, actor_id, action, subject_type, subject_id, before, after, ip) \
      values ($1, $7, $8, $9, $3, $4, $5, $10, $6, $11)), \
    kept as ( \
      update core.idempotency_keys set state = 'completed', completed_at = now(), \
        response = $12::jsonb || jsonb_build_object('cursor', (select cursor from event)) \
      where biz_id = $1 and actor_id = $13 and key = $14) \
    select cursor from event";

const KEEP: &str = "update core.idempotency_keys \
    set state = 'completed', completed_at = now(), response = $2 \
    where biz_id = $1 and actor_id = $3 and key = $4";

/// Writes event, audit entry and the answer to the key, in one statement.
async fn record(
    act: &Act<'_>,
    declaration: &Declaration,
    key: Option<&str>,
    outcome: &Outcome,
) -> Result<Option<String>, Fault<String>> {
    let principal = outcome
        .principal
        .as_deref()
        .or(act.session.principal().ok());
    let event = declaration.event.as_deref();
    let Some((topic, (subject_type, subject_id))) = event.zip(subject(declaration, outcome)) else {
        // Nothing happened that others must know; who asks again is answered as before all the same.
        if let Some((key, principal)) = key.zip(principal) {
            let values = [
                act.scope.biz_id().into(),
                answer(declaration, outcome).into(),
                principal.actor_id().into(),
                key.into(),
            ];
            act.scope.execute(KEEP, &values).await?;
        }
        return Ok(None);
    };
    let (actor_type, actor) = actor(principal);
    let values: [Sql; 14] = [
        act.scope.biz_id().into(),
        new_id().into(),
        topic.into(),
        subject_type.into(),
        subject_id.into(),
        serde_json::Value::Object(outcome.details.clone()).into(),
        new_id().into(),
        actor_type.into(),
        Sql::Uuid(actor),
        Sql::Json(outcome.before.clone().map(Box::new)),
        Sql::String(act.session.client.ip.clone()),
        answer(declaration, outcome).into(),
        Sql::Uuid(principal.map(Principal::actor_id)),
        Sql::String(key.map(str::to_owned)),
    ];
    let row = act.scope.query_opt(RECORD, &values).await?;
    let row = row.ok_or_else(|| Failure::internal("an event without a cursor"))?;
    Ok(Some(row.try_get(0)?))
}

fn subject(declaration: &Declaration, outcome: &Outcome) -> Option<(&'static str, Uuid)> {
    outcome.subject.or_else(|| {
        let (field, id) = outcome.rows.first()?;
        declaration.payload.iter().find_map(|part| match part {
            Part::Row(name, entity, _) if name == field => Some((*entity, *id)),
            _ => None,
        })
    })
}

fn actor(principal: Option<&Principal>) -> (&'static str, Option<Uuid>) {
    match principal.map(|principal| (principal.proof(), principal.user_id())) {
        Some((Proof::ApiKey(id), _)) => ("api_key", Some(id)),
        Some((_, Some(user))) => ("user", Some(user)),
        _ => ("system", None),
    }
}

/// What is kept under a key: everything but secrets, which are shown once.
fn answer(declaration: &Declaration, outcome: &Outcome) -> serde_json::Value {
    let rows: Vec<serde_json::Value> = outcome
        .rows
        .iter()
        .map(|(field, id)| json!([field, id]))
        .collect();
    let secret = |name: &str| {
        declaration
            .payload
            .iter()
            .any(|part| matches!(part, Part::Secret(field, ..) if *field == name))
    };
    let values: Map<String, serde_json::Value> = outcome
        .values
        .iter()
        .filter(|(name, _)| !secret(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    json!({ "rows": rows, "values": values })
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

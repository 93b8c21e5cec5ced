//! What happens around every verb.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::Value;
use serde_json::Map;

use super::fault::{Fault, UserError, violation};
use super::idempotency::{Claim, MAX_KEY, claim};
use super::payload::Payload;
use super::record::record;
use super::{Act, Declaration, FollowUp, Outcome, Permission};
use crate::database::{self, new_id};
use crate::graph::failure::Failure;
use crate::graph::session::{Caller, Client, Session, Shared};
use crate::identity::Principal;

/// How often a transaction is tried that loses against concurrent ones.
const ATTEMPTS: u32 = 8;

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

//! Sessions: families of refresh tokens of which one is current, and the answer of every verb that
//! signs someone in.

use std::sync::Arc;

use sea_orm::Value;
use uuid::Uuid;

use crate::database::{self, Scope, new_id};
use crate::graph::failure::{Code, Failure};
use crate::graph::verb::{Act, Fault, Outcome, Part};
use crate::identity::token::{Access, Secret};
use crate::identity::{Proof, principal_of};

/// How long a refresh token can be exchanged.
const LIFETIME: &str = "30 days";
/// The longest description of a device that is kept.
const LONGEST_DEVICE: usize = 500;

/// What a verb that signs someone in answers.
pub const SIGNED_IN: &[Part] = &[
    Part::Secret(
        "accessToken",
        "String",
        "Proves who calls, for 15 minutes: `Authorization: Bearer ...`.",
    ),
    Part::Secret(
        "refreshToken",
        "String",
        "To be exchanged by tokenRefresh for a new pair, once, within 30 days.",
    ),
    Part::Value("expiresAt", "DateTime", "When the access token ends."),
    Part::Row("user", "User", "Who has signed in."),
    Part::Row("biz", "Biz", "The tenant that the tokens are for."),
];

/// The current token of a family.
#[derive(Clone, Copy, Debug)]
pub struct Current {
    /// The row.
    pub id: Uuid,
    /// The family, which tokens name as the session.
    pub family: Uuid,
    /// How often the token was exchanged, and one.
    pub generation: i32,
    /// Who is signed in.
    pub user_id: Uuid,
}

/// Signs a user in to a tenant: a new session, and the answer.
pub async fn open<P>(act: &Act<'_>, user_id: Uuid, biz_id: Uuid) -> Result<Outcome, Fault<P>> {
    let id = new_id();
    let first = Current {
        id,
        family: id,
        generation: 1,
        user_id,
    };
    answer(act, first, biz_id).await
}

/// Exchanges the current token of a family, whose row is locked, for the next.
pub async fn rotate<P>(act: &Act<'_>, current: Current, biz_id: Uuid) -> Result<Outcome, Fault<P>> {
    let next = Current {
        id: new_id(),
        generation: current.generation + 1,
        ..current
    };
    let sql = "update identity.sessions set rotated_at = now(), replaced_by_id = $2 where id = $1";
    act.scope
        .execute(sql, &[current.id.into(), next.id.into()])
        .await?;
    answer(act, next, biz_id).await
}

const INSERT: &str = "insert into identity.sessions \
    (id, user_id, family_id, generation, refresh_token_hash, active_biz_id, user_agent, ip, expires_at) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9::text::interval)";

async fn answer<P>(act: &Act<'_>, session: Current, biz_id: Uuid) -> Result<Outcome, Fault<P>> {
    let (refresh, client) = (Secret::random()?, &act.session.client);
    let device = client.user_agent.as_deref().map(|text| {
        let end = text.floor_char_boundary(LONGEST_DEVICE);
        text[..end].to_owned()
    });
    let values: [Value; 9] = [
        session.id.into(),
        session.user_id.into(),
        session.family.into(),
        session.generation.into(),
        refresh.digest.into(),
        biz_id.into(),
        Value::String(device),
        Value::String(client.ip.clone()),
        LIFETIME.into(),
    ];
    act.scope.execute(INSERT, &values).await?;
    if act.scope.biz_id() != biz_id {
        act.scope.enter(biz_id, Some(session.user_id)).await?;
    }
    let principal = principal_of(act.scope, session.family, biz_id).await?;
    let principal = principal.ok_or_else(|| {
        Failure::new(
            Code::Unauthenticated,
            "This account cannot sign in there any more.",
        )
    })?;
    let access = Access {
        user_id: session.user_id,
        biz_id,
        session_id: session.family,
    };
    let tokens = &act.session.shared.identity.tokens;
    let (token, until) = tokens.issue(&access, act.scope.now())?;
    let until = until.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let outcome = Outcome {
        subject: Some(("Session", session.id)),
        principal: Some(Arc::new(principal)),
        ..Outcome::row("user", session.user_id)
    };
    Ok(outcome
        .and_row("biz", biz_id)
        .and_value("accessToken", token)
        .and_value("refreshToken", refresh.text)
        .and_value("expiresAt", until))
}

/// Holds a family until the transaction ends, so that it is not exchanged and ended at once: the
/// first token of a family is there for as long as the family.
pub async fn lock(scope: &Scope, family: Uuid) -> Result<(), database::Error> {
    let sql = "select 1 from identity.sessions where id = $1 for update";
    scope.query(sql, &[family.into()]).await.map(drop)
}

/// The current token of a family that is locked.
pub async fn current(scope: &Scope, family: Uuid) -> Result<Option<Current>, database::Error> {
    let sql = "select id, generation, user_id from identity.sessions \
               where family_id = $1 and rotated_at is null and revoked_at is null";
    let Some(row) = scope.query_opt(sql, &[family.into()]).await? else {
        return Ok(None);
    };
    Ok(Some(Current {
        id: row.try_get(0)?,
        family,
        generation: row.try_get(1)?,
        user_id: row.try_get(2)?,
    }))
}

/// Ends a family; says which row was its current one, unless it had ended before.
pub async fn end(
    scope: &Scope,
    family: Uuid,
    reason: &str,
) -> Result<Option<Uuid>, database::Error> {
    lock(scope, family).await?;
    let sql = "update identity.sessions set revoked_at = now(), revoke_reason = $2 \
               where family_id = $1 and rotated_at is null and revoked_at is null returning id";
    let row = scope
        .query_opt(sql, &[family.into(), reason.into()])
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// The user and the session that the caller came with; a key and the program have none.
pub fn own(act: &Act<'_>) -> Result<(Uuid, Uuid), Failure> {
    let principal = act.principal()?;
    match (principal.user_id(), principal.proof()) {
        (Some(user), Proof::Session(session)) => Ok((user, session)),
        _ => Err(Failure::new(
            Code::Forbidden,
            "This is for people who have signed in; an API key has no session.",
        )),
    }
}

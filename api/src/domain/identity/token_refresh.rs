//! `tokenRefresh`.

use async_graphql::{Enum, InputObject};
use uuid::Uuid;

use super::sessions::{self, Current};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Problem as Broken, Verb};
use crate::identity::token::digest;
use crate::identity::{Forget, principal_of};

/// Exchanges a refresh token for a new pair of tokens. Each can be exchanged once: one that comes
/// again was stolen from one of two holders, and ends the session for both.
#[derive(InputObject)]
pub struct TokenRefreshInput {
    /// The refresh token that was given last.
    pub refresh_token: String,
}

/// Why the token was not exchanged.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "TokenRefreshErrorCode")]
pub enum TokenRefreshProblem {
    /// This is no refresh token of ours.
    InvalidToken,
    /// The token was exchanged before; the session has been ended, for safety.
    TokenReused,
    /// The session was ended, or not used for too long: sign in again.
    SessionEnded,
    /// You do not work in this business any more: sign in to another.
    NotAMember,
}

use TokenRefreshProblem as Problem;

/// The verb.
pub struct TokenRefresh;

impl Verb for TokenRefresh {
    type Input = TokenRefreshInput;
    type Problem = Problem;

    const NAME: &'static str = "tokenRefresh";
    const PERMISSION: Permission = Permission::Anyone;
    // Every quarter of an hour, for everyone: no event, and no line in the audit.
    const EVENT: Option<&'static str> = None;
    const PAYLOAD: &'static [Part] = sessions::SIGNED_IN;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let identity = &act.session.shared.identity;
        let address = act.session.client.ip.as_deref();
        let attempt = identity.attempts.admit(None, address).await?;
        let found = find(act, &digest(&input.refresh_token)).await?;
        let session = found.current;
        if found.was_exchanged {
            let ended = sessions::end(act.scope, session.family, "token_reused").await?;
            if ended.is_some() {
                tracing::warn!(session = %session.family, "a refresh token came again: its session is ended");
                identity.forget(Forget::Session(session.family));
                let text = "This refresh token was exchanged before: the session is ended for safety. Sign in again.";
                return Err(Fault::Kept(broken(Problem::TokenReused, text)));
            }
        }
        if found.was_exchanged || found.has_ended {
            let text = "The session has ended: sign in again.";
            return Err(Fault::Problem(broken(Problem::SessionEnded, text)));
        }
        let biz_id = found.biz_id.unwrap_or_default();
        if principal_of(act.scope, session.family, biz_id)
            .await?
            .is_none()
        {
            let text = "You do not work in this business any more.";
            return Err(Fault::Problem(broken(Problem::NotAMember, text)));
        }
        attempt.turned_out_well();
        sessions::rotate(act, session, biz_id).await
    }
}

fn broken(code: Problem, message: &str) -> Broken<Problem> {
    Broken {
        code,
        message: message.to_owned(),
        field: Vec::new(),
        retryable: false,
        values: serde_json::Map::new(),
    }
}

struct Found {
    current: Current,
    biz_id: Option<Uuid>,
    was_exchanged: bool,
    has_ended: bool,
}

/// The row of a token, read after its family is locked: of two exchanges at once the second sees
/// what the first did.
async fn find(act: &Act<'_>, digest: &[u8]) -> Result<Found, Fault<Problem>> {
    let unknown = || Fault::problem(Problem::InvalidToken, "This is no refresh token of ours.");
    let token = || digest.to_vec().into();
    let sql = "select family_id from identity.sessions where refresh_token_hash = $1";
    let row = act.scope.query_opt(sql, &[token()]).await?;
    let family: Uuid = row.ok_or_else(unknown)?.try_get(0)?;
    sessions::lock(act.scope, family).await?;
    let sql = "select id, generation, user_id, active_biz_id, rotated_at is not null, \
                      revoked_at is not null or expires_at <= now() \
               from identity.sessions where refresh_token_hash = $1";
    let row = act.scope.query_opt(sql, &[token()]).await?;
    let row = row.ok_or_else(unknown)?;
    Ok(Found {
        current: Current {
            id: row.try_get(0)?,
            family,
            generation: row.try_get(1)?,
            user_id: row.try_get(2)?,
        },
        biz_id: row.try_get(3)?,
        was_exchanged: row.try_get(4)?,
        has_ended: row.try_get(5)?,
    })
}

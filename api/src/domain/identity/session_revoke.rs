//! `sessionRevoke`.

use async_graphql::{Enum, InputObject};
use entities::identity::session;
use uuid::Uuid;

use super::sessions;
use crate::graph::scalars::Id;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::Forget;

/// Ends a session of yours on another device, such as one that was lost.
#[derive(InputObject)]
pub struct SessionRevokeInput {
    /// The session.
    pub session_id: Id<session::Entity>,
}

/// Why the session was not ended.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SessionRevokeErrorCode")]
pub enum SessionRevokeProblem {
    /// The session had ended before.
    SessionEnded,
}

/// The verb.
pub struct SessionRevoke;

impl Verb for SessionRevoke {
    type Input = SessionRevokeInput;
    type Problem = SessionRevokeProblem;

    const NAME: &'static str = "sessionRevoke";
    const PERMISSION: Permission = Permission::SignedIn;
    const EVENT: Option<&'static str> = Some("identity.session_revoked");
    const PAYLOAD: &'static [Part] = &[Part::Row("session", "Session", "The session as it ended.")];

    async fn run(
        act: &Act<'_>,
        input: Self::Input,
    ) -> Result<Outcome, Fault<SessionRevokeProblem>> {
        let (user, own) = sessions::own(act)?;
        act.scope
            .enter(act.principal()?.biz_id(), Some(user))
            .await?;
        let sql = "select family_id from identity.sessions where id = $1 and user_id = $2";
        let values = [input.session_id.uuid().into(), user.into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("session"))?;
        let family: Uuid = row.try_get(0)?;
        let reason = if family == own {
            "signed_out"
        } else {
            "signed_out_elsewhere"
        };
        let ended = sessions::end(act.scope, family, reason).await?;
        let ended = ended.ok_or_else(|| {
            Fault::problem(
                SessionRevokeProblem::SessionEnded,
                "This session had ended before.",
            )
        })?;
        Ok(Outcome {
            forget: Some(Forget::Session(family)),
            ..Outcome::row("session", ended)
        })
    }
}

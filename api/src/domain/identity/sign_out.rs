//! `signOut`.

use async_graphql::{Enum, InputObject};
use uuid::Uuid;

use super::sessions;
use crate::database::{self, Scope};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::Forget;

/// Ends the session that the request came with: neither its access tokens nor its refresh token
/// open anything any more.
#[derive(InputObject)]
pub struct SignOutInput {
    /// Whether to end your sessions on all other devices, too; no, if not given.
    pub everywhere: Option<bool>,
}

/// Why you could not be signed out.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SignOutErrorCode")]
pub enum SignOutProblem {
    /// The session had ended before.
    SessionEnded,
}

/// The verb.
pub struct SignOut;

impl Verb for SignOut {
    type Input = SignOutInput;
    type Problem = SignOutProblem;

    const NAME: &'static str = "signOut";
    const PERMISSION: Permission = Permission::SignedIn;
    const EVENT: Option<&'static str> = Some("identity.signed_out");
    const PAYLOAD: &'static [Part] = &[Part::Row("session", "Session", "The session as it ended.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<SignOutProblem>> {
        let (user, family) = sessions::own(act)?;
        act.scope
            .enter(act.principal()?.biz_id(), Some(user))
            .await?;
        if input.everywhere == Some(true) {
            for other in families(act.scope, user).await? {
                if other != family {
                    sessions::end(act.scope, other, "signed_out_elsewhere").await?;
                }
            }
        }
        let ended = sessions::end(act.scope, family, "signed_out").await?;
        let ended = ended.ok_or_else(|| {
            Fault::problem(
                SignOutProblem::SessionEnded,
                "The session had ended before.",
            )
        })?;
        Ok(Outcome {
            forget: Some(Forget::User(user)),
            ..Outcome::row("session", ended)
        })
    }
}

/// The sessions of a user that have not ended, in the order in which they are locked.
async fn families(scope: &Scope, user: Uuid) -> Result<Vec<Uuid>, database::Error> {
    let sql = "select family_id from identity.sessions \
        where user_id = $1 and rotated_at is null and revoked_at is null order by family_id";
    let rows = scope.query(sql, &[user.into()]).await?;
    let read = |row: &tokio_postgres::Row| Ok(row.try_get(0)?);
    rows.iter().map(read).collect()
}

//! `signIn`.

use async_graphql::{Enum, InputObject};
use uuid::Uuid;

use super::{sessions, store};
use crate::database::{self, Scope};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::password::is_outdated;

/// How many businesses a message names.
const NAMED: usize = 20;

/// Signs in with mail address and password. After several wrong attempts the next must wait.
#[derive(InputObject)]
pub struct SignInInput {
    /// Your mail address.
    pub email: String,
    /// Your password.
    pub password: String,
    /// The short name of the business; not needed by who works in one alone.
    pub biz_slug: Option<String>,
}

/// Why nobody was signed in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SignInErrorCode")]
pub enum SignInProblem {
    /// There is no account with this mail address and password. Which of the two is wrong is not
    /// told.
    InvalidCredentials,
    /// The account is locked or closed.
    AccountLocked,
    /// You work in several businesses: give `bizSlug`.
    BizRequired,
    /// You do not work in this business, or there is none of this name.
    NotAMember,
}

use SignInProblem as Problem;

/// The verb.
pub struct SignIn;

impl Verb for SignIn {
    type Input = SignInInput;
    type Problem = Problem;

    const NAME: &'static str = "signIn";
    const PERMISSION: Permission = Permission::Anyone;
    const EVENT: Option<&'static str> = Some("identity.signed_in");
    const PAYLOAD: &'static [Part] = sessions::SIGNED_IN;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let identity = &act.session.shared.identity;
        let address = act.session.client.ip.as_deref();
        let attempt = identity.attempts.admit(Some(&input.email), address).await?;
        let account = store::account(act, &input.email).await?;
        let digest = account
            .as_ref()
            .and_then(|account| account.digest.as_deref());
        let matches = identity.passwords.matches(&input.password, digest).await?;
        // Everything below is told only to who knows the password.
        let Some(account) = account.as_ref().filter(|_| matches) else {
            let text = "Mail address or password is wrong.";
            return Err(Fault::problem(Problem::InvalidCredentials, text));
        };
        attempt.turned_out_well();
        if !account.is_active {
            let text = "This account is locked.";
            return Err(Fault::problem(Problem::AccountLocked, text));
        }
        let newer = match digest {
            Some(digest) if is_outdated(digest) => {
                Some(identity.passwords.digest(&input.password).await?)
            }
            _ => None,
        };
        let biz_id = workplace(act.scope, account.user_id, input.biz_slug.as_deref()).await?;
        let sql = "update identity.user_identities \
                   set last_used_at = now(), secret_phc = coalesce($2, secret_phc) \
                   where user_id = $1 and provider = 'password'";
        let values = [account.user_id.into(), sea_orm::Value::String(newer)];
        act.scope.execute(sql, &values).await?;
        sessions::open(act, account.user_id, biz_id).await
    }
}

/// The business to sign in to.
async fn workplace(scope: &Scope, user: Uuid, slug: Option<&str>) -> Result<Uuid, Fault<Problem>> {
    let all = workplaces(scope, user).await?;
    let refused = |code, text: String| Err(Fault::at(code, "bizSlug", text));
    if let Some(slug) = slug {
        let slug = slug.trim().to_lowercase();
        return match all.iter().find(|(_, known)| *known == slug) {
            Some((id, _)) => Ok(*id),
            None => refused(
                Problem::NotAMember,
                format!("You do not work in a business called {slug}."),
            ),
        };
    }
    match &all[..] {
        [] => refused(
            Problem::NotAMember,
            "You do not work in any business.".to_owned(),
        ),
        [(id, _)] => Ok(*id),
        several => {
            let names: Vec<&str> = several
                .iter()
                .map(|(_, slug)| slug.as_str())
                .take(NAMED)
                .collect();
            let text = format!("You work in several businesses: {}.", names.join(", "));
            refused(Problem::BizRequired, text)
        }
    }
}

/// The businesses where a user works, by their short names.
pub async fn workplaces(scope: &Scope, user: Uuid) -> Result<Vec<(Uuid, String)>, database::Error> {
    let sql = "select b.id, b.slug from identity.members m \
        join core.bizes b on b.id = m.biz_id and b.status <> 'closed' \
        where m.user_id = $1 and m.status = 'active' and m.deleted_at is null order by b.slug";
    let rows = scope.query(sql, &[user.into()]).await?;
    let read = |row: &tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?));
    rows.iter().map(read).collect()
}

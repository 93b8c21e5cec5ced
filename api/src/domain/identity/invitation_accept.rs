//! `invitationAccept`.

use async_graphql::{Enum, InputObject};
use uuid::Uuid;

use super::provision::{add_member, give_role};
use super::{sessions, store};
use crate::database::{self, Scope, new_id};
use crate::graph::failure::Failure;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::Forget;
use crate::identity::password::weakness;
use crate::identity::token::digest;

/// Joins a business by an invitation, and signs in. Who has an account gives its password; for who
/// has none, one is made.
#[derive(InputObject)]
pub struct InvitationAcceptInput {
    /// The token of the invitation.
    pub token: String,
    /// The password of your account, or of the one to be made: 10 to 256 characters.
    pub password: String,
    /// Your name as you write it, for an account that is to be made.
    pub full_name: Option<String>,
    /// The mail address of your account; that to which the invitation was sent, if not given.
    pub email: Option<String>,
}

/// Why nobody joined.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "InvitationAcceptErrorCode")]
pub enum InvitationAcceptProblem {
    /// There is no such invitation, or it was taken up, taken back, or has expired.
    InvalidInvitation,
    /// There is an account with this mail address, and this is not its password.
    InvalidCredentials,
    /// The account is locked or closed.
    AccountLocked,
    /// This is no mail address.
    InvalidEmail,
    /// There is already an account with this mail address: try again with its password.
    EmailTaken,
    /// The password is too short, too long, or too easy to guess.
    WeakPassword,
    /// A new account needs a name.
    FullNameRequired,
    /// You work in this business already.
    AlreadyAMember,
}

use InvitationAcceptProblem as Problem;

/// The verb.
pub struct InvitationAccept;

impl Verb for InvitationAccept {
    type Input = InvitationAcceptInput;
    type Problem = Problem;

    const NAME: &'static str = "invitationAccept";
    const PERMISSION: Permission = Permission::Anyone;
    const EVENT: Option<&'static str> = Some("identity.invitation_accepted");
    const PAYLOAD: &'static [Part] = sessions::SIGNED_IN;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("users_email_normalized_key", Problem::EmailTaken),
        ("users_email_normalized_check", Problem::InvalidEmail),
        ("members_user_id_key", Problem::AlreadyAMember),
    ];
    const FIELDS: &'static [(&'static str, &'static str)] = &[("emailNormalized", "email")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let identity = &act.session.shared.identity;
        let address = act.session.client.ip.as_deref();
        let token = digest(&input.token);
        // One invitation is one name to guess the password of.
        let attempt = identity.attempts.admit(Some(&input.token), address).await?;
        let sent_to = sent_to(act, &token).await?.ok_or_else(unknown)?;
        let email = input.email.as_deref().unwrap_or(&sent_to);
        let user = user(act, email, &input).await?;
        let invitation = claim(act.scope, &token).await?.ok_or_else(unknown)?;
        let (user_id, biz_id) = (user.id(), invitation.biz_id);
        act.scope.enter(biz_id, Some(user_id)).await?;
        if let User::New { id, digest, name } = &user {
            store::add_user(act.scope, *id, email, name, digest).await?;
        }
        let member = join(act.scope, user_id, &invitation).await?;
        let sql = "update identity.invitations \
            set status = 'accepted', accepted_at = now(), accepted_by_id = $3 where biz_id = $1 and id = $2";
        let values = [biz_id.into(), invitation.id.into(), user_id.into()];
        act.scope.execute(sql, &values).await?;
        attempt.turned_out_well();
        let outcome = sessions::open(act, user_id, biz_id).await?;
        Ok(Outcome {
            subject: Some(("Member", member)),
            forget: Some(Forget::User(user_id)),
            ..outcome
        })
    }
}

fn unknown() -> Fault<Problem> {
    let text = "There is no such invitation, or it is no longer open.";
    Fault::at(Problem::InvalidInvitation, "token", text)
}

/// Whoever joins.
enum User {
    Known(Uuid),
    New {
        id: Uuid,
        digest: String,
        name: String,
    },
}

impl User {
    fn id(&self) -> Uuid {
        match self {
            Self::Known(id) | Self::New { id, .. } => *id,
        }
    }
}

/// The account of the mail address, whose password this must be, or one that is to be made.
async fn user(
    act: &Act<'_>,
    email: &str,
    input: &InvitationAcceptInput,
) -> Result<User, Fault<Problem>> {
    let passwords = &act.session.shared.identity.passwords;
    if let Some(account) = store::account(act, email).await? {
        let digest = account.digest.as_deref();
        if !passwords.matches(&input.password, digest).await? {
            let text = "This is not the password of your account.";
            return Err(Fault::at(Problem::InvalidCredentials, "password", text));
        }
        if !account.is_active {
            let text = "This account is locked.";
            return Err(Fault::problem(Problem::AccountLocked, text));
        }
        return Ok(User::Known(account.user_id));
    }
    let Some(name) = input.full_name.clone() else {
        let text = "A new account needs your name.";
        return Err(Fault::at(Problem::FullNameRequired, "fullName", text));
    };
    if let Some(why) = weakness(&input.password, email) {
        return Err(Fault::at(Problem::WeakPassword, "password", why));
    }
    Ok(User::New {
        id: new_id(),
        digest: passwords.digest(&input.password).await?,
        name,
    })
}

/// Where an open invitation was sent; in a transaction of its own, as a password comes next.
async fn sent_to(act: &Act<'_>, token: &[u8]) -> Result<Option<String>, Failure> {
    let session = act.session;
    let database = &session.shared.database;
    let scope = database.platform(session.client.request_id).await?;
    let sql = "select email from identity.invitations \
               where token_hash = $1 and status = 'pending' and expires_at > now()";
    let row = scope.query_opt(sql, &[token.to_vec().into()]).await?;
    let email = row.map(|row| row.try_get(0)).transpose();
    let email = email.map_err(database::Error::from)?;
    scope.rollback().await?;
    Ok(email)
}

struct Invitation {
    biz_id: Uuid,
    id: Uuid,
    role_id: Uuid,
    invited_by: Option<Uuid>,
}

/// Locks an open invitation: of two who hold its token, one joins.
async fn claim(scope: &Scope, token: &[u8]) -> Result<Option<Invitation>, database::Error> {
    let sql = "select i.biz_id, i.id, i.role_id, i.invited_by_id from identity.invitations i \
        join core.bizes b on b.id = i.biz_id and b.status <> 'closed' \
        where i.token_hash = $1 and i.status = 'pending' and i.expires_at > now() for update of i";
    let Some(row) = scope.query_opt(sql, &[token.to_vec().into()]).await? else {
        return Ok(None);
    };
    Ok(Some(Invitation {
        biz_id: row.try_get(0)?,
        id: row.try_get(1)?,
        role_id: row.try_get(2)?,
        invited_by: row.try_get(3)?,
    }))
}

/// Makes the user a member; one who was removed comes back, without the roles of old.
async fn join(
    scope: &Scope,
    user_id: Uuid,
    invitation: &Invitation,
) -> Result<Uuid, Fault<Problem>> {
    let (biz_id, role_id) = (invitation.biz_id, invitation.role_id);
    let sql = "select id, status::text from identity.members \
               where biz_id = $1 and user_id = $2 for update";
    let known = scope
        .query_opt(sql, &[biz_id.into(), user_id.into()])
        .await?;
    let member = match known {
        None => add_member(scope, biz_id, user_id, role_id).await?,
        Some(row) => {
            let (member, status): (Uuid, String) = (row.try_get(0)?, row.try_get(1)?);
            let steps = match status.as_str() {
                "removed" => &["invited", "active"][..],
                "invited" => &["active"][..],
                _ => {
                    let text = "You work in this business already.";
                    return Err(Fault::problem(Problem::AlreadyAMember, text));
                }
            };
            for step in steps {
                let sql = "update identity.members set status = $3, deleted_at = null, \
                    joined_at = coalesce(joined_at, now()) where biz_id = $1 and id = $2";
                let values = [biz_id.into(), member.into(), (*step).into()];
                scope.execute(sql, &values).await?;
            }
            give_role(scope, biz_id, member, role_id).await?;
            member
        }
    };
    let sql = "insert into identity.member_locations (biz_id, member_id, location_id) \
        select i.biz_id, $3::uuid, i.location_id from identity.invitation_locations i \
        where i.biz_id = $1 and i.invitation_id = $2 on conflict do nothing";
    let values = [biz_id.into(), invitation.id.into(), member.into()];
    scope.execute(sql, &values).await?;
    let sql = "update identity.members set invited_by_id = $3 where biz_id = $1 and id = $2";
    let by = sea_orm::Value::Uuid(invitation.invited_by);
    scope
        .execute(sql, &[biz_id.into(), member.into(), by])
        .await?;
    Ok(member)
}

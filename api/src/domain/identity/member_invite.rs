//! `memberInvite`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use sea_orm::Value;
use uuid::Uuid;

use super::{MANAGE_MEMBERS, store};
use crate::database::{self, Scope, new_id};
use crate::graph::scalars::Id;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::token::Secret;

/// How long an invitation can be taken up.
const LIFETIME: &str = "7 days";

/// Invites someone to work here in a role. The token in the answer is shown once; whoever holds it
/// joins with invitationAccept, within 7 days.
#[derive(InputObject)]
pub struct MemberInviteInput {
    /// Where the invitation is sent.
    pub email: String,
    /// The code of the role that the new member gets, such as `front_desk`.
    pub role_code: String,
    /// The locations where the new member will work; all of them if none are given.
    pub location_ids: Option<Vec<Id<location::Entity>>>,
}

/// Why nobody was invited.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MemberInviteErrorCode")]
pub enum MemberInviteProblem {
    /// This is no mail address.
    InvalidEmail,
    /// Whoever has this mail address works here already.
    AlreadyAMember,
    /// An invitation to this mail address is open already.
    AlreadyInvited,
    /// There is no such role, or it is archived.
    UnknownRole,
    /// There is no such location.
    UnknownLocation,
    /// The role permits more than you may do yourself, or at other locations.
    BeyondOwnPermissions,
}

use MemberInviteProblem as Problem;

/// The verb.
pub struct MemberInvite;

impl Verb for MemberInvite {
    type Input = MemberInviteInput;
    type Problem = Problem;

    const NAME: &'static str = "memberInvite";
    const PERMISSION: Permission = Permission::Holds(MANAGE_MEMBERS);
    const EVENT: Option<&'static str> = Some("identity.member_invited");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("invitation", "Invitation", "The invitation."),
        Part::Secret(
            "token",
            "String",
            "What the invited person joins with. It is shown only now.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("invitations_email_check", Problem::InvalidEmail),
        ("invitations_pending_key", Problem::AlreadyInvited),
        (
            "invitation_locations_location_id_fkey",
            Problem::UnknownLocation,
        ),
    ];
    const FIELDS: &'static [(&'static str, &'static str)] = &[("locationId", "locationIds")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let email = store::normal_email(&input.email);
        let role_id = store::role_of(act.scope, &input.role_code).await?;
        let role_id = role_id.ok_or_else(|| {
            let text = format!("There is no role {}.", input.role_code);
            Fault::at(Problem::UnknownRole, "roleCode", text)
        })?;
        let locations: Vec<Uuid> = input.location_ids.iter().flatten().map(Id::uuid).collect();
        let permissions = store::permissions_of_role(act.scope, role_id, &locations).await?;
        store::within_own(act, &permissions, Problem::BeyondOwnPermissions)?;
        if is_member(act.scope, &email).await? {
            let text = "Whoever has this mail address works here already.";
            return Err(Fault::at(Problem::AlreadyAMember, "email", text));
        }
        let (id, secret) = (new_id(), Secret::random()?);
        invite(act.scope, id, role_id, &email, &secret).await?;
        let sql = "insert into identity.invitation_locations (biz_id, invitation_id, location_id) \
                   select distinct $1::uuid, $2::uuid, l from unnest($3::uuid[]) as l";
        let values = [act.scope.biz_id().into(), id.into(), locations.into()];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("invitation", id).and_value("token", secret.text))
    }
}

async fn is_member(scope: &Scope, email: &str) -> Result<bool, database::Error> {
    let sql = "select 1 from identity.users u join identity.members m on m.user_id = u.id \
        where m.biz_id = $1 and u.email_normalized = normalize($2, nfc) and m.status <> 'removed'";
    let values = [scope.biz_id().into(), email.into()];
    Ok(scope.query_opt(sql, &values).await?.is_some())
}

/// Writes the invitation; one that was not taken up in time makes way.
async fn invite(
    scope: &Scope,
    id: Uuid,
    role_id: Uuid,
    email: &str,
    secret: &Secret,
) -> Result<(), database::Error> {
    let sql = "update identity.invitations set status = 'expired' where biz_id = $1 \
        and email = normalize($2, nfc) and status = 'pending' and expires_at <= now()";
    scope
        .execute(sql, &[scope.biz_id().into(), email.into()])
        .await?;
    let sql = "insert into identity.invitations \
        (biz_id, id, role_id, invited_by_id, email, token_hash, expires_at) \
        values ($1, $2, $3, $4, normalize($5, nfc), $6, now() + $7::text::interval)";
    let values: [Value; 7] = [
        scope.biz_id().into(),
        id.into(),
        role_id.into(),
        Value::Uuid(scope.user_id()),
        email.into(),
        secret.digest.clone().into(),
        LIFETIME.into(),
    ];
    scope.execute(sql, &values).await.map(drop)
}

//! `invitationRevoke`.

use async_graphql::{Enum, InputObject};
use entities::identity::invitation;
use uuid::Uuid;

use super::{MANAGE_MEMBERS, store};
use crate::graph::scalars::Id;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes an invitation back that nobody has taken up yet.
#[derive(InputObject)]
pub struct InvitationRevokeInput {
    /// The invitation.
    pub invitation_id: Id<invitation::Entity>,
}

/// Why the invitation still stands.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "InvitationRevokeErrorCode")]
pub enum InvitationRevokeProblem {
    /// The invitation is not open: it was taken up, taken back, or has expired.
    NotOpen,
    /// The invitation is to a role that permits more than you may do yourself.
    BeyondOwnPermissions,
}

use InvitationRevokeProblem as Problem;

/// The verb.
pub struct InvitationRevoke;

impl Verb for InvitationRevoke {
    type Input = InvitationRevokeInput;
    type Problem = Problem;

    const NAME: &'static str = "invitationRevoke";
    const PERMISSION: Permission = Permission::Holds(MANAGE_MEMBERS);
    const EVENT: Option<&'static str> = Some("identity.invitation_revoked");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "invitation",
        "Invitation",
        "The invitation as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (biz, id) = (act.scope.biz_id(), input.invitation_id.uuid());
        let sql = "select i.role_id, i.status = 'pending', \
                array(select l.location_id from identity.invitation_locations l \
                      where l.biz_id = i.biz_id and l.invitation_id = i.id) \
            from identity.invitations i where i.biz_id = $1 and i.id = $2 for update of i";
        let row = act.scope.query_opt(sql, &[biz.into(), id.into()]).await?;
        let row = row.ok_or_else(|| Fault::not_found("invitation"))?;
        let (role_id, is_open): (Uuid, bool) = (row.try_get(0)?, row.try_get(1)?);
        let locations: Vec<Uuid> = row.try_get(2)?;
        if !is_open {
            return Err(Fault::problem(
                Problem::NotOpen,
                "This invitation is not open.",
            ));
        }
        let permissions = store::permissions_of_role(act.scope, role_id, &locations).await?;
        store::within_own(act, &permissions, Problem::BeyondOwnPermissions)?;
        let sql =
            "update identity.invitations set status = 'revoked' where biz_id = $1 and id = $2";
        act.scope.execute(sql, &[biz.into(), id.into()]).await?;
        Ok(Outcome::row("invitation", id))
    }
}

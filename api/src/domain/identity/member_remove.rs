//! `memberRemove`.

use async_graphql::{Enum, InputObject};
use entities::identity::member;

use super::{MANAGE_MEMBERS, store};
use crate::graph::scalars::Id;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::Forget;

/// Ends a membership: the roles are gone, what the member did stays. By a new invitation the same
/// person can come back.
#[derive(InputObject)]
pub struct MemberRemoveInput {
    /// The member.
    pub member_id: Id<member::Entity>,
    /// Why, in a sentence.
    pub reason: Option<String>,
}

/// Why the member was not removed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MemberRemoveErrorCode")]
pub enum MemberRemoveProblem {
    /// The member was removed before.
    WrongStatus,
    /// A reason has 2,000 characters at most.
    ReasonTooLong,
    /// The member may do more than you.
    BeyondOwnPermissions,
    /// The last owner cannot leave: make someone else an owner first.
    LastOwner,
}

use MemberRemoveProblem as Problem;

/// The verb.
pub struct MemberRemove;

impl Verb for MemberRemove {
    type Input = MemberRemoveInput;
    type Problem = Problem;

    const NAME: &'static str = "memberRemove";
    const PERMISSION: Permission = Permission::Holds(MANAGE_MEMBERS);
    const EVENT: Option<&'static str> = Some("identity.member_removed");
    const PAYLOAD: &'static [Part] = &[Part::Row("member", "Member", "The member as it now is.")];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("status_history_reason_check", Problem::ReasonTooLong),
        ("members_last_owner_check", Problem::LastOwner),
        ("member_roles_last_owner_check", Problem::LastOwner),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let member = store::lock_member(act, input.member_id.uuid()).await?;
        if member.status == "removed" {
            let text = "This member was removed before.";
            return Err(Fault::at(Problem::WrongStatus, "memberId", text));
        }
        let permissions = store::permissions_of_member(act.scope, member.id).await?;
        store::within_own(act, &permissions, Problem::BeyondOwnPermissions)?;
        if let Some(reason) = &input.reason {
            act.scope.set_reason(reason.trim()).await?;
        }
        let values = [act.scope.biz_id().into(), member.id.into()];
        for sql in [
            "delete from identity.member_roles where biz_id = $1 and member_id = $2",
            "delete from identity.member_locations where biz_id = $1 and member_id = $2",
            "update identity.members set status = 'removed', deleted_at = now() \
             where biz_id = $1 and id = $2",
        ] {
            act.scope.execute(sql, &values).await?;
        }
        Ok(Outcome {
            forget: Some(Forget::Biz(act.scope.biz_id())),
            ..Outcome::row("member", member.id)
        })
    }
}

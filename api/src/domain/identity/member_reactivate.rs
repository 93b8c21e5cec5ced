//! `memberReactivate`.

use async_graphql::{Enum, InputObject};
use entities::identity::member;

use super::{MANAGE_MEMBERS, store};
use crate::graph::scalars::Id;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::Forget;

/// Lets a suspended member in again, with the roles of before.
#[derive(InputObject)]
pub struct MemberReactivateInput {
    /// The member.
    pub member_id: Id<member::Entity>,
}

/// Why the member was not let in again.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MemberReactivateErrorCode")]
pub enum MemberReactivateProblem {
    /// The member is not suspended. Who was removed is invited again.
    WrongStatus,
    /// The member may do more than you.
    BeyondOwnPermissions,
}

use MemberReactivateProblem as Problem;

/// The verb.
pub struct MemberReactivate;

impl Verb for MemberReactivate {
    type Input = MemberReactivateInput;
    type Problem = Problem;

    const NAME: &'static str = "memberReactivate";
    const PERMISSION: Permission = Permission::Holds(MANAGE_MEMBERS);
    const EVENT: Option<&'static str> = Some("identity.member_reactivated");
    const PAYLOAD: &'static [Part] = &[Part::Row("member", "Member", "The member as it now is.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let member = store::lock_member(act, input.member_id.uuid()).await?;
        if member.status != "suspended" {
            let text = "This member is not suspended.";
            return Err(Fault::at(Problem::WrongStatus, "memberId", text));
        }
        let permissions = store::permissions_of_member(act.scope, member.id).await?;
        store::within_own(act, &permissions, Problem::BeyondOwnPermissions)?;
        store::set_status(act.scope, member.id, "active").await?;
        Ok(Outcome {
            forget: Some(Forget::Biz(act.scope.biz_id())),
            ..Outcome::row("member", member.id)
        })
    }
}

//! `memberSuspend`.

use async_graphql::{Enum, InputObject};
use entities::identity::member;

use super::{MANAGE_MEMBERS, store};
use crate::graph::scalars::Id;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::Forget;

/// Keeps a member out for the time being; roles and history are kept.
#[derive(InputObject)]
pub struct MemberSuspendInput {
    /// The member.
    pub member_id: Id<member::Entity>,
    /// Why, in a sentence.
    pub reason: String,
}

/// Why the member was not suspended.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MemberSuspendErrorCode")]
pub enum MemberSuspendProblem {
    /// Only an active member can be suspended.
    WrongStatus,
    /// A reason must be given, of 2,000 characters at most.
    ReasonRequired,
    /// The member may do more than you.
    BeyondOwnPermissions,
    /// The last owner cannot leave: make someone else an owner first.
    LastOwner,
}

use MemberSuspendProblem as Problem;

/// The verb.
pub struct MemberSuspend;

impl Verb for MemberSuspend {
    type Input = MemberSuspendInput;
    type Problem = Problem;

    const NAME: &'static str = "memberSuspend";
    const PERMISSION: Permission = Permission::Holds(MANAGE_MEMBERS);
    const EVENT: Option<&'static str> = Some("identity.member_suspended");
    const PAYLOAD: &'static [Part] = &[Part::Row("member", "Member", "The member as it now is.")];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("status_history_reason_check", Problem::ReasonRequired),
        ("members_last_owner_check", Problem::LastOwner),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        if input.reason.trim().is_empty() {
            let text = "A reason is required.";
            return Err(Fault::at(Problem::ReasonRequired, "reason", text));
        }
        let member = store::lock_member(act, input.member_id.uuid()).await?;
        if member.status != "active" {
            let text = "Only an active member can be suspended.";
            return Err(Fault::at(Problem::WrongStatus, "memberId", text));
        }
        let permissions = store::permissions_of_member(act.scope, member.id).await?;
        store::within_own(act, &permissions, Problem::BeyondOwnPermissions)?;
        act.scope.set_reason(input.reason.trim()).await?;
        store::set_status(act.scope, member.id, "suspended").await?;
        Ok(Outcome {
            forget: Some(Forget::Biz(act.scope.biz_id())),
            ..Outcome::row("member", member.id)
        })
    }
}

//! `loyaltySuspend`, `loyaltyReactivate` and `loyaltyClose`.

use async_graphql::{Enum, InputObject};
use entities::entitlements::loyalty_membership;

use super::store::{Member, lock};
use crate::entitlements::ADJUST;
use crate::entitlements::wallet::locked::{candidates, lock_one};
use crate::entitlements::wallet::rules::Taken;
use crate::entitlements::wallet::uses::{Why, take_off};
use crate::entitlements::work::{Work, place_of};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PAYLOAD: &[Part] = &[Part::Row(
    "loyaltyMembership",
    "LoyaltyMembership",
    "The member as it now is.",
)];

async fn become_status<P>(
    act: &Act<'_>,
    id: Id<loyalty_membership::Entity>,
    reason: &str,
    status: &'static str,
) -> Result<Member, Fault<P>> {
    let member = lock(Work::of(act), id.uuid()).await?;
    let member = member.ok_or_else(|| Fault::not_found("member"))?;
    act.scope.set_reason(reason.trim()).await?;
    let sql =
        "update entitlements.loyalty_memberships set status = $3 where biz_id = $1 and id = $2";
    let values = [act.scope.biz_id().into(), member.id.into(), status.into()];
    act.scope.execute(sql, &values).await?;
    Ok(member)
}

/// Suspends a member: points are neither earned nor used for now.
#[derive(InputObject)]
pub struct LoyaltySuspendInput {
    /// The member.
    pub id: Id<loyalty_membership::Entity>,
    /// Why.
    pub reason: String,
}

/// Why the member was not suspended.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "LoyaltySuspendErrorCode")]
pub enum LoyaltySuspendProblem {
    /// The member has left.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb `loyaltySuspend`.
pub struct LoyaltySuspend;

impl Verb for LoyaltySuspend {
    type Input = LoyaltySuspendInput;
    type Problem = LoyaltySuspendProblem;

    const NAME: &'static str = "loyaltySuspend";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("loyalty.suspended");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[
        (
            "loyalty_memberships_status_transition_check",
            LoyaltySuspendProblem::WrongStatus,
        ),
        (
            "loyalty_memberships_status_reason_check",
            LoyaltySuspendProblem::ReasonRequired,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let member = become_status(act, input.id, &input.reason, "suspended").await?;
        Ok(Outcome::row("loyaltyMembership", member.id))
    }
}

/// Lets a suspended member earn and use points again.
#[derive(InputObject)]
pub struct LoyaltyReactivateInput {
    /// The member.
    pub id: Id<loyalty_membership::Entity>,
}

/// Why the member stays suspended.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "LoyaltyReactivateErrorCode")]
pub enum LoyaltyReactivateProblem {
    /// The member has left.
    WrongStatus,
}

/// The verb `loyaltyReactivate`.
pub struct LoyaltyReactivate;

impl Verb for LoyaltyReactivate {
    type Input = LoyaltyReactivateInput;
    type Problem = LoyaltyReactivateProblem;

    const NAME: &'static str = "loyaltyReactivate";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("loyalty.reactivated");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[(
        "loyalty_memberships_status_transition_check",
        LoyaltyReactivateProblem::WrongStatus,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let member = become_status(act, input.id, "", "active").await?;
        Ok(Outcome::row("loyaltyMembership", member.id))
    }
}

/// Lets a member leave the programme for good: the points lapse.
#[derive(InputObject)]
pub struct LoyaltyCloseInput {
    /// The member.
    pub id: Id<loyalty_membership::Entity>,
    /// Why.
    pub reason: String,
}

/// Why the member did not leave.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "LoyaltyCloseErrorCode")]
pub enum LoyaltyCloseProblem {
    /// The member has left already.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb `loyaltyClose`.
pub struct LoyaltyClose;

impl Verb for LoyaltyClose {
    type Input = LoyaltyCloseInput;
    type Problem = LoyaltyCloseProblem;

    const NAME: &'static str = "loyaltyClose";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("loyalty.closed");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[
        (
            "loyalty_memberships_status_transition_check",
            LoyaltyCloseProblem::WrongStatus,
        ),
        (
            "loyalty_memberships_status_reason_check",
            LoyaltyCloseProblem::ReasonRequired,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (work, place) = (Work::of(act), place_of(act, ADJUST, None).await?);
        let member = become_status(act, input.id, &input.reason, "closed").await?;
        let found = lock_one(act.scope, member.wallet_id).await?;
        let wallet = found.ok_or_else(|| Fault::not_found("member"))?;
        let all = candidates(act.scope, wallet.id, &place).await?;
        let taken: Vec<Taken> = all
            .iter()
            .map(|one| Taken {
                grant_id: one.id,
                quantity: one.remaining,
            })
            .collect();
        let why = Why {
            kind: "expire",
            key: None,
            note: None,
            source: None,
        };
        take_off(work, &place, &wallet, &taken, &why).await?;
        Ok(Outcome::row("loyaltyMembership", member.id).detail("lapsed_points", wallet.balance))
    }
}

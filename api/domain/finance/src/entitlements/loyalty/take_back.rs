//! `loyaltyTakeBack`.

use async_graphql::{Enum, InputObject};
use entities::entitlements::{entitlement_grant, loyalty_membership};

use super::store::{count, lock};
use crate::entitlements::ADJUST;
use crate::entitlements::wallet::locked::{candidates, lock_one};
use crate::entitlements::wallet::rules::Taken;
use crate::entitlements::wallet::uses::{Why, take_off};
use crate::entitlements::work::{Work, place_of};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes back points that were earned, as of an order that was cancelled: they count neither for the
/// tier nor as ever earned, and what is left of them is gone. A tier that they led to stays until it
/// is judged.
#[derive(InputObject)]
pub struct LoyaltyTakeBackInput {
    /// The member.
    pub id: Id<loyalty_membership::Entity>,
    /// The points, as they were earned.
    pub grant_id: Id<entitlement_grant::Entity>,
    /// Why they are taken back.
    pub reason: String,
}

/// Why they were not taken back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "LoyaltyTakeBackErrorCode")]
pub enum LoyaltyTakeBackProblem {
    /// Nothing is left of these points.
    NothingLeft,
    /// A reason must be given.
    ReasonRequired,
}

use LoyaltyTakeBackProblem as Problem;

/// The verb.
pub struct LoyaltyTakeBack;

impl Verb for LoyaltyTakeBack {
    type Input = LoyaltyTakeBackInput;
    type Problem = Problem;

    const NAME: &'static str = "loyaltyTakeBack";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("loyalty.taken_back");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "loyaltyMembership",
            "LoyaltyMembership",
            "The member as it now is.",
        ),
        Part::Row("grant", "EntitlementGrant", "The points, taken back."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let (work, place) = (Work::of(act), place_of(act, ADJUST, None).await?);
        let member = lock(work, input.id.uuid())
            .await?
            .ok_or_else(|| Fault::not_found("member"))?;
        let wallet = lock_one(act.scope, member.wallet_id)
            .await?
            .ok_or_else(|| Fault::not_found("member"))?;
        let all = candidates(act.scope, wallet.id, &place).await?;
        let Some(one) = all.iter().find(|one| one.id == input.grant_id.uuid()) else {
            return Err(Fault::at(
                Problem::NothingLeft,
                "grantId",
                "Nothing is left of these points.",
            ));
        };
        let taken = [Taken {
            grant_id: one.id,
            quantity: one.remaining,
        }];
        let why = Why {
            kind: "adjust",
            key: None,
            note: Some(reason),
            source: Some(("LoyaltyMembership".to_owned(), member.id)),
        };
        take_off(work, &place, &wallet, &taken, &why).await?;
        count(work, &place, &member).await?;
        let outcome = Outcome::row("loyaltyMembership", member.id).and_row("grant", one.id);
        Ok(outcome.detail("points", one.remaining))
    }
}

//! `loyaltyRedeem`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::entitlements::loyalty_membership;
use sea_orm::Value;
use uuid::Uuid;

use super::rules::worth;
use super::store::{Member, lock};
use crate::entitlements::REDEEM;
use crate::entitlements::refusal::Refusal;
use crate::entitlements::wallet::grants::{NewGrant, give};
use crate::entitlements::wallet::locked::lock_one;
use crate::entitlements::wallet::open::stored_value;
use crate::entitlements::wallet::uses::{Use, burn};
use crate::entitlements::work::{Work, place_of};
use foundation::database::{Error, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Turns points into a reward: what they are worth goes into the customer's wallet of money, and pays
/// from there. Points that lapse soonest go first.
#[derive(InputObject)]
pub struct LoyaltyRedeemInput {
    /// The member.
    pub id: Id<loyalty_membership::Entity>,
    /// How many points.
    pub points: i32,
    /// Where they are turned in.
    pub location_id: Option<Id<location::Entity>>,
}

/// Why they were not turned in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "LoyaltyRedeemErrorCode")]
pub enum LoyaltyRedeemProblem {
    /// The member is suspended or has left.
    NotActive,
    /// The programme asks for more points at once, or so few are worth nothing.
    TooFew,
    /// There are not so many points that have not lapsed.
    Insufficient,
}

use LoyaltyRedeemProblem as Problem;

/// The verb.
pub struct LoyaltyRedeem;

impl Verb for LoyaltyRedeem {
    type Input = LoyaltyRedeemInput;
    type Problem = Problem;

    const NAME: &'static str = "loyaltyRedeem";
    const PERMISSION: Permission = Permission::Holds(REDEEM);
    const EVENT: Option<&'static str> = Some("loyalty.redeemed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "loyaltyMembership",
            "LoyaltyMembership",
            "The member as it now is.",
        ),
        Part::Row("reward", "RewardGrant", "The reward."),
        Part::Row("wallet", "Wallet", "The wallet of money that got it."),
        Part::Value(
            "valueMinor",
            "Long",
            "What the points were worth, in minor units of the programme's currency.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (work, place) = (
            Work::of(act),
            place_of(act, REDEEM, input.location_id.map(|id| id.uuid())).await?,
        );
        let member = lock(work, input.id.uuid())
            .await?
            .ok_or_else(|| Fault::not_found("member"))?;
        if member.status != "active" {
            let text = format!("The member is {}.", member.status);
            return Err(Fault::at(Problem::NotActive, "id", text));
        }
        let program = &member.program;
        let value = worth(input.points.into(), program.burn_points, program.burn_value);
        if input.points < program.min_burn || value <= 0 {
            let text = format!(
                "At least {} points are turned in at once.",
                program.min_burn.max(1)
            );
            return Err(Fault::at(Problem::TooFew, "points", text));
        }
        let wanted = Use {
            wallet_id: member.wallet_id,
            quantity: input.points.into(),
            currency: None,
            service_id: None,
            source: Some(("LoyaltyMembership".to_owned(), member.id)),
            hold_id: None,
            key: None,
            note: None,
            is_posted: true,
        };
        burn(work, &place, &wanted).await.map_err(|failed| {
            failed.fault("points", |refusal| match refusal {
                Refusal::NotOpen => Problem::NotActive,
                _ => Problem::Insufficient,
            })
        })?;
        let wallet_id = stored_value(work, member.customer_id, &program.currency).await?;
        let mut wallet = lock_one(act.scope, wallet_id)
            .await?
            .ok_or_else(|| Fault::not_found("wallet"))?;
        let grant = NewGrant {
            source: Some(("LoyaltyMembership".to_owned(), member.id)),
            ..NewGrant::new("loyalty", value, act.scope.now())
        };
        let grant_id = give(work, &place, &mut wallet, &grant).await?;
        let reward = reward(work, &member, grant_id, value).await?;
        let outcome = Outcome::row("loyaltyMembership", member.id).and_row("reward", reward);
        Ok(outcome
            .and_row("wallet", wallet_id)
            .and_value("valueMinor", value)
            .detail("points", input.points)
            .detail("value_minor", value))
    }
}

const REWARD: &str = "insert into entitlements.reward_grants (biz_id, id, customer_id, origin, status, unit, quantity, currency, \
      wallet_grant_id, source_type, source_id) \
    values ($1, $2, $3, 'loyalty', 'granted', 'money', $4, $5, $6, 'EntitlementGrant', $6)";

async fn reward(
    work: Work<'_>,
    member: &Member,
    grant_id: Uuid,
    value: i64,
) -> Result<Uuid, Error> {
    let id = new_id();
    let values: [Value; 6] = [
        work.biz_id().into(),
        id.into(),
        member.customer_id.into(),
        value.into(),
        member.program.currency.as_str().into(),
        grant_id.into(),
    ];
    work.scope.execute(REWARD, &values).await?;
    Ok(id)
}

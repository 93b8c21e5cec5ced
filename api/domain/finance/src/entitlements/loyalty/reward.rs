//! `rewardGive`, `rewardApprove`, `rewardReject` and `rewardReverse`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use entities::crm::customer;
use entities::entitlements::{loyalty_membership, reward_grant};
use sea_orm::Value;
use uuid::Uuid;

use super::reward_store::{NoWallet, Reward, grant, lock, take_back};
use crate::entitlements::ADJUST;
use crate::entitlements::choices::{RewardOrigin, WalletUnit};
use crate::entitlements::wallet::quantity::quantity;
use crate::entitlements::work::{Work, place_of};
use foundation::database::new_id;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Choice, Id, Instant, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PAYLOAD: &[Part] = &[Part::Row(
    "reward",
    "RewardGrant",
    "The reward as it now is.",
)];

/// Rewards a customer for something, once for what it is for: with money, visits, minutes or points, at once
/// or when it is due.
#[derive(InputObject)]
pub struct RewardGiveInput {
    /// The customer.
    pub customer_id: Id<customer::Entity>,
    /// What it is for.
    pub origin: Choice<RewardOrigin>,
    /// How much money; either this or units.
    pub amount: Option<MoneyInput>,
    /// How many units; either this or amount.
    pub units: Option<i32>,
    /// What units are counted in; points if not given.
    pub unit: Option<Choice<WalletUnit>>,
    /// The order it is for.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// The loyalty membership it is for.
    pub loyalty_membership_id: Option<Id<loyalty_membership::Entity>>,
    /// The new customer who was brought.
    pub brought_customer_id: Option<Id<customer::Entity>>,
    /// When it is given at the earliest; at once if not given.
    pub due_at: Option<Instant>,
    /// Whether somebody decides on it first.
    pub awaits_approval: Option<bool>,
    /// What staff should know about it.
    pub note: Option<String>,
}

/// Why there is no reward.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RewardGiveErrorCode")]
pub enum RewardGiveProblem {
    /// The customer was rewarded for this already.
    AlreadyRewarded,
    /// It must be said what it is for: an order, a membership, or a customer who was brought.
    SourceRequired,
    /// The customer takes part in no loyalty programme that could hold the points.
    NoWallet,
}

/// The verb `rewardGive`.
pub struct RewardGive;

const INSERT: &str = "insert into entitlements.reward_grants (biz_id, id, customer_id, origin, unit, quantity, currency, due_at, note, \
      source_type, source_id) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

impl Verb for RewardGive {
    type Input = RewardGiveInput;
    type Problem = RewardGiveProblem;

    const NAME: &'static str = "rewardGive";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("reward.given");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[(
        "reward_grants_source_key",
        RewardGiveProblem::AlreadyRewarded,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let asked = quantity(input.units, input.amount)?;
        let unit = match (&asked.currency, &input.unit) {
            (Some(_), _) => "money",
            (None, Some(unit)) if unit.0 != "money" => unit.0,
            (None, None) => "points",
            (None, Some(_)) => return Err(Failure::input("Money is given by amount.").into()),
        };
        let sources = [
            input.booking_order_id.map(|id| ("BookingOrder", id.uuid())),
            input
                .loyalty_membership_id
                .map(|id| ("LoyaltyMembership", id.uuid())),
            input.brought_customer_id.map(|id| ("Customer", id.uuid())),
        ];
        let Some((source_type, source_id)) = sources.into_iter().flatten().next() else {
            let text = "Say what it is for: an order, a membership, or a customer who was brought.";
            return Err(Fault::problem(RewardGiveProblem::SourceRequired, text));
        };
        let id = new_id();
        let due_at = input.due_at.map(|instant| instant.0);
        let values: [Value; 11] = [
            act.scope.biz_id().into(),
            id.into(),
            input.customer_id.uuid().into(),
            input.origin.0.into(),
            unit.into(),
            asked.count.into(),
            asked.currency.into(),
            due_at.into(),
            input.note.into(),
            source_type.into(),
            source_id.into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        let waits =
            input.awaits_approval == Some(true) || due_at.is_some_and(|due| due > act.scope.now());
        if !waits {
            give(act, id)
                .await?
                .map_err(|NoWallet| no_wallet(RewardGiveProblem::NoWallet))?;
        }
        Ok(Outcome::row("reward", id).detail("quantity", asked.count))
    }
}

async fn give<P>(act: &Act<'_>, id: Uuid) -> Result<Result<Uuid, NoWallet>, Fault<P>> {
    let place = place_of(act, ADJUST, None).await?;
    let reward = locked(act, id).await?;
    Ok(grant(Work::of(act), &place, &reward).await?)
}

async fn locked<P>(act: &Act<'_>, id: Uuid) -> Result<Reward, Fault<P>> {
    let found = lock(Work::of(act), id).await?;
    found.ok_or_else(|| Fault::not_found("reward"))
}

fn no_wallet<P>(code: P) -> Fault<P> {
    Fault::problem(
        code,
        "The customer takes part in no loyalty programme that could hold the points.",
    )
}

/// Gives a reward that waited, for its condition or for somebody to decide.
#[derive(InputObject)]
pub struct RewardApproveInput {
    /// The reward.
    pub id: Id<reward_grant::Entity>,
}

/// Why it was not given.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RewardApproveErrorCode")]
pub enum RewardApproveProblem {
    /// It was given, rejected or taken back already.
    WrongStatus,
    /// The customer takes part in no loyalty programme that could hold the points.
    NoWallet,
}

/// The verb `rewardApprove`.
pub struct RewardApprove;

impl Verb for RewardApprove {
    type Input = RewardApproveInput;
    type Problem = RewardApproveProblem;

    const NAME: &'static str = "rewardApprove";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("reward.granted");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reward = locked(act, input.id.uuid()).await?;
        if reward.status != "pending" {
            let text = format!("The reward is {} already.", reward.status);
            return Err(Fault::at(RewardApproveProblem::WrongStatus, "id", text));
        }
        give(act, reward.id)
            .await?
            .map_err(|NoWallet| no_wallet(RewardApproveProblem::NoWallet))?;
        Ok(Outcome::row("reward", reward.id))
    }
}

/// Rejects a reward that waits: it is not given.
#[derive(InputObject)]
pub struct RewardRejectInput {
    /// The reward.
    pub id: Id<reward_grant::Entity>,
    /// Why it is not given.
    pub reason: String,
}

/// Why it was not rejected.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RewardRejectErrorCode")]
pub enum RewardRejectProblem {
    /// It was given, rejected or taken back already.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb `rewardReject`.
pub struct RewardReject;

impl Verb for RewardReject {
    type Input = RewardRejectInput;
    type Problem = RewardRejectProblem;

    const NAME: &'static str = "rewardReject";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("reward.rejected");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[
        (
            "reward_grants_status_reason_check",
            RewardRejectProblem::ReasonRequired,
        ),
        (
            "reward_grants_status_transition_check",
            RewardRejectProblem::WrongStatus,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reward = locked(act, input.id.uuid()).await?;
        if reward.status != "pending" {
            let text = format!("The reward is {} already.", reward.status);
            return Err(Fault::at(RewardRejectProblem::WrongStatus, "id", text));
        }
        act.scope.set_reason(input.reason.trim()).await?;
        let sql = "update entitlements.reward_grants set status = 'rejected' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), reward.id.into()];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("reward", reward.id))
    }
}

/// Takes back a reward that was given: what is left of it in the wallet is gone.
#[derive(InputObject)]
pub struct RewardReverseInput {
    /// The reward.
    pub id: Id<reward_grant::Entity>,
    /// Why it is taken back.
    pub reason: String,
}

/// Why it was not taken back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RewardReverseErrorCode")]
pub enum RewardReverseProblem {
    /// It was not given, or was taken back already.
    WrongStatus,
    /// Some of it is held for a cart or an authorization.
    Held,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb `rewardReverse`.
pub struct RewardReverse;

impl Verb for RewardReverse {
    type Input = RewardReverseInput;
    type Problem = RewardReverseProblem;

    const NAME: &'static str = "rewardReverse";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("reward.reversed");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(RewardReverseProblem::ReasonRequired, &input.reason)?;
        let place = place_of(act, ADJUST, None).await?;
        let reward = locked(act, input.id.uuid()).await?;
        if reward.status != "granted" {
            let text = format!("The reward is {}.", reward.status);
            return Err(Fault::at(RewardReverseProblem::WrongStatus, "id", text));
        }
        act.scope.set_reason(reason).await?;
        let Some(left) = take_back(Work::of(act), &place, &reward, reason).await? else {
            let text = "Some of it is held for a cart or an authorization.";
            return Err(Fault::at(RewardReverseProblem::Held, "id", text));
        };
        let sql = "update entitlements.reward_grants set status = 'reversed' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), reward.id.into()];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("reward", reward.id).detail("taken_back", left))
    }
}

//! Holds on value: a part of a wallet or gift card that a cart or an authorization keeps for a while.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::locked::Wallet;
use crate::entitlements::refusal::{Failed, Refusal};
use foundation::database::{Error, Scope, new_id};

/// On what a hold is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A wallet.
    Wallet(Uuid),
    /// A gift card.
    Gift(Uuid),
}

/// A hold to be placed.
#[derive(Clone, Debug)]
pub struct NewHold {
    /// On what.
    pub target: Target,
    /// How much.
    pub quantity: i64,
    /// Until when.
    pub until: DateTime<Utc>,
    /// What for: entity and id.
    pub source: (String, Uuid),
}

const PLACE: &str = "insert into entitlements.value_holds \
      (biz_id, id, wallet_id, gift_instrument_id, quantity, expires_at, source_type, source_id) \
    values ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Places a hold on a locked wallet or gift card. More than there is free, the table refuses.
pub async fn place(scope: &Scope, hold: &NewHold) -> Result<Uuid, Error> {
    let id = new_id();
    let (wallet, gift) = match hold.target {
        Target::Wallet(id) => (Some(id), None),
        Target::Gift(id) => (None, Some(id)),
    };
    let values = [
        scope.biz_id().into(),
        id.into(),
        wallet.into(),
        gift.into(),
        hold.quantity.into(),
        hold.until.into(),
        hold.source.0.as_str().into(),
        hold.source.1.into(),
    ];
    scope.execute(PLACE, &values).await?;
    count(scope, hold.target, hold.quantity).await?;
    Ok(id)
}

/// Counts what is held on a locked wallet or gift card.
pub async fn count(scope: &Scope, target: Target, by: i64) -> Result<(), Error> {
    let (sql, id) = match target {
        Target::Wallet(id) => (
            "update entitlements.wallets set held = held + $3 where biz_id = $1 and id = $2",
            id,
        ),
        Target::Gift(id) => (
            "update entitlements.gift_instruments set held_minor = held_minor + $3 where biz_id = $1 and id = $2",
            id,
        ),
    };
    let values = [scope.biz_id().into(), id.into(), by.into()];
    scope.execute(sql, &values).await.map(drop)
}

const END: &str = "update entitlements.value_holds set status = $3 \
    where biz_id = $1 and id = $2 and status = 'held' and (wallet_id = $4 or gift_instrument_id = $4) returning quantity";

/// Ends a hold of a locked wallet or gift card, and says how much it kept. None where it keeps
/// nothing any more.
pub async fn end(
    scope: &Scope,
    target: Target,
    hold_id: Uuid,
    status: &'static str,
) -> Result<Option<i64>, Error> {
    let (Target::Wallet(id) | Target::Gift(id)) = target;
    let values = [
        scope.biz_id().into(),
        hold_id.into(),
        status.into(),
        id.into(),
    ];
    let Some(row) = scope.query_opt(END, &values).await? else {
        return Ok(None);
    };
    let quantity: i64 = row.try_get(0)?;
    count(scope, target, -quantity).await?;
    Ok(Some(quantity))
}

/// Uses what a hold keeps: up to its quantity; what is left of it is free again.
pub async fn redeem(
    scope: &Scope,
    wallet: &mut Wallet,
    hold_id: Uuid,
    wanted: i64,
) -> Result<(), Failed> {
    let kept = end(scope, Target::Wallet(wallet.id), hold_id, "redeemed").await?;
    let kept = kept.ok_or(Refusal::Expired)?;
    if wanted > kept {
        return Err(Refusal::Insufficient.into());
    }
    wallet.held -= kept;
    Ok(())
}

//! Rewards, locked, given and taken back.

use std::sync::Arc;

use entities::entitlements::reward_grant;
use serde_json::json;
use uuid::Uuid;

use super::reward::RewardApprove;
use super::store::{by_wallet, count};
use crate::entitlements::ADJUST;
use crate::entitlements::books::{self, Account, Entry};
use crate::entitlements::wallet::grants::{NewGrant, give};
use crate::entitlements::wallet::locked::{candidates, lock_one, open_books};
use crate::entitlements::wallet::open::{NewWallet, open, stored_value};
use crate::entitlements::wallet::rules::Taken;
use crate::entitlements::wallet::uses::{Why, take_off};
use crate::entitlements::work::{Place, Work};
use foundation::database::{Error, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::session::Shared;
use foundation::worker::tenants::use_once;

/// A reward that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Reward {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// The customer.
    pub customer_id: Uuid,
    /// What it is for.
    pub origin: String,
    /// What it is counted in.
    pub unit: String,
    /// How much it is.
    pub quantity: i64,
    /// The currency of money.
    pub currency: Option<String>,
    /// The grant it became.
    pub grant_id: Option<Uuid>,
}

/// That a customer has no wallet that could hold points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoWallet;

const LOCK: &str = "select r.id, r.status::text, r.customer_id, r.origin::text, r.unit::text, r.quantity, r.currency::text, r.wallet_grant_id \
    from entitlements.reward_grants r where r.biz_id = $1 and r.id = $2 for no key update";

/// Locks a reward.
pub async fn lock(work: Work<'_>, id: Uuid) -> Result<Option<Reward>, Error> {
    let values = [work.biz_id().into(), id.into()];
    let Some(row) = work.scope.query_opt(LOCK, &values).await? else {
        return Ok(None);
    };
    Ok(Some(Reward {
        id: row.try_get(0)?,
        status: row.try_get(1)?,
        customer_id: row.try_get(2)?,
        origin: row.try_get(3)?,
        unit: row.try_get(4)?,
        quantity: row.try_get(5)?,
        currency: row.try_get(6)?,
        grant_id: row.try_get(7)?,
    }))
}

const WALLET: &str = "select w.id from entitlements.wallets w \
    where w.biz_id = $1 and w.customer_id = $2 and w.unit = $3 and w.purpose in ('pass', 'loyalty') and w.status = 'open' \
    order by w.id limit 1";

/// The wallet of a customer that gets what is given: of money, points, visits or minutes. One is opened
/// where there is none; for points there must be a loyalty membership.
pub async fn wallet_for(
    work: Work<'_>,
    customer_id: Uuid,
    unit: &str,
    currency: Option<&str>,
) -> Result<Option<Uuid>, Error> {
    if let Some(currency) = currency {
        return Ok(Some(stored_value(work, customer_id, currency).await?));
    }
    let values = [work.biz_id().into(), customer_id.into(), unit.into()];
    if let Some(row) = work.scope.query_opt(WALLET, &values).await? {
        return Ok(Some(row.try_get(0)?));
    }
    let unit = match unit {
        "visits" => "visits",
        "minutes" => "minutes",
        _ => return Ok(None),
    };
    let new = NewWallet {
        customer_id: Some(customer_id),
        group_account_id: None,
        purpose: "pass",
        unit,
        currency: None,
    };
    open(work, &new).await.map(Some)
}

/// Gives a reward, and says which grant it became.
pub async fn grant(
    work: Work<'_>,
    place: &Place,
    reward: &Reward,
) -> Result<Result<Uuid, NoWallet>, Error> {
    let currency = reward.currency.as_deref();
    let found = match wallet_for(work, reward.customer_id, &reward.unit, currency).await? {
        Some(id) => lock_one(work.scope, id).await?,
        None => None,
    };
    let Some(mut wallet) = found else {
        return Ok(Err(NoWallet));
    };
    let grant = NewGrant {
        source: Some(("RewardGrant".to_owned(), reward.id)),
        key: Some(format!("reward/{}", reward.id)),
        ..NewGrant::new("reward", reward.quantity, work.now())
    };
    let id = give(work, place, &mut wallet, &grant).await?;
    if let Some(member) = by_wallet(work, wallet.id).await? {
        count(work, place, &member).await?;
    }
    let sql = "update entitlements.reward_grants set status = 'granted', wallet_grant_id = $3 where biz_id = $1 and id = $2";
    let values = [work.biz_id().into(), reward.id.into(), id.into()];
    work.scope.execute(sql, &values).await?;
    Ok(Ok(id))
}

/// Takes back what is left of a reward, and says how much that was. None where it is held.
pub async fn take_back(
    work: Work<'_>,
    place: &Place,
    reward: &Reward,
    reason: &str,
) -> Result<Option<i64>, Error> {
    let Some(grant_id) = reward.grant_id else {
        return Ok(Some(0));
    };
    take_back_grant(work, place, grant_id, ("RewardGrant", reward.id), reason).await
}

/// Takes back what is left of what was given away, and says how much that was. None where it is held.
pub async fn take_back_grant(
    work: Work<'_>,
    place: &Place,
    grant_id: Uuid,
    source: (&'static str, Uuid),
    reason: &str,
) -> Result<Option<i64>, Error> {
    let sql = "select g.wallet_id from entitlements.grants g where g.biz_id = $1 and g.id = $2";
    let values = [work.biz_id().into(), grant_id.into()];
    let Some(row) = work.scope.query_opt(sql, &values).await? else {
        return Ok(Some(0));
    };
    let found = lock_one(work.scope, row.try_get(0)?).await?;
    let mut wallet = found.ok_or_else(|| Error::Internal("a wallet vanished".to_owned()))?;
    let all = candidates(work.scope, wallet.id, place).await?;
    let Some(one) = all.iter().find(|one| one.id == grant_id) else {
        return Ok(Some(0));
    };
    if one.remaining > wallet.free() {
        return Ok(None);
    }
    open_books(work, place, &mut wallet).await?;
    let taken = [Taken {
        grant_id: one.id,
        quantity: one.remaining,
    }];
    let why = Why {
        kind: "adjust",
        key: None,
        note: Some(reason),
        source: None,
    };
    take_off(work, place, &wallet, &taken, &why).await?;
    if let Some(currency) = &wallet.currency {
        let accounts = (Account::Wallet(wallet.id), Account::Given);
        let entry = Entry::moved(
            source,
            "What was given was taken back",
            currency,
            accounts,
            one.remaining,
        );
        books::post(work, place, &[entry]).await?;
    }
    Ok(Some(one.remaining))
}

const DUE: &str = "select r.biz_id, r.id from entitlements.reward_grants r \
    where r.status = 'pending' and r.due_at <= $1 order by r.biz_id, r.due_at, r.id limit 500";

/// Gives the rewards that are due. Says how many.
pub async fn give_due(shared: Arc<Shared>) -> Result<u64, Error> {
    let platform = shared.database.platform(new_id()).await?;
    let rows = platform.query(DUE, &[platform.now().into()]).await?;
    platform.rollback().await?;
    let mut given = 0;
    for row in rows {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let name: Id<reward_grant::Entity> = Id::new(id);
        let (input, key) = (json!({ "id": name }), format!("reward/{id}"));
        let done = use_once::<RewardApprove>(&shared, biz_id, ADJUST, input, &key).await;
        given += u64::from(done.is_some());
    }
    Ok(given)
}

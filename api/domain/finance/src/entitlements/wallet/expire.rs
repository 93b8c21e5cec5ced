//! The clock work of wallets: what is over lapses, and holds that have run out keep nothing.
//!
//! Credits of memberships are not its business: they are carried over or lapse when their
//! membership's period ends.

use uuid::Uuid;

use super::locked::{Wallet, candidates, lock, open_books};
use super::rules::Taken;
use super::uses::{Why, take_off, worth_moved};
use crate::entitlements::books::{self, Account, Entry};
use crate::entitlements::work::{Place, Work, place};
use foundation::database::{Database, Error, new_id};
use foundation::worker::tenants::by_tenant;

/// How many wallets are gone through in one transaction.
const AT_ONCE: i64 = 100;

const WITH_LAPSED: &str = "select distinct g.biz_id from entitlements.grants g \
    where g.remaining > 0 and g.ends_at <= $1 and g.membership_id is null";

const LAPSED: &str = "select distinct g.wallet_id from entitlements.grants g \
    join entitlements.wallets w on w.biz_id = g.biz_id and w.id = g.wallet_id \
    where g.biz_id = $1 and g.remaining > 0 and g.ends_at <= $2 and g.membership_id is null and g.wallet_id > $3 \
    order by 1 limit $4";

/// Lets lapse what is left of grants whose time is over. Says how many grants lapsed.
pub async fn expire_grants(database: &Database) -> Result<u64, Error> {
    by_tenant(database, "expire_grants", WITH_LAPSED, |biz_id| {
        of_tenant(database, biz_id)
    })
    .await
}

async fn of_tenant(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let (mut lapsed, mut after) = (0, Uuid::nil());
    loop {
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        let values = [
            biz_id.into(),
            scope.now().into(),
            after.into(),
            AT_ONCE.into(),
        ];
        let rows = scope.query(LAPSED, &values).await?;
        let ids: Vec<Uuid> = rows
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<_, _>>()?;
        let Some(last) = ids.iter().max() else {
            return Ok(lapsed);
        };
        after = *last;
        let work = Work {
            scope: &scope,
            database: Some(database),
        };
        let place = place(&scope, None).await?;
        let place = place.ok_or_else(|| Error::Internal("a tenant without a row".to_owned()))?;
        for mut wallet in lock(&scope, ids).await? {
            lapsed += lapse(work, &place, &mut wallet).await?;
        }
        scope.commit().await?;
    }
}

/// Lets lapse what is over of a locked wallet. What is held waits until its hold has ended.
async fn lapse(work: Work<'_>, place: &Place, wallet: &mut Wallet) -> Result<u64, Error> {
    let sql = "select g.id from entitlements.grants g \
               where g.biz_id = $1 and g.wallet_id = $2 and g.remaining > 0 and g.ends_at <= $3 and g.membership_id is null";
    let values = [work.biz_id().into(), wallet.id.into(), work.now().into()];
    let all = candidates(work.scope, wallet.id, place).await?;
    let mut taken = Vec::new();
    for row in work.scope.query(sql, &values).await? {
        let id: Uuid = row.try_get(0)?;
        let one = all.iter().find(|one| one.id == id);
        taken.extend(one.map(|one| Taken {
            grant_id: one.id,
            quantity: one.remaining,
        }));
    }
    let sum: i64 = taken.iter().map(|one| one.quantity).sum();
    if taken.is_empty() || sum > wallet.free() {
        return Ok(0);
    }
    open_books(work, place, wallet).await?;
    let why = Why {
        kind: "expire",
        key: None,
        note: None,
        source: None,
    };
    take_off(work, place, wallet, &taken, &why).await?;
    let books = match &wallet.currency {
        Some(currency) => {
            let accounts = (Account::Wallet(wallet.id), Account::Lapsed);
            vec![Entry::moved(
                ("Wallet", wallet.id),
                "Value of a wallet lapsed",
                currency,
                accounts,
                sum,
            )]
        }
        None => worth_moved(&all, &taken, wallet.id, Account::Lapsed),
    };
    books::post(work, place, &books).await?;
    Ok(taken.len() as u64)
}

const WITH_LAPSED_HOLDS: &str = "select distinct h.biz_id from entitlements.value_holds h \
    where h.status = 'held' and h.expires_at <= $1";

const RELEASE: &str = "with due as ( \
      select h.id from entitlements.value_holds h where h.biz_id = $1 and h.status = 'held' and h.expires_at <= $2 limit 500), \
    wallets as materialized ( \
      select w.id from entitlements.wallets w where w.biz_id = $1 and w.id in ( \
        select h.wallet_id from entitlements.value_holds h join due on due.id = h.id where h.biz_id = $1) \
      order by w.id for no key update skip locked), \
    cards as materialized ( \
      select i.id from entitlements.gift_instruments i where i.biz_id = $1 and i.id in ( \
        select h.gift_instrument_id from entitlements.value_holds h join due on due.id = h.id where h.biz_id = $1) \
      order by i.id for no key update skip locked), \
    over as ( \
      update entitlements.value_holds h set status = 'expired' from due \
      where h.biz_id = $1 and h.id = due.id and h.status = 'held' \
        and (h.wallet_id in (select id from wallets) or h.gift_instrument_id in (select id from cards)) \
      returning h.wallet_id, h.gift_instrument_id, h.quantity), \
    of_wallets as ( \
      update entitlements.wallets w set held = w.held - o.quantity \
      from (select wallet_id, sum(quantity)::bigint as quantity from over where wallet_id is not null group by wallet_id) o \
      where w.biz_id = $1 and w.id = o.wallet_id), \
    of_cards as ( \
      update entitlements.gift_instruments i set held_minor = i.held_minor - o.quantity \
      from (select gift_instrument_id, sum(quantity)::bigint as quantity from over \
        where gift_instrument_id is not null group by gift_instrument_id) o \
      where i.biz_id = $1 and i.id = o.gift_instrument_id) \
    select count(*) from over";

/// Gives back what holds on wallets and gift cards keep that have run out.
pub async fn expire_value_holds(database: &Database) -> Result<u64, Error> {
    by_tenant(
        database,
        "expire_value_holds",
        WITH_LAPSED_HOLDS,
        |biz_id| release(database, biz_id),
    )
    .await
}

async fn release(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let values = [biz_id.into(), scope.now().into()];
    let row = scope.query_opt(RELEASE, &values).await?;
    let count: i64 = row
        .map(|row| row.try_get(0))
        .transpose()?
        .unwrap_or_default();
    scope.commit().await?;
    Ok(count.unsigned_abs())
}

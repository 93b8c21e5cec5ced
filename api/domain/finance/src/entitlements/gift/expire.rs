//! The clock work of gift cards: what is on a card whose time is over lapses.

use sea_orm::Value;
use uuid::Uuid;

use super::locked::{book, lock, open_books};
use crate::entitlements::books::Account;
use crate::entitlements::work::{Work, place};
use foundation::database::{Database, Error, new_id};
use foundation::worker::tenants::by_tenant;

/// How many cards lapse in one transaction.
const AT_ONCE: i64 = 50;

const WITH_EXPIRED: &str = "select distinct i.biz_id from entitlements.gift_instruments i \
    where i.balance_minor > 0 and i.expires_at <= $1";

const EXPIRED: &str = "select i.id from entitlements.gift_instruments i \
    where i.biz_id = $1 and i.balance_minor > 0 and i.expires_at <= $2 and i.id > $3 order by i.id limit $4";

const EXPIRE: &str = "with card as ( \
      update entitlements.gift_instruments set balance_minor = 0, status = 'expired' \
      where biz_id = $1 and id = $2 returning id, currency) \
    insert into entitlements.gift_expiration_events (biz_id, id, instrument_id, kind, expired_minor, balance_after_minor, \
      currency, occurred_at) \
    select $1, $3, c.id, 'expired', $4, 0, c.currency, $5 from card c";

/// Lets lapse what is on gift cards whose time is over. What is held waits until its hold has ended.
/// Says how many cards lapsed.
pub async fn expire_gift_cards(database: &Database) -> Result<u64, Error> {
    by_tenant(database, "expire_gift_cards", WITH_EXPIRED, |biz_id| {
        of_tenant(database, biz_id)
    })
    .await
}

async fn of_tenant(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let (mut expired, mut after) = (0, Uuid::nil());
    loop {
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        let values = [
            biz_id.into(),
            scope.now().into(),
            after.into(),
            AT_ONCE.into(),
        ];
        let rows = scope.query(EXPIRED, &values).await?;
        let ids: Vec<Uuid> = rows
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<_, _>>()?;
        let Some(last) = ids.last() else {
            return Ok(expired);
        };
        after = *last;
        let work = Work {
            scope: &scope,
            database: Some(database),
        };
        for id in ids {
            expired += u64::from(expire(work, id).await?);
        }
        scope.commit().await?;
    }
}

async fn expire(work: Work<'_>, id: Uuid) -> Result<bool, Error> {
    let Some(mut card) = lock(work.scope, id).await? else {
        return Ok(false);
    };
    let over = card.expires_at.is_some_and(|end| end <= work.now());
    if !over || card.held > 0 || card.balance == 0 {
        return Ok(false);
    }
    let found = place(work.scope, None).await?;
    let place = found.ok_or_else(|| Error::Internal("a tenant without a row".to_owned()))?;
    open_books(work, &place, &mut card).await?;
    let values: [Value; 5] = [
        work.biz_id().into(),
        card.id.into(),
        new_id().into(),
        card.balance.into(),
        work.now().into(),
    ];
    work.scope.execute(EXPIRE, &values).await?;
    let lapsed = card.balance;
    book(
        work,
        &place,
        &mut card,
        ("Gift card lapsed", Account::Lapsed),
        -lapsed,
    )
    .await?;
    Ok(true)
}

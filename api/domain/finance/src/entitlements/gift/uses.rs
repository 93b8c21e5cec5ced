//! Takes value off gift cards, and puts back what was taken.

use sea_orm::Value;
use uuid::Uuid;

use super::code::normal;
use super::locked::{Card, book, lock, open_books};
use crate::entitlements::books::Account;
use crate::entitlements::refusal::{Failed, Refusal};
use crate::entitlements::wallet::hold::{self, Target};
use crate::entitlements::work::{Place, Work};
use foundation::database::{Error, Scope, new_id};
use foundation::identity::Sealer;

/// Value of a gift card to be used.
#[derive(Clone, Debug)]
pub struct Redeem {
    /// The card.
    pub card_id: Uuid,
    /// How much, in minor units.
    pub minor: i64,
    /// In which currency.
    pub currency: String,
    /// What it pays: entity and id; the card itself where nobody says.
    pub source: Option<(String, Uuid)>,
    /// The hold that keeps it, if one does.
    pub hold_id: Option<Uuid>,
    /// The key under which it counts once.
    pub key: String,
    /// Whether it is entered in the books here; not where whoever is paid with it does so.
    pub is_posted: bool,
}

/// The card that has a code.
pub async fn by_code(scope: &Scope, sealer: &Sealer, code: &str) -> Result<Option<Uuid>, Error> {
    let Some(code) = normal(code) else {
        return Ok(None);
    };
    let hash = sealer.blind_index(scope.biz_id(), &code);
    let sql =
        "select i.id from entitlements.gift_instruments i where i.biz_id = $1 and i.code_hash = $2";
    let row = scope
        .query_opt(sql, &[scope.biz_id().into(), hash.into()])
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

const REDEEM: &str = "with card as ( \
      update entitlements.gift_instruments set balance_minor = balance_minor - $3, \
        status = case when balance_minor = $3 then 'depleted' else status::text end \
      where biz_id = $1 and id = $2 and status = 'active' and balance_minor - held_minor >= $3 \
        and (expires_at is null or expires_at > $8) \
      returning id, balance_minor, currency) \
    insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, \
      occurred_at, location_id, business_date, idempotency_key, source_type, source_id) \
    select $1, $4, c.id, $3, c.balance_minor, c.currency, $8, $9, $10, $5, $6, $7 from card c";

/// Uses value of a gift card: never more than is on it, whoever else asks at the same time. The
/// statement that takes it off asks once more for all that was checked.
pub async fn redeem(
    work: Work<'_>,
    place: &Place,
    wanted: &Redeem,
) -> Result<(Card, Uuid), Failed> {
    let mut card = lock(work.scope, wanted.card_id)
        .await?
        .ok_or(Refusal::Unknown)?;
    if let Some(refusal) = card.refusal(work.now()) {
        return Err(refusal.into());
    }
    if card.currency != wanted.currency {
        return Err(Refusal::OtherUnit.into());
    }
    if let Some(hold_id) = wanted.hold_id {
        let kept = hold::end(work.scope, Target::Gift(card.id), hold_id, "redeemed").await?;
        let kept = kept.ok_or(Refusal::Expired)?;
        if wanted.minor > kept {
            return Err(Refusal::Insufficient.into());
        }
        card.held -= kept;
    }
    if wanted.minor > card.balance {
        return Err(Refusal::Insufficient.into());
    }
    if wanted.minor > card.free() {
        return Err(Refusal::HeldElsewhere.into());
    }
    open_books(work, place, &mut card).await?;
    let id = new_id();
    let source = wanted.source.clone();
    let (source_type, source_id) = source.unwrap_or(("GiftInstrument".to_owned(), card.id));
    let values: [Value; 10] = [
        work.biz_id().into(),
        card.id.into(),
        wanted.minor.into(),
        id.into(),
        wanted.key.as_str().into(),
        source_type.into(),
        source_id.into(),
        work.now().into(),
        place.location_id.into(),
        place.location_id.map(|_| place.business_date).into(),
    ];
    if work.scope.execute(REDEEM, &values).await? == 0 {
        return Err(Refusal::Insufficient.into());
    }
    if wanted.is_posted {
        let what = ("Gift card used", Account::Deposits);
        book(work, place, &mut card, what, -wanted.minor).await?;
    }
    Ok((card, id))
}

/// A use that is to be undone.
#[derive(Clone, Debug)]
pub struct PutBack {
    /// The use.
    pub redemption_id: Uuid,
    /// How much; all that was not put back yet, if not given.
    pub minor: Option<i64>,
    /// The key under which it counts once.
    pub key: String,
    /// Whether it is entered in the books here.
    pub is_posted: bool,
}

const FIND: &str = "select r.amount_minor, r.source_type, r.source_id, \
      (select coalesce(sum(b.amount_minor), 0)::bigint from entitlements.gift_redemptions b \
       where b.biz_id = $1 and b.reverses_id = r.id) \
    from entitlements.gift_redemptions r where r.biz_id = $1 and r.id = $2 and r.reverses_id is null";

const PUT_BACK: &str = "with card as ( \
      update entitlements.gift_instruments set balance_minor = balance_minor + $3, \
        status = case when status = 'blocked' then 'blocked' else 'active' end \
      where biz_id = $1 and id = $2 returning id, balance_minor, currency) \
    insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, \
      reverses_id, occurred_at, location_id, business_date, idempotency_key, source_type, source_id) \
    select $1, $4, c.id, $3, c.balance_minor, c.currency, $8, $9, $10, $11, $5, $6, $7 from card c";

/// Puts back on a gift card what was taken off it, in whole or in part; onto one that is over by now
/// too, where it lapses with the next run of the clock work unless its time is extended.
pub async fn put_back(
    work: Work<'_>,
    place: &Place,
    undo: &PutBack,
) -> Result<(Card, Uuid, i64), Failed> {
    let sql = "select r.instrument_id from entitlements.gift_redemptions r where r.biz_id = $1 and r.id = $2";
    let keys = [work.biz_id().into(), undo.redemption_id.into()];
    let row = work.scope.query_opt(sql, &keys).await?;
    let card_id: Uuid = row.ok_or(Refusal::Unknown)?.try_get(0)?;
    let mut card = lock(work.scope, card_id).await?.ok_or(Refusal::Unknown)?;
    if card.status == "deactivated" {
        return Err(Refusal::NotOpen.into());
    }
    let row = work
        .scope
        .query_opt(FIND, &keys)
        .await?
        .ok_or(Refusal::BeyondUse)?;
    let (used, back): (i64, i64) = (row.try_get(0)?, row.try_get(3)?);
    let minor = undo.minor.unwrap_or(used - back);
    if minor <= 0 || minor > used - back {
        return Err(Refusal::BeyondUse.into());
    }
    open_books(work, place, &mut card).await?;
    let id = new_id();
    let values: [Value; 11] = [
        work.biz_id().into(),
        card.id.into(),
        minor.into(),
        id.into(),
        undo.key.as_str().into(),
        row.try_get::<_, String>(1)?.into(),
        row.try_get::<_, Uuid>(2)?.into(),
        undo.redemption_id.into(),
        work.now().into(),
        place.location_id.into(),
        place.location_id.map(|_| place.business_date).into(),
    ];
    work.scope.execute(PUT_BACK, &values).await?;
    if undo.is_posted {
        let what = ("Use of a gift card undone", Account::Deposits);
        book(work, place, &mut card, what, minor).await?;
    }
    Ok((card, id, minor))
}

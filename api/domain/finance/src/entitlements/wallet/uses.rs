//! Takes value out of wallets, and gives back what was used.

use chrono::{DateTime, Utc};
use sea_orm::Value;
use uuid::Uuid;

use super::locked::{Wallet, candidates, lock_one, open_books};
use super::rules::{Candidate, Occasion, Taken, take, worth_of};
use crate::entitlements::books::{self, Account, Entry};
use crate::entitlements::refusal::{Failed, Refusal};
use crate::entitlements::work::{Place, Work};
use foundation::database::{Error, new_id};

/// Value to be used.
#[derive(Clone, Debug)]
pub struct Use {
    /// The wallet.
    pub wallet_id: Uuid,
    /// How much; of money, in minor units.
    pub quantity: i64,
    /// The currency, where it is money: it must be that of the wallet.
    pub currency: Option<String>,
    /// The service it is used for.
    pub service_id: Option<Uuid>,
    /// What it is for: entity and id.
    pub source: Option<(String, Uuid)>,
    /// The hold that keeps it, if one does.
    pub hold_id: Option<Uuid>,
    /// The key under which it counts once.
    pub key: Option<String>,
    /// What staff should know about it.
    pub note: Option<String>,
    /// Whether it is entered in the books here; not where whoever is paid with it does so.
    pub is_posted: bool,
}

/// What was used.
#[derive(Clone, Debug)]
pub struct Used {
    /// The wallet as it was before.
    pub wallet: Wallet,
    /// The entries, one a grant, in the order of use.
    pub entries: Vec<Uuid>,
}

/// Uses value of a wallet: what ends soonest goes first. It is never more than there is, whoever
/// else asks at the same time.
pub async fn burn(work: Work<'_>, place: &Place, wanted: &Use) -> Result<Used, Failed> {
    let mut wallet = lock_one(work.scope, wanted.wallet_id)
        .await?
        .ok_or(Refusal::Unknown)?;
    if !wallet.is_open() {
        return Err(Refusal::NotOpen.into());
    }
    if wallet.currency != wanted.currency {
        return Err(Refusal::OtherUnit.into());
    }
    if let Some(hold) = wanted.hold_id {
        super::hold::redeem(work.scope, &mut wallet, hold, wanted.quantity).await?;
    }
    let mut all = candidates(work.scope, wallet.id, place).await?;
    let occasion = Occasion {
        now: work.now(),
        wall_time: place.wall_time(),
        location_id: place.location_id,
        service_id: wanted.service_id,
        spend: wanted
            .currency
            .clone()
            .map(|currency| (wanted.quantity, currency)),
    };
    let taken = take(&mut all, &occasion, wallet.free(), wanted.quantity)?;
    open_books(work, place, &mut wallet).await?;
    let why = Why {
        kind: "redeem",
        key: wanted.key.as_deref(),
        note: wanted.note.as_deref(),
        source: wanted.source.clone(),
    };
    let entries = take_off(work, place, &wallet, &taken, &why).await?;
    let books = match &wallet.currency {
        Some(currency) => vec![Entry::moved(
            ("Wallet", wallet.id),
            "Value of a wallet used",
            currency,
            (Account::Wallet(wallet.id), Account::Deposits),
            wanted.quantity,
        )],
        None => worth_moved(&all, &taken, wallet.id, Account::Earned),
    };
    if wanted.is_posted {
        books::post(work, place, &books).await?;
    }
    Ok(Used { wallet, entries })
}

/// What was paid for the parts taken moves from what is prepaid to another account, by currency.
pub fn worth_moved(all: &[Candidate], taken: &[Taken], wallet_id: Uuid, to: Account) -> Vec<Entry> {
    let worth = |part: &Taken| {
        let one = all.iter().find(|one| one.id == part.grant_id)?;
        let (_, currency) = one.paid.as_ref()?;
        let accounts = (Account::Deferred, to);
        let minor = one.worth(part.quantity);
        Some(Entry::moved(
            ("Wallet", wallet_id),
            "Prepaid visits or minutes",
            currency,
            accounts,
            minor,
        ))
    };
    taken.iter().filter_map(worth).collect()
}

/// Why value leaves a wallet.
#[derive(Clone, Debug)]
pub struct Why<'a> {
    /// As `entitlements.entitlement_entry_kind` has it.
    pub kind: &'static str,
    /// The key under which it counts once.
    pub key: Option<&'a str>,
    /// Why, in words.
    pub note: Option<&'a str>,
    /// What it is for.
    pub source: Option<(String, Uuid)>,
}

const TAKE_OFF: &str = "with taken as ( \
      select * from unnest($2::uuid[], $3::bigint[], $4::uuid[]) with ordinality as t (grant_id, quantity, entry_id, place)), \
    used as ( \
      update entitlements.grants g set remaining = g.remaining - t.quantity, \
        status = case when g.remaining > t.quantity then g.status::text \
          when g.status = 'scheduled' or $6 = 'adjust' then 'revoked' when $6 = 'expire' then 'expired' else 'depleted' end \
      from taken t where g.biz_id = $1 and g.id = t.grant_id), \
    entries as ( \
      insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity, occurred_at, location_id, \
        business_date, idempotency_key, note, source_type, source_id) \
      select $1, t.entry_id, $5, t.grant_id, $6, - t.quantity, $7, $8, $9, \
        case when t.place = 1 then $10::text else $10::text || '#' || t.place end, $11, $12, $13 from taken t) \
    update entitlements.wallets set balance = balance - $14 where biz_id = $1 and id = $5";

/// Takes parts of grants off a locked wallet, and says which entries that made.
pub async fn take_off(
    work: Work<'_>,
    place: &Place,
    wallet: &Wallet,
    taken: &[Taken],
    why: &Why<'_>,
) -> Result<Vec<Uuid>, Error> {
    if taken.is_empty() {
        return Ok(Vec::new());
    }
    let entries: Vec<Uuid> = taken.iter().map(|_| new_id()).collect();
    let grants: Vec<Uuid> = taken.iter().map(|one| one.grant_id).collect();
    let quantities: Vec<i64> = taken.iter().map(|one| one.quantity).collect();
    let sum: i64 = quantities.iter().sum();
    let (source_type, source_id) = why.source.clone().unzip();
    if why.kind == "adjust" {
        work.scope
            .set_reason(why.note.unwrap_or("Corrected"))
            .await?;
    }
    let values: [Value; 14] = [
        work.biz_id().into(),
        grants.into(),
        quantities.into(),
        entries.clone().into(),
        wallet.id.into(),
        why.kind.into(),
        work.now().into(),
        place.location_id.into(),
        place.location_id.map(|_| place.business_date).into(),
        why.key.map(str::to_owned).into(),
        why.note.map(str::to_owned).into(),
        source_type.into(),
        source_id.into(),
        sum.into(),
    ];
    work.scope.execute(TAKE_OFF, &values).await?;
    Ok(entries)
}

/// A use that is to be undone.
#[derive(Clone, Copy, Debug)]
pub struct Undo {
    /// The entry of the use.
    pub entry_id: Uuid,
    /// How much of it; all that was not given back yet, if not given.
    pub quantity: Option<i64>,
    /// Whether it is entered in the books here.
    pub is_posted: bool,
}

/// What of a use was given back.
#[derive(Clone, Debug)]
pub struct Undone {
    /// The wallet.
    pub wallet_id: Uuid,
    /// The entry that gave it back.
    pub entry_id: Uuid,
    /// How much.
    pub quantity: i64,
}

const FIND_USE: &str = "select e.wallet_id, e.grant_id, - e.quantity, e.source_type, e.source_id, \
      (select coalesce(sum(r.quantity), 0)::bigint from entitlements.ledger_entries r \
       where r.biz_id = $1 and r.reverses_id = e.id), \
      g.quantity, g.remaining, g.paid_minor, g.currency::text, g.status::text, g.ends_at \
    from entitlements.ledger_entries e \
    join entitlements.grants g on g.biz_id = $1 and g.id = e.grant_id \
    where e.biz_id = $1 and e.id = $2 and e.kind = 'redeem'";

const GIVE_BACK: &str = "with back as ( \
      update entitlements.grants g set remaining = g.remaining + $4, status = 'active' where g.biz_id = $1 and g.id = $2), \
    entry as ( \
      insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity, occurred_at, location_id, \
        business_date, reverses_id, idempotency_key, note, source_type, source_id) \
      values ($1, $5, $3, $2, 'reverse', $4, $6, $7, $8, $9, $10, $11, $12, $13)) \
    update entitlements.wallets set balance = balance + $4 where biz_id = $1 and id = $3";

/// Gives back what was used, into the grant it came from: with that grant's time, so that of one
/// that is over it lapses by and by.
pub async fn undo(
    work: Work<'_>,
    place: &Place,
    undo: Undo,
    note: Option<&str>,
    key: Option<&str>,
) -> Result<Undone, Failed> {
    let keys = [work.biz_id().into(), undo.entry_id.into()];
    let wallet_of = "select wallet_id from entitlements.ledger_entries where biz_id = $1 and id = $2 and kind = 'redeem'";
    let row = work.scope.query_opt(wallet_of, &keys).await?;
    let wallet_id: Uuid = row.ok_or(Refusal::Unknown)?.try_get(0)?;
    let locked = lock_one(work.scope, wallet_id).await?;
    let mut wallet = locked.ok_or(Refusal::Unknown)?;
    if wallet.status == "closed" {
        return Err(Refusal::NotOpen.into());
    }
    let row = work.scope.query_opt(FIND_USE, &keys).await?;
    let row = row.ok_or(Refusal::Unknown)?;
    let (grant_id, used, reversed): (Uuid, i64, i64) =
        (row.try_get(1)?, row.try_get(2)?, row.try_get(5)?);
    let status: &str = row.try_get(10)?;
    let quantity = undo.quantity.unwrap_or(used - reversed);
    if quantity <= 0 || quantity > used - reversed {
        return Err(Refusal::BeyondUse.into());
    }
    if status == "revoked" {
        return Err(Refusal::NotOpen.into());
    }
    open_books(work, place, &mut wallet).await?;
    let entry_id = new_id();
    let values: [Value; 13] = [
        work.biz_id().into(),
        grant_id.into(),
        wallet.id.into(),
        quantity.into(),
        entry_id.into(),
        work.now().into(),
        place.location_id.into(),
        place.location_id.map(|_| place.business_date).into(),
        undo.entry_id.into(),
        key.map(str::to_owned).into(),
        note.map(str::to_owned).into(),
        row.try_get::<_, Option<String>>(3)?.into(),
        row.try_get::<_, Option<Uuid>>(4)?.into(),
    ];
    work.scope.execute(GIVE_BACK, &values).await?;
    if undo.is_posted {
        let entry = undone(&wallet, &row, quantity)?;
        books::post(work, place, entry.as_slice()).await?;
    }
    Ok(Undone {
        wallet_id: wallet.id,
        entry_id,
        quantity,
    })
}

/// What the books say of a use that is undone; nothing where nothing was paid for it.
fn undone(
    wallet: &Wallet,
    row: &tokio_postgres::Row,
    quantity: i64,
) -> Result<Option<Entry>, Error> {
    let source = ("Wallet", wallet.id);
    if let Some(currency) = &wallet.currency {
        let accounts = (Account::Deposits, Account::Wallet(wallet.id));
        let text = "Use of a wallet undone";
        return Ok(Some(Entry::moved(
            source, text, currency, accounts, quantity,
        )));
    }
    Ok(worth_again(row, quantity)?.map(|(minor, currency)| {
        let accounts = (Account::Earned, Account::Deferred);
        let text = "Use of prepaid visits or minutes undone";
        Entry::moved(source, text, &currency, accounts, minor)
    }))
}

/// What is worth again what is given back.
fn worth_again(row: &tokio_postgres::Row, back: i64) -> Result<Option<(i64, String)>, Error> {
    let (quantity, remaining): (i64, i64) = (row.try_get(6)?, row.try_get(7)?);
    let (paid, currency): (Option<i64>, Option<String>) = (row.try_get(8)?, row.try_get(9)?);
    let worth =
        |paid| worth_of(paid, quantity, remaining + back) - worth_of(paid, quantity, remaining);
    Ok(paid
        .zip(currency)
        .map(|(paid, currency)| (worth(paid), currency)))
}

/// The end of a grant by the day on which it cannot be used any more.
pub fn end_of(place: &Place, expires_on: Option<chrono::NaiveDate>) -> Option<DateTime<Utc>> {
    expires_on.map(|day| place.start_of(day))
}

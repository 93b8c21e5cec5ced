//! Wallets that are locked to be changed, and what is in them. Wallets are locked by their ids, and
//! everything in them after them.

use sea_orm::Value;
use uuid::Uuid;

use super::rules::{Candidate, Terms};
use crate::entitlements::books::{self, Account, Entry};
use crate::entitlements::work::{Place, Work};
use crate::ledger::chart::STORED_VALUE;
use foundation::database::{Error, Scope};

/// A wallet that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Wallet {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// What it is for.
    pub purpose: String,
    /// What it is counted in.
    pub unit: String,
    /// The currency of a wallet of money.
    pub currency: Option<String>,
    /// Whether it can be used.
    pub status: String,
    /// What is in it.
    pub balance: i64,
    /// How much of that is held.
    pub held: i64,
    /// Its liability account, once it has one.
    pub account_id: Option<Uuid>,
    /// The customer it belongs to.
    pub customer_id: Option<Uuid>,
}

impl Wallet {
    /// Whether it can be used.
    pub fn is_open(&self) -> bool {
        self.status == "open"
    }

    /// What of its balance is not held.
    pub fn free(&self) -> i64 {
        self.balance - self.held
    }
}

// Holds that have run out keep nothing. The wallets are locked first, so that no other writer is
// between the look and the change.
const LOCK: &str = "select w.id, w.number, w.purpose::text, w.unit::text, w.currency::text, w.status::text, w.balance, w.held, \
      w.ledger_account_id, w.customer_id \
    from entitlements.wallets w where w.biz_id = $1 and w.id = any ($2::uuid[]) order by w.id for no key update";

const RELEASE: &str = "with over as ( \
      update entitlements.value_holds h set status = 'expired' \
      where h.biz_id = $1 and h.wallet_id = any ($2::uuid[]) and h.status = 'held' and h.expires_at <= $3 \
      returning h.wallet_id, h.quantity) \
    update entitlements.wallets w set held = w.held - o.quantity \
    from (select wallet_id, sum(quantity)::bigint as quantity from over group by wallet_id) o \
    where w.biz_id = $1 and w.id = o.wallet_id returning w.id, w.held";

// What can be used from now on is active from now on.
const ACTIVATE: &str = "update entitlements.grants g set status = 'active' \
    where g.biz_id = $1 and g.wallet_id = any ($2::uuid[]) and g.status = 'scheduled' and g.starts_at <= $3";

/// Locks wallets, in the order of their ids. Fewer come back where some do not exist.
pub async fn lock(scope: &Scope, mut ids: Vec<Uuid>) -> Result<Vec<Wallet>, Error> {
    ids.sort_unstable();
    ids.dedup();
    let keys: Value = ids.into();
    let values = [scope.biz_id().into(), keys.clone()];
    let rows = scope.query(LOCK, &values).await?;
    let mut wallets = Vec::with_capacity(rows.len());
    for row in rows {
        wallets.push(Wallet {
            id: row.try_get(0)?,
            number: row.try_get(1)?,
            purpose: row.try_get(2)?,
            unit: row.try_get(3)?,
            currency: row.try_get(4)?,
            status: row.try_get(5)?,
            balance: row.try_get(6)?,
            held: row.try_get(7)?,
            account_id: row.try_get(8)?,
            customer_id: row.try_get(9)?,
        });
    }
    let values = [scope.biz_id().into(), keys, scope.now().into()];
    if wallets.iter().any(|wallet| wallet.held > 0) {
        for row in scope.query(RELEASE, &values).await? {
            let (id, held): (Uuid, i64) = (row.try_get(0)?, row.try_get(1)?);
            if let Some(wallet) = wallets.iter_mut().find(|wallet| wallet.id == id) {
                wallet.held = held;
            }
        }
    }
    scope.execute(ACTIVATE, &values).await?;
    Ok(wallets)
}

/// Locks one wallet.
pub async fn lock_one(scope: &Scope, id: Uuid) -> Result<Option<Wallet>, Error> {
    Ok(lock(scope, vec![id]).await?.pop())
}

const CANDIDATES: &str = "select g.id, g.remaining, g.quantity, g.priority, g.starts_at, g.ends_at, g.paid_minor, g.currency::text, \
      t.weekdays, t.local_starts_at, t.local_ends_at, t.min_spend_minor, t.currency::text, \
      array(select s.service_id from entitlements.grant_term_services s where s.biz_id = $1 and s.terms_id = g.terms_id), \
      array(select l.location_id from entitlements.grant_term_locations l where l.biz_id = $1 and l.terms_id = g.terms_id), \
      coalesce(m.status = 'paused' or m.status = 'past_due' and m.past_due_since + p.grace_days <= $3::date, false) \
    from entitlements.grants g \
    left join entitlements.grant_terms t on t.biz_id = $1 and t.id = g.terms_id \
    left join entitlements.memberships m on m.biz_id = $1 and m.id = g.membership_id \
    left join entitlements.membership_plans p on p.biz_id = $1 and p.id = m.plan_id \
    where g.biz_id = $1 and g.wallet_id = $2 and g.remaining > 0 and g.status in ('active', 'scheduled') \
    order by g.priority, g.ends_at nulls last, g.starts_at, g.id \
    for no key update of g";

/// What is in a locked wallet, locked too.
pub async fn candidates(
    scope: &Scope,
    wallet_id: Uuid,
    place: &Place,
) -> Result<Vec<Candidate>, Error> {
    let values = [
        scope.biz_id().into(),
        wallet_id.into(),
        place.today().into(),
    ];
    let rows = scope.query(CANDIDATES, &values).await?;
    rows.iter()
        .map(|row| {
            let paid: Option<i64> = row.try_get(6)?;
            let currency: Option<String> = row.try_get(7)?;
            let weekdays: Option<i16> = row.try_get(8)?;
            let least: Option<i64> = row.try_get(11)?;
            let of: Option<String> = row.try_get(12)?;
            let terms = match weekdays {
                Some(weekdays) => Some(Terms {
                    weekdays,
                    from: row.try_get(9)?,
                    until: row.try_get(10)?,
                    min_spend: least.zip(of),
                    services: row.try_get(13)?,
                    locations: row.try_get(14)?,
                }),
                None => None,
            };
            Ok(Candidate {
                id: row.try_get(0)?,
                remaining: row.try_get(1)?,
                quantity: row.try_get(2)?,
                priority: row.try_get(3)?,
                starts_at: row.try_get(4)?,
                ends_at: row.try_get(5)?,
                paid: paid.zip(currency),
                terms,
                is_suspended: row.try_get(15)?,
            })
        })
        .collect()
}

const LINK: &str = "update entitlements.wallets w set ledger_account_id = a.id from ledger.accounts a \
    where w.biz_id = $1 and w.id = $2 and w.ledger_account_id is null and a.biz_id = $1 and a.owner_type = 'Wallet' \
      and a.owner_id = w.id and a.code = $3 returning a.id";

/// Notes the liability account of a wallet, once its first entry has opened it.
pub async fn link(work: Work<'_>, wallet: &mut Wallet) -> Result<(), Error> {
    if wallet.account_id.is_some() || wallet.currency.is_none() {
        return Ok(());
    }
    let values = [
        work.biz_id().into(),
        wallet.id.into(),
        STORED_VALUE.code.into(),
    ];
    if let Some(row) = work.scope.query_opt(LINK, &values).await? {
        wallet.account_id = row.try_get(0)?;
    }
    Ok(())
}

/// Enters what is in a wallet of money that was taken over without any books.
pub async fn open_books(work: Work<'_>, place: &Place, wallet: &mut Wallet) -> Result<(), Error> {
    let Some(currency) = wallet.currency.clone() else {
        return Ok(());
    };
    if wallet.account_id.is_some() || wallet.balance == 0 {
        return Ok(());
    }
    let entry = Entry::moved(
        ("Wallet", wallet.id),
        "Balance taken over",
        &currency,
        (Account::Opening, Account::Wallet(wallet.id)),
        wallet.balance,
    );
    books::post(work, place, &[entry]).await?;
    link(work, wallet).await
}

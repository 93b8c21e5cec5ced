//! Puts value into wallets.

use chrono::{DateTime, Utc};
use sea_orm::Value;
use uuid::Uuid;

use super::locked::{Wallet, link, open_books};
use crate::entitlements::books::{self, Account, Entry};
use crate::entitlements::work::{Place, Work};
use foundation::database::{Error, new_id};

/// Value to be put into a wallet.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// How it comes about, as `entitlements.grant_origin` has it.
    pub origin: &'static str,
    /// How much; of money, in minor units.
    pub quantity: i64,
    /// From when on it can be used.
    pub starts_at: DateTime<Utc>,
    /// From when on it cannot be used any more.
    pub ends_at: Option<DateTime<Utc>>,
    /// What is used first has the smaller number.
    pub priority: i16,
    /// When and where it may be used.
    pub terms_id: Option<Uuid>,
    /// The grant that it is carried over from.
    pub from_grant_id: Option<Uuid>,
    /// The membership that gives it.
    pub membership_id: Option<Uuid>,
    /// What was paid for it, and in which currency.
    pub paid: Option<(i64, String)>,
    /// What staff should know about it.
    pub note: Option<String>,
    /// What brought it about: entity and id.
    pub source: Option<(String, Uuid)>,
    /// The key under which it counts once, whatever the number of requests.
    pub key: Option<String>,
    /// Whether it is entered in the books here; not where whoever gives it does so.
    pub is_posted: bool,
}

/// The usual priority.
pub const USUAL: i16 = 100;

impl NewGrant {
    /// Value from now on, for good, for nothing.
    pub fn new(origin: &'static str, quantity: i64, now: DateTime<Utc>) -> Self {
        Self {
            origin,
            quantity,
            starts_at: now,
            ends_at: None,
            priority: USUAL,
            terms_id: None,
            from_grant_id: None,
            membership_id: None,
            paid: None,
            note: None,
            source: None,
            key: None,
            is_posted: true,
        }
    }

    /// The first entry of a grant of this origin.
    fn entry_kind(&self) -> &'static str {
        match self.origin {
            "transfer" => "transfer_in",
            "rollover" => "rollover",
            _ => "grant",
        }
    }

    /// What the books say of it; nothing of what only moves within them.
    fn entries(&self, grant_id: Uuid, wallet: &Wallet) -> Vec<Entry> {
        let source = ("EntitlementGrant", grant_id);
        if matches!(self.origin, "transfer" | "rollover") {
            return Vec::new();
        }
        let Some(currency) = &wallet.currency else {
            let paid = self.paid.iter().map(|(minor, currency)| {
                let accounts = (Account::Deposits, Account::Deferred);
                Entry::moved(source, "Visits or minutes sold", currency, accounts, *minor)
            });
            return paid.collect();
        };
        let paid = match (self.origin, &self.paid) {
            (_, Some((paid, of))) if of == currency => (*paid).min(self.quantity),
            ("purchase" | "refund", _) => self.quantity,
            _ => 0,
        };
        let free = if self.origin == "import" {
            Account::Opening
        } else {
            Account::Given
        };
        vec![Entry {
            source,
            description: "Value put into a wallet",
            currency: currency.clone(),
            lines: vec![
                (Account::Deposits, paid),
                (free, self.quantity - paid),
                (Account::Wallet(wallet.id), -self.quantity),
            ],
        }]
    }
}

const GIVE: &str = "with given as ( \
      insert into entitlements.grants (biz_id, id, wallet_id, origin, quantity, remaining, starts_at, ends_at, priority, status, \
        terms_id, from_grant_id, membership_id, paid_minor, currency, note, source_type, source_id) \
      values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)), \
    entry as ( \
      insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity, occurred_at, location_id, \
        business_date, idempotency_key, note, source_type, source_id) \
      values ($1, $18, $3, $2, $19, $5, $20, $21, $22, $23, $15, $16, $17)) \
    update entitlements.wallets set balance = balance + $5 where biz_id = $1 and id = $3";

/// Puts value into a locked wallet, and says which grant it is.
pub async fn give(
    work: Work<'_>,
    place: &Place,
    wallet: &mut Wallet,
    grant: &NewGrant,
) -> Result<Uuid, Error> {
    let id = new_id();
    open_books(work, place, wallet).await?;
    let status = if grant.starts_at > work.now() {
        "scheduled"
    } else {
        "active"
    };
    let (paid, currency) = grant.paid.clone().unzip();
    let (source_type, source_id) = grant.source.clone().unzip();
    let values: [Value; 23] = [
        work.biz_id().into(),
        id.into(),
        wallet.id.into(),
        grant.origin.into(),
        grant.quantity.into(),
        grant.starts_at.into(),
        grant.ends_at.into(),
        grant.priority.into(),
        status.into(),
        grant.terms_id.into(),
        grant.from_grant_id.into(),
        grant.membership_id.into(),
        paid.into(),
        currency.into(),
        grant.note.clone().into(),
        source_type.into(),
        source_id.into(),
        new_id().into(),
        grant.entry_kind().into(),
        work.now().into(),
        place.location_id.into(),
        place.location_id.map(|_| place.business_date).into(),
        grant.key.clone().into(),
    ];
    work.scope.execute(GIVE, &values).await?;
    wallet.balance += grant.quantity;
    if grant.is_posted {
        books::post(work, place, &grant.entries(id, wallet)).await?;
        link(work, wallet).await?;
    }
    Ok(id)
}

//! A gift card that is locked to be changed, and the rows of its journals: first the balance is
//! changed, then the row says what was left.

use chrono::{DateTime, Utc};
use sea_orm::Value;
use uuid::Uuid;

use crate::entitlements::books::{self, Account, Entry};
use crate::entitlements::refusal::Refusal;
use crate::entitlements::work::{Place, Work};
use crate::ledger::chart::STORED_VALUE;
use foundation::database::{Error, Scope, new_id};

/// A gift card that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// The currency of its value.
    pub currency: String,
    /// What it was or will be activated with.
    pub initial: i64,
    /// What is on it.
    pub balance: i64,
    /// How much of that is held.
    pub held: i64,
    /// From when on it cannot be used.
    pub expires_at: Option<DateTime<Utc>>,
    /// The hash of its PIN.
    pub pin: Option<String>,
    /// The product it was sold as.
    pub product_id: Option<Uuid>,
    /// The customer who has it.
    pub holder_id: Option<Uuid>,
    /// Its liability account, once it has one.
    pub account_id: Option<Uuid>,
    /// The hash of its code.
    pub code_hash: Vec<u8>,
}

impl Card {
    /// Why it cannot be used at this instant.
    pub fn refusal(&self, now: DateTime<Utc>) -> Option<Refusal> {
        let over = self.expires_at.is_some_and(|end| end <= now);
        match self.status.as_str() {
            "expired" => Some(Refusal::Expired),
            "active" | "depleted" if over => Some(Refusal::Expired),
            "active" | "depleted" => None,
            _ => Some(Refusal::NotOpen),
        }
    }

    /// What of its value is not held.
    pub fn free(&self) -> i64 {
        self.balance - self.held
    }
}

const LOCK: &str = "select i.id, i.status::text, i.currency::text, i.initial_minor, i.balance_minor, i.held_minor, i.expires_at, \
      i.pin_phc, i.gift_product_id, i.holder_id, i.ledger_account_id, i.code_hash \
    from entitlements.gift_instruments i where i.biz_id = $1 and i.id = $2 for no key update";

const RELEASE: &str = "with over as ( \
      update entitlements.value_holds h set status = 'expired' \
      where h.biz_id = $1 and h.gift_instrument_id = $2 and h.status = 'held' and h.expires_at <= $3 returning h.quantity) \
    update entitlements.gift_instruments i set held_minor = i.held_minor - (select coalesce(sum(quantity), 0) from over) \
    where i.biz_id = $1 and i.id = $2 returning i.held_minor";

/// Locks a gift card; holds on it that have run out keep nothing any more.
pub async fn lock(scope: &Scope, id: Uuid) -> Result<Option<Card>, Error> {
    let values = [scope.biz_id().into(), id.into(), scope.now().into()];
    let Some(row) = scope.query_opt(LOCK, &values[..2]).await? else {
        return Ok(None);
    };
    let mut card = Card {
        id: row.try_get(0)?,
        status: row.try_get(1)?,
        currency: row.try_get(2)?,
        initial: row.try_get(3)?,
        balance: row.try_get(4)?,
        held: row.try_get(5)?,
        expires_at: row.try_get(6)?,
        pin: row.try_get(7)?,
        product_id: row.try_get(8)?,
        holder_id: row.try_get(9)?,
        account_id: row.try_get(10)?,
        code_hash: row.try_get(11)?,
    };
    if card.held > 0
        && let Some(row) = scope.query_opt(RELEASE, &values).await?
    {
        card.held = row.try_get(0)?;
    }
    Ok(Some(card))
}

const ACTIVITY: &str = "with card as ( \
      update entitlements.gift_instruments set balance_minor = balance_minor + $4, status = $5 where biz_id = $1 and id = $2) \
    insert into entitlements.gift_activities (biz_id, id, instrument_id, kind, amount_minor, balance_after_minor, currency, \
      occurred_at, location_id, note, source_type, source_id) \
    values ($1, $6, $2, $3, $4, $7, $8, $9, $10, $11, $12, $13)";

/// What happens to a gift card apart from its use.
#[derive(Clone, Debug)]
pub struct Activity<'a> {
    /// As `entitlements.gift_activity_kind` has it.
    pub kind: &'static str,
    /// By how much its value changes.
    pub by: i64,
    /// Where it stands then.
    pub status: &'static str,
    /// Why, in words.
    pub note: Option<&'a str>,
    /// What brought it about.
    pub source: Option<(&'a str, Uuid)>,
}

/// Changes a locked gift card, and writes it down.
pub async fn act(
    work: Work<'_>,
    place: &Place,
    card: &mut Card,
    activity: &Activity<'_>,
) -> Result<Uuid, Error> {
    let id = new_id();
    card.balance += activity.by;
    let (source_type, source_id) = activity.source.unzip();
    let values: [Value; 13] = [
        work.biz_id().into(),
        card.id.into(),
        activity.kind.into(),
        activity.by.into(),
        activity.status.into(),
        id.into(),
        card.balance.into(),
        card.currency.as_str().into(),
        work.now().into(),
        place.location_id.into(),
        activity.note.map(str::to_owned).into(),
        source_type.map(str::to_owned).into(),
        source_id.into(),
    ];
    work.scope.execute(ACTIVITY, &values).await?;
    activity.status.clone_into(&mut card.status);
    Ok(id)
}

const LINK: &str = "update entitlements.gift_instruments i set ledger_account_id = a.id from ledger.accounts a \
    where i.biz_id = $1 and i.id = $2 and i.ledger_account_id is null and a.biz_id = $1 and a.owner_type = 'GiftInstrument' \
      and a.owner_id = i.id and a.code = $3 returning a.id";

/// Posts value that moves between a card's account and another, and notes the card's account once
/// its first entry has opened it. Positive is more on the card.
pub async fn book(
    work: Work<'_>,
    place: &Place,
    card: &mut Card,
    (description, other): (&'static str, Account),
    minor: i64,
) -> Result<(), Error> {
    let source = ("GiftInstrument", card.id);
    let both = if minor > 0 {
        (other, Account::Gift(card.id))
    } else {
        (Account::Gift(card.id), other)
    };
    let entry = Entry::moved(source, description, &card.currency, both, minor.abs());
    books::post(work, place, &[entry]).await?;
    if card.account_id.is_none() {
        let values = [
            work.biz_id().into(),
            card.id.into(),
            STORED_VALUE.code.into(),
        ];
        if let Some(row) = work.scope.query_opt(LINK, &values).await? {
            card.account_id = row.try_get(0)?;
        }
    }
    Ok(())
}

/// Enters what is on a card that was taken over without any books.
pub async fn open_books(work: Work<'_>, place: &Place, card: &mut Card) -> Result<(), Error> {
    if card.account_id.is_some() || card.balance == 0 {
        return Ok(());
    }
    let balance = card.balance;
    book(
        work,
        place,
        card,
        ("Balance taken over", Account::Opening),
        balance,
    )
    .await
}

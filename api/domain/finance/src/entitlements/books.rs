//! What this context writes into the books: value that was issued, used and lapsed. Every wallet of
//! money and every gift card has a liability account of its own (`STORED_VALUE`); the other sides
//! are accounts of the business.
//!
//! Value that is sold or used passes through `DEPOSITS`: there lies what was paid for it, and there
//! goes what it pays, until it is set against what is owed.

use uuid::Uuid;

use super::work::{Place, Work};
use crate::ledger::chart::{BREAKAGE, ChartAccount, DEPOSITS, EQUITY, REVENUE, STORED_VALUE};
use crate::ledger::rules::Side;
use crate::ledger::store::{self, Line as LedgerLine};
use foundation::database::{Error, new_id};

/// What was paid for visits, minutes and the like that are not used yet.
pub const DEFERRED: ChartAccount = ChartAccount {
    code: "2160",
    name: "Prepaid visits and minutes",
    kind: "liability",
    side: Side::Credit,
    may_be_negative: true,
};
/// Value of gift cards that were taken out of use and not claimed.
pub const UNCLAIMED: ChartAccount = ChartAccount {
    code: "2170",
    name: "Unclaimed gift card value",
    kind: "liability",
    side: Side::Credit,
    may_be_negative: true,
};
/// Value that was given away: promotions, rewards, credits of memberships.
pub const GIVEN: ChartAccount = ChartAccount {
    code: "5060",
    name: "Stored value given away",
    kind: "expense",
    side: Side::Debit,
    may_be_negative: true,
};

/// An account that these entries move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// What is owed to the owner of a wallet.
    Wallet(Uuid),
    /// What is owed to the holder of a gift card.
    Gift(Uuid),
    /// Where money lies that is set against nothing yet.
    Deposits,
    /// Prepaid visits and minutes.
    Deferred,
    /// Revenue by what was used.
    Earned,
    /// Revenue by what lapsed.
    Lapsed,
    /// What was given away.
    Given,
    /// What was taken over from before these books.
    Opening,
    /// What is on cards that are out of use.
    Unclaimed,
}

impl Account {
    fn of_ledger(self) -> store::Account {
        let chart = match self {
            Self::Wallet(id) => return store::Account::Owned(&STORED_VALUE, "Wallet", id),
            Self::Gift(id) => return store::Account::Owned(&STORED_VALUE, "GiftInstrument", id),
            Self::Deposits => &DEPOSITS,
            Self::Deferred => &DEFERRED,
            Self::Earned => &REVENUE,
            Self::Lapsed => &BREAKAGE,
            Self::Given => &GIVEN,
            Self::Opening => &EQUITY,
            Self::Unclaimed => &UNCLAIMED,
        };
        store::Account::Chart(chart)
    }
}

/// An entry to be posted.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it was posted for: entity and id.
    pub source: (&'static str, Uuid),
    /// What it is, in words.
    pub description: &'static str,
    /// Currency of its lines.
    pub currency: String,
    /// Its lines, which sum up to nothing: debits are positive, credits negative.
    pub lines: Vec<(Account, i64)>,
}

impl Entry {
    /// Value that moves between two accounts: the first is debited, the second credited.
    pub fn moved(
        source: (&'static str, Uuid),
        description: &'static str,
        currency: &str,
        (debited, credited): (Account, Account),
        minor: i64,
    ) -> Self {
        Self {
            source,
            description,
            currency: currency.to_owned(),
            lines: vec![(debited, minor), (credited, -minor)],
        }
    }

    fn of_ledger(&self, place: &Place) -> store::Entry<'_> {
        let is_opening = self
            .lines
            .iter()
            .any(|(account, _)| *account == Account::Opening);
        let lines = self.lines.iter().map(|(account, minor)| {
            let account = account.of_ledger();
            if *minor < 0 {
                return LedgerLine::credit(account, -minor, &self.currency);
            }
            LedgerLine::debit(account, *minor, &self.currency)
        });
        store::Entry {
            id: new_id(),
            kind: if is_opening { "opening" } else { "entitlement" },
            source: Some(self.source),
            location_id: place.location_id,
            business_date: place.business_date,
            occurred_at: place.now,
            description: self.description.to_owned(),
            idempotency_key: None,
            lines: lines.collect(),
        }
    }
}

/// Posts entries: last in a verb, as their accounts stay locked until the transaction ends.
pub async fn post(work: Work<'_>, place: &Place, entries: &[Entry]) -> Result<(), Error> {
    let entries: Vec<_> = entries.iter().map(|entry| entry.of_ledger(place)).collect();
    store::post_all(work.scope, &entries).await
}

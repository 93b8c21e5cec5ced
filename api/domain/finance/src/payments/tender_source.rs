//! What gift cards and wallets do as a way to pay: their module moves their balance, payments posts
//! the books.

use async_trait::async_trait;
use uuid::Uuid;

use crate::entitlements::tender;
use foundation::database::{Error, Scope};

/// Money drawn from, or given back to, something the business keeps for a customer.
#[derive(Clone, Copy, Debug)]
pub struct Draw<'a> {
    /// What it is: `GiftInstrument` or `Wallet`, and its id.
    pub instrument: (&'a str, Uuid),
    /// How much, in minor units.
    pub amount_minor: i64,
    /// The currency.
    pub currency: &'a str,
    /// The payment.
    pub intent_id: Uuid,
    /// The part of the payment: drawn once.
    pub tender_id: Uuid,
    /// The refund, where it is given back.
    pub refund_id: Option<Uuid>,
    /// Where.
    pub location_id: Option<Uuid>,
}

/// Why nothing is drawn.
#[derive(Debug)]
pub enum Refused {
    /// A rule of the instrument: a code such as `INSUFFICIENT` or `HELD_ELSEWHERE`, and a sentence.
    Rule(&'static str, String),
    /// The database.
    Database(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

/// Something that a customer pays from.
#[async_trait]
pub trait TenderSource: Send + Sync {
    /// Draws from it, within the payment's transaction.
    async fn charge(&self, scope: &Scope, draw: &Draw<'_>) -> Result<(), Refused>;

    /// Gives back to it, within the refund's transaction.
    async fn give_back(&self, scope: &Scope, draw: &Draw<'_>) -> Result<(), Refused>;
}

/// Who draws from instruments of this kind: `GiftInstrument` or `Wallet`.
pub fn source(instrument: &str) -> Option<&'static dyn TenderSource> {
    match instrument {
        "GiftInstrument" => Some(&tender::GiftCards),
        "Wallet" => Some(&tender::Wallets),
        _ => None,
    }
}

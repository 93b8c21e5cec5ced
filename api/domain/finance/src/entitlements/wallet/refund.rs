//! Refunds that go into the customer's wallet instead of back the way the money came: for payments,
//! which posts the books, in its transaction.

use uuid::Uuid;

use super::grants::{NewGrant, give};
use super::locked::{link, lock_one};
use super::open::stored_value;
use crate::entitlements::work::{Work, place};
use foundation::database::{Error, Scope};

/// Money that goes into a wallet.
#[derive(Clone, Copy, Debug)]
pub struct Back<'a> {
    /// Whose wallet: that for their money of the currency, opened where there is none.
    pub customer_id: Uuid,
    /// The refund, which goes into it once.
    pub refund_id: Uuid,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// The currency.
    pub currency: &'a str,
    /// Where.
    pub location_id: Option<Uuid>,
}

/// Puts a refund into the customer's wallet, and says which it is. The caller posts the entry, and
/// then calls [`posted`].
pub async fn put(scope: &Scope, back: &Back<'_>) -> Result<Uuid, Error> {
    let work = Work::within(scope);
    let id = stored_value(work, back.customer_id, back.currency).await?;
    let gone = || Error::Internal("a wallet that is gone".to_owned());
    let mut wallet = lock_one(scope, id).await?.ok_or_else(gone)?;
    let here = place(scope, back.location_id).await?.ok_or_else(gone)?;
    let grant = NewGrant {
        paid: Some((back.amount_minor, back.currency.to_owned())),
        source: Some(("Refund".to_owned(), back.refund_id)),
        key: Some(format!("refund/{}", back.refund_id)),
        is_posted: false,
        ..NewGrant::new("refund", back.amount_minor, scope.now())
    };
    give(work, &here, &mut wallet, &grant).await?;
    Ok(id)
}

/// Notes the account of a wallet in the books, once the entry that opened it is posted.
pub async fn posted(scope: &Scope, wallet_id: Uuid) -> Result<(), Error> {
    match lock_one(scope, wallet_id).await? {
        Some(mut wallet) => link(Work::within(scope), &mut wallet).await,
        None => Ok(()),
    }
}

//! Who else has to know, in the same transaction, that money came in or went back.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::database::{Error, Scope};
use crate::domain::entitlements::obligation;

/// Money that was taken from a customer.
#[derive(Clone, Debug)]
pub struct Captured {
    /// The movement: `payments.payment_transactions`.
    pub transaction_id: Uuid,
    /// The payment.
    pub intent_id: Uuid,
    /// What was paid for: an entity and its id.
    pub source: Option<(String, Uuid)>,
    /// Who paid.
    pub customer_id: Option<Uuid>,
    /// Where.
    pub location_id: Option<Uuid>,
    /// How much, without tip, in minor units.
    pub amount_minor: i64,
    /// The currency.
    pub currency: String,
    /// A value of `payments.method_kind`.
    pub method: String,
    /// The day of business.
    pub business_date: NaiveDate,
}

/// Told of every capture, once, within its transaction. What is called here must not fail where the
/// money is fine: the money was taken.
pub async fn on_captured(scope: &Scope, captured: &Captured) -> Result<(), Error> {
    if let Some(("ParticipantObligation", id)) = captured
        .source
        .as_ref()
        .map(|(entity, id)| (entity.as_str(), *id))
    {
        let payment = ("PaymentTransaction", captured.transaction_id);
        obligation::store::pay(scope, id, captured.amount_minor, payment).await?;
    }
    crate::domain::billing::captured::receive(scope, captured).await
}

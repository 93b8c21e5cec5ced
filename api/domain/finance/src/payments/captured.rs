//! Who else has to know, in the same transaction, that money came in or went back.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::billing::refunded;
use crate::entitlements::membership::charge;
use crate::entitlements::obligation;
use foundation::database::{Error, Scope};

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
    if let Some(("ParticipantObligation", id)) = source(captured.source.as_ref()) {
        let payment = ("PaymentTransaction", captured.transaction_id);
        obligation::store::pay(scope, id, captured.amount_minor, payment).await?;
    }
    if let Some(("Membership", id)) = source(captured.source.as_ref()) {
        charge::paid(scope, id, captured.intent_id).await?;
    }
    crate::billing::captured::receive(scope, captured).await
}

fn source(source: Option<&(String, Uuid)>) -> Option<(&str, Uuid)> {
    source.map(|(entity, id)| (entity.as_str(), *id))
}

/// Money that went back to a customer.
#[derive(Clone, Debug)]
pub struct GivenBack {
    /// The refund.
    pub refund_id: Uuid,
    /// What the books call it.
    pub description: String,
    /// The part of the payment that it went back from.
    pub tender_id: Uuid,
    /// What had been paid for: an entity and its id.
    pub source: Option<(String, Uuid)>,
    /// How much, without tip, in minor units.
    pub amount_minor: i64,
    /// The currency.
    pub currency: String,
    /// Where.
    pub location_id: Option<Uuid>,
    /// The day of business.
    pub business_date: NaiveDate,
}

/// Told of every refund that was made, once, within its transaction.
pub async fn on_given_back(scope: &Scope, back: &GivenBack) -> Result<(), Error> {
    if back.amount_minor <= 0 {
        return Ok(());
    }
    if let Some(("ParticipantObligation", id)) = source(back.source.as_ref()) {
        obligation::store::give_back(scope, id, back.refund_id).await?;
    }
    refunded::take_back(scope, back).await
}

/// Told of every refund that had been made and came back after all.
pub async fn on_not_given_back(scope: &Scope, refund_id: Uuid) -> Result<(), Error> {
    obligation::store::keep(scope, refund_id).await?;
    refunded::keep(scope, refund_id).await
}

/// Told of every try to pay that was declined.
pub async fn on_declined(
    scope: &Scope,
    of: Option<&(String, Uuid)>,
    message: &str,
) -> Result<(), Error> {
    match source(of) {
        Some(("Membership", id)) => charge::declined(scope, id, message).await,
        _ => Ok(()),
    }
}

//! What is asked of processors besides payments: to keep ways to pay for later, and to pay out.

use serde_json::Value;
use uuid::Uuid;

use super::Wire;

/// A way to pay that is to be kept.
#[derive(Clone, Debug)]
pub struct Keep {
    /// The set-up, which is the key that makes it happen once.
    pub setup_id: Uuid,
    /// The customer, which is the key that makes them known once.
    pub customer_id: Uuid,
    /// Whom the processor knows the customer as; none yet if not given.
    pub customer: Option<String>,
    /// What stands for the way to pay.
    pub method_ref: String,
    /// Whether it is to be used while the customer is not there.
    pub is_off_session: bool,
}

/// A way to pay that a processor keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptMethod {
    /// Its id at the processor.
    pub external_id: String,
    /// Brand of the card or bank.
    pub brand: Option<String>,
    /// Last four digits.
    pub last4: Option<String>,
    /// Month and year after which the card is no longer good.
    pub expiry: Option<(i16, i16)>,
    /// Country of the bank.
    pub country: Option<String>,
    /// What the same card is known again by.
    pub fingerprint: Option<String>,
    /// The mandate under which it is used.
    pub mandate: Option<String>,
}

/// What a processor says of a way to pay that it is to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The set-up's id there, where it has one.
    pub external_id: Option<String>,
    /// Whom the processor knows the customer as.
    pub customer: Option<String>,
    /// How it stands.
    pub standing: KeptStanding,
}

/// How the keeping of a way to pay stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptStanding {
    /// It is kept.
    Done(KeptMethod),
    /// The customer has to do something first.
    Action(Value),
    /// It will say later.
    Processing,
    /// It is not kept, and why.
    Declined(String),
    /// It was called off there.
    Canceled,
}

impl Kept {
    /// Not kept, and never known there.
    pub fn refused(message: &str) -> Self {
        Self {
            external_id: None,
            customer: None,
            standing: KeptStanding::Declined(message.to_owned()),
        }
    }
}

/// Money that is to leave the processor for the bank of the business.
#[derive(Clone, Debug)]
pub struct PayOut {
    /// The payout, which is the key that makes it happen once.
    pub payout_id: Uuid,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// The currency.
    pub currency: String,
    /// How the processor writes its amounts.
    pub wire: Wire,
    /// Our number of it.
    pub number: String,
}

/// What a processor says of a payout that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaidOut {
    /// It is on its way: its id there.
    Ordered(String),
    /// It is not made, and why.
    Refused(String),
}

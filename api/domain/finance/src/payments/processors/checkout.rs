//! Pages of a processor on which customers pay by themselves.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A page that is asked of a processor.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// The page, which is the key that makes it be there once.
    pub checkout_id: Uuid,
    /// How much, as the processor writes it.
    pub amount: i64,
    /// The currency.
    pub currency: String,
    /// What the customer reads.
    pub description: String,
    /// Where the customer goes once it is paid.
    pub success_url: String,
    /// Where the customer goes who does not pay.
    pub cancel_url: String,
    /// When it closes.
    pub expires_at: DateTime<Utc>,
}

/// What a processor says of a page that was asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckedOut {
    /// It is there.
    Open {
        /// Its id at the processor.
        external_id: String,
        /// Its address.
        url: String,
    },
    /// It is not made, and why.
    Refused(String),
}

/// A page, as a processor tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutNews {
    /// The page, where the processor gives back what we told it.
    pub checkout_id: Option<Uuid>,
    /// Its id at the processor, where it is said.
    pub external_id: Option<String>,
    /// How it stands.
    pub standing: CheckoutStanding,
}

/// How a page stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckoutStanding {
    /// It can be paid on, or what was paid is still on its way.
    Open,
    /// It closed, and nothing was paid.
    Closed,
    /// It was paid.
    Paid(CheckoutPaid),
}

/// What was paid on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutPaid {
    /// The payment's id at the processor.
    pub payment: String,
    /// The movement's own id there, by which settlements name it; none where it is not said, and has to
    /// be asked for.
    pub movement: Option<String>,
    /// How much, as the processor writes it; what was asked for where it is not said.
    pub amount: Option<i64>,
    /// What stands for the way to pay.
    pub method_ref: Option<String>,
}

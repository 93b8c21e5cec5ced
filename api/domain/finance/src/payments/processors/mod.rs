//! Processors behind one trait: who is asked to move money. Those that are asked over the network
//! are asked outside of any transaction, with a key that makes the same request happen once; the
//! others answer at once.

pub mod checkout;
pub mod kept;
pub mod manual;
mod reach;
pub mod sandbox;
pub mod sandbox_checkout;
pub mod stripe;

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use self::checkout::{CheckedOut, Checkout, CheckoutNews};
use self::kept::{Keep, Kept, PaidOut, PayOut};
pub use self::reach::{PATIENCE, Processors};
use super::rules::Wire;

const NO_PAGES: &str = "This processor has no page on which a customer could pay.";

/// The secrets of an account, as they are sealed in its row.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Secrets {
    /// The key of the API.
    pub api_key: Option<String>,
    /// What messages of the processor are signed with.
    pub webhook_secret: Option<String>,
}

/// An account at a processor, when it is asked for something.
pub struct Asking<'a> {
    /// What reaches it.
    pub processors: &'a Processors,
    /// Its secrets.
    pub secrets: Secrets,
    /// Its id at the processor.
    pub external_account_id: &'a str,
    /// Whether it is real money.
    pub is_live: bool,
}

/// What is asked of a processor about one part of a payment.
#[derive(Clone, Debug)]
pub struct Charge {
    /// The try, which is the key that makes it happen once.
    pub attempt_id: Uuid,
    /// A value of `payments.attempt_operation`.
    pub operation: String,
    /// How much, in minor units; none where a hold is released.
    pub amount_minor: Option<i64>,
    /// The currency.
    pub currency: String,
    /// How the processor writes its amounts.
    pub wire: Wire,
    /// What stands for the way to pay.
    pub method_ref: Option<String>,
    /// The authorization that is changed, taken or released.
    pub authorization: Option<String>,
    /// How much the authorization is of altogether, in minor units.
    pub authorized_minor: i64,
    /// Whether nothing more is taken after it.
    pub is_final: bool,
    /// Whether it was asked before and nobody knows what came of it.
    pub is_retry: bool,
    /// The payment's number.
    pub number: String,
    /// Whom the processor knows the customer as, where they left their way to pay with it.
    pub customer: Option<String>,
    /// Whether the customer is not there: what was agreed on before is taken.
    pub is_off_session: bool,
    /// What the customer reads on the statement.
    pub statement_descriptor: Option<String>,
}

/// A refund that is asked of a processor.
#[derive(Clone, Debug)]
pub struct Return {
    /// The refund, which is the key that makes it happen once.
    pub refund_id: Uuid,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// The currency.
    pub currency: String,
    /// How the processor writes its amounts.
    pub wire: Wire,
    /// The payment at the processor that it goes back from.
    pub authorization: Option<String>,
    /// What stood for the way to pay.
    pub method_ref: Option<String>,
    /// A value of `payments.refund_reason`.
    pub reason: String,
    /// Whether it was asked before and nobody knows what came of it.
    pub is_retry: bool,
}

/// What a processor says of a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// It is done.
    Done {
        /// The payment's id at the processor; none where there is no processor.
        external_id: Option<String>,
        /// The movement's own id there.
        movement_id: Option<String>,
        /// When an authorization runs out.
        expires_at: Option<DateTime<Utc>>,
        /// A value of `payments.sca_outcome`.
        sca: Option<&'static str>,
    },
    /// The customer has to do something first.
    Action {
        /// The payment's id at the processor.
        external_id: String,
        /// What.
        next_action: Value,
    },
    /// It will say later.
    Processing {
        /// The payment's id at the processor.
        external_id: String,
    },
    /// It will not be done.
    Declined {
        /// The payment's id at the processor, where it has one.
        external_id: Option<String>,
        /// The processor's code.
        code: String,
        /// The processor's words.
        message: String,
    },
}

impl Report {
    /// Done, by somebody who keeps no record of it.
    pub fn done() -> Self {
        Self::Done {
            external_id: None,
            movement_id: None,
            expires_at: None,
            sca: None,
        }
    }

    /// Declined, before the processor had an id for it.
    pub fn declined(code: &str, message: impl Into<String>) -> Self {
        Self::Declined {
            external_id: None,
            code: code.to_owned(),
            message: message.into(),
        }
    }
}

/// What a processor says of a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returned {
    /// The money goes back.
    Done {
        /// The refund's id at the processor; none where there is no processor.
        external_id: Option<String>,
    },
    /// It will say later.
    Processing {
        /// The refund's id at the processor.
        external_id: String,
    },
    /// The money does not go back.
    Failed {
        /// The refund's id at the processor, where it has one.
        external_id: Option<String>,
        /// The processor's words.
        message: String,
    },
}

/// Nobody knows what became of a request: it is asked again, with the same key.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unknown(pub String);

/// What a message of a processor says.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// Something of a try: which, if the message says so, and what it came to.
    Attempt {
        /// The try, where the processor gives back what we told it.
        attempt_id: Option<Uuid>,
        /// The payment's id at the processor.
        external_id: String,
        /// How it stands.
        report: Report,
        /// How much was taken so far, as the processor writes it; none where it does not say.
        taken: Option<i64>,
    },
    /// An authorization was released, or ran out.
    Released {
        /// The payment's id at the processor.
        external_id: String,
    },
    /// Something of a refund.
    Refund {
        /// The refund, where the processor gives back what we told it.
        refund_id: Option<Uuid>,
        /// Its id at the processor.
        external_id: String,
        /// How it stands.
        returned: Returned,
    },
    /// A dispute, as it stands.
    Dispute(DisputeNews),
    /// A payout, as it stands.
    Payout {
        /// Its id at the processor.
        external_id: String,
        /// A value of `payments.payout_status`.
        status: &'static str,
        /// Why it failed.
        reason: Option<String>,
    },
    /// A page on which a customer pays, as it stands.
    Checkout(CheckoutNews),
    /// Nothing for us.
    Nothing,
}

/// A dispute, as a processor tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct DisputeNews {
    /// Its id at the processor.
    pub external_id: String,
    /// The payment's id there.
    pub payment: String,
    /// How much, as the processor writes it.
    pub amount: i64,
    /// The currency.
    pub currency: String,
    /// A value of `payments.dispute_reason`.
    pub reason: &'static str,
    /// The network's code of the reason.
    pub network_reason_code: Option<String>,
    /// A value of `payments.dispute_status`.
    pub status: &'static str,
    /// Until when evidence is taken.
    pub evidence_due_at: Option<DateTime<Utc>>,
    /// What the processor charges for it, as it writes amounts.
    pub fee: i64,
}

/// A message of a processor.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id at the processor.
    pub event_id: String,
    /// What it says happened, in the processor's words.
    pub kind: String,
    /// What it is about, by its id at the processor.
    pub object_id: Option<String>,
    /// The version of that.
    pub object_version: Option<i64>,
    /// When it happened.
    pub occurred_at: Option<DateTime<Utc>>,
}

/// Why a message is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not signed.
    #[error("the signature is missing or not of its form")]
    NoSignature,
    /// It is signed by somebody else.
    #[error("the signature is not the processor's")]
    WrongSignature,
    /// It was signed too long ago, or in the future.
    #[error("the signature is too old")]
    TooOld,
    /// It is not of the processor's form.
    #[error("the message cannot be read")]
    Unreadable,
    /// This processor sends no messages.
    #[error("this processor sends no messages")]
    NoMessages,
}

/// Somebody who moves money.
#[async_trait]
pub trait Processor: Send + Sync {
    /// Whether it answers at once and without a network, so that it is asked within the transaction.
    fn is_local(&self) -> bool {
        false
    }

    /// Charges, authorizes, captures, or releases. The same try asked twice is done once.
    async fn perform(&self, asking: &Asking<'_>, charge: &Charge) -> Result<Report, Unknown>;

    /// Gives money back. The same refund asked twice is made once.
    async fn give_back(&self, asking: &Asking<'_>, refund: &Return) -> Result<Returned, Unknown>;

    /// How a payment stands there.
    async fn look(&self, asking: &Asking<'_>, external_id: &str) -> Result<Meaning, Unknown>;

    /// Keeps a way to pay for later. The same keeping asked twice is done once.
    async fn keep(&self, _: &Asking<'_>, _: &Keep) -> Result<Kept, Unknown> {
        Ok(Kept::refused("This processor keeps no ways to pay."))
    }

    /// How the keeping of a way to pay stands there.
    async fn kept(&self, _: &Asking<'_>, _: &str) -> Result<Kept, Unknown> {
        Ok(Kept::refused("This processor keeps no ways to pay."))
    }

    /// Forgets a way to pay that it kept.
    async fn forget(&self, _: &Asking<'_>, _: &str) -> Result<(), Unknown> {
        Ok(())
    }

    /// Pays out to the bank of the business. The same payout asked twice is made once.
    async fn pay_out(&self, _: &Asking<'_>, _: &PayOut) -> Result<PaidOut, Unknown> {
        Ok(PaidOut::Refused(
            "This processor is not told to pay out: note the payout instead.".to_owned(),
        ))
    }

    /// Whether it has pages of its own on which customers pay.
    fn has_pages(&self) -> bool {
        false
    }

    /// Makes a page on which a customer pays. The same page asked for twice is made once.
    async fn open_page(&self, _: &Asking<'_>, _: &Checkout) -> Result<CheckedOut, Unknown> {
        Ok(CheckedOut::Refused(NO_PAGES.to_owned()))
    }

    /// How a page stands there.
    async fn look_at_page(&self, _: &Asking<'_>, _: &str) -> Result<CheckoutNews, Unknown> {
        Err(Unknown(NO_PAGES.to_owned()))
    }

    /// Closes a page, unless it was paid: how it stands then.
    async fn close_page(&self, _: &Asking<'_>, _: &str) -> Result<CheckoutNews, Unknown> {
        Err(Unknown(NO_PAGES.to_owned()))
    }

    /// Hands evidence in, or with none of it accepts the dispute.
    async fn answer_dispute(
        &self,
        asking: &Asking<'_>,
        external_id: &str,
        evidence: Option<&str>,
    ) -> Result<(), Unknown>;

    /// The message in a request, if the processor has signed it.
    fn message(
        &self,
        secret: &str,
        headers: &HashMap<String, String>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(Message, Value), Refusal>;

    /// What a message says.
    fn meaning(&self, payload: &Value) -> Meaning;
}

/// The processor of an account: a value of `payments.processor`. None where it is not spoken yet.
pub fn of(processor: &str) -> Option<&'static dyn Processor> {
    match processor {
        "cash" => Some(&manual::CASH),
        "bank" | "terminal" | "house" => Some(&manual::OTHER),
        "sandbox" => Some(&sandbox::Sandbox),
        "stripe" => Some(&stripe::Stripe),
        _ => None,
    }
}

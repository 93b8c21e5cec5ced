//! The sandbox's pages on which customers pay: this program serves them itself, and what is paid there
//! comes back as a message, as it does from others.

use chrono::{DateTime, Utc};
use reqwest::Url;
use serde_json::{Value, json};
use uuid::Uuid;

use super::checkout::{CheckedOut, Checkout, CheckoutNews, CheckoutPaid, CheckoutStanding};
use super::{Asking, Meaning, Message};

/// Where the pages are.
pub const PATH: &str = "/sandbox/checkout";
/// The longest address of a page.
const LONGEST: usize = 4_000;

const KIND: &str = "checkout.paid";

/// A page, at the address where this program is reached from its own machine.
pub(super) fn open(asking: &Asking<'_>, wanted: &Checkout) -> CheckedOut {
    let Some(own) = asking.processors.own_url() else {
        let message = "The sandbox has pages where `bizing serve` runs.";
        return CheckedOut::Refused(message.to_owned());
    };
    let back = [
        ("success", wanted.success_url.as_str()),
        ("cancel", wanted.cancel_url.as_str()),
        ("for", wanted.description.as_str()),
    ];
    let page = format!("{own}{PATH}/{}", wanted.checkout_id);
    match Url::parse_with_params(&page, back) {
        Ok(url) if url.as_str().len() <= LONGEST => CheckedOut::Open {
            external_id: format!("sbx_cs_{}", wanted.checkout_id.simple()),
            url: url.into(),
        },
        _ => CheckedOut::Refused("The addresses are too long for the sandbox.".to_owned()),
    }
}

/// How a page stands: the sandbox remembers nothing, so it is as it is asked to be.
pub(super) fn news(external_id: &str, standing: CheckoutStanding) -> CheckoutNews {
    CheckoutNews {
        checkout_id: None,
        external_id: Some(external_id.to_owned()),
        standing,
    }
}

/// The message that a page was paid with a card. It comes once, however often the customer presses.
pub fn message(checkout_id: Uuid, card: &str, now: DateTime<Utc>) -> (Message, Value) {
    let message = Message {
        event_id: format!("sbx_ev_{}", checkout_id.simple()),
        kind: KIND.to_owned(),
        object_id: Some(format!("sbx_cs_{}", checkout_id.simple())),
        object_version: None,
        occurred_at: Some(now),
    };
    let payload = json!({"type": KIND, "checkout": checkout_id, "card": card});
    (message, payload)
}

/// What such a message says. None where it is another one.
pub(super) fn paid(payload: &Value) -> Option<Meaning> {
    let checkout_id: Uuid = payload["checkout"]
        .as_str()
        .filter(|_| payload["type"] == KIND)?
        .parse()
        .ok()?;
    let id = checkout_id.simple();
    Some(Meaning::Checkout(CheckoutNews {
        checkout_id: Some(checkout_id),
        external_id: Some(format!("sbx_cs_{id}")),
        standing: CheckoutStanding::Paid(CheckoutPaid {
            payment: format!("sbx_{id}"),
            movement: Some(format!("sbx_mv_{id}")),
            amount: None,
            method_ref: payload["card"].as_str().map(str::to_owned),
        }),
    }))
}

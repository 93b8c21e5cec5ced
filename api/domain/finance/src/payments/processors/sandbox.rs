//! A processor inside the program, for development: it moves no money, and does what its cards say.
//! It remembers nothing: what it answers follows from the card and the key alone, so that the same
//! request asked twice has the same answer, also after the program was killed.
//!
//! | card | what it does |
//! | --- | --- |
//! | `card_ok`, or none | pays |
//! | `card_declined`, `card_insufficient_funds` | is declined |
//! | `card_challenge` | needs the customer: `sandboxChallengeAnswer` answers for them |
//! | `card_timeout` | pays, but nobody hears it the first time |
//! | `card_pending` | pays, but says so only when it is asked again |
//! | `card_twice` | pays, and says so twice more, in messages that the job `sandbox_answers` brings |
//! | `card_dispute` | pays, and is disputed later, by the job `sandbox_disputes` |
//! | `card_refund_fails` | pays, and takes no refund |
//! | `card_refund_timeout` | pays, and gives back, but nobody hears it the first time |
//! | `card_capture_fails` | can be authorized, and not captured |
//! | `card_expires` | its authorizations last a minute |
//!
//! On its pages a customer pays with any of them: [`sandbox_checkout`].

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::checkout::{CheckedOut, Checkout, CheckoutNews, CheckoutStanding};
use super::kept::{Keep, Kept, KeptMethod, KeptStanding, PaidOut, PayOut};
use super::{
    Asking, Charge, DisputeNews, Meaning, Message, Processor, Refusal, Report, Return, Returned,
    Unknown, sandbox_checkout,
};
use foundation::database::{Clock as _, SystemClock};

/// How long an authorization lasts.
const LASTS: Duration = Duration::days(7);

/// The processor.
pub struct Sandbox;

/// The card, by its name or by what stands for it since it is kept.
fn card(method_ref: Option<&str>) -> &str {
    let named = method_ref.unwrap_or("card_ok");
    let kept = named.split_once('#').map(|(card, _)| card);
    // Who has left a card has answered its challenge.
    match kept {
        Some("card_challenge" | "card_pending") => "card_ok",
        Some(card) => card,
        None => named,
    }
}

/// The id of a payment there.
fn payment(charge: &Charge) -> String {
    let known = charge.authorization.clone();
    known.unwrap_or_else(|| format!("sbx_{}", charge.attempt_id.simple()))
}

fn paid(charge: &Charge, sca: &'static str) -> Report {
    let lasts = match card(charge.method_ref.as_deref()) {
        "card_expires" => Duration::minutes(1),
        _ => LASTS,
    };
    Report::Done {
        external_id: Some(payment(charge)),
        movement_id: Some(format!("sbx_mv_{}", charge.attempt_id.simple())),
        expires_at: (charge.operation == "authorize").then(|| SystemClock.now() + lasts),
        sca: Some(sca),
    }
}

fn refused(charge: &Charge, code: &str, message: &str) -> Report {
    Report::Declined {
        external_id: Some(payment(charge)),
        code: code.to_owned(),
        message: message.to_owned(),
    }
}

#[async_trait]
impl Processor for Sandbox {
    async fn perform(&self, _: &Asking<'_>, charge: &Charge) -> Result<Report, Unknown> {
        let is_new = matches!(charge.operation.as_str(), "charge" | "authorize");
        Ok(match card(charge.method_ref.as_deref()) {
            "card_capture_fails" if charge.operation == "capture" => refused(
                charge,
                "capture_failed",
                "The sandbox does not capture this card.",
            ),
            _ if !is_new => paid(charge, "not_required"),
            "card_declined" => refused(charge, "card_declined", "The card was declined."),
            "card_insufficient_funds" => refused(
                charge,
                "insufficient_funds",
                "The card has insufficient funds.",
            ),
            "card_challenge" => Report::Action {
                external_id: payment(charge),
                next_action: json!({"type": "sandbox_challenge", "verb": "sandboxChallengeAnswer"}),
            },
            "card_timeout" if !charge.is_retry => {
                return Err(Unknown("The sandbox did not answer in time.".to_owned()));
            }
            "card_pending" if !charge.is_retry => Report::Processing {
                external_id: payment(charge),
            },
            _ => paid(charge, "frictionless"),
        })
    }

    async fn give_back(&self, _: &Asking<'_>, refund: &Return) -> Result<Returned, Unknown> {
        let external_id = Some(format!("sbx_re_{}", refund.refund_id.simple()));
        Ok(match card(refund.method_ref.as_deref()) {
            "card_refund_fails" => Returned::Failed {
                external_id,
                message: "The sandbox does not refund this card.".to_owned(),
            },
            "card_refund_timeout" if !refund.is_retry => {
                return Err(Unknown("The sandbox did not answer in time.".to_owned()));
            }
            _ => Returned::Done { external_id },
        })
    }

    async fn look(&self, _: &Asking<'_>, _: &str) -> Result<Meaning, Unknown> {
        Ok(Meaning::Nothing)
    }

    async fn keep(&self, _: &Asking<'_>, keep: &Keep) -> Result<Kept, Unknown> {
        let external_id = format!("sbx_si_{}_{}", keep.setup_id.simple(), keep.method_ref);
        let standing = match keep.method_ref.as_str() {
            "card_challenge" => KeptStanding::Action(json!({
                "type": "sandbox_challenge", "verb": "paymentMethodSetupCheck",
            })),
            "card_timeout" => {
                return Err(Unknown("The sandbox did not answer in time.".to_owned()));
            }
            "card_declined" | "card_insufficient_funds" => {
                KeptStanding::Declined("The card was declined.".to_owned())
            }
            "card_pending" => KeptStanding::Processing,
            card => KeptStanding::Done(own(keep.setup_id, card)),
        };
        Ok(Kept {
            external_id: Some(external_id),
            customer: Some(format!("sbx_cu_{}", keep.customer_id.simple())),
            standing,
        })
    }

    async fn kept(&self, _: &Asking<'_>, external_id: &str) -> Result<Kept, Unknown> {
        // The customer has done by now what was asked of them.
        let named = external_id.trim_start_matches("sbx_si_");
        let (setup, card) = named.split_once('_').unwrap_or((named, "card_ok"));
        let standing = match setup.parse() {
            Ok(setup_id) => KeptStanding::Done(own(setup_id, card)),
            Err(_) => KeptStanding::Canceled,
        };
        Ok(Kept {
            external_id: Some(external_id.to_owned()),
            customer: None,
            standing,
        })
    }

    async fn pay_out(&self, _: &Asking<'_>, order: &PayOut) -> Result<PaidOut, Unknown> {
        let id = order.payout_id.simple();
        Ok(PaidOut::Ordered(format!("sbx_po_{id}")))
    }

    fn has_pages(&self) -> bool {
        true
    }

    async fn open_page(
        &self,
        asking: &Asking<'_>,
        wanted: &Checkout,
    ) -> Result<CheckedOut, Unknown> {
        Ok(sandbox_checkout::open(asking, wanted))
    }

    async fn look_at_page(&self, _: &Asking<'_>, id: &str) -> Result<CheckoutNews, Unknown> {
        Ok(sandbox_checkout::news(id, CheckoutStanding::Open))
    }

    async fn close_page(&self, _: &Asking<'_>, id: &str) -> Result<CheckoutNews, Unknown> {
        Ok(sandbox_checkout::news(id, CheckoutStanding::Closed))
    }

    async fn answer_dispute(
        &self,
        _: &Asking<'_>,
        _: &str,
        _: Option<&str>,
    ) -> Result<(), Unknown> {
        Ok(())
    }

    fn message(
        &self,
        _: &str,
        _: &HashMap<String, String>,
        _: &[u8],
        _: DateTime<Utc>,
    ) -> Result<(Message, Value), Refusal> {
        Err(Refusal::NoMessages)
    }

    fn meaning(&self, payload: &Value) -> Meaning {
        if let Some(paid) = sandbox_checkout::paid(payload) {
            return paid;
        }
        let text = |field: &str| payload[field].as_str();
        let (Some(attempt_id), Some(payment)) = (text("attempt"), text("payment")) else {
            return Meaning::Nothing;
        };
        let Ok(attempt_id) = attempt_id.parse::<Uuid>() else {
            return Meaning::Nothing;
        };
        Meaning::Attempt {
            attempt_id: Some(attempt_id),
            external_id: payment.to_owned(),
            report: Report::Done {
                external_id: Some(payment.to_owned()),
                movement_id: Some(format!("sbx_mv_{}", attempt_id.simple())),
                expires_at: None,
                sca: Some("frictionless"),
            },
            taken: None,
        }
    }
}

/// The messages in which the sandbox says once more that a payment with `card_twice` was done.
pub fn again(
    attempt_id: Uuid,
    payment: &str,
    now: DateTime<Utc>,
) -> impl Iterator<Item = (Message, Value)> {
    let payload = json!({"type": "payment.done", "attempt": attempt_id, "payment": payment});
    let payment = payment.to_owned();
    ["once", "twice"].into_iter().map(move |time| {
        let message = Message {
            event_id: format!("sbx_ev_{}_{time}", attempt_id.simple()),
            kind: "payment.done".to_owned(),
            object_id: Some(payment.clone()),
            object_version: None,
            occurred_at: Some(now),
        };
        (message, payload.clone())
    })
}

/// A way to pay that the sandbox keeps: what it does follows from its name, as for other cards.
fn own(setup_id: Uuid, card: &str) -> KeptMethod {
    KeptMethod {
        external_id: format!("{card}#{}", setup_id.simple()),
        brand: Some("sandbox".to_owned()),
        last4: Some("4242".to_owned()),
        expiry: Some((12, 2099)),
        country: None,
        fingerprint: Some(format!("sandbox {card}")),
        mandate: Some(format!("sbx_ma_{}", setup_id.simple())),
    }
}

/// What the sandbox says when the customer has answered a challenge.
pub fn challenged(attempt_id: Uuid, external_id: &str, passed: bool, reserves: bool) -> Report {
    if !passed {
        return Report::Declined {
            external_id: Some(external_id.to_owned()),
            code: "authentication_failed".to_owned(),
            message: "The customer did not pass the challenge.".to_owned(),
        };
    }
    Report::Done {
        external_id: Some(external_id.to_owned()),
        movement_id: Some(format!("sbx_mv_{}", attempt_id.simple())),
        expires_at: reserves.then(|| SystemClock.now() + LASTS),
        sca: Some("challenged"),
    }
}

/// The dispute that follows a payment with `card_dispute`.
pub fn dispute(payment: &str, amount: i64, currency: &str, now: DateTime<Utc>) -> DisputeNews {
    DisputeNews {
        external_id: format!("sbx_dp_{}", payment.trim_start_matches("sbx_")),
        payment: payment.to_owned(),
        amount,
        currency: currency.to_owned(),
        reason: "fraudulent",
        network_reason_code: Some("10.4".to_owned()),
        status: "needs_response",
        evidence_due_at: Some(now + LASTS),
        fee: 0,
    }
}

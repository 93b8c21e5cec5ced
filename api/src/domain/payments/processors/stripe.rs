//! Stripe, by its HTTP API: payment intents, refunds, disputes, and its signed messages.
//!
//! Every request carries an idempotency key of ours, so that one that was cut off is sent again as
//! it was, and happens once.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Asking, Charge, DisputeNews, Meaning, Message, Processor, Refusal, Report, Return, Returned,
    Unknown,
};

/// Where its API is.
pub const URL: &str = "https://api.stripe.com";
/// The version of the API that is spoken here.
const VERSION: &str = "2025-03-31.basil";
/// How old a signature may be, or how far ahead.
const TOLERANCE: TimeDelta = TimeDelta::seconds(300);
/// How long an authorization lasts where Stripe does not say.
const LASTS: TimeDelta = TimeDelta::days(7);

/// The processor.
pub struct Stripe;

type Form = Vec<(String, String)>;

fn field(name: &str, value: impl ToString) -> (String, String) {
    (name.to_owned(), value.to_string())
}

/// What Stripe answered.
struct Answer {
    status: u16,
    body: Value,
}

async fn call(
    asking: &Asking<'_>,
    path: &str,
    key: Option<&str>,
    form: Option<&Form>,
) -> Result<Answer, Unknown> {
    let Some(secret) = asking.secrets.api_key.as_deref() else {
        return Err(Unknown(
            "the account has no API key: nothing is sent".to_owned(),
        ));
    };
    let url = format!("{}{path}", asking.processors.stripe_url());
    let request = match form {
        Some(form) => asking.processors.http.post(url).form(form),
        None => asking.processors.http.get(url),
    };
    let mut request = request
        .bearer_auth(secret)
        .header("Stripe-Version", VERSION);
    if let Some(key) = key {
        request = request.header("Idempotency-Key", key);
    }
    let lost = |error: reqwest::Error| Unknown(error.without_url().to_string());
    let response = request.send().await.map_err(lost)?;
    let status = response.status().as_u16();
    let text = response.text().await.map_err(lost)?;
    // What others in between answer, or Stripe in trouble, says nothing about the payment.
    if status >= 500 || matches!(status, 408 | 409 | 429) {
        return Err(Unknown(format!("Stripe answered {status}")));
    }
    let body = serde_json::from_str(&text)
        .map_err(|_| Unknown("Stripe's answer cannot be read".to_owned()))?;
    Ok(Answer { status, body })
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// How a payment of Stripe stands, as a report on what was asked.
fn standing(intent: &Value, operation: &str) -> Report {
    let external_id = text(&intent["id"]).unwrap_or_default();
    let movement = text(&intent["latest_charge"]).or_else(|| text(&intent["latest_charge"]["id"]));
    let done = |expires_at| Report::Done {
        external_id: Some(external_id.clone()),
        movement_id: movement.clone().or_else(|| Some(external_id.clone())),
        expires_at,
        sca: None,
    };
    match intent["status"].as_str().unwrap_or_default() {
        "succeeded" => done(None),
        "requires_capture" if operation != "charge" => done(expiry(intent)),
        "requires_action" | "requires_confirmation" => Report::Action {
            external_id,
            next_action: match &intent["next_action"] {
                Value::Object(action) => Value::Object(action.clone()),
                _ => json!({"type": "confirm", "client_secret": intent["client_secret"]}),
            },
        },
        "processing" | "requires_capture" => Report::Processing { external_id },
        "canceled" if operation == "void" => done(None),
        _ => declined(Some(external_id), &intent["last_payment_error"]),
    }
}

fn expiry(intent: &Value) -> Option<DateTime<Utc>> {
    let before = &intent["latest_charge"]["payment_method_details"]["card"]["capture_before"];
    let created = || DateTime::from_timestamp(intent["created"].as_i64()?, 0).map(|at| at + LASTS);
    before
        .as_i64()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .or_else(created)
}

fn declined(external_id: Option<String>, error: &Value) -> Report {
    let code = text(&error["decline_code"]).or_else(|| text(&error["code"]));
    Report::Declined {
        external_id,
        code: code
            .or_else(|| text(&error["type"]))
            .unwrap_or_else(|| "declined".to_owned()),
        message: text(&error["message"]).unwrap_or_else(|| "The payment was declined.".to_owned()),
    }
}

/// What a request about a payment came to.
fn report(answer: &Answer, charge: &Charge) -> Report {
    if answer.status < 300 {
        return match charge.operation.as_str() {
            // In several goes it still waits to be taken, and this go is done.
            "capture" | "increment" => made(&answer.body, charge),
            operation => standing(&answer.body, operation),
        };
    }
    let error = &answer.body["error"];
    let intent = &error["payment_intent"];
    let is_unexpected = error["code"] == "payment_intent_unexpected_state";
    let already = match charge.operation.as_str() {
        // "Already captured" is what was wanted.
        "capture" => {
            let wire = charge
                .amount_minor
                .and_then(|minor| charge.wire.write(minor));
            intent["status"] == "succeeded" && intent["amount_received"].as_i64() == wire
        }
        "void" => intent["status"] == "canceled",
        _ => false,
    };
    if is_unexpected && already {
        return made(intent, charge);
    }
    declined(
        text(&intent["id"]).or_else(|| charge.authorization.clone()),
        error,
    )
}

fn made(intent: &Value, charge: &Charge) -> Report {
    let base = text(&intent["latest_charge"])
        .or_else(|| text(&intent["latest_charge"]["id"]))
        .or_else(|| text(&intent["id"]))
        .unwrap_or_default();
    // Goes at one charge share its id; ours tells them apart.
    let movement = match charge.operation.as_str() {
        "capture" if charge.is_final => base,
        _ => format!("{base}#{}", charge.attempt_id.simple()),
    };
    Report::Done {
        external_id: text(&intent["id"]),
        movement_id: Some(movement),
        expires_at: None,
        sca: None,
    }
}

fn beginning(charge: &Charge, wire: i64) -> Form {
    let reserves = charge.operation == "authorize";
    let mut form = vec![
        field("amount", wire),
        field("currency", charge.currency.to_lowercase()),
        field(
            "capture_method",
            if reserves { "manual" } else { "automatic" },
        ),
        field("confirm", "true"),
        field("payment_method_types[]", "card"),
        field("metadata[attempt]", charge.attempt_id),
        field("metadata[number]", &charge.number),
        field("expand[]", "latest_charge"),
    ];
    if reserves {
        form.push(field(
            "payment_method_options[card][request_multicapture]",
            "if_available",
        ));
        form.push(field(
            "payment_method_options[card][request_incremental_authorization]",
            "if_available",
        ));
    }
    if let Some(method) = &charge.method_ref {
        form.push(field("payment_method", method));
    }
    if let Some(words) = &charge.statement_descriptor {
        form.push(field("statement_descriptor_suffix", words));
    }
    form
}

#[async_trait]
impl Processor for Stripe {
    async fn perform(&self, asking: &Asking<'_>, charge: &Charge) -> Result<Report, Unknown> {
        let amount = charge.amount_minor.unwrap_or_default();
        let Some(wire) = charge.wire.write(amount) else {
            return Ok(Report::declined(
                "invalid_amount",
                "Stripe does not take such an amount.",
            ));
        };
        let intent = charge.authorization.clone().unwrap_or_default();
        let (path, form) = match charge.operation.as_str() {
            // It has begun: how it stands is asked, not begun anew.
            "charge" | "authorize" if !intent.is_empty() => {
                let answer = call(
                    asking,
                    &format!("/v1/payment_intents/{intent}?expand[]=latest_charge"),
                    None,
                    None,
                )
                .await?;
                return Ok(report(&answer, charge));
            }
            "charge" | "authorize" => ("/v1/payment_intents".to_owned(), beginning(charge, wire)),
            "increment" => {
                let whole = charge
                    .wire
                    .write(charge.authorized_minor + amount)
                    .unwrap_or(wire);
                let form = vec![field("amount", whole)];
                (
                    format!("/v1/payment_intents/{intent}/increment_authorization"),
                    form,
                )
            }
            "capture" => {
                let mut form = vec![field("amount_to_capture", wire)];
                if !charge.is_final {
                    form.push(field("final_capture", "false"));
                }
                (format!("/v1/payment_intents/{intent}/capture"), form)
            }
            _ => (format!("/v1/payment_intents/{intent}/cancel"), Vec::new()),
        };
        let key = charge.attempt_id.to_string();
        let answer = call(asking, &path, Some(&key), Some(&form)).await?;
        Ok(report(&answer, charge))
    }

    async fn give_back(&self, asking: &Asking<'_>, refund: &Return) -> Result<Returned, Unknown> {
        let failed = |message: &str| {
            Ok(Returned::Failed {
                external_id: None,
                message: message.to_owned(),
            })
        };
        let Some(wire) = refund.wire.write(refund.amount_minor) else {
            return failed("Stripe does not take such an amount.");
        };
        let Some(intent) = &refund.authorization else {
            return failed("There is no payment of Stripe to refund.");
        };
        let mut form = vec![
            field("payment_intent", intent),
            field("amount", wire),
            field("metadata[refund]", refund.refund_id),
        ];
        if matches!(
            refund.reason.as_str(),
            "duplicate" | "fraudulent" | "requested_by_customer"
        ) {
            form.push(field("reason", &refund.reason));
        }
        let key = refund.refund_id.to_string();
        let answer = call(asking, "/v1/refunds", Some(&key), Some(&form)).await?;
        if answer.status < 300 {
            return Ok(returned(&answer.body));
        }
        let error = &answer.body["error"];
        failed(
            error["message"]
                .as_str()
                .unwrap_or("Stripe refused the refund."),
        )
    }

    async fn look(&self, asking: &Asking<'_>, external_id: &str) -> Result<Meaning, Unknown> {
        let path = format!("/v1/payment_intents/{external_id}?expand[]=latest_charge");
        let answer = call(asking, &path, None, None).await?;
        if answer.status >= 300 {
            return Err(Unknown(format!("Stripe answered {}", answer.status)));
        }
        Ok(of_intent(&answer.body))
    }

    async fn answer_dispute(
        &self,
        asking: &Asking<'_>,
        external_id: &str,
        evidence: Option<&str>,
    ) -> Result<(), Unknown> {
        let path = format!("/v1/disputes/{external_id}");
        let (path, form) = match evidence {
            Some(words) => (
                path,
                vec![
                    field("evidence[uncategorized_text]", words),
                    field("submit", "true"),
                ],
            ),
            None => (format!("{path}/close"), Vec::new()),
        };
        let answer = call(asking, &path, None, Some(&form)).await?;
        if answer.status < 300 {
            return Ok(());
        }
        Err(Unknown(format!(
            "Stripe answered {}: {}",
            answer.status, answer.body["error"]["message"]
        )))
    }

    fn message(
        &self,
        secret: &str,
        headers: &HashMap<String, String>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(Message, Value), Refusal> {
        let signature = headers
            .get("stripe-signature")
            .ok_or(Refusal::NoSignature)?;
        check(secret, signature, body, now)?;
        let payload: Value = serde_json::from_slice(body).map_err(|_| Refusal::Unreadable)?;
        let (id, kind) = (text(&payload["id"]), text(&payload["type"]));
        let created = payload["created"].as_i64();
        let message = Message {
            event_id: id.ok_or(Refusal::Unreadable)?,
            kind: kind.ok_or(Refusal::Unreadable)?,
            object_id: text(&payload["data"]["object"]["id"]),
            object_version: created,
            occurred_at: created.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        };
        Ok((message, payload))
    }

    fn meaning(&self, payload: &Value) -> Meaning {
        let object = &payload["data"]["object"];
        let kind = payload["type"].as_str().unwrap_or_default();
        match kind {
            "payment_intent.canceled" => Meaning::Released {
                external_id: text(&object["id"]).unwrap_or_default(),
            },
            _ if kind.starts_with("payment_intent.") && kind != "payment_intent.created" => {
                of_intent(object)
            }
            "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
                Meaning::Refund {
                    refund_id: object["metadata"]["refund"]
                        .as_str()
                        .and_then(|id| id.parse().ok()),
                    external_id: text(&object["id"]).unwrap_or_default(),
                    returned: returned(object),
                }
            }
            _ if kind.starts_with("charge.dispute.") => Meaning::Dispute(dispute(object)),
            "payout.paid" => payout(object, "paid"),
            "payout.failed" => payout(object, "failed"),
            "payout.canceled" => payout(object, "canceled"),
            _ => Meaning::Nothing,
        }
    }
}

/// Whether a message is signed by Stripe, with this secret and lately. Several signatures may be
/// given while a secret is changed; one that fits is enough.
pub fn check(
    secret: &str,
    signature: &str,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let parts = || {
        signature
            .split(',')
            .filter_map(|part| part.trim().split_once('='))
    };
    let stamp = parts().find_map(|(name, value)| (name == "t").then_some(value));
    let stamp = stamp.ok_or(Refusal::NoSignature)?;
    let seconds: i64 = stamp.parse().map_err(|_| Refusal::NoSignature)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signed = [stamp.as_bytes(), b".", body].concat();
    let fits =
        |value: &str| unhex(value).is_some_and(|tag| hmac::verify(&key, &signed, &tag).is_ok());
    if !parts().any(|(name, value)| name == "v1" && fits(value)) {
        return Err(Refusal::WrongSignature);
    }
    let at = DateTime::from_timestamp(seconds, 0).ok_or(Refusal::NoSignature)?;
    if (now - at).abs() > TOLERANCE {
        return Err(Refusal::TooOld);
    }
    Ok(())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| {
            u8::from_str_radix(
                std::str::from_utf8(pair)
                    .ok()
                    .filter(|pair| pair.len() == 2)?,
                16,
            )
            .ok()
        })
        .collect()
}

fn of_intent(intent: &Value) -> Meaning {
    let attempt_id: Option<Uuid> = intent["metadata"]["attempt"]
        .as_str()
        .and_then(|id| id.parse().ok());
    let operation = if intent["capture_method"] == "manual" {
        "authorize"
    } else {
        "charge"
    };
    Meaning::Attempt {
        attempt_id,
        external_id: text(&intent["id"]).unwrap_or_default(),
        report: standing(intent, operation),
        taken: intent["amount_received"].as_i64(),
    }
}

fn returned(refund: &Value) -> Returned {
    let external_id = text(&refund["id"]).unwrap_or_default();
    match refund["status"].as_str().unwrap_or_default() {
        "failed" | "canceled" => Returned::Failed {
            message: text(&refund["failure_reason"])
                .unwrap_or_else(|| "The refund failed.".to_owned()),
            external_id: Some(external_id),
        },
        "pending" | "requires_action" => Returned::Processing { external_id },
        _ => Returned::Done {
            external_id: Some(external_id),
        },
    }
}

fn dispute(object: &Value) -> DisputeNews {
    let reason = match object["reason"].as_str().unwrap_or_default() {
        "fraudulent" => "fraudulent",
        "duplicate" => "duplicate",
        "product_not_received" => "product_not_received",
        "product_unacceptable" => "product_unacceptable",
        "subscription_canceled" => "subscription_canceled",
        "credit_not_processed" => "credit_not_processed",
        "unrecognized" => "unrecognized",
        _ => "general",
    };
    let status = match object["status"].as_str().unwrap_or_default() {
        "warning_needs_response" => "warning_needs_response",
        "warning_under_review" => "warning_under_review",
        "warning_closed" => "warning_closed",
        "under_review" => "under_review",
        "won" => "won",
        "lost" => "lost",
        _ => "needs_response",
    };
    let due = object["evidence_details"]["due_by"].as_i64();
    let movements = object["balance_transactions"].as_array();
    DisputeNews {
        external_id: text(&object["id"]).unwrap_or_default(),
        payment: text(&object["payment_intent"]).unwrap_or_default(),
        amount: object["amount"].as_i64().unwrap_or_default(),
        currency: object["currency"]
            .as_str()
            .unwrap_or_default()
            .to_uppercase(),
        reason,
        network_reason_code: text(&object["payment_method_details"]["card"]["network_reason_code"]),
        status,
        evidence_due_at: due.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        fee: movements
            .into_iter()
            .flatten()
            .filter_map(|one| one["fee"].as_i64())
            .sum(),
    }
}

fn payout(object: &Value, status: &'static str) -> Meaning {
    Meaning::Payout {
        external_id: text(&object["id"]).unwrap_or_default(),
        status,
        reason: text(&object["failure_message"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(secret: &str, at: i64, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, &[at.to_string().as_bytes(), b".", body].concat());
        let hex = tag.as_ref().iter().fold(String::new(), |mut hex, byte| {
            let _ = std::fmt::Write::write_fmt(&mut hex, format_args!("{byte:02x}"));
            hex
        });
        format!("t={at},v1={hex}")
    }

    #[test]
    fn a_signature_belongs_to_its_secret_body_and_time() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let good = signed("whsec_1", 1_700_000_000, b"{}");
        assert_eq!(check("whsec_1", &good, b"{}", now), Ok(()));
        let rotated = format!("{good},v1=00ff");
        assert_eq!(check("whsec_1", &rotated, b"{}", now), Ok(()));
        assert_eq!(
            check("whsec_2", &good, b"{}", now),
            Err(Refusal::WrongSignature)
        );
        assert_eq!(
            check("whsec_1", &good, b"{ }", now),
            Err(Refusal::WrongSignature)
        );
        assert_eq!(
            check("whsec_1", "v1=00", b"{}", now),
            Err(Refusal::NoSignature)
        );
        assert_eq!(
            check("whsec_1", "t=x,v1=00", b"{}", now),
            Err(Refusal::NoSignature)
        );
        let late = now + TimeDelta::seconds(301);
        assert_eq!(check("whsec_1", &good, b"{}", late), Err(Refusal::TooOld));
        let early = now - TimeDelta::seconds(301);
        assert_eq!(check("whsec_1", &good, b"{}", early), Err(Refusal::TooOld));
    }

    #[test]
    fn e24_what_was_captured_already_is_done() {
        let charge = Charge {
            attempt_id: Uuid::nil(),
            operation: "capture".to_owned(),
            amount_minor: Some(500),
            currency: "EUR".to_owned(),
            wire: super::super::Wire {
                exponent: 2,
                wire_exponent: 2,
                increment_minor: 1,
            },
            method_ref: None,
            authorization: Some("pi_1".to_owned()),
            authorized_minor: 500,
            is_final: true,
            is_retry: false,
            number: "PAY-1".to_owned(),
            statement_descriptor: None,
        };
        let error = |status: &str, received: i64| Answer {
            status: 400,
            body: json!({"error": {"code": "payment_intent_unexpected_state", "message": "no",
                "payment_intent": {"id": "pi_1", "status": status, "amount_received": received, "latest_charge": "ch_1"}}}),
        };
        assert!(matches!(
            report(&error("succeeded", 500), &charge),
            Report::Done { .. }
        ));
        assert!(matches!(
            report(&error("succeeded", 400), &charge),
            Report::Declined { .. }
        ));
        assert!(matches!(
            report(&error("canceled", 0), &charge),
            Report::Declined { .. }
        ));
    }
}

//! What Stripe's answers and messages say, in words of ours.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Answer;
use crate::payments::processors::{Charge, DisputeNews, Meaning, Report, Returned};

/// How long an authorization lasts where Stripe does not say.
const LASTS: TimeDelta = TimeDelta::days(7);

pub(super) fn text(value: &Value) -> Option<String> {
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
pub(super) fn report(answer: &Answer, charge: &Charge) -> Report {
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

pub(super) fn of_intent(intent: &Value) -> Meaning {
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

pub(super) fn returned(refund: &Value) -> Returned {
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

pub(super) fn dispute(object: &Value) -> DisputeNews {
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

pub(super) fn payout(object: &Value, status: &'static str) -> Meaning {
    Meaning::Payout {
        external_id: text(&object["id"]).unwrap_or_default(),
        status,
        reason: text(&object["failure_message"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::processors::Wire;

    #[test]
    fn e24_what_was_captured_already_is_done() {
        let charge = Charge {
            attempt_id: Uuid::nil(),
            operation: "capture".to_owned(),
            amount_minor: Some(500),
            currency: "EUR".to_owned(),
            wire: Wire {
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
            customer: None,
            is_off_session: false,
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

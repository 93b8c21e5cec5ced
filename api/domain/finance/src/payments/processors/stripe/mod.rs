//! Stripe, by its HTTP API: payment intents, pages to pay on, refunds, disputes, and its signed messages.
//!
//! Every request carries an idempotency key of ours, so that one that was cut off is sent again as
//! it was, and happens once.

mod checkout;
mod keeping;
mod reading;
mod signature;

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;

use self::reading::{dispute, of_intent, payout, report, returned, text};
use super::checkout::{CheckedOut, Checkout, CheckoutNews};
use super::kept::{Keep, Kept, PaidOut, PayOut};
use super::{
    Asking, Charge, Meaning, Message, Processor, Refusal, Report, Return, Returned, Unknown,
};

/// Where its API is.
pub const URL: &str = "https://api.stripe.com";
/// The version of the API that is spoken here.
const VERSION: &str = "2025-03-31.basil";

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
    if let Some(customer) = &charge.customer {
        form.push(field("customer", customer));
    }
    if charge.is_off_session {
        form.push(field("off_session", "true"));
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

    async fn keep(&self, asking: &Asking<'_>, keep: &Keep) -> Result<Kept, Unknown> {
        keeping::keep(asking, keep).await
    }

    async fn kept(&self, asking: &Asking<'_>, external_id: &str) -> Result<Kept, Unknown> {
        keeping::kept(asking, external_id).await
    }

    async fn forget(&self, asking: &Asking<'_>, external_id: &str) -> Result<(), Unknown> {
        keeping::forget(asking, external_id).await
    }

    async fn pay_out(&self, asking: &Asking<'_>, order: &PayOut) -> Result<PaidOut, Unknown> {
        keeping::pay_out(asking, order).await
    }

    fn has_pages(&self) -> bool {
        true
    }

    async fn open_page(
        &self,
        asking: &Asking<'_>,
        wanted: &Checkout,
    ) -> Result<CheckedOut, Unknown> {
        checkout::open(asking, wanted).await
    }

    async fn look_at_page(
        &self,
        asking: &Asking<'_>,
        external_id: &str,
    ) -> Result<CheckoutNews, Unknown> {
        checkout::look(asking, external_id).await
    }

    async fn close_page(
        &self,
        asking: &Asking<'_>,
        external_id: &str,
    ) -> Result<CheckoutNews, Unknown> {
        checkout::close(asking, external_id).await
    }

    fn message(
        &self,
        secret: &str,
        headers: &HashMap<String, String>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(Message, Value), Refusal> {
        let given = headers
            .get("stripe-signature")
            .ok_or(Refusal::NoSignature)?;
        signature::check(secret, given, body, now)?;
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
        if let Some(of_page) = kind.strip_prefix("checkout.session.") {
            return checkout::of_message(of_page, object);
        }
        if kind.starts_with("payment_intent.")
            && let Some(meaning) = checkout::of_payment(kind, object)
        {
            return meaning;
        }
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

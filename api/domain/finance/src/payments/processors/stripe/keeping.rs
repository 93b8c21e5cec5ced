//! Ways to pay that Stripe keeps for later, by set-up intents, and payouts to the bank.

use serde_json::{Value, json};

use super::reading::text;
use super::{Answer, call, field};
use crate::payments::processors::kept::{Keep, Kept, KeptMethod, KeptStanding, PaidOut, PayOut};
use crate::payments::processors::{Asking, Unknown};

/// Keeps a way to pay for its customer, who is made known there first.
pub(super) async fn keep(asking: &Asking<'_>, keep: &Keep) -> Result<Kept, Unknown> {
    #[expect(clippy::single_match_else, reason = "each way is as long as the other")]
    let customer = match &keep.customer {
        Some(customer) => customer.clone(),
        None => {
            let form = vec![field("metadata[customer]", keep.customer_id)];
            let key = format!("customer-{}", keep.customer_id);
            let answer = call(asking, "/v1/customers", Some(&key), Some(&form)).await?;
            match text(&answer.body["id"]).filter(|_| answer.status < 300) {
                Some(customer) => customer,
                None => return Ok(Kept::refused(&words(&answer.body["error"]))),
            }
        }
    };
    let usage = if keep.is_off_session {
        "off_session"
    } else {
        "on_session"
    };
    let form = vec![
        field("customer", &customer),
        field("payment_method", &keep.method_ref),
        field("usage", usage),
        field("confirm", "true"),
        field("automatic_payment_methods[enabled]", "true"),
        field("automatic_payment_methods[allow_redirects]", "never"),
        field("metadata[setup]", keep.setup_id),
        field("expand[]", "payment_method"),
    ];
    let key = keep.setup_id.to_string();
    let answer = call(asking, "/v1/setup_intents", Some(&key), Some(&form)).await?;
    Ok(Kept {
        customer: Some(customer),
        ..reading(&answer)
    })
}

/// How a set-up stands there.
pub(super) async fn kept(asking: &Asking<'_>, external_id: &str) -> Result<Kept, Unknown> {
    let path = format!("/v1/setup_intents/{external_id}?expand[]=payment_method");
    Ok(reading(&call(asking, &path, None, None).await?))
}

fn words(error: &Value) -> String {
    text(&error["message"]).unwrap_or_else(|| "Stripe does not keep it.".to_owned())
}

fn reading(answer: &Answer) -> Kept {
    let error = &answer.body["error"];
    let setup = if answer.status < 300 {
        &answer.body
    } else {
        &error["setup_intent"]
    };
    let standing = match setup["status"].as_str().unwrap_or_default() {
        _ if answer.status >= 300 => KeptStanding::Declined(words(error)),
        "succeeded" => KeptStanding::Done(method(&setup["payment_method"], &setup["mandate"])),
        "requires_action" | "requires_confirmation" => {
            KeptStanding::Action(match &setup["next_action"] {
                Value::Object(action) => Value::Object(action.clone()),
                _ => json!({"type": "confirm", "client_secret": setup["client_secret"]}),
            })
        }
        "processing" => KeptStanding::Processing,
        "canceled" => KeptStanding::Canceled,
        _ => KeptStanding::Declined(words(&setup["last_setup_error"])),
    };
    Kept {
        external_id: text(&setup["id"]),
        customer: text(&setup["customer"]),
        standing,
    }
}

fn method(method: &Value, mandate: &Value) -> KeptMethod {
    let card = &method["card"];
    let short = |value: &Value| value.as_i64().and_then(|number| i16::try_from(number).ok());
    KeptMethod {
        external_id: text(&method["id"]).unwrap_or_default(),
        brand: text(&card["brand"]),
        last4: text(&card["last4"]),
        expiry: short(&card["exp_month"]).zip(short(&card["exp_year"])),
        country: text(&card["country"]),
        fingerprint: text(&card["fingerprint"]),
        mandate: text(mandate),
    }
}

/// Lets Stripe forget a way to pay. One that is gone there is forgotten.
pub(super) async fn forget(asking: &Asking<'_>, external_id: &str) -> Result<(), Unknown> {
    let path = format!("/v1/payment_methods/{external_id}/detach");
    let answer = call(asking, &path, None, Some(&Vec::new())).await?;
    match answer.status {
        0..300 | 400 | 404 => Ok(()),
        status => Err(Unknown(format!("Stripe answered {status}"))),
    }
}

/// Pays out to the bank of the account.
pub(super) async fn pay_out(asking: &Asking<'_>, order: &PayOut) -> Result<PaidOut, Unknown> {
    let Some(wire) = order.wire.write(order.amount_minor) else {
        let message = "Stripe does not take such an amount.";
        return Ok(PaidOut::Refused(message.to_owned()));
    };
    let form = vec![
        field("amount", wire),
        field("currency", order.currency.to_lowercase()),
        field("metadata[payout]", order.payout_id),
        field("description", &order.number),
    ];
    let key = order.payout_id.to_string();
    let answer = call(asking, "/v1/payouts", Some(&key), Some(&form)).await?;
    match text(&answer.body["id"]).filter(|_| answer.status < 300) {
        Some(id) => Ok(PaidOut::Ordered(id)),
        None => Ok(PaidOut::Refused(
            text(&answer.body["error"]["message"])
                .unwrap_or_else(|| "Stripe refused the payout.".to_owned()),
        )),
    }
}

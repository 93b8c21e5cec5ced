//! Pages of Stripe on which customers pay: its Checkout Sessions.
//!
//! The payment of a page begins when the customer pays. It carries the page's id as the page does, so that
//! messages of either find it; declined cards on the way are between Stripe and the customer.

use serde_json::Value;

use super::reading::text;
use super::{Answer, call, field};
use crate::payments::processors::checkout::{
    CheckedOut, Checkout, CheckoutNews, CheckoutPaid, CheckoutStanding,
};
use crate::payments::processors::{Asking, Meaning, Unknown};

/// Makes a page.
pub(super) async fn open(asking: &Asking<'_>, wanted: &Checkout) -> Result<CheckedOut, Unknown> {
    let form = vec![
        field("mode", "payment"),
        field("client_reference_id", wanted.checkout_id),
        field("line_items[0][quantity]", 1),
        field(
            "line_items[0][price_data][currency]",
            wanted.currency.to_lowercase(),
        ),
        field("line_items[0][price_data][unit_amount]", wanted.amount),
        field(
            "line_items[0][price_data][product_data][name]",
            &wanted.description,
        ),
        field("payment_method_types[]", "card"),
        field("success_url", &wanted.success_url),
        field("cancel_url", &wanted.cancel_url),
        field("expires_at", wanted.expires_at.timestamp()),
        field("metadata[checkout]", wanted.checkout_id),
        field(
            "payment_intent_data[metadata][checkout]",
            wanted.checkout_id,
        ),
    ];
    let key = wanted.checkout_id.to_string();
    let answer = call(asking, "/v1/checkout/sessions", Some(&key), Some(&form)).await?;
    let page = text(&answer.body["id"]).zip(text(&answer.body["url"]));
    Ok(match page.filter(|_| answer.status < 300) {
        Some((external_id, url)) => CheckedOut::Open { external_id, url },
        None => CheckedOut::Refused(
            text(&answer.body["error"]["message"])
                .unwrap_or_else(|| "Stripe makes no such page.".to_owned()),
        ),
    })
}

/// How a page stands.
pub(super) async fn look(asking: &Asking<'_>, external_id: &str) -> Result<CheckoutNews, Unknown> {
    let path = format!("/v1/checkout/sessions/{external_id}?expand[]=payment_intent");
    standing(&call(asking, &path, None, None).await?)
}

/// Closes a page, unless it was paid or closed before: how it stands then.
pub(super) async fn close(asking: &Asking<'_>, external_id: &str) -> Result<CheckoutNews, Unknown> {
    let path = format!("/v1/checkout/sessions/{external_id}/expire");
    let answer = call(asking, &path, None, Some(&Vec::new())).await?;
    if answer.status < 300 {
        return standing(&answer);
    }
    look(asking, external_id).await
}

fn standing(answer: &Answer) -> Result<CheckoutNews, Unknown> {
    if answer.status >= 300 {
        return Err(Unknown(format!("Stripe answered {}", answer.status)));
    }
    Ok(of_page(&answer.body))
}

fn told(metadata: &Value) -> Option<uuid::Uuid> {
    metadata["checkout"].as_str().and_then(|id| id.parse().ok())
}

/// The id of what is there as a whole or by its id alone.
fn id(of: &Value) -> Option<String> {
    text(of).or_else(|| text(&of["id"]))
}

/// What a page of Stripe says.
fn of_page(page: &Value) -> CheckoutNews {
    let payment = &page["payment_intent"];
    let paid = id(payment).map(|of_page| {
        CheckoutStanding::Paid(CheckoutPaid {
            payment: of_page,
            movement: id(&payment["latest_charge"]),
            amount: page["amount_total"].as_i64(),
            method_ref: None,
        })
    });
    let standing = match (
        page["status"].as_str().unwrap_or_default(),
        page["payment_status"].as_str().unwrap_or_default(),
    ) {
        ("expired", _) => CheckoutStanding::Closed,
        ("complete", "paid") => paid.unwrap_or(CheckoutStanding::Open),
        _ => CheckoutStanding::Open,
    };
    CheckoutNews {
        checkout_id: told(&page["metadata"]),
        external_id: text(&page["id"]),
        standing,
    }
}

/// What a message about a page says: `kind` is what follows `checkout.session.`.
pub(super) fn of_message(kind: &str, page: &Value) -> Meaning {
    let news = of_page(page);
    match kind {
        // The bank took its time, and said no.
        "async_payment_failed" => Meaning::Checkout(CheckoutNews {
            standing: CheckoutStanding::Closed,
            ..news
        }),
        _ if news.standing == CheckoutStanding::Open => Meaning::Nothing,
        _ => Meaning::Checkout(news),
    }
}

/// What a message about the payment of a page says; none where it is no page's.
pub(super) fn of_payment(kind: &str, intent: &Value) -> Option<Meaning> {
    let checkout_id = told(&intent["metadata"])?;
    let payment = text(&intent["id"]).filter(|_| kind == "payment_intent.succeeded");
    Some(payment.map_or(Meaning::Nothing, |payment| {
        Meaning::Checkout(CheckoutNews {
            checkout_id: Some(checkout_id),
            external_id: None,
            standing: CheckoutStanding::Paid(CheckoutPaid {
                payment,
                movement: id(&intent["latest_charge"]),
                amount: intent["amount_received"].as_i64(),
                method_ref: None,
            }),
        })
    }))
}

//! The pages of the local server that speaks Stripe's API: its Checkout Sessions.

use axum::extract::{Form, Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::fake_stripe::{FakeStripe, Fields, given, number};

fn missing() -> (u16, Value) {
    let error = json!({"error": {"message": "No such checkout.session"}});
    (404, error)
}

/// Makes a page. Stripe takes no address that is not one, and no time that is not within a day.
pub async fn open(
    State(fake): State<FakeStripe>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    fake.once("page", &headers, |books| {
        let success = given(&fields, "success_url").unwrap_or_default();
        let name = given(&fields, "line_items[0][price_data][product_data][name]");
        if success.contains("refused") || name.is_none_or(str::is_empty) {
            let error = json!({"error": {"message": "Not a valid URL", "param": "success_url"}});
            return (400, error);
        }
        let id = format!("cs_{}", books.pages.len() + 1);
        let page = json!({
            "id": id, "object": "checkout.session", "status": "open", "payment_status": "unpaid", "payment_intent": null,
            "mode": given(&fields, "mode"), "url": format!("https://checkout.example/{id}"),
            "amount_total": number(&fields, "line_items[0][price_data][unit_amount]"),
            "currency": given(&fields, "line_items[0][price_data][currency]"),
            "success_url": success, "cancel_url": given(&fields, "cancel_url"), "expires_at": number(&fields, "expires_at"),
            "client_reference_id": given(&fields, "client_reference_id"),
            "metadata": {"checkout": given(&fields, "metadata[checkout]")},
            "of_payment": {"checkout": given(&fields, "payment_intent_data[metadata][checkout]")},
        });
        books.pages.insert(id, page.clone());
        (200, page)
    })
}

/// A page as it stands; its payment is there as a whole where that is asked for.
pub async fn look(
    State(fake): State<FakeStripe>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    fake.once("page?", &headers, |books| {
        let Some(page) = books.pages.get(&id) else {
            return missing();
        };
        let mut page = page.clone();
        let payment = page["payment_intent"].as_str().unwrap_or_default();
        if let Some(intent) = books.intents.get(payment) {
            page["payment_intent"] = intent.clone();
        }
        (200, page)
    })
}

/// Closes a page that is open, and no other.
pub async fn expire(
    State(fake): State<FakeStripe>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    fake.once("expire", &headers, |books| {
        let Some(page) = books.pages.get_mut(&id) else {
            return missing();
        };
        if page["status"] != "open" {
            let error = json!({"error": {"message": "Only Checkout Sessions with a status of open can be expired."}});
            return (400, error);
        }
        page["status"] = json!("expired");
        (200, page.clone())
    })
}

impl FakeStripe {
    /// A customer pays on a page: the page and its payment, as messages have them. None where the page
    /// is closed.
    pub fn pay_page(&self, id: &str) -> Option<(Value, Value)> {
        self.books(|books| {
            let number = books.intents.len() + 1;
            let page = books.pages.get_mut(id).filter(|page| page["status"] == "open")?;
            let payment = format!("pi_{number}");
            page["status"] = json!("complete");
            page["payment_status"] = json!("paid");
            page["payment_intent"] = json!(payment);
            let intent = json!({
                "id": payment, "object": "payment_intent", "status": "succeeded", "capture_method": "automatic_async",
                "amount": page["amount_total"], "amount_received": page["amount_total"], "currency": page["currency"],
                "latest_charge": format!("ch_{payment}"), "metadata": page["of_payment"], "created": 1_700_000_000,
            });
            let page = page.clone();
            books.intents.insert(payment, intent.clone());
            Some((page, intent))
        })
    }
}

//! A local server that speaks as much of Stripe's API as the adapter uses: payment intents, refunds,
//! disputes, pages to pay on, idempotency keys, and the faults of a network.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;

use super::fake_pages;

/// What was asked of the server, and what it made.
#[derive(Default)]
pub struct Books {
    /// Payments by id.
    pub intents: HashMap<String, Value>,
    /// Refunds by id.
    pub refunds: HashMap<String, Value>,
    /// Set-ups of ways to pay by id.
    pub setups: HashMap<String, Value>,
    /// Customers, by id.
    pub customers: Vec<String>,
    /// Ways to pay that were taken away.
    pub detached: Vec<String>,
    /// Pages to pay on, by id.
    pub pages: HashMap<String, Value>,
    /// Payouts by id.
    pub payouts: HashMap<String, Value>,
    /// Answers by idempotency key.
    answers: HashMap<String, (u16, Value)>,
    /// Paths that were asked.
    pub asked: Vec<String>,
    /// How many answers are lost before they arrive.
    pub lose: usize,
}

/// The server.
#[derive(Clone)]
pub struct FakeStripe {
    /// Where it is.
    pub url: String,
    books: Arc<Mutex<Books>>,
}

pub type Fields = Vec<(String, String)>;

pub fn given<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

pub fn number(fields: &Fields, name: &str) -> Option<i64> {
    given(fields, name)?.parse().ok()
}

impl FakeStripe {
    /// A server of a test's own.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let books = Arc::new(Mutex::new(Books::default()));
        let fake = Self { url, books };
        let router = Router::new()
            .route("/v1/payment_intents", post(create))
            .route("/v1/payment_intents/{id}", get(look))
            .route("/v1/payment_intents/{id}/{action}", post(act))
            .route("/v1/refunds", post(refund))
            .route("/v1/customers", post(customer))
            .route("/v1/setup_intents", post(set_up))
            .route("/v1/setup_intents/{id}", get(look_setup))
            .route("/v1/payment_methods/{id}/detach", post(detach))
            .route("/v1/payouts", post(pay_out))
            .route("/v1/checkout/sessions", post(fake_pages::open))
            .route("/v1/checkout/sessions/{id}", get(fake_pages::look))
            .route(
                "/v1/checkout/sessions/{id}/expire",
                post(fake_pages::expire),
            )
            .route("/v1/disputes/{id}", post(answer))
            .route("/v1/disputes/{id}/close", post(answer))
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(fake)
    }

    /// Looks at its books, or changes them.
    pub fn books<T>(&self, look: impl FnOnce(&mut Books) -> T) -> T {
        look(&mut self.books.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers as Stripe does: the same key gets the same answer, and an answer may be lost.
    pub fn once(
        &self,
        path: &str,
        headers: &HeaderMap,
        make: impl FnOnce(&mut Books) -> (u16, Value),
    ) -> Response {
        let key = headers
            .get("idempotency-key")
            .and_then(|key| key.to_str().ok())
            .map(str::to_owned);
        let is_known = headers
            .get("authorization")
            .is_some_and(|value| value == "Bearer sk_test_1");
        self.books(|books| {
            books.asked.push(path.to_owned());
            if !is_known {
                return (StatusCode::UNAUTHORIZED, Json(json!({"error": {"type": "invalid_request_error", "message": "Invalid API Key"}}))).into_response();
            }
            let known = key.as_ref().and_then(|key| books.answers.get(key).cloned());
            let (status, body) = known.unwrap_or_else(|| make(books));
            if let Some(key) = key {
                books.answers.insert(key, (status, body.clone()));
            }
            if books.lose > 0 {
                books.lose -= 1;
                return (StatusCode::BAD_GATEWAY, "upstream went away").into_response();
            }
            (StatusCode::from_u16(status).unwrap_or_default(), Json(body)).into_response()
        })
    }
}

fn error(status: u16, code: &str, message: &str, intent: &Value) -> (u16, Value) {
    (
        status,
        json!({"error": {"type": "card_error", "code": code, "message": message, "payment_intent": intent}}),
    )
}

async fn create(
    State(fake): State<FakeStripe>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    fake.once("create", &headers, |books| {
        let id = format!("pi_{}", books.intents.len() + 1);
        let amount = number(&fields, "amount").unwrap_or_default();
        let reserves = given(&fields, "capture_method") == Some("manual");
        let method = given(&fields, "payment_method").unwrap_or_default();
        let mut intent = json!({
            "id": id, "object": "payment_intent", "amount": amount, "currency": given(&fields, "currency"),
            "capture_method": given(&fields, "capture_method"), "amount_received": 0, "latest_charge": format!("ch_{id}"),
            "created": 1_700_000_000, "metadata": {"attempt": given(&fields, "metadata[attempt]")},
            "customer": given(&fields, "customer"), "off_session": given(&fields, "off_session"),
        });
        let status = match method {
            "pm_declined" => "requires_payment_method",
            "pm_action" => "requires_action",
            _ if reserves => "requires_capture",
            _ => "succeeded",
        };
        intent["status"] = json!(status);
        if status == "succeeded" {
            intent["amount_received"] = json!(amount);
        }
        if status == "requires_action" {
            intent["next_action"] = json!({"type": "redirect_to_url"});
        }
        books.intents.insert(id, intent.clone());
        if method == "pm_declined" {
            return error(402, "card_declined", "Your card was declined.", &intent);
        }
        (200, intent)
    })
}

async fn look(
    State(fake): State<FakeStripe>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    fake.once("look", &headers, |books| match books.intents.get(&id) {
        Some(intent) => (200, intent.clone()),
        None => (404, json!({"error": {"message": "No such payment_intent"}})),
    })
}

async fn act(
    State(fake): State<FakeStripe>,
    Path((id, action)): Path<(String, String)>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    fake.once(&action, &headers, |books| {
        let Some(intent) = books.intents.get_mut(&id) else {
            return (404, json!({"error": {"message": "No such payment_intent"}}));
        };
        let wrong = intent["status"] != "requires_capture";
        if wrong {
            return error(
                400,
                "payment_intent_unexpected_state",
                "The payment has another status.",
                &intent.clone(),
            );
        }
        match action.as_str() {
            "capture" => {
                let taken = number(&fields, "amount_to_capture").unwrap_or_default()
                    + intent["amount_received"].as_i64().unwrap_or_default();
                intent["amount_received"] = json!(taken);
                let more = given(&fields, "final_capture") == Some("false");
                intent["status"] = json!(if more {
                    "requires_capture"
                } else {
                    "succeeded"
                });
            }
            "cancel" => intent["status"] = json!("canceled"),
            _ => intent["amount"] = json!(number(&fields, "amount")),
        }
        (200, intent.clone())
    })
}

async fn refund(
    State(fake): State<FakeStripe>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    fake.once("refund", &headers, |books| {
        let id = format!("re_{}", books.refunds.len() + 1);
        let refund = json!({
            "id": id, "object": "refund", "status": "succeeded", "amount": number(&fields, "amount"),
            "payment_intent": given(&fields, "payment_intent"), "metadata": {"refund": given(&fields, "metadata[refund]")},
        });
        books.refunds.insert(id, refund.clone());
        (200, refund)
    })
}

async fn customer(State(fake): State<FakeStripe>, headers: HeaderMap) -> Response {
    fake.once("customer", &headers, |books| {
        let id = format!("cus_{}", books.customers.len() + 1);
        books.customers.push(id.clone());
        (200, json!({"id": id}))
    })
}

async fn set_up(
    State(fake): State<FakeStripe>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    fake.once("setup", &headers, |books| {
        let id = format!("seti_{}", books.setups.len() + 1);
        let method = given(&fields, "payment_method").unwrap_or_default();
        let status = match method {
            "pm_action" => "requires_action",
            "pm_declined" => "requires_payment_method",
            _ => "succeeded",
        };
        let setup = json!({
            "id": id, "status": status, "customer": given(&fields, "customer"), "mandate": "mandate_1",
            "usage": given(&fields, "usage"), "next_action": {"type": "redirect_to_url"},
            "payment_method": {"id": method, "card": {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030,
                "country": "PT", "fingerprint": format!("print of {method}")}},
            "last_setup_error": {"message": "Your card was declined."},
        });
        books.setups.insert(id, setup.clone());
        if method == "pm_declined" {
            let error = json!({"error": {"message": "Your card was declined.", "setup_intent": setup}});
            return (402, error);
        }
        (200, setup)
    })
}

async fn look_setup(
    State(fake): State<FakeStripe>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    fake.once("look", &headers, |books| match books.setups.get(&id) {
        Some(setup) => (200, setup.clone()),
        None => (404, json!({"error": {"message": "No such setup_intent"}})),
    })
}

async fn detach(
    State(fake): State<FakeStripe>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    fake.once("detach", &headers, |books| {
        books.detached.push(id.clone());
        (200, json!({"id": id}))
    })
}

async fn pay_out(
    State(fake): State<FakeStripe>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    fake.once("payout", &headers, |books| {
        let amount = number(&fields, "amount").unwrap_or_default();
        if amount > 1_000_000 {
            let error = json!({"error": {"message": "You have insufficient funds."}});
            return (400, error);
        }
        let id = format!("po_{}", books.payouts.len() + 1);
        let payout = json!({"id": id, "amount": amount, "currency": given(&fields, "currency"), "status": "pending"});
        books.payouts.insert(id, payout.clone());
        (200, payout)
    })
}

async fn answer(
    State(fake): State<FakeStripe>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    fake.once("dispute", &headers, |_| {
        (200, json!({"id": id, "status": "under_review"}))
    })
}

/// The header with which Stripe signs a message.
pub fn signature(secret: &str, at: i64, body: &str) -> String {
    let mut key = [0_u8; 64];
    key[..secret.len()].copy_from_slice(secret.as_bytes());
    let pad = |byte: u8| key.map(|one| one ^ byte);
    let inner = Sha256::new()
        .chain_update(pad(0x36))
        .chain_update(format!("{at}.{body}"))
        .finalize();
    let tag = Sha256::new()
        .chain_update(pad(0x5c))
        .chain_update(inner)
        .finalize();
    let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={at},v1={hex}")
}

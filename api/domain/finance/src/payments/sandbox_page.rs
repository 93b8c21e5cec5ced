//! `/sandbox/checkout/<id>`: the page of the sandbox on which a customer pays, for development. It is
//! as small as can be; what it does is send the message that a processor would.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;

use super::links::is_address;
use super::processors::sandbox_checkout::{PATH, message};
use super::webhooks;
use crate::billing::print::forms::amount;
use foundation::database::{Error, new_id};
use foundation::graph::session::Shared;
use foundation::money::exponent;

/// The cards that the page offers: those that pay, and one that does not.
const CARDS: [&str; 4] = ["card_ok", "card_dispute", "card_refund_fails", DECLINED];
const DECLINED: &str = "card_declined";

/// The path of the sandbox's pages.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route(&format!("{PATH}/{{id}}"), get(show).post(pay))
        .with_state(shared)
}

/// Where the customer goes, and what they read: as the page's address has it.
#[derive(Deserialize)]
struct Back {
    success: String,
    cancel: String,
    #[serde(rename = "for")]
    what: String,
}

impl Back {
    /// Whether both are addresses that customers may be sent to.
    fn is_known(&self) -> bool {
        is_address(&self.success) && is_address(&self.cancel)
    }
}

#[derive(Deserialize)]
struct Paying {
    card: String,
}

/// A page of the sandbox, as it now is.
struct Page {
    biz_id: Uuid,
    account_id: Uuid,
    asked: String,
    is_open: bool,
}

const FIND: &str = "select s.biz_id, s.processor_account_id, s.amount_minor, s.currency::text, s.status = 'open' and s.expires_at > $2 \
    from payments.checkout_sessions s \
    join payments.processor_accounts a on a.biz_id = s.biz_id and a.id = s.processor_account_id and a.processor = 'sandbox' \
    where s.id = $1";

async fn find(shared: &Shared, id: Uuid) -> Result<Option<Page>, Error> {
    let platform = shared.database.platform(new_id()).await?;
    let values = [id.into(), platform.now().into()];
    let row = platform.query_opt(FIND, &values).await?;
    platform.rollback().await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let (minor, currency): (i64, String) = (row.try_get(2)?, row.try_get(3)?);
    Ok(Some(Page {
        biz_id: row.try_get(0)?,
        account_id: row.try_get(1)?,
        asked: format!("{} {currency}", amount(minor, exponent(&currency))),
        is_open: row.try_get(4)?,
    }))
}

async fn show(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<Uuid>,
    Query(back): Query<Back>,
) -> Response {
    if !back.is_known() {
        return StatusCode::BAD_REQUEST.into_response();
    }
    match find(&shared, id).await {
        Ok(Some(page)) => Html(page.html(&back, None)).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => failed(id, &error),
    }
}

async fn pay(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<Uuid>,
    Query(back): Query<Back>,
    Form(paying): Form<Paying>,
) -> Response {
    if !back.is_known() {
        return StatusCode::BAD_REQUEST.into_response();
    }
    match paid(&shared, id, &paying.card).await {
        Ok(Some((_, true))) => Redirect::to(&back.success).into_response(),
        Ok(Some((page, false))) => {
            let html = page.html(&back, Some("The card was declined."));
            (StatusCode::PAYMENT_REQUIRED, Html(html)).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => failed(id, &error),
    }
}

fn failed(id: Uuid, error: &Error) -> Response {
    tracing::error!(checkout_id = %id, %error, "a page of the sandbox could not be shown or paid");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// Pays a page with a card. False where it is not paid by it.
async fn paid(shared: &Shared, id: Uuid, card: &str) -> Result<Option<(Page, bool)>, Error> {
    let Some(page) = find(shared, id).await? else {
        return Ok(None);
    };
    let pays = page.is_open && card != DECLINED && CARDS.contains(&card);
    if pays {
        let (message, payload) = message(id, card, shared.database.now());
        let stored = webhooks::store(
            &shared.database,
            page.biz_id,
            page.account_id,
            &message,
            payload,
        )
        .await?;
        if let Some(event_id) = stored {
            webhooks::process(shared, page.biz_id, event_id).await?;
        }
    }
    Ok(Some((page, pays)))
}

impl Page {
    fn html(&self, back: &Back, error: Option<&str>) -> String {
        let cards = CARDS.join("</option><option>");
        let form = if self.is_open {
            format!(
                "<form method=post><select name=card><option>{cards}</option></select> <button>Pay</button></form>"
            )
        } else {
            "<p>This page is closed.</p>".to_owned()
        };
        let error = error.map_or_else(String::new, |words| format!("<p role=alert>{words}</p>"));
        format!(
            "<!doctype html><meta charset=utf-8><title>Sandbox</title><h1>{}</h1><p>{}</p>{error}{form}\
             <p><a href=\"{}\">Back</a></p>",
            text(&self.asked),
            text(&back.what),
            text(&back.cancel),
        )
    }
}

/// A text within HTML.
fn text(plain: &str) -> String {
    let mut safe = String::with_capacity(plain.len());
    for one in plain.chars() {
        match one {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            one => safe.push(one),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_is_told_to_show_is_text() {
        assert_eq!(text("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}

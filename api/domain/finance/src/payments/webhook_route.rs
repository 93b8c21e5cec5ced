//! `POST /webhooks/<processor>/<account id>`: where processors send their messages.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde_json::json;
use uuid::Uuid;

use super::processors::{self, Message, Refusal};
use super::{accounts, sandbox_page, webhooks};
use foundation::database::{Error, new_id};
use foundation::graph::session::Shared;
use foundation::graph::type_id;

/// The largest message that is taken, in bytes.
const LARGEST: usize = 512 * 1024;

/// The path of processors' messages, and of the sandbox's pages.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/webhooks/{processor}/{account}", post(receive))
        .with_state(Arc::clone(&shared))
        .merge(sandbox_page::router(shared))
        .layer(DefaultBodyLimit::max(LARGEST))
}

fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, axum::Json(body)).into_response()
}

async fn receive(
    State(shared): State<Arc<Shared>>,
    Path((processor, account)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match take(&shared, &processor, &account, &headers, &body).await {
        Ok(Ok(stored)) => answer(
            StatusCode::OK,
            &json!({"received": true, "duplicate": stored.is_none()}),
        ),
        Ok(Err(Refused::NoAccount)) => answer(
            StatusCode::NOT_FOUND,
            &json!({"error": "There is no such account."}),
        ),
        Ok(Err(Refused::Message(why))) => {
            answer(StatusCode::BAD_REQUEST, &json!({"error": why.to_string()}))
        }
        // The processor sends it again.
        Err(error) => {
            tracing::error!(%error, "a message could not be stored");
            answer(
                StatusCode::SERVICE_UNAVAILABLE,
                &json!({"error": "Try again later."}),
            )
        }
    }
}

enum Refused {
    NoAccount,
    Message(Refusal),
}

async fn take(
    shared: &Shared,
    processor: &str,
    account: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Result<Option<Uuid>, Refused>, Error> {
    let Some((account_id, biz_id, spoken)) = find(shared, processor, account).await? else {
        return Ok(Err(Refused::NoAccount));
    };
    let read = read(shared, &account_id, biz_id, spoken, headers, body).await?;
    let (message, payload) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(Err(Refused::Message(refusal))),
    };
    let stored = webhooks::store(&shared.database, biz_id, account_id, &message, payload).await?;
    if let Some(id) = stored
        && let Err(error) = webhooks::process(shared, biz_id, id).await
    {
        // It is stored: the job applies it.
        tracing::error!(event_id = %id, %error, "a message could not be applied");
    }
    Ok(Ok(stored))
}

type Spoken = &'static dyn processors::Processor;

async fn find(
    shared: &Shared,
    processor: &str,
    account: &str,
) -> Result<Option<(Uuid, Uuid, Spoken)>, Error> {
    let known = type_id::parse(account).filter(|(prefix, _)| prefix == "pypa");
    let (Some((_, id)), Some(spoken)) = (known, processors::of(processor)) else {
        return Ok(None);
    };
    let platform = shared.database.platform(new_id()).await?;
    let sql = "select a.biz_id from payments.processor_accounts a \
               where a.id = $1 and a.processor = $2::text and a.deleted_at is null";
    let row = platform
        .query_opt(sql, &[id.into(), processor.into()])
        .await?;
    platform.rollback().await?;
    Ok(match row {
        Some(row) => Some((id, row.try_get(0)?, spoken)),
        None => None,
    })
}

async fn read(
    shared: &Shared,
    account_id: &Uuid,
    biz_id: Uuid,
    spoken: Spoken,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Result<(Message, serde_json::Value), Refusal>, Error> {
    let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
    let account = accounts::find(&scope, *account_id).await?;
    scope.rollback().await?;
    let Some((account, _)) = account else {
        return Ok(Err(Refusal::NoMessages));
    };
    // Without a secret nobody can have signed it.
    let Some(secret) = account.secrets(&shared.sealer, biz_id)?.webhook_secret else {
        return Ok(Err(Refusal::WrongSignature));
    };
    let headers: HashMap<String, String> = headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect();
    Ok(spoken.message(&secret, &headers, body, shared.database.now()))
}

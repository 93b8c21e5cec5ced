//! Asking processors, outside of any transaction: right after a verb is committed, and again by the
//! job where nobody knows what came of it.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::again::{self, unanswered};
use super::attempts::{self, Attempt};
use super::locked;
use super::processors::{self, PATIENCE, Report, Unknown};
use super::record::record;
use foundation::database::{Database, Error, Scope, new_id};
use foundation::graph::session::Shared;
use foundation::graph::verb::Followed;

/// How often a transaction is tried that loses against concurrent ones.
const ATTEMPTS: u32 = 8;

/// Sends tries of a tenant, and records what came of them. What a verb does next with it.
pub async fn follow_up(
    shared: Arc<Shared>,
    biz_id: Uuid,
    user_id: Option<Uuid>,
    tries: Vec<Uuid>,
) -> Followed {
    for attempt_id in tries {
        if let Err(error) = send(&shared, biz_id, user_id, attempt_id, false).await {
            // It is not lost: the job asks again.
            tracing::error!(%attempt_id, %error, "what came of a try could not be recorded");
        }
    }
    Ok(serde_json::Map::new())
}

/// Asks the processor for one try, and records what it said.
pub async fn send(
    shared: &Shared,
    biz_id: Uuid,
    user_id: Option<Uuid>,
    attempt_id: Uuid,
    is_retry: bool,
) -> Result<bool, Error> {
    let scope = shared
        .database
        .platform_in(biz_id, user_id, new_id())
        .await?;
    let attempt = attempts::find(&scope, attempt_id).await?;
    scope.rollback().await?;
    let Some(mut attempt) = attempt.filter(|attempt| is_unanswered(&attempt.status)) else {
        return Ok(false);
    };
    attempt.charge.is_retry = is_retry;
    match ask(shared, biz_id, &attempt).await {
        Ok(report) => keep(&shared.database, biz_id, user_id, attempt_id, report).await,
        Err(Unknown(why)) => {
            if mark(&shared.database, biz_id, attempt_id, &why).await? {
                tracing::warn!(%attempt_id, why, "nobody knows what came of a try; it is asked again");
            }
            Ok(false)
        }
    }
}

fn is_unanswered(status: &str) -> bool {
    matches!(status, "created" | "processing")
}

async fn ask(shared: &Shared, biz_id: Uuid, attempt: &Attempt) -> Result<Report, Unknown> {
    let Some(processor) = processors::of(&attempt.account.processor) else {
        let name = &attempt.account.processor;
        return Ok(Report::declined(
            "not_supported",
            format!("{name} is not connected."),
        ));
    };
    let asking = attempt.account.asking(shared, biz_id);
    let asking = asking.map_err(|error| Unknown(error.to_string()))?;
    let answer = processor.perform(&asking, &attempt.charge);
    // The client gives up by itself; this is for what does not.
    match tokio::time::timeout(PATIENCE + Duration::from_secs(5), answer).await {
        Ok(answer) => answer,
        Err(_) => Err(Unknown("no answer in time".to_owned())),
    }
}

/// Records an answer, however often its transaction loses against others.
pub async fn keep(
    database: &Database,
    biz_id: Uuid,
    user_id: Option<Uuid>,
    attempt_id: Uuid,
    report: Report,
) -> Result<bool, Error> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let scope = database.platform_in(biz_id, user_id, new_id()).await?;
        match keep_in(scope, attempt_id, report.clone()).await {
            Err(error)
                if attempt < ATTEMPTS
                    && (error.is_retryable() || matches!(error, Error::LockTimeout)) =>
            {
                tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
            }
            kept => return kept,
        }
    }
}

async fn keep_in(scope: Scope, attempt_id: Uuid, report: Report) -> Result<bool, Error> {
    let is_new = record(&scope, attempt_id, report).await?;
    scope.commit().await?;
    Ok(is_new)
}

const MARK: &str = "with before as ( \
      select a.id, a.status, a.error_message from payments.payment_attempts a \
      where a.biz_id = $1 and a.id = $2 and a.status in ('created', 'processing') for update) \
    update payments.payment_attempts a set status = 'processing', error_message = left($3::text, 2000) from before b \
    where a.biz_id = $1 and a.id = b.id \
    returning b.status = 'created' or b.error_message is distinct from left($3::text, 2000)";

/// Notes that a try was sent and has no answer, and why: whether that is news.
async fn mark(
    database: &Database,
    biz_id: Uuid,
    attempt_id: Uuid,
    why: &str,
) -> Result<bool, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let values = [biz_id.into(), attempt_id.into(), why.into()];
    let row = scope.query_opt(MARK, &values).await?;
    let is_news = row.map(|row| row.try_get(0)).transpose()?;
    scope.commit().await?;
    Ok(is_news.unwrap_or(false))
}

const UNANSWERED: &str = unanswered!(
    "payments.payment_attempts",
    "x.status in ('created', 'processing')",
    began: "x.created_at",
    asked: "x.sent_at",
    mark: "sent_at = $1"
);

/// Asks again about tries that have had no answer: after a crash, a lost connection, a late bank.
pub async fn reconcile(shared: &Arc<Shared>) -> Result<u64, Error> {
    again::ask(shared, UNANSWERED, "try", |biz_id, id| {
        send(shared, biz_id, None, id, true)
    })
    .await
}

const EXPIRED: &str = "select i.biz_id, i.id from payments.payment_intents i \
    where i.status in ('requires_capture', 'partially_captured') and i.authorization_expires_at <= $1 limit 200";

/// Releases what is held by authorizations that ran out: nothing is left of them to take. A
/// processor that is asked to release what ran out says the same.
pub async fn expire(shared: &Arc<Shared>) -> Result<u64, Error> {
    let platform = shared.database.platform(new_id()).await?;
    let rows = platform.query(EXPIRED, &[platform.now().into()]).await?;
    platform.rollback().await?;
    let mut released = 0;
    for row in rows {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
        let Some(mut intent) = locked::lock(&scope, id).await? else {
            continue;
        };
        let held: Vec<_> = intent
            .tenders
            .iter()
            .filter(|tender| tender.held() > 0)
            .cloned()
            .collect();
        if intent.capturable == 0 || held.iter().any(|tender| tender.in_flight.is_some()) {
            continue;
        }
        for tender in held {
            let Some(account_id) = tender.account_id else {
                continue;
            };
            let new = attempts::NewAttempt::new(tender.id, account_id, "void", None);
            attempts::write(&scope, &new).await?;
            if let Some(attempt) = attempts::find(&scope, new.id).await? {
                super::record::apply(&scope, &mut intent, &attempt, Report::done()).await?;
            }
        }
        super::counters::settle(&scope, &mut intent).await?;
        scope.commit().await?;
        released += 1;
    }
    Ok(released)
}

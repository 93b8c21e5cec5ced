//! Telling tax authorities of documents. A document is issued first, with the note that an authority
//! is to be told; it is told outside of any transaction, and its answer is recorded after. A job
//! finds what was left undone, and tries again later and later.

pub mod cancel;
pub mod sandbox;
pub mod submit;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use foundation::database::{Database, Error, Scope, new_id};
use foundation::graph::session::Shared;
use foundation::graph::verb::Followed;
use foundation::worker::Job;

/// What an authority is told of a document.
#[derive(Clone, Debug)]
pub struct Told {
    /// Names this copy: the same one is told twice only where no answer came.
    pub id: Uuid,
    /// The authority's short name.
    pub authority: String,
    /// The document's number.
    pub number: String,
    /// The day on which it was issued.
    pub issued_on: chrono::NaiveDate,
    /// Its total in minor units; less than zero for a credit note.
    pub total_minor: i64,
    /// The tax in it.
    pub tax_minor: i64,
    /// The currency.
    pub currency: String,
    /// The seller, as on the document.
    pub seller: Value,
    /// The buyer, as on the document.
    pub buyer: Value,
}

/// What an authority says.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It took the document, under this number of its own.
    Accepted(String, Value),
    /// It refused the document: its code and words.
    Rejected(String, String, Value),
}

/// The authority could not be reached, or did not answer: to be tried again.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the authority does not answer: {0}")]
pub struct Unreachable(pub String);

/// A tax authority, as far as documents are told to it. Calls happen outside of transactions and may
/// happen twice for one document: an authority knows it again by [`Told::id`].
#[async_trait]
pub trait FiscalAuthority: Send + Sync {
    /// Tells it of a document.
    async fn submit(&self, document: &Told) -> Result<Answer, Unreachable>;

    /// Asks it to cancel a document that it took; whether it did.
    async fn cancel(&self, document: &Told, authority_ref: &str) -> Result<bool, Unreachable>;
}

/// The authority of a series. No contract with any of them exists yet: all are played by the
/// sandbox, which answers as they do.
pub fn authority(_name: &str) -> &'static dyn FiscalAuthority {
    &sandbox::Sandbox
}

/// How long until the next try, after so many.
pub fn backoff(attempts: i32) -> TimeDelta {
    let minutes = 1_i64 << attempts.clamp(0, 9);
    TimeDelta::minutes(minutes)
}

/// How long an authority may take to answer before it is asked again.
const ANSWER_TIME: TimeDelta = TimeDelta::minutes(5);
/// How often the job looks for what was left undone.
const EVERY: Duration = Duration::from_secs(30);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![Job::new("tell_authorities", EVERY, |shared| async move {
        tell_all(&shared.database).await
    })]
}

const CLAIM: &str = "update billing.fiscal_documents d \
    set status = case when d.status = 'cancel_requested' then d.status else 'sent' end, attempts = d.attempts + 1, \
      sent_at = $3, next_attempt_at = $4 \
    where d.biz_id = $1 and d.id = $2 and d.status in ('pending', 'cancel_requested') \
      and (d.next_attempt_at is null or d.next_attempt_at <= $3) \
    returning d.status::text, d.attempts, d.authority::text, d.invoice_id, d.credit_note_id, d.authority_ref";

const READ: &str = "select coalesce(i.number, c.number), coalesce(i.issued_on, c.issued_on), \
      coalesce(i.total_minor, -c.total_minor), coalesce(i.tax_minor, -c.tax_minor), \
      coalesce(i.currency, c.currency)::text, coalesce(i.seller, c.seller), coalesce(i.buyer, c.buyer) \
    from (select) one \
    left join billing.invoices i on i.biz_id = $1 and i.id = $2 \
    left join billing.credit_notes c on c.biz_id = $1 and c.id = $3";

/// A copy that is taken for telling.
struct Claimed {
    status: String,
    attempts: i32,
    authority_ref: Option<String>,
    told: Told,
}

async fn claim(scope: &Scope, id: Uuid) -> Result<Option<Claimed>, Error> {
    let values = [
        scope.biz_id().into(),
        id.into(),
        scope.now().into(),
        (scope.now() + ANSWER_TIME).into(),
    ];
    let Some(row) = scope.query_opt(CLAIM, &values).await? else {
        return Ok(None);
    };
    let (invoice, credit): (Option<Uuid>, Option<Uuid>) = (row.try_get(3)?, row.try_get(4)?);
    let values = [scope.biz_id().into(), invoice.into(), credit.into()];
    let Some(document) = scope.query_opt(READ, &values).await? else {
        return Ok(None);
    };
    Ok(Some(Claimed {
        status: row.try_get(0)?,
        attempts: row.try_get(1)?,
        authority_ref: row.try_get(5)?,
        told: Told {
            id,
            authority: row.try_get(2)?,
            number: document.try_get(0)?,
            issued_on: document.try_get(1)?,
            total_minor: document.try_get(2)?,
            tax_minor: document.try_get(3)?,
            currency: document.try_get(4)?,
            seller: document.try_get(5)?,
            buyer: document.try_get(6)?,
        },
    }))
}

/// Tells the authority of a copy, if it is its turn: whether it answered.
pub async fn tell(database: &Database, biz_id: Uuid, id: Uuid) -> Result<bool, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let Some(claimed) = claim(&scope, id).await? else {
        scope.rollback().await?;
        return Ok(false);
    };
    scope.commit().await?;
    let authority = authority(&claimed.told.authority);
    if claimed.status == "cancel_requested" {
        let reference = claimed.authority_ref.as_deref().unwrap_or_default();
        let answer = authority.cancel(&claimed.told, reference).await;
        return record_cancel(database, biz_id, &claimed, answer).await;
    }
    let answer = authority.submit(&claimed.told).await;
    record(database, biz_id, &claimed, answer).await
}

const ANSWERED: &str = "update billing.fiscal_documents d \
    set status = $3::text, authority_ref = coalesce($4, d.authority_ref), response = coalesce($5, d.response), error_code = $6, \
      error_message = $7, answered_at = case when $3::text = 'pending' then d.answered_at else $8 end, next_attempt_at = $9, \
      is_contingency = d.is_contingency or $3::text = 'pending' \
    where d.biz_id = $1 and d.id = $2 and d.status = 'sent'";

async fn record(
    database: &Database,
    biz_id: Uuid,
    claimed: &Claimed,
    answer: Result<Answer, Unreachable>,
) -> Result<bool, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let now = scope.now();
    let (status, reference, response, code, words, again): Recorded = match answer {
        Ok(Answer::Accepted(reference, response)) => (
            "accepted",
            Some(reference),
            Some(response),
            None,
            None,
            None,
        ),
        Ok(Answer::Rejected(code, words, response)) => (
            "rejected",
            None,
            Some(response),
            Some(code),
            Some(words),
            None,
        ),
        Err(error) => {
            let again = now + backoff(claimed.attempts);
            let words = Some(error.to_string());
            ("pending", None, None, None, words, Some(again))
        }
    };
    let has_answered = status != "pending";
    let values = [
        biz_id.into(),
        claimed.told.id.into(),
        status.into(),
        reference.into(),
        sea_orm::Value::Json(response.map(Box::new)),
        code.into(),
        words.into(),
        now.into(),
        again.into(),
    ];
    scope.execute(ANSWERED, &values).await?;
    scope.commit().await?;
    Ok(has_answered)
}

type Recorded = (
    &'static str,
    Option<String>,
    Option<Value>,
    Option<String>,
    Option<String>,
    Option<DateTime<Utc>>,
);

const CANCELLED: &str = "update billing.fiscal_documents d \
    set status = $3, answered_at = $4, next_attempt_at = $5, error_message = $6 \
    where d.biz_id = $1 and d.id = $2 and d.status = 'cancel_requested'";

async fn record_cancel(
    database: &Database,
    biz_id: Uuid,
    claimed: &Claimed,
    answer: Result<bool, Unreachable>,
) -> Result<bool, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let now = scope.now();
    let (status, again, words) = match answer {
        Ok(true) => ("cancelled", None, None),
        Ok(false) => (
            "accepted",
            None,
            Some("The authority did not cancel it.".to_owned()),
        ),
        Err(error) => (
            "cancel_requested",
            Some(now + backoff(claimed.attempts)),
            Some(error.to_string()),
        ),
    };
    let values = [
        biz_id.into(),
        claimed.told.id.into(),
        status.into(),
        now.into(),
        again.into(),
        words.into(),
    ];
    scope.execute(CANCELLED, &values).await?;
    scope.commit().await?;
    Ok(status != "cancel_requested")
}

/// What follows a document that was issued: the authority is told at once. What fails is not the
/// caller's trouble: the job tries again.
pub async fn follow(shared: Arc<Shared>, biz_id: Uuid, id: Uuid) -> Followed {
    if let Err(error) = tell(&shared.database, biz_id, id).await {
        tracing::warn!(%biz_id, %id, %error, "an authority could not be told; the job tries again");
    }
    Ok(Map::new())
}

// Those whose turn it is; those that were sent and got no answer, as the program may have died.
const DUE: &str = "select d.biz_id, d.id, d.status = 'sent' from billing.fiscal_documents d \
    where d.status in ('pending', 'sent', 'cancel_requested') and d.next_attempt_at <= $1 \
    order by d.next_attempt_at, d.id limit 200";

const FORGOTTEN: &str = "update billing.fiscal_documents d set status = 'pending', is_contingency = true \
    where d.biz_id = $1 and d.id = $2 and d.status = 'sent' and d.next_attempt_at <= $3";

/// Tells authorities of what is due: how many answered.
pub async fn tell_all(database: &Database) -> Result<u64, Error> {
    let Some(lock) = foundation::worker::jobs::lock(database, "tell_authorities").await? else {
        return Ok(0);
    };
    let mut answered = 0;
    for row in lock.query(DUE, &[lock.now().into()]).await? {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        if row.try_get(2)? {
            let scope = database.platform_in(biz_id, None, new_id()).await?;
            let values = [biz_id.into(), id.into(), scope.now().into()];
            scope.execute(FORGOTTEN, &values).await?;
            scope.commit().await?;
        }
        match tell(database, biz_id, id).await {
            Ok(true) => answered += 1,
            Ok(false) => {}
            Err(error) => tracing::error!(%biz_id, %id, %error, "an authority could not be told"),
        }
    }
    lock.rollback().await?;
    Ok(answered)
}

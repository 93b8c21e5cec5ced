//! Messages of processors: checked, stored as they came, and applied once; also late, twice, out of
//! order, and before what they are about is here.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::Value;
use uuid::Uuid;

use super::hear::apply;
use super::processors::{self, Meaning, Message};
use super::{accounts, checkout};
use foundation::database::{Database, Error, Scope, new_id};
use foundation::graph::session::Shared;

/// How often a message is tried before somebody has to look.
const TRIES: i32 = 12;
/// How often a transaction is tried that loses against concurrent ones.
const ATTEMPTS: u32 = 8;
/// How long a message that was stored is left to the request that brought it.
const SETTLED: TimeDelta = TimeDelta::seconds(30);

/// What is said of a message whose page has to be asked about.
const UNSAID: &str = "it does not say what was charged";

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It changed something, or says what is known.
    Processed,
    /// It is older than what is known, or nothing for us.
    Ignored,
    /// What it is about is not here yet.
    Parked(String),
    /// It does not say enough of this page: its processor has to be asked.
    Asks(Uuid),
    /// Somebody has to look.
    Failed(String),
}

const STORE: &str = "insert into payments.webhook_events (biz_id, id, processor_account_id, external_event_id, type, object_id, object_version, \
      occurred_at, received_at, payload) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
    on conflict on constraint webhook_events_processor_account_id_external_event_id_key do nothing";

/// Stores a message. None where it was stored before.
pub async fn store(
    database: &Database,
    biz_id: Uuid,
    account_id: Uuid,
    message: &Message,
    payload: serde_json::Value,
) -> Result<Option<Uuid>, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let id = new_id();
    let values: [Value; 10] = [
        biz_id.into(),
        id.into(),
        account_id.into(),
        message.event_id.as_str().into(),
        message.kind.as_str().into(),
        message.object_id.clone().into(),
        message.object_version.into(),
        message.occurred_at.into(),
        scope.now().into(),
        payload.into(),
    ];
    let is_new = scope.execute(STORE, &values).await? == 1;
    scope.commit().await?;
    Ok(is_new.then_some(id))
}

/// Applies a stored message; where it does not say enough, once its processor has said more.
pub async fn process(shared: &Shared, biz_id: Uuid, id: Uuid) -> Result<Option<Applied>, Error> {
    let applied = process_once(&shared.database, biz_id, id).await?;
    if let Some(Applied::Asks(page)) = applied
        && checkout::look(shared, biz_id, page).await?
    {
        return process_once(&shared.database, biz_id, id).await;
    }
    Ok(applied)
}

/// Applies a stored message, however often its transaction loses against others.
async fn process_once(
    database: &Database,
    biz_id: Uuid,
    id: Uuid,
) -> Result<Option<Applied>, Error> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        match process_in(scope, id).await {
            Err(error)
                if attempt < ATTEMPTS
                    && (error.is_retryable() || matches!(error, Error::LockTimeout)) =>
            {
                tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
            }
            Err(error) => {
                note(database, biz_id, id, &error.to_string()).await?;
                return Err(error);
            }
            done => return done,
        }
    }
}

const LOCK: &str = "select e.status::text, e.attempts, e.processor_account_id, e.object_version, e.payload, e.occurred_at \
    from payments.webhook_events e where e.biz_id = $1 and e.id = $2 for no key update";
const BEGIN: &str = "update payments.webhook_events set status = 'processing', attempts = attempts + 1 where biz_id = $1 and id = $2";
const END: &str = "update payments.webhook_events set status = $3::text, error = left($4, 10000), next_attempt_at = $5, \
      processed_at = case when $3::text in ('processed', 'ignored') then $6::timestamptz end \
    where biz_id = $1 and id = $2";

async fn process_in(scope: Scope, id: Uuid) -> Result<Option<Applied>, Error> {
    let applied = apply_in(&scope, id).await?;
    scope.commit().await?;
    Ok(applied)
}

/// Applies a message within a transaction. None where it was applied before. What was ignored or
/// failed is applied anew only where somebody asks for it: [`replay`](super::webhook_replay).
pub async fn apply_in(scope: &Scope, id: Uuid) -> Result<Option<Applied>, Error> {
    let key: [Value; 2] = [scope.biz_id().into(), id.into()];
    let Some(row) = scope.query_opt(LOCK, &key).await? else {
        return Ok(None);
    };
    let (status, attempts): (String, i32) = (row.try_get(0)?, row.try_get(1)?);
    let account_id: Uuid = row.try_get(2)?;
    let payload: serde_json::Value = row.try_get(4)?;
    let found = accounts::find(scope, account_id).await?;
    let processor = found.and_then(|(account, _)| processors::of(&account.processor));
    let meaning = processor.map_or(Meaning::Nothing, |processor| processor.meaning(&payload));
    let version: Option<i64> = row.try_get(3)?;
    if matches!(status.as_str(), "processed" | "ignored") {
        // Again: the same message leaves the same state.
        return Ok(Some(apply(scope, account_id, version, meaning).await?));
    }
    scope.execute(BEGIN, &key).await?;
    let applied = match apply(scope, account_id, version, meaning).await? {
        Applied::Parked(why) if attempts + 1 >= TRIES => Applied::Failed(why),
        Applied::Asks(_) if attempts + 1 >= TRIES => Applied::Failed(UNSAID.to_owned()),
        applied => applied,
    };
    let (status, error) = match &applied {
        Applied::Processed => ("processed", None),
        Applied::Ignored => ("ignored", None),
        Applied::Parked(why) => ("parked", Some(why.clone())),
        Applied::Asks(_) => ("parked", Some(UNSAID.to_owned())),
        Applied::Failed(why) => ("failed", Some(why.clone())),
    };
    let pause = TimeDelta::seconds(10 << attempts.clamp(0, 9));
    let next = (status == "parked").then(|| scope.now() + pause);
    let [biz_id, event] = key;
    let values: [Value; 6] = [
        biz_id,
        event,
        status.into(),
        error.into(),
        next.into(),
        scope.now().into(),
    ];
    scope.execute(END, &values).await?;
    Ok(Some(applied))
}

/// Notes what went wrong; the message is tried again.
async fn note(database: &Database, biz_id: Uuid, id: Uuid, error: &str) -> Result<(), Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let sql = "update payments.webhook_events set error = left($3, 10000), attempts = attempts + 1, next_attempt_at = $4 \
               where biz_id = $1 and id = $2 and attempts < $5";
    let next = scope.now() + TimeDelta::minutes(1);
    let values: [Value; 5] = [
        biz_id.into(),
        id.into(),
        error.into(),
        next.into(),
        TRIES.into(),
    ];
    scope.execute(sql, &values).await?;
    scope.commit().await
}

const DUE: &str = "select e.biz_id, e.id from payments.webhook_events e \
    where (e.status = 'parked' and e.next_attempt_at <= $1) \
      or (e.status = 'received' and e.received_at < $2 and coalesce(e.next_attempt_at, $1) <= $1 and e.attempts < $3) \
    order by e.received_at limit 200";

/// Applies messages that wait: parked ones, and those whose request was cut off.
pub async fn work(shared: &Arc<Shared>) -> Result<u64, Error> {
    let platform = shared.database.platform(new_id()).await?;
    let now = platform.now();
    let values: [Value; 3] = [now.into(), (now - SETTLED).into(), TRIES.into()];
    let rows = platform.query(DUE, &values).await?;
    platform.rollback().await?;
    let mut done = 0;
    for row in rows {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        match process(shared, biz_id, id).await {
            Ok(Some(Applied::Processed)) => done += 1,
            Ok(_) => {}
            Err(error) => tracing::error!(event_id = %id, %error, "a message could not be applied"),
        }
    }
    Ok(done)
}

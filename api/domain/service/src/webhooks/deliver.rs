//! Telling endpoints of events: first a row for each message, then the message. Each row is claimed
//! for a while before anything is sent, so that a program that dies leaves it to others: what is sent
//! twice carries the same id. Of one subject a message goes out once those before it have arrived or
//! were given up; other subjects do not wait for it.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use futures_util::future::join_all;
use sea_orm::Value;
use serde_json::json;
use uuid::Uuid;

use super::courier::{Courier, Letter, Receipt};
use super::rules::{MOST_FAILURES, pause, signature};
use foundation::database::{Database, Error, Scope, new_id};
use foundation::graph::model::model;
use foundation::graph::type_id;
use foundation::identity::Sealer;

/// How many events are looked at in one go.
const BATCH: i64 = 500;
/// How many messages are sent at once.
const AT_ONCE: i64 = 40;
/// How many of them to one endpoint.
const TO_ONE: i64 = 5;

const ENDPOINTS: &str = "select w.biz_id, w.id from identity.webhook_endpoints w \
    where w.status = 'active' and w.deleted_at is null order by w.biz_id, w.id";

// What is planned, and how far, in one statement: the horizon is that of its snapshot.
const PLAN: &str = "with h as materialized (select pg_snapshot_xmin(pg_current_snapshot()) as xmin), \
    w as (select * from identity.webhook_endpoints where biz_id = $1 and id = $2), \
    events as materialized ( \
      select e.* from w cross join h cross join lateral ( \
        select e.* from core.outbox_events e \
        where e.biz_id = $1 and (e.transaction_id, e.seq) > (w.cursor_transaction_id, w.cursor_seq) \
          and e.transaction_id < h.xmin \
        order by e.transaction_id, e.seq limit $3) e), \
    planned as ( \
      insert into identity.webhook_deliveries \
        (biz_id, id, endpoint_id, event_id, event_seq, event_occurred_at, topic, next_attempt_at) \
      select $1, core.uuid_v7(), w.id, e.id, e.seq, e.occurred_at, e.topic, $4 \
      from events e cross join w \
      where e.topic <> 'core.rows_changed' and exists (select from unnest(w.topics) t \
        where t in ('*', e.topic) or (right(t, 2) = '.*' and starts_with(e.topic, left(t, -1)))) \
      on conflict (biz_id, endpoint_id, event_seq) do nothing returning 1), \
    last as (select e.transaction_id, e.seq from events e order by e.transaction_id desc, e.seq desc limit 1) \
    update identity.webhook_endpoints u \
    set cursor_transaction_id = case when (select count(*) from events) = $3 then (select transaction_id from last) else h.xmin end, \
      cursor_seq = case when (select count(*) from events) = $3 then (select seq from last) else 0 end \
    from h where u.biz_id = $1 and u.id = $2 \
      and ((select count(*) from events) > 0) \
    returning (select count(*) from planned)";

/// Makes a row for each message that is due to an endpoint.
pub async fn plan(database: &Database) -> Result<u64, Error> {
    let scope = database.platform(new_id()).await?;
    let rows = scope.query(ENDPOINTS, &[]).await?;
    scope.rollback().await?;
    let mut planned = 0;
    for row in &rows {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        // One worker for an endpoint; what it wrote is seen by the statement after.
        let lock = "select 1 from identity.webhook_endpoints \
                    where biz_id = $1 and id = $2 and status = 'active' for update skip locked";
        let key = [biz_id.into(), id.into()];
        if scope.query_opt(lock, &key).await?.is_none() {
            continue;
        }
        let now = scope.now();
        let values: [Value; 4] = [biz_id.into(), id.into(), BATCH.into(), now.into()];
        if let Some(row) = scope.query_opt(PLAN, &values).await? {
            planned += u64::try_from(row.try_get::<_, i64>(0)?).unwrap_or(0);
        }
        scope.commit().await?;
    }
    Ok(planned)
}

// A message is due once all before it of the same subject have arrived or were given up.
const CLAIM: &str = "with due as ( \
      select d.biz_id, d.id, row_number() over (partition by d.biz_id, d.endpoint_id order by d.next_attempt_at, d.event_seq) as place \
      from identity.webhook_deliveries d \
      join identity.webhook_endpoints w on w.biz_id = d.biz_id and w.id = d.endpoint_id \
        and w.status = 'active' and w.deleted_at is null \
      join core.outbox_events e on e.biz_id = d.biz_id and e.occurred_at = d.event_occurred_at and e.id = d.event_id \
      where d.status in ('pending', 'retrying') and d.next_attempt_at <= $1 \
        and not exists (select from core.outbox_events b \
          join identity.webhook_deliveries o on o.biz_id = b.biz_id and o.endpoint_id = d.endpoint_id and o.event_seq = b.seq \
          where b.biz_id = e.biz_id and b.subject_type = e.subject_type and b.subject_id = e.subject_id \
            and (b.transaction_id, b.seq) < (e.transaction_id, e.seq) and o.status in ('pending', 'retrying'))), \
    chosen as ( \
      select d.biz_id, d.id from due join identity.webhook_deliveries d on d.biz_id = due.biz_id and d.id = due.id \
      where due.place <= $2 and d.status in ('pending', 'retrying') and d.next_attempt_at <= $1 \
      order by d.next_attempt_at limit $3 for update of d skip locked) \
    update identity.webhook_deliveries d \
    set status = 'retrying', attempts = d.attempts + 1, next_attempt_at = $1::timestamptz + interval '2 minutes' \
    from chosen c, identity.webhook_endpoints w, core.outbox_events e \
    where d.biz_id = c.biz_id and d.id = c.id and w.biz_id = d.biz_id and w.id = d.endpoint_id \
      and e.biz_id = d.biz_id and e.occurred_at = d.event_occurred_at and e.id = d.event_id \
    returning d.biz_id, d.id, d.attempts, w.id, w.url, w.secret_sealed, \
      case when w.previous_secret_until > $1 then w.previous_secret_sealed end, \
      e.id, e.topic, e.subject_type, e.subject_id, e.payload, e.occurred_at, e.transaction_id::text || '-' || e.seq";

struct Claimed {
    biz_id: Uuid,
    id: Uuid,
    attempts: i32,
    endpoint: Uuid,
    /// What is sent, or why nothing can be.
    letter: Result<Letter, String>,
}

/// Sends what is due; how many messages arrived.
pub async fn deliver(
    database: &Database,
    sealer: &Sealer,
    courier: &Arc<dyn Courier>,
) -> Result<u64, Error> {
    let scope = database.platform(new_id()).await?;
    let now = scope.now();
    let values: [Value; 3] = [now.into(), TO_ONE.into(), AT_ONCE.into()];
    let rows = scope.query(CLAIM, &values).await?;
    scope.commit().await?;
    let claimed = rows
        .iter()
        .map(|row| letter(row, sealer, now))
        .collect::<Result<Vec<_>, _>>()?;
    let sent = claimed.into_iter().map(|claimed| async move {
        let started = std::time::Instant::now();
        let answer = match &claimed.letter {
            Ok(letter) => courier.carry(letter).await,
            Err(reason) => Err(reason.clone()),
        };
        let took = i32::try_from(started.elapsed().as_millis()).unwrap_or(i32::MAX);
        record(database, &claimed, answer, took).await
    });
    let mut arrived = 0;
    for outcome in join_all(sent).await {
        arrived += u64::from(outcome?);
    }
    Ok(arrived)
}

fn letter(
    row: &tokio_postgres::Row,
    sealer: &Sealer,
    now: DateTime<Utc>,
) -> Result<Claimed, Error> {
    let biz_id: Uuid = row.try_get(0)?;
    let open = |sealed: Option<Vec<u8>>| {
        let opened = sealed.map(|sealed| sealer.open(biz_id, &sealed));
        // Its own trouble: other endpoints are told all the same.
        opened
            .transpose()
            .map_err(|_| "Its secret cannot be read: rotate it.".to_owned())
    };
    let (kind, subject): (String, Uuid) = (row.try_get(9)?, row.try_get(10)?);
    let prefix = model()
        .by_name(&kind)
        .map(|id| model().entity(id).table.id_prefix);
    let (event, at): (Uuid, DateTime<Utc>) = (row.try_get(7)?, row.try_get(12)?);
    let id = type_id::encode("evt", event);
    let (topic, payload, cursor): (String, serde_json::Value, String) =
        (row.try_get(8)?, row.try_get(11)?, row.try_get(13)?);
    let body = json!({
        "id": id,
        "type": topic,
        "timestamp": at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "cursor": cursor,
        "bizId": type_id::encode("biz", biz_id),
        "data": {
            "subjectType": kind,
            "subjectId": type_id::encode(prefix.unwrap_or("id"), subject),
            "details": payload,
        },
    })
    .to_string();
    let timestamp = now.timestamp();
    let (present, previous) = (open(row.try_get(5)?), open(row.try_get(6)?));
    let url = row.try_get(4)?;
    let signed = present.and_then(|present| {
        let secrets = [present, previous?].into_iter().flatten();
        let signatures = secrets.map(|secret| signature(&secret, &id, timestamp, &body));
        Ok(signatures.collect::<Vec<_>>().join(" "))
    });
    Ok(Claimed {
        biz_id,
        id: row.try_get(1)?,
        attempts: row.try_get(2)?,
        endpoint: row.try_get(3)?,
        letter: signed.map(|signatures| Letter {
            url,
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("user-agent", "Bizing-Webhooks/1".to_owned()),
                ("webhook-id", id),
                ("webhook-timestamp", timestamp.to_string()),
                ("webhook-signature", signatures),
            ],
            body,
        }),
    })
}

async fn record(
    database: &Database,
    claimed: &Claimed,
    answer: Result<Receipt, String>,
    took: i32,
) -> Result<bool, Error> {
    let scope = database.platform_in(claimed.biz_id, None, new_id()).await?;
    let now = scope.now();
    let has_arrived = answer
        .as_ref()
        .is_ok_and(|receipt| (200..300).contains(&receipt.status));
    // An endpoint that says it is gone is believed.
    let is_gone = answer.as_ref().is_ok_and(|receipt| receipt.status == 410);
    let next = match (has_arrived, is_gone) {
        (false, false) => pause(claimed.attempts, rand::random::<f64>()).map(|pause| now + pause),
        _ => None,
    };
    let (code, excerpt) = match &answer {
        Ok(receipt) => (i16::try_from(receipt.status).ok(), receipt.excerpt.clone()),
        Err(reason) => (None, reason.clone()),
    };
    let status = match (has_arrived, next) {
        (true, _) => "delivered",
        (false, Some(_)) => "retrying",
        (false, None) => "failed",
    };
    let sql = "update identity.webhook_deliveries set status = $3, response_code = $4, response_excerpt = left($5, 2000), \
               duration_ms = $6, next_attempt_at = $7, delivered_at = $8 \
               where biz_id = $1 and id = $2 and status = 'retrying'";
    let values: [Value; 8] = [
        claimed.biz_id.into(),
        claimed.id.into(),
        status.into(),
        code.filter(|code| (100..600).contains(code)).into(),
        excerpt.as_str().into(),
        took.into(),
        next.into(),
        has_arrived.then_some(now).into(),
    ];
    scope.execute(sql, &values).await?;
    note(&scope, claimed, has_arrived, is_gone, &excerpt).await?;
    scope.commit().await?;
    Ok(has_arrived)
}

/// Notes on the endpoint how it answers; one that never does is told no more.
async fn note(
    scope: &Scope,
    claimed: &Claimed,
    has_arrived: bool,
    is_gone: bool,
    excerpt: &str,
) -> Result<(), Error> {
    let key: [Value; 2] = [claimed.biz_id.into(), claimed.endpoint.into()];
    if has_arrived {
        let sql = "update identity.webhook_endpoints set failure_count = 0, last_success_at = $3 \
                   where biz_id = $1 and id = $2 and (failure_count > 0 or last_success_at is null \
                     or last_success_at < $3::timestamptz - interval '1 minute')";
        let values = [key[0].clone(), key[1].clone(), scope.now().into()];
        return scope.execute(sql, &values).await.map(drop);
    }
    let sql = "update identity.webhook_endpoints set failure_count = failure_count + 1, last_failure_at = $3, \
               last_error = coalesce(nullif(btrim(left($4, 2000)), ''), 'It did not take the message.') \
               where biz_id = $1 and id = $2 returning failure_count, status";
    let values = [
        key[0].clone(),
        key[1].clone(),
        scope.now().into(),
        excerpt.into(),
    ];
    let Some(row) = scope.query_opt(sql, &values).await? else {
        return Ok(());
    };
    let (failures, status): (i32, String) = (row.try_get(0)?, row.try_get(1)?);
    if status == "active" && (is_gone || failures >= MOST_FAILURES) {
        scope
            .set_reason("It did not take messages for long, or said that it is gone.")
            .await?;
        let sql = "update identity.webhook_endpoints set status = 'disabled' where biz_id = $1 and id = $2";
        scope.execute(sql, &key).await?;
    }
    Ok(())
}

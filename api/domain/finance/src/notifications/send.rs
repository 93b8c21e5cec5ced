//! Carrying what waits. A message is taken for a while before anything is sent, so that a worker that
//! dies leaves it to others; it is sent outside of any transaction; what became of it is written
//! after. A worker that dies between the last two sends it again, under the same Message-ID: more
//! than that SMTP does not offer.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use sea_orm::Value;

use super::carriers::{Carried, Carrier, Post, Refusal};
use super::letter::{self, Claimed, Unwritten, message_id};
use super::rules::{LEASE, pause};
use foundation::database::{Database, Error, new_id};
use foundation::graph::session::Shared;

/// How many messages are sent at once.
const AT_ONCE: i64 = 20;
/// How many of them of one tenant.
const OF_ONE: i64 = 5;

const CLAIM: &str = "with due as ( \
      select m.biz_id, m.id, row_number() over (partition by m.biz_id order by m.occurred_at, m.id) as place \
      from comms.messages m \
      where m.status = 'queued' and m.direction = 'outbound' and coalesce(m.next_attempt_at <= $1, true)), \
    chosen as ( \
      select m.biz_id, m.id from due join comms.messages m on m.biz_id = due.biz_id and m.id = due.id \
      where due.place <= $3 and m.status = 'queued' and coalesce(m.next_attempt_at <= $1, true) \
      order by m.occurred_at, m.id limit $4 for update of m skip locked) \
    update comms.messages m set attempts = m.attempts + 1, next_attempt_at = $2 \
    from chosen c where m.biz_id = c.biz_id and m.id = c.id \
    returning m.biz_id, m.id, m.attempts";

/// Sends what is due; how many messages were taken by the carrier.
pub async fn send(shared: &Arc<Shared>) -> Result<u64, Error> {
    let claimed = claim(&shared.database).await?;
    let carrier = shared.service::<Post>()?.carrier();
    let outcomes = claimed
        .into_iter()
        .map(|claimed| carry(shared, carrier.as_ref(), claimed));
    let mut sent = 0;
    for outcome in join_all(outcomes).await {
        sent += u64::from(outcome?);
    }
    Ok(sent)
}

async fn claim(database: &Database) -> Result<Vec<Claimed>, Error> {
    let scope = database.platform(new_id()).await?;
    let now = scope.now();
    let values: [Value; 4] = [
        now.into(),
        (now + LEASE).into(),
        OF_ONE.into(),
        AT_ONCE.into(),
    ];
    let rows = scope.query(CLAIM, &values).await?;
    scope.commit().await?;
    let claimed = rows.iter().map(|row| {
        Ok(Claimed {
            biz_id: row.try_get(0)?,
            id: row.try_get(1)?,
            attempts: row.try_get(2)?,
        })
    });
    claimed.collect()
}

/// Sends one, and writes what became of it: whether it went out.
async fn carry(
    shared: &Arc<Shared>,
    carrier: &dyn Carrier,
    claimed: Claimed,
) -> Result<bool, Error> {
    let outcome = match letter::write(shared, claimed).await {
        Ok(Some(mail)) => carrier.carry(&mail).await,
        // Somebody else has seen to it.
        Ok(None) => return Ok(false),
        Err(Unwritten::Never(reason)) => Err(Refusal::ForGood(reason)),
        Err(Unwritten::Failed(failure)) => {
            tracing::error!(message = %claimed.id, error = failure.message, "a message could not be written");
            Err(Refusal::ForNow("It could not be written.".to_owned()))
        }
    };
    match outcome {
        Ok(carried) => went_out(&shared.database, claimed, carried)
            .await
            .map(|()| true),
        Err(refusal) => refused(&shared.database, claimed, refusal)
            .await
            .map(|()| false),
    }
}

const SENT: &str = "update comms.messages set status = 'sent', provider_message_id = $3, error = null, next_attempt_at = null \
    where biz_id = $1 and id = $2 and status = 'queued'";
const DELIVERED: &str = "update comms.messages set status = 'delivered' where biz_id = $1 and id = $2 and status = 'sent'";

async fn went_out(database: &Database, claimed: Claimed, carried: Carried) -> Result<(), Error> {
    let scope = database.platform_in(claimed.biz_id, None, new_id()).await?;
    let values: [Value; 3] = [
        claimed.biz_id.into(),
        claimed.id.into(),
        message_id(claimed.id).into(),
    ];
    scope.execute(SENT, &values).await?;
    if carried == Carried::Delivered {
        scope.execute(DELIVERED, &values[..2]).await?;
    }
    scope.commit().await
}

// Whoever took it since then knows better.
const REFUSED: &str = "update comms.messages set status = case when $4::timestamptz is null then 'failed' else 'queued' end, \
      error = left($5, 2000), next_attempt_at = $4::timestamptz \
    where biz_id = $1 and id = $2 and status = 'queued' and attempts = $3";

async fn refused(database: &Database, claimed: Claimed, refusal: Refusal) -> Result<(), Error> {
    let scope = database.platform_in(claimed.biz_id, None, new_id()).await?;
    let (reason, next): (String, Option<DateTime<Utc>>) = match refusal {
        Refusal::ForGood(reason) => (reason, None),
        Refusal::ForNow(reason) => {
            let next = pause(claimed.attempts).map(|pause| scope.now() + pause);
            (reason, next)
        }
    };
    if next.is_none() {
        scope.set_reason(&reason).await?;
    }
    let values: [Value; 5] = [
        claimed.biz_id.into(),
        claimed.id.into(),
        claimed.attempts.into(),
        next.into(),
        reason.as_str().into(),
    ];
    scope.execute(REFUSED, &values).await?;
    scope.commit().await
}

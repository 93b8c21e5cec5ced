//! Promises by the clock: a warning when time is nearly up, a breach when it is. Each once, however
//! many workers look.

use std::sync::Arc;

use uuid::Uuid;

use super::clocks::{CLOCK, Clock, breach};
use foundation::database::{Database, Error, new_id};
use foundation::graph::session::Shared;
use foundation::worker::tenants::by_tenant;

/// How many clocks are seen to in one run.
const AT_ONCE: i64 = 500;

// The row says that its warning was given, and the event is written with it: so it is given once.
const WARN: &str = "with due as ( \
      select c.biz_id, c.id from operations.sla_clocks c \
      join operations.sla_policies p on p.biz_id = c.biz_id and p.id = c.policy_id \
      where c.status = 'running' and c.warned_at is null and c.target_at > $1 \
        and p.warn_minutes is not null and c.target_at <= $1 + p.warn_minutes * interval '1 minute' \
      order by c.biz_id, c.id limit $2 for no key update of c skip locked), \
    warned as ( \
      update operations.sla_clocks c set warned_at = $1 from due \
      where c.biz_id = due.biz_id and c.id = due.id \
      returning c.biz_id, c.id, c.policy_id, c.metric, c.subject_type, c.subject_id, c.target_at), \
    told as ( \
      select w.*, p.escalate_to from warned w \
      join operations.sla_policies p on p.biz_id = w.biz_id and p.id = w.policy_id) \
    insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
    select t.biz_id, core.uuid_v7(), 'sla.warned', 'SlaClock', t.id, jsonb_build_object('metric', t.metric, \
      'team', t.escalate_to, 'subject_type', t.subject_type, 'subject_id', t.subject_id, 'target_at', t.target_at) \
    from told t";

const WITH_LATE: &str = "select distinct c.biz_id from operations.sla_clocks c \
    where c.status = 'running' and c.target_at <= $1";

const LATE: &str = "select c.id, c.subject_type, c.subject_id from operations.sla_clocks c \
    where c.biz_id = $1 and c.status = 'running' and c.target_at <= $2 order by c.target_at, c.id limit $3";

const LOCK_REQUEST: &str = "select from operations.service_requests where biz_id = $1 and id = $2 \
    for no key update skip locked";

/// Warns, and notes breaches. Says how many of both.
pub async fn evaluate(shared: Arc<Shared>) -> Result<u64, Error> {
    let database = &shared.database;
    let scope = database.platform(new_id()).await?;
    let values = [scope.now().into(), AT_ONCE.into()];
    let warned = scope.execute(WARN, &values).await?;
    scope.commit().await?;
    let broken = by_tenant(database, "sla_evaluate", WITH_LATE, |biz_id| {
        breaches(database, biz_id)
    });
    Ok(warned + broken.await?)
}

/// Notes breaches of a tenant, each in a transaction of its own.
async fn breaches(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let values = [biz_id.into(), scope.now().into(), AT_ONCE.into()];
    let late = scope.query(LATE, &values).await?;
    scope.rollback().await?;
    let mut done = 0;
    for row in &late {
        let id: Uuid = row.try_get(0)?;
        let subject: (String, Uuid) = (row.try_get(1)?, row.try_get(2)?);
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        // Whoever moves the subject sees to its clocks; it is passed over, and looked at again.
        if subject.0 == "ServiceRequest" {
            let values = [biz_id.into(), subject.1.into()];
            if scope.query_opt(LOCK_REQUEST, &values).await?.is_none() {
                scope.rollback().await?;
                continue;
            }
        }
        let sql = format!(
            "{CLOCK} where c.biz_id = $1 and c.id = $2 and c.status = 'running' and c.target_at <= $3 \
             for no key update of c skip locked"
        );
        let values = [biz_id.into(), id.into(), scope.now().into()];
        if let Some(row) = scope.query_opt(&sql, &values).await? {
            breach(&scope, &Clock::of(&row)?).await?;
            done += 1;
        }
        scope.commit().await?;
    }
    Ok(done)
}

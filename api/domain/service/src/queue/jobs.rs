//! What happens in queues by the clock: who was set aside comes back, who was called and does not
//! come is noted, and no queue stays open over night.

use std::time::Duration;

use uuid::Uuid;

use super::entry_mark_no_show::missed;
use super::store::{Entry, end_pause, leftovers, lock_line};
use foundation::database::{Database, Error, Scope, new_id};
use foundation::worker::Job;

/// How often each is looked after.
const TURN: Duration = Duration::from_secs(15);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("queue_unpark", TURN, |shared| async move {
            unpark(&shared.database).await
        }),
        Job::new("queue_missed_calls", TURN, |shared| async move {
            missed_calls(&shared.database).await
        }),
        Job::new("queue_day_close", TURN, |shared| async move {
            close_days(&shared.database).await
        }),
    ]
}

/// Lets those back whose time aside is over.
async fn unpark(database: &Database) -> Result<u64, Error> {
    let scope = database.platform(new_id()).await?;
    let sql = "with due as ( \
          select e.biz_id, e.id from queue.queue_entries e \
          where e.status = 'parked' and e.parked_until <= $1 order by e.biz_id, e.id limit 500 \
          for no key update skip locked), \
        back as ( \
          update queue.queue_entries e set status = 'waiting', parked_until = null \
          from due where e.biz_id = due.biz_id and e.id = due.id returning e.biz_id, e.id, e.queue_id) \
        insert into queue.queue_events (biz_id, id, entry_id, kind, queue_id, occurred_at) \
        select b.biz_id, core.uuid_v7(), b.id, 'unparked', b.queue_id, $1 from back b";
    let done = scope.execute(sql, &[scope.now().into()]).await?;
    scope.commit().await?;
    Ok(done)
}

const MISSED: &str = "select e.biz_id, e.id, e.queue_id, q.location_id, e.status, e.service_point_id, e.joined_at, \
      e.priority_band, e.no_show_count, q.max_no_shows \
    from queue.queue_entries e join queue.queues q on q.biz_id = e.biz_id and q.id = e.queue_id \
    where e.status = 'called' and e.called_at + q.call_timeout_seconds * interval '1 second' <= $1 \
    order by e.biz_id, e.id limit 500";

/// Notes of those who were called that they did not come in time.
async fn missed_calls(database: &Database) -> Result<u64, Error> {
    let scope = database.platform(new_id()).await?;
    let rows = scope.query(MISSED, &[scope.now().into()]).await?;
    scope.rollback().await?;
    let mut done = 0;
    for row in &rows {
        let biz_id: Uuid = row.try_get(0)?;
        let entry = Entry {
            id: row.try_get(1)?,
            queue_id: row.try_get(2)?,
            location_id: row.try_get(3)?,
            status: row.try_get(4)?,
            service_point_id: row.try_get(5)?,
            joined_at: row.try_get(6)?,
            band: row.try_get(7)?,
            no_shows: row.try_get(8)?,
        };
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        // Whoever has come meanwhile, or was seen to by another worker, is passed over.
        let sql = "select 1 from queue.queue_entries where biz_id = $1 and id = $2 and status = 'called' \
                   for no key update skip locked";
        let is_due = scope
            .query_opt(sql, &[biz_id.into(), entry.id.into()])
            .await?;
        if is_due.is_some() {
            missed(&scope, &entry, row.try_get(9)?).await?;
            done += 1;
        }
        scope.commit().await?;
    }
    Ok(done)
}

const OVERDUE: &str = "select q.biz_id, q.id from queue.queues q \
    where q.status <> 'closed' and q.deleted_at is null and exists ( \
      select 1 from core.status_history h \
      where h.biz_id = q.biz_id and h.subject_type = 'Queue' and h.subject_id = q.id and h.to_status = 'open' \
      having core.business_date(q.biz_id, q.location_id, max(h.occurred_at)) \
        < core.business_date(q.biz_id, q.location_id, $1)) \
    order by q.biz_id, q.id limit 200";

/// Closes queues that were left open when the business day of their location ended.
async fn close_days(database: &Database) -> Result<u64, Error> {
    let scope = database.platform(new_id()).await?;
    let rows = scope.query(OVERDUE, &[scope.now().into()]).await?;
    scope.rollback().await?;
    let mut done = 0;
    for row in &rows {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        if close_day(&scope, id).await? {
            done += 1;
        }
        scope.commit().await?;
    }
    Ok(done)
}

async fn close_day(scope: &Scope, id: Uuid) -> Result<bool, Error> {
    let Some(line) = lock_line(scope, id)
        .await?
        .filter(|line| line.status != "closed")
    else {
        return Ok(false);
    };
    let values = [scope.biz_id().into(), id.into()];
    end_pause(scope, id).await?;
    // Nobody is served any more; what a clerk forgot to end is ended.
    let sql = "update queue.queue_entries set status = 'served', served_at = greatest($3::timestamptz, serving_started_at) \
               where biz_id = $1 and queue_id = $2 and status in ('serving', 'reopened')";
    let with_now = [scope.biz_id().into(), id.into(), scope.now().into()];
    scope.execute(sql, &with_now).await?;
    let sql = "update queue.queue_entries set status = 'waiting', called_at = null, called_by_id = null, service_point_id = null \
               where biz_id = $1 and queue_id = $2 and status = 'called'";
    scope.execute(sql, &values).await?;
    leftovers(scope, &line).await?;
    for status in ["closing", "closed"] {
        if line.status == status {
            continue;
        }
        let sql = "update queue.queues set status = $3 where biz_id = $1 and id = $2";
        let values = [scope.biz_id().into(), id.into(), status.into()];
        scope.execute(sql, &values).await?;
    }
    Ok(true)
}

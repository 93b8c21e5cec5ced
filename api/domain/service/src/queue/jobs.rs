//! What happens in queues by the clock: who was set aside comes back, who was called and does not
//! come is noted, and no queue stays open over night.

use std::time::Duration;

use uuid::Uuid;

use super::entry_mark_no_show::missed;
use super::store::{Entry, end_pause, leftovers, lock_line};
use foundation::database::{Database, Error, Scope, new_id};
use foundation::worker::Job;
use foundation::worker::tenants::by_tenant;

/// How often each is looked after.
const TURN: Duration = Duration::from_secs(15);
/// How many calls of a tenant are noted in one turn.
const MOST: u64 = 500;

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("queue_unpark", TURN, |shared| async move {
            unpark(&shared.database).await
        }),
        Job::new("queue_missed_calls", TURN, |shared| async move {
            let database = &shared.database;
            by_tenant(database, "queue_missed_calls", WITH_MISSED, |biz_id| {
                missed_calls(database, biz_id)
            })
            .await
        }),
        Job::new("queue_day_close", TURN, |shared| async move {
            let database = &shared.database;
            by_tenant(database, "queue_day_close", WITH_OPEN, |biz_id| {
                close_days(database, biz_id)
            })
            .await
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

const WITH_MISSED: &str = "select distinct e.biz_id from queue.queue_entries e \
    join queue.queues q on q.biz_id = e.biz_id and q.id = e.queue_id \
    where e.status = 'called' and e.called_at + q.call_timeout_seconds * interval '1 second' <= $1";

// Whoever is seen to by another is passed over.
const MISSED: &str = "select e.id, e.queue_id, q.location_id, e.status, e.service_point_id, e.joined_at, \
      e.priority_band, e.no_show_count, q.max_no_shows \
    from queue.queue_entries e join queue.queues q on q.biz_id = e.biz_id and q.id = e.queue_id \
    where e.biz_id = $1 and e.status = 'called' and e.called_at + q.call_timeout_seconds * interval '1 second' <= $2 \
    order by e.id limit 1 for no key update of e skip locked";

/// Notes of those who were called that they did not come in time, each in a transaction of its own.
async fn missed_calls(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    for done in 0..MOST {
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        let values = [biz_id.into(), scope.now().into()];
        let Some(row) = scope.query_opt(MISSED, &values).await? else {
            scope.rollback().await?;
            return Ok(done);
        };
        let entry = Entry {
            id: row.try_get(0)?,
            queue_id: row.try_get(1)?,
            location_id: row.try_get(2)?,
            status: row.try_get(3)?,
            service_point_id: row.try_get(4)?,
            joined_at: row.try_get(5)?,
            band: row.try_get(6)?,
            no_shows: row.try_get(7)?,
        };
        missed(&scope, &entry, row.try_get(8)?).await?;
        scope.commit().await?;
    }
    Ok(MOST)
}

const WITH_OPEN: &str = "select distinct q.biz_id from queue.queues q where q.status <> 'closed' and q.deleted_at is null";

const OVERDUE: &str = "select q.id from queue.queues q \
    where q.biz_id = $1 and q.status <> 'closed' and q.deleted_at is null and exists ( \
      select 1 from core.status_history h \
      where h.biz_id = q.biz_id and h.subject_type = 'Queue' and h.subject_id = q.id and h.to_status = 'open' \
      having core.business_date(q.biz_id, q.location_id, max(h.occurred_at)) \
        < core.business_date(q.biz_id, q.location_id, $2)) \
    order by q.id limit 200";

/// Closes queues that were left open when the business day of their location ended.
async fn close_days(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let values = [biz_id.into(), scope.now().into()];
    let rows = scope.query(OVERDUE, &values).await?;
    scope.rollback().await?;
    let mut done = 0;
    for row in &rows {
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        done += u64::from(close_day(&scope, row.try_get(0)?).await?);
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

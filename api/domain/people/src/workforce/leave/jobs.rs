//! What the clock does for leave. Any number of workers may run it: the person is locked, and what was
//! done is not done again.

use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use super::book::Book;
use super::clock::advance;
use super::due::{self, Due};
use super::ledger::emit;
use super::locked::lock;
use super::person::{found, leave_kind};
use super::recalculate::{Reckoned, recalculate};
use foundation::database::{Database, Error, new_id};
use foundation::graph::failure::Failure;
use foundation::worker::Job;
use foundation::worker::tenants::by_tenant;

/// How often periods and accruals are looked after.
const PERIODS: Duration = Duration::from_mins(10);
/// How often changes of holidays and schedules, and leave that is over, are looked for.
const REQUESTS: Duration = Duration::from_secs(20);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("leave_periods", PERIODS, |shared| async move {
            let database = &shared.database;
            by_tenant(database, "leave_periods", WITH_LEAVE, |biz_id| {
                periods(database, biz_id)
            })
            .await
        }),
        Job::new("leave_recalculate", REQUESTS, |shared| async move {
            let database = &shared.database;
            by_tenant(database, "leave_recalculate", WITH_REQUESTS, |biz_id| {
                recalculated(database, biz_id)
            })
            .await
        }),
        Job::new("leave_taken", REQUESTS, |shared| async move {
            let database = &shared.database;
            by_tenant(database, "leave_taken", WITH_REQUESTS, |biz_id| {
                taken(database, biz_id)
            })
            .await
        }),
    ]
}

const WITH_LEAVE: &str = "select b.id from core.bizes b \
    where exists (select from workforce.leave_types t where t.biz_id = b.id and t.is_tracked and t.deleted_at is null) order by b.id";

const WITH_REQUESTS: &str = "select b.id from core.bizes b where exists (select from workforce.leave_requests r where r.biz_id = b.id \
    and r.status in ('submitted', 'approved', 'cancel_requested', 'partially_recalled')) order by b.id";

/// Begins and ends periods, lets leave come in and carried-over leave expire, for everybody. Whoever's
/// book cannot be moved does not keep the others waiting.
async fn periods(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let (mut done, mut after): (u64, Option<Due>) = (0, None);
    loop {
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        let found = due::due(&scope, None, after).await?;
        scope.rollback().await?;
        for due in &found {
            match move_book(database, biz_id, *due).await {
                Ok(count) => done += count,
                Err(failure) => {
                    tracing::error!(staff = %due.staff_id, %failure, "leave could not be moved");
                }
            }
        }
        if found.len() < 500 {
            return Ok(done);
        }
        after = found.last().copied();
    }
}

async fn move_book(database: &Database, biz_id: Uuid, due: Due) -> Result<u64, Failure> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let Some(person) = found(&scope, due.staff_id, true).await? else {
        return Ok(0);
    };
    let kind = leave_kind(&scope, due.leave_type_id).await?;
    let mut book = Book::read(&scope, person, kind).await?;
    let moved = advance(&scope, &mut book, scope.now()).await?;
    for (topic, ids) in [
        ("leave_period.opened", &moved.opened),
        ("leave_period.closed", &moved.closed),
    ] {
        for id in ids {
            let payload = json!({ "staff_id": due.staff_id });
            emit(&scope, topic, ("LeavePeriod", *id), payload).await?;
        }
    }
    scope.commit().await?;
    Ok(u64::try_from(moved.count()).unwrap_or_default())
}

// Days to come that were reckoned before something changed that they depend on. Some seconds of
// overlap, as a change that is committed later bears the time of its beginning.
const STALE: &str = "select distinct d.leave_request_id from workforce.leave_request_days d \
    join workforce.staff s on s.biz_id = d.biz_id and s.id = d.staff_id and s.deleted_at is null \
    join workforce.leave_types t on t.biz_id = d.biz_id and t.id = d.leave_type_id \
    left join workforce.work_schedules w on w.biz_id = s.biz_id and w.id = s.work_schedule_id \
    where d.biz_id = $1 and d.status in ('reserved', 'charged') and (d.leave_on >= $2 or d.leave_on >= s.terminated_on \
        and exists (select from workforce.leave_requests r where r.biz_id = d.biz_id and r.id = d.leave_request_id \
          and r.status in ('submitted', 'approved', 'cancel_requested', 'partially_recalled'))) \
      and d.updated_at < interval '5 seconds' + greatest(s.updated_at, t.updated_at, w.updated_at, \
        (select max(x.updated_at) from workforce.work_schedule_days x where x.biz_id = w.biz_id and x.work_schedule_id = w.id), \
        (select max(h.updated_at) from availability.holidays h where h.biz_id = d.biz_id \
          and (h.calendar_id = w.holiday_calendar_id and h.holiday_on = d.leave_on or h.id = d.holiday_id))) \
    order by 1 limit 500";

/// Reckons anew what holidays, schedules or somebody's leaving have changed.
async fn recalculated(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let from = (scope.now() - chrono::TimeDelta::hours(14)).date_naive();
    let rows = scope.query(STALE, &[biz_id.into(), from.into()]).await?;
    scope.rollback().await?;
    let mut done = 0;
    for row in rows {
        let id: Uuid = row.try_get(0)?;
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        match recalculate(&scope, id).await {
            Ok(reckoned) => {
                scope.commit().await?;
                done += u64::from(reckoned != Reckoned::Same);
            }
            Err(failure) => {
                tracing::error!(request = %id, %failure, "leave could not be reckoned anew");
            }
        }
    }
    Ok(done)
}

// At the place where it is earliest, the last day must be over too; the day itself is asked below.
const OVER: &str = "select r.id from workforce.leave_requests r \
    where r.biz_id = $1 and r.status in ('approved', 'partially_recalled') and r.ends_on <= $2 order by r.id limit 500";

/// Notes that leave whose last day is past was taken.
async fn taken(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let latest = (scope.now() + chrono::TimeDelta::hours(14)).date_naive();
    let rows = scope.query(OVER, &[biz_id.into(), latest.into()]).await?;
    scope.rollback().await?;
    let mut done = 0;
    for row in rows {
        let id: Uuid = row.try_get(0)?;
        match take(database, biz_id, id).await {
            Ok(count) => done += count,
            Err(failure) => tracing::error!(request = %id, %failure, "leave could not be ended"),
        }
    }
    Ok(done)
}

async fn take(database: &Database, biz_id: Uuid, id: Uuid) -> Result<u64, Failure> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let request = lock(&scope, id, None).await?;
    let is_due = matches!(request.status.as_str(), "approved" | "partially_recalled")
        && request.ends_on <= request.person.today(scope.now());
    if !is_due {
        return Ok(0);
    }
    request.to(&scope, "taken", None, None).await?;
    request.emit(&scope, "leave_request.taken").await?;
    scope.commit().await?;
    Ok(1)
}

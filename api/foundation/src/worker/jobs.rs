//! The jobs that belong to no other context. Each says how many things it did.

use std::time::Duration;

use uuid::Uuid;

use super::Job;
use super::tenants::by_tenant;
use crate::database::{Database, Error, Scope, new_id};

/// How many months ahead partitions stand ready.
const MONTHS_AHEAD: i32 = 3;

/// How often expired holds are looked for.
const SWEEP: Duration = Duration::from_secs(10);
/// How often partitions are made and old rows deleted.
const HOUSEKEEPING: Duration = Duration::from_hours(1);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("expire_holds", SWEEP, |shared| async move {
            expire_holds(&shared.database).await
        }),
        Job::new("make_partitions", HOUSEKEEPING, |shared| async move {
            make_partitions(&shared.database).await
        }),
        Job::new("purge", HOUSEKEEPING, |shared| async move {
            purge(&shared.database).await
        }),
    ]
}

/// Locks a job for this worker, until the scope ends. None where another one has it.
pub async fn lock(database: &Database, job: &str) -> Result<Option<Scope>, Error> {
    let scope = database.platform(new_id()).await?;
    let sql = "select pg_try_advisory_xact_lock(hashtextextended('worker ' || $1, 0))";
    let row = scope.query_opt(sql, &[job.into()]).await?;
    let is_ours: bool = row
        .map(|row| row.try_get(0))
        .transpose()?
        .unwrap_or_default();
    Ok(is_ours.then_some(scope))
}

// Each condition is one probe of an index per tenant.
const WITH_EXPIRED_HOLDS: &str = "select b.id from core.bizes b \
    where exists (select from availability.booking_holds h \
        where h.biz_id = b.id and h.status = 'held' and h.held_until <= clock_timestamp()) \
      or exists (select from availability.allocations a \
        where a.biz_id = b.id and a.status = 'hold' and a.expires_at <= clock_timestamp()) \
      or exists (select from booking.booking_orders o \
        join availability.booking_holds h on h.biz_id = o.biz_id and h.id = o.hold_id \
        where o.biz_id = b.id and o.status in ('held', 'pending_approval') and h.status = 'expired')";

/// Gives back what expired holds keep, and expires their orders, tenant by tenant. A tenant where
/// that fails does not keep the others waiting.
pub async fn expire_holds(database: &Database) -> Result<u64, Error> {
    by_tenant(database, "expire_holds", WITH_EXPIRED_HOLDS, |biz_id| {
        expire_holds_of(database, biz_id)
    })
    .await
}

async fn expire_holds_of(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let row = scope
        .query_opt("select availability.release_expired()", &[])
        .await?;
    let released: i32 = row
        .map(|row| row.try_get(0))
        .transpose()?
        .unwrap_or_default();
    let orders = scope.query("select booking.expire_orders()", &[]).await?;
    scope.commit().await?;
    Ok(u64::from(released.unsigned_abs()).max(u64::try_from(orders.len()).unwrap_or_default()))
}

/// Makes the partitions of the coming months.
pub async fn make_partitions(database: &Database) -> Result<u64, Error> {
    let Some(scope) = lock(database, "make_partitions").await? else {
        return Ok(0);
    };
    let row = scope
        .query_opt("select core.ensure_partitions($1)", &[MONTHS_AHEAD.into()])
        .await?;
    let made: i32 = row
        .map(|row| row.try_get(0))
        .transpose()?
        .unwrap_or_default();
    scope.commit().await?;
    Ok(made.unsigned_abs().into())
}

/// Deletes answers that nobody may ask for again, and sessions that ended long ago.
pub async fn purge(database: &Database) -> Result<u64, Error> {
    let Some(scope) = lock(database, "purge").await? else {
        return Ok(0);
    };
    let keys = scope
        .execute(
            "delete from core.idempotency_keys where expires_at < now()",
            &[],
        )
        .await?;
    let old = "delete from identity.sessions where expires_at < now() - interval '30 days'";
    let sessions = scope.execute(old, &[]).await?;
    scope.commit().await?;
    Ok(keys + sessions)
}

//! Seats that expired holds keep are given back, also on trips that nobody asks for.

use std::time::Duration;

use uuid::Uuid;

use super::give_back_expired;
use foundation::database::{Database, Error, new_id};
use foundation::worker::Job;
use foundation::worker::tenants::by_tenant;

/// How often trips are looked after. It is for those who look at what is left; who takes a seat gives
/// back what has expired first.
const TURN: Duration = Duration::from_secs(10);
/// How many trips of a tenant are seen to in one turn.
const MOST: u64 = 500;

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![Job::new("expire_seat_holds", TURN, |shared| async move {
        let database = &shared.database;
        by_tenant(database, "expire_seat_holds", WITH_EXPIRED, |biz_id| {
            expire(database, biz_id)
        })
        .await
    })]
}

const WITH_EXPIRED: &str = "select distinct m.biz_id from dispatch.trip_manifests m \
    join availability.booking_holds h on h.biz_id = m.biz_id and h.id = m.booking_hold_id \
    where m.status = 'held' and h.held_until <= clock_timestamp()";

// A trip that somebody else has locked is seen to by them, or in the next turn.
const TRIP: &str = "select t.id from dispatch.transport_trips t \
    where t.biz_id = $1 and exists (select from dispatch.trip_manifests m \
      join availability.booking_holds h on h.biz_id = m.biz_id and h.id = m.booking_hold_id \
      where m.biz_id = t.biz_id and m.trip_id = t.id and m.status = 'held' and h.held_until <= clock_timestamp()) \
    order by t.id limit 1 for no key update of t skip locked";

/// Gives back what has expired on each trip, in a transaction of its own.
async fn expire(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let mut done = 0;
    for _ in 0..MOST {
        let scope = database.platform_in(biz_id, None, new_id()).await?;
        let Some(row) = scope.query_opt(TRIP, &[biz_id.into()]).await? else {
            scope.rollback().await?;
            return Ok(done);
        };
        let given = give_back_expired(&scope, row.try_get(0)?).await?;
        scope.commit().await?;
        done += u64::try_from(given).unwrap_or_default();
    }
    Ok(done)
}

//! What was passed lapses by the clock: this only notes it, eligibility is judged by the days.

use std::time::Duration;

use uuid::Uuid;

use foundation::database::{Database, Error, new_id};
use foundation::worker::Job;
use foundation::worker::tenants::by_tenant;

/// How often it is looked for what has lapsed.
const ROUND: Duration = Duration::from_hours(1);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![Job::new("expire_training", ROUND, |shared| async move {
        let database = &shared.database;
        by_tenant(database, "expire_training", DUE, |biz_id| {
            expire(database, biz_id)
        })
        .await
    })]
}

// A day ahead of all zones; whose day it is, the statement below decides.
const DUE: &str = "select distinct e.biz_id from workforce.training_enrollments e \
    where e.status = 'passed' and e.expires_on <= ($1::timestamptz + interval '14 hours')::date";

const EXPIRE: &str = "with lapsed as ( \
      select e.id from workforce.training_enrollments e \
      join workforce.staff s on s.biz_id = e.biz_id and s.id = e.staff_id \
      join core.bizes b on b.id = e.biz_id \
      left join core.locations l on l.biz_id = e.biz_id and l.id = s.home_location_id \
      where e.biz_id = $1 and e.status = 'passed' \
        and e.expires_on <= ($2::timestamptz at time zone coalesce(l.timezone, b.default_timezone))::date \
      order by e.id limit 1000 for no key update of e skip locked) \
    update workforce.training_enrollments e set status = 'expired' from lapsed where e.biz_id = $1 and e.id = lapsed.id";

async fn expire(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let values = [biz_id.into(), scope.now().into()];
    let expired = scope.execute(EXPIRE, &values).await?;
    scope.commit().await?;
    Ok(expired)
}

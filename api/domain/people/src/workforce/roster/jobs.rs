//! What happens to rosters by the clock: open shifts and swaps that nobody has seen to in time.

use std::time::Duration;

use uuid::Uuid;

use foundation::database::{Database, Error, new_id};
use foundation::worker::Job;
use foundation::worker::tenants::by_tenant;

/// How often it is looked for what has begun.
const ROUND: Duration = Duration::from_mins(1);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![Job::new("expire_roster", ROUND, |shared| async move {
        let database = &shared.database;
        by_tenant(database, "expire_roster", DUE, |biz_id| {
            expire(database, biz_id)
        })
        .await
    })]
}

const DUE: &str = "select b.id from core.bizes b \
    where exists (select from workforce.open_shifts o where o.biz_id = b.id and o.status = 'open' and o.starts_at <= $1) \
      or exists (select from workforce.shift_swaps w \
        join workforce.staff_shifts s on s.biz_id = w.biz_id and s.id = w.from_shift_id \
        where w.biz_id = b.id and w.status in ('requested', 'accepted') and s.planned_starts_at <= $1)";

const EXPIRE: &str = "with late as ( \
      select o.id from workforce.open_shifts o where o.biz_id = $1 and o.status = 'open' and o.starts_at <= $2 \
      order by o.id limit 500 for no key update skip locked), \
    undecided as ( \
      select w.id from workforce.shift_swaps w \
      join workforce.staff_shifts s on s.biz_id = w.biz_id and s.id = w.from_shift_id and s.planned_starts_at <= $2 \
      where w.biz_id = $1 and w.status in ('requested', 'accepted') order by w.id limit 500 for no key update of w skip locked), \
    ended as (update workforce.shift_swaps w set status = 'expired' from undecided u where w.biz_id = $1 and w.id = u.id) \
    update workforce.open_shifts o set status = 'expired' from late l where o.biz_id = $1 and o.id = l.id";

async fn expire(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let values = [biz_id.into(), scope.now().into()];
    let expired = scope.execute(EXPIRE, &values).await?;
    scope.commit().await?;
    Ok(expired)
}

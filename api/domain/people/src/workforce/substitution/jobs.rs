//! Turns by the clock: who did not answer in time gives way to the next, and a search whose time has
//! passed ends. And rankings follow what happens.

use std::sync::Arc;
use std::time::Duration;

use entities::workforce::{ranking_profile, substitution_request};
use serde_json::json;
use uuid::Uuid;

use super::ask::SubstitutionAsk;
use super::ranking::RankingRecompute;
use super::{RANK, SUBSTITUTE};
use foundation::database::{Error, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::session::Shared;
use foundation::worker::Job;
use foundation::worker::tenants::use_once;

/// How often it is somebody else's turn.
const ROUND: Duration = Duration::from_secs(15);

/// How often it is looked what has moved rankings.
const RANKINGS: Duration = Duration::from_mins(1);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("substitution_turns", ROUND, |shared| async move {
            take_turns(&shared).await
        }),
        Job::new("recompute_rankings", RANKINGS, |shared| async move {
            recompute_rankings(&shared).await
        }),
    ]
}

// A search with a pool that nobody of it was asked for yet has its turn, too.
const DUE: &str = "select r.biz_id, r.id, r.version, \
      (select count(*) from workforce.substitution_offers o where o.biz_id = r.biz_id and o.request_id = r.id and o.status <> 'sent') \
    from workforce.substitution_requests r \
    where r.status in ('open', 'offering') and (r.needed_by <= $1 \
      or (r.pool_id is not null and (exists (select from workforce.substitution_offers o \
          where o.biz_id = r.biz_id and o.request_id = r.id and o.status = 'sent' and o.expires_at <= $1) \
        or not exists (select from workforce.substitution_offers o \
          where o.biz_id = r.biz_id and o.request_id = r.id and o.status = 'sent')))) \
    order by r.needed_by, r.id limit 200";

async fn take_turns(shared: &Arc<Shared>) -> Result<u64, Error> {
    let platform = shared.database.platform(new_id()).await?;
    let rows = platform.query(DUE, &[platform.now().into()]).await?;
    platform.rollback().await?;
    let mut done = 0;
    for row in &rows {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let (version, answered): (i32, i64) = (row.try_get(2)?, row.try_get(3)?);
        let search: Id<substitution_request::Entity> = Id::new(id);
        // What has changed since the last turn makes another one.
        let key = format!("turn/{id}/{version}/{answered}");
        let input = json!({ "id": search });
        let turn = use_once::<SubstitutionAsk>(shared, biz_id, SUBSTITUTE, input, &key).await;
        done += u64::from(turn.is_some());
    }
    Ok(done)
}

// What has happened last, and the weights as they are: when either is another one, scores are
// reckoned anew.
const MOVED: &str = "select p.biz_id, p.id, p.version, e.id \
    from workforce.ranking_profiles p \
    cross join lateral (select e.id from workforce.ranking_events e \
      where e.biz_id = p.biz_id and e.profile_id = p.id order by e.created_at desc, e.id desc limit 1) e \
    where p.is_active and p.deleted_at is null order by p.biz_id, p.id limit 1000";

async fn recompute_rankings(shared: &Arc<Shared>) -> Result<u64, Error> {
    let platform = shared.database.platform(new_id()).await?;
    let rows = platform.query(MOVED, &[]).await?;
    platform.rollback().await?;
    let mut done = 0;
    for row in &rows {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let (version, event): (i32, Uuid) = (row.try_get(2)?, row.try_get(3)?);
        let profile: Id<ranking_profile::Entity> = Id::new(id);
        let key = format!("ranking/{id}/{version}/{event}");
        let input = json!({ "id": profile });
        let reckoned = use_once::<RankingRecompute>(shared, biz_id, RANK, input, &key).await;
        done += u64::from(reckoned.is_some());
    }
    Ok(done)
}

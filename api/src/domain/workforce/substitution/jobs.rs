//! Turns by the clock: who did not answer in time gives way to the next, and a search whose time has
//! passed ends.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::Value;
use entities::workforce::substitution_request;
use serde_json::json;
use uuid::Uuid;

use super::SUBSTITUTE;
use super::ask::SubstitutionAsk;
use crate::database::{Error, new_id};
use crate::graph::scalars::Id;
use crate::graph::session::Shared;
use crate::graph::verb::{Fault, carry_out, declare};
use crate::identity::Principal;
use crate::worker::Job;

/// How often it is somebody else's turn.
const ROUND: Duration = Duration::from_secs(15);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![Job::new("substitution_turns", ROUND, |shared| async move {
        take_turns(&shared).await
    })]
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
        let principal = Principal::program(biz_id, None, [SUBSTITUTE.to_owned()]);
        let search: Id<substitution_request::Entity> = Id::new(id);
        let input = Value::from_json(json!({ "id": search })).unwrap_or_default();
        // What has changed since the last turn makes another one.
        let key = format!("turn/{id}/{version}/{answered}");
        let verb = declare::<SubstitutionAsk>();
        match carry_out(shared, principal, &verb, input, Some(&key)).await {
            Ok(turn) => done += u64::from(!turn.replayed),
            Err(Fault::Problem(problem) | Fault::Kept(problem)) => {
                tracing::debug!(%biz_id, key, problem.message, "no turn");
            }
            Err(Fault::Failure(failure)) => tracing::error!(%biz_id, key, %failure, "no turn"),
            Err(Fault::Database(error)) => tracing::error!(%biz_id, key, %error, "no turn"),
        }
    }
    Ok(done)
}

//! Clock work that is done tenant by tenant, and verbs that the clock uses.

use std::sync::Arc;

use async_graphql::Value as Input;
use uuid::Uuid;

use super::jobs::lock;
use crate::database::{Database, Error};
use crate::graph::session::Shared;
use crate::graph::verb::{Fault, Outcome, Verb, carry_out, declare};
use crate::identity::Principal;

/// Does a job for each tenant that a statement names, given the instant it is: by one worker at a time.
/// A tenant where it fails keeps no other waiting. Says how many things were done.
pub async fn by_tenant<F>(
    database: &Database,
    job: &'static str,
    tenants: &str,
    work: impl Fn(Uuid) -> F,
) -> Result<u64, Error>
where
    F: Future<Output = Result<u64, Error>> + Send,
{
    let Some(lock) = lock(database, job).await? else {
        return Ok(0);
    };
    // Not each statement asks for the instant.
    let asks = tenants.contains("$1");
    let now = asks.then(|| database.now().into());
    let mut done = 0;
    for row in lock.query(tenants, now.as_slice()).await? {
        let biz_id: Uuid = row.try_get(0)?;
        match work(biz_id).await {
            Ok(count) => done += count,
            Err(error) => tracing::error!(%biz_id, %error, job, "a tenant was not seen to"),
        }
    }
    lock.rollback().await?;
    Ok(done)
}

/// Uses a verb as the program, once for each key: what came of it if it was used now. What cannot be
/// done keeps nothing else waiting.
pub async fn use_once<V: Verb>(
    shared: &Arc<Shared>,
    biz_id: Uuid,
    permission: &str,
    input: serde_json::Value,
    key: &str,
) -> Option<Outcome> {
    let principal = Principal::program(biz_id, None, [permission.to_owned()]);
    let input = Input::from_json(input).unwrap_or_default();
    match carry_out(shared, principal, &declare::<V>(), input, Some(key)).await {
        Ok(done) => (!done.replayed).then_some(done.outcome),
        // Another worker was first, or staff were.
        Err(Fault::Problem(problem) | Fault::Kept(problem)) => {
            tracing::debug!(%biz_id, verb = V::NAME, key, problem.message, "not done");
            None
        }
        Err(Fault::Failure(failure)) => {
            tracing::error!(%biz_id, verb = V::NAME, key, %failure, "not done");
            None
        }
        Err(Fault::Database(error)) => {
            tracing::error!(%biz_id, verb = V::NAME, key, %error, "not done");
            None
        }
    }
}

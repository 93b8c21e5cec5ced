//! What the waiting list does by itself: offers that nobody answered go to the next in line, wishes
//! whose time has passed end, and what came free in ways of its own (an expired hold, more rooms) is
//! offered.

use std::time::Duration;

use uuid::Uuid;

use super::for_offers;
use super::freed::{offer_nights, offer_times};
use super::line::{Asked, for_nights};
use super::store::{End, end_offers};
use foundation::database::{Database, Error, Scope, new_id};
use foundation::worker::Job;
use foundation::worker::tenants::by_tenant;

/// How often those who wait have their turn.
const ROUND: Duration = Duration::from_secs(10);
/// How many offers end in one round of a tenant.
const MOST: i64 = 200;

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![Job::new("waitlist", ROUND, |shared| async move {
        let database = &shared.database;
        by_tenant(database, "waitlist", WITH_WAITING, |biz_id| {
            serve(database, biz_id)
        })
        .await
    })]
}

const WITH_WAITING: &str = "select b.id from core.bizes b \
    where exists (select from availability.waitlist_entries e where e.biz_id = b.id and e.status in ('waiting', 'offered'))";

/// One round of a tenant.
async fn serve(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let ended = end_unanswered(&scope).await?;
    let passed = end_passed(&scope).await?;
    scope.commit().await?;
    // Another transaction: what ended stays ended, also where offering fails.
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let line = for_nights(&scope, Asked::All, scope.now()).await?;
    let mut offered = offer_nights(database, &scope, &line, true).await?;
    let line = for_offers::line(&scope, for_offers::Asked::All).await?;
    offered += offer_times(database, &scope, &line).await?;
    scope.commit().await?;
    let offered = u64::try_from(offered).unwrap_or_default();
    Ok(ended + passed + offered)
}

const UNANSWERED: &str = "select o.id, o.hold_id from availability.waitlist_offers o \
    where o.biz_id = $1 and o.status = 'open' and o.expires_at <= clock_timestamp() \
    order by o.id limit $2 for no key update skip locked";

async fn end_unanswered(scope: &Scope) -> Result<u64, Error> {
    let values = [scope.biz_id().into(), MOST.into()];
    let rows = scope.query(UNANSWERED, &values).await?;
    let offers = rows
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect::<Result<Vec<(Uuid, Uuid)>, Error>>()?;
    if !offers.is_empty() {
        end_offers(scope, End::Expired, &offers).await?;
    }
    Ok(u64::try_from(offers.len()).unwrap_or_default())
}

const PASSED: &str = "with due as ( \
      select e.id from availability.waitlist_entries e \
      where e.biz_id = $1 and e.status = 'waiting' and least(e.expires_at, e.ends_at) <= $2 \
      order by e.id limit $3 for no key update skip locked) \
    update availability.waitlist_entries e set status = 'expired' from due where e.biz_id = $1 and e.id = due.id";

async fn end_passed(scope: &Scope) -> Result<u64, Error> {
    let values = [scope.biz_id().into(), scope.now().into(), MOST.into()];
    scope.execute(PASSED, &values).await
}

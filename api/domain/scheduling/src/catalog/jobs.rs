//! What happens to offers by the clock: a version that is over is superseded, and the one that has
//! begun is the current one.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use foundation::database::{Database, Error, Scope, new_id};
use foundation::worker::Job;
use foundation::worker::tenants::by_tenant;

/// How often versions are looked at.
const ROUND: Duration = Duration::from_mins(1);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![Job::new("offer_versions", ROUND, |shared| async move {
        let database = &shared.database;
        by_tenant(database, "offer_versions", WITH_OFFERS, |biz_id| {
            follow(database, biz_id)
        })
        .await
    })]
}

const SUPERSEDE: &str = "update catalog.offer_versions v set status = 'superseded' \
    where v.biz_id = $1 and v.status = 'published' and v.effective_ends_at <= $2 and ($3::uuid is null or v.offer_id = $3)";

const CURRENT: &str = "update catalog.offers o set current_version_id = w.version_id from ( \
      select o.id, (select v.id from catalog.offer_versions v \
        where v.biz_id = $1 and v.offer_id = o.id and v.status = 'published' and v.effective_period @> $2::timestamptz) as version_id \
      from catalog.offers o where o.biz_id = $1 and o.deleted_at is null and ($3::uuid is null or o.id = $3)) w \
    where o.biz_id = $1 and o.id = w.id and o.current_version_id is distinct from w.version_id";

const SOLD: &str = "update catalog.sellables s set active = (v.status = 'published' and v.effective_period @> $2::timestamptz) \
    from catalog.offer_versions v \
    where s.biz_id = $1 and s.ref_type = 'OfferVersion' and s.deleted_at is null and v.biz_id = $1 and v.id = s.ref_id \
      and v.status in ('published', 'superseded', 'withdrawn') and ($3::uuid is null or v.offer_id = $3) \
      and s.active is distinct from (v.status = 'published' and v.effective_period @> $2::timestamptz)";

/// Makes offers say which version is on sale at an instant: of one offer, or of all.
pub(super) async fn settle(
    scope: &Scope,
    offer_id: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<u64, Error> {
    let values = [scope.biz_id().into(), at.into(), offer_id.into()];
    let mut changed = scope.execute(SUPERSEDE, &values).await?;
    changed += scope.execute(CURRENT, &values).await?;
    changed += scope.execute(SOLD, &values).await?;
    Ok(changed)
}

const WITH_OFFERS: &str =
    "select distinct v.biz_id from catalog.offer_versions v where v.status = 'published'";

async fn follow(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let changed = settle(&scope, None, scope.now()).await?;
    scope.commit().await?;
    Ok(changed)
}

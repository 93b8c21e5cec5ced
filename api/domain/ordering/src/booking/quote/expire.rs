//! Quotes that nobody answered in time.

use std::sync::Arc;

use uuid::Uuid;

use foundation::database::{Database, Error, new_id};
use foundation::graph::session::Shared;
use foundation::worker::tenants::by_tenant;

const DUE: &str = "select b.id from core.bizes b where exists ( \
    select from booking.quotes q where q.biz_id = b.id and q.status = 'sent' and q.valid_until <= $1)";
const EXPIRE: &str = "with due as ( \
      select q.id from booking.quotes q \
      where q.biz_id = $1 and q.status = 'sent' and q.valid_until <= $2 \
      order by q.id limit 500 for no key update skip locked), \
    expired as ( \
      update booking.quotes q set status = 'expired' from due where q.biz_id = $1 and q.id = due.id \
      returning q.id, q.location_id), \
    told as ( \
      insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
      select $1, core.uuid_v7(), 'quote.expired', 'Quote', e.id, jsonb_build_object('location_id', e.location_id) \
      from expired e) \
    select e.id from expired e";

/// Expires quotes that were sent and are no longer valid, tenant by tenant, each with its event. A
/// tenant where that fails does not keep the others waiting.
pub async fn expire_quotes(shared: Arc<Shared>) -> Result<u64, Error> {
    let database = &shared.database;
    by_tenant(database, "expire_quotes", DUE, |biz_id| {
        expire_of(database, biz_id)
    })
    .await
}

async fn expire_of(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let values = [biz_id.into(), scope.now().into()];
    let count = scope.query(EXPIRE, &values).await?.len();
    scope.commit().await?;
    Ok(u64::try_from(count).unwrap_or_default())
}

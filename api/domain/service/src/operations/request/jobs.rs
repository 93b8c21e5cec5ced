//! Requests by the clock: what was done and nobody closed or reopened is closed.

use std::sync::Arc;

use foundation::database::{Error, new_id};
use foundation::graph::session::Shared;

/// For how many days the customer may reopen what was done.
const OPEN_DAYS: i32 = 7;

// The row's lock decides who closes it: nobody waits, and the status is looked at again.
const CLOSE: &str = "with due as ( \
      select r.biz_id, r.id from operations.service_requests r \
      where r.status = 'resolved' and r.resolved_at <= $1::timestamptz - $2::integer * interval '1 day' \
      order by r.biz_id, r.id limit 500 for no key update skip locked), \
    closed as ( \
      update operations.service_requests r set status = 'closed', closed_at = $1 from due \
      where r.biz_id = due.biz_id and r.id = due.id returning r.biz_id, r.id, r.location_id) \
    insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
    select c.biz_id, core.uuid_v7(), 'service_request.closed', 'ServiceRequest', c.id, \
      jsonb_build_object('location_id', c.location_id) \
    from closed c";

/// Closes requests that were done a week ago. Says how many.
pub async fn close_done(shared: Arc<Shared>) -> Result<u64, Error> {
    let scope = shared.database.platform(new_id()).await?;
    let values = [scope.now().into(), OPEN_DAYS.into()];
    let done = scope.execute(CLOSE, &values).await?;
    scope.commit().await?;
    Ok(done)
}

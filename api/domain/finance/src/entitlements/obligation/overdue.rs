//! The clock work of obligations: what was not paid in time is overdue.

use uuid::Uuid;

use foundation::database::{Database, Error, new_id};
use foundation::worker::tenants::by_tenant;

const WITH_DUE: &str = "select distinct b.biz_id from booking.participant_obligations b \
    join booking.booking_orders o on o.biz_id = b.biz_id and o.id = b.order_id \
    where b.status in ('pending', 'partially_paid') and coalesce(b.due_at, o.starts_at) <= $1 \
      and o.status not in ('cancelled', 'declined', 'expired')";

const MARK: &str = "with due as materialized ( \
      select b.id from booking.participant_obligations b \
      join booking.booking_orders o on o.biz_id = b.biz_id and o.id = b.order_id \
      where b.biz_id = $1 and b.status in ('pending', 'partially_paid') and coalesce(b.due_at, o.starts_at) <= $2 \
        and o.status not in ('cancelled', 'declined', 'expired') \
      order by b.id limit 500 for no key update of b skip locked), \
    marked as ( \
      update booking.participant_obligations b set status = 'overdue' from due \
      where b.biz_id = $1 and b.id = due.id returning b.id, b.order_id, b.amount_minor - b.paid_minor as rest, b.currency), \
    events as ( \
      insert into booking.participant_obligation_events (biz_id, id, obligation_id, kind, occurred_at, currency) \
      select $1, core.uuid_v7(), m.id, 'overdue', $2, m.currency from marked m), \
    told as ( \
      insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
      select $1, core.uuid_v7(), 'booking.obligation_overdue', 'ParticipantObligation', m.id, \
        jsonb_build_object('booking_order_id', m.order_id, 'rest_minor', m.rest, 'currency', m.currency) from marked m) \
    select count(*) from marked";

/// Marks what was not paid until it was due, or until its order began. Says how many.
pub async fn mark_overdue(database: &Database) -> Result<u64, Error> {
    by_tenant(database, "mark_overdue_obligations", WITH_DUE, |biz_id| {
        mark(database, biz_id)
    })
    .await
}

async fn mark(database: &Database, biz_id: Uuid) -> Result<u64, Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let values = [biz_id.into(), scope.now().into()];
    let row = scope.query_opt(MARK, &values).await?;
    let count: i64 = row
        .map(|row| row.try_get(0))
        .transpose()?
        .unwrap_or_default();
    scope.commit().await?;
    Ok(count.unsigned_abs())
}

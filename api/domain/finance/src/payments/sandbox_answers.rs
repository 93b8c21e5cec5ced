//! The messages of the sandbox: what was paid with `card_twice` is told of once more, and again.

use std::sync::Arc;

use uuid::Uuid;

use super::processors::sandbox::again;
use super::webhooks;
use foundation::database::{Error, new_id};
use foundation::graph::session::Shared;

const PAID: &str = "select a.biz_id, a.id, a.processor_account_id, a.external_id from payments.payment_attempts a \
    join payments.processor_accounts p on p.biz_id = a.biz_id and p.id = a.processor_account_id and p.processor = 'sandbox' \
    where a.method_ref = 'card_twice' and a.status = 'succeeded' and a.operation in ('charge', 'authorize') \
      and a.external_id is not null \
      and not exists (select from payments.webhook_events e where e.biz_id = a.biz_id \
        and e.processor_account_id = a.processor_account_id and e.object_id = a.external_id) limit 50";

/// Brings the messages that are missing. Says how many were applied.
pub async fn work(shared: &Arc<Shared>) -> Result<u64, Error> {
    let platform = shared.database.platform(new_id()).await?;
    let now = platform.now();
    let rows = platform.query(PAID, &[]).await?;
    platform.rollback().await?;
    let mut applied = 0;
    for row in rows {
        let (biz_id, attempt_id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let (account_id, payment): (Uuid, String) = (row.try_get(2)?, row.try_get(3)?);
        for (message, payload) in again(attempt_id, &payment, now) {
            let stored =
                webhooks::store(&shared.database, biz_id, account_id, &message, payload).await?;
            if let Some(id) = stored {
                webhooks::process(shared, biz_id, id).await?;
                applied += 1;
            }
        }
    }
    Ok(applied)
}

//! The disputes of the sandbox: what was paid with `card_dispute` is disputed at the next turn.

use std::sync::Arc;

use uuid::Uuid;

use super::attempts;
use super::disputes::hear;
use super::processors::sandbox::dispute;
use foundation::database::{Error, new_id};
use foundation::graph::session::Shared;

const PAID: &str = "select a.biz_id, a.id from payments.payment_attempts a \
    join payments.processor_accounts p on p.biz_id = a.biz_id and p.id = a.processor_account_id and p.processor = 'sandbox' \
    join payments.payment_transactions x on x.biz_id = a.biz_id and x.tender_id = a.tender_id and x.kind = 'capture' \
    where a.method_ref = 'card_dispute' and a.status = 'succeeded' and a.operation in ('charge', 'authorize') \
      and not exists (select from payments.disputes d where d.biz_id = a.biz_id and d.intent_id = x.intent_id) limit 50";

/// Disputes what is to be disputed.
pub async fn work(shared: &Arc<Shared>) -> Result<u64, Error> {
    let platform = shared.database.platform(new_id()).await?;
    let rows = platform.query(PAID, &[]).await?;
    platform.rollback().await?;
    let mut made = 0;
    for row in rows {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
        let Some(attempt) = attempts::find(&scope, id).await? else {
            continue;
        };
        let (charge, account) = (&attempt.charge, attempt.account.id);
        let payment = charge.authorization.clone().unwrap_or_default();
        let amount = charge
            .amount_minor
            .and_then(|minor| charge.wire.write(minor));
        let news = dispute(
            &payment,
            amount.unwrap_or_default(),
            &charge.currency,
            scope.now(),
        );
        hear(&scope, account, &news).await?;
        scope.commit().await?;
        made += 1;
    }
    Ok(made)
}

//! Sending refunds, outside of any transaction: right after they are approved, and again by the job
//! where nobody knows what came of it.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::again::{self, unanswered};
use super::processors::{self, Return, Returned, Unknown};
use super::refund_record::record;
use super::refunds::{Refund, find};
use foundation::database::{Database, Error, Scope, new_id};
use foundation::graph::session::Shared;
use foundation::graph::verb::Followed;

/// How often a transaction is tried that loses against concurrent ones.
const ATTEMPTS: u32 = 8;

/// Sends refunds that are approved: those that need no network are done now; the ids of the others
/// are returned, to be sent once this is committed.
pub async fn launch(scope: &Scope, refunds: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    let mut remote = Vec::new();
    for id in refunds {
        let Some(refund) = find(scope, *id).await? else {
            continue;
        };
        if refund.is_local() {
            record(scope, *id, Returned::Done { external_id: None }).await?;
        } else {
            remote.push(*id);
        }
    }
    Ok(remote)
}

/// Sends refunds of a tenant, and records what came of them.
pub async fn follow_up(
    shared: Arc<Shared>,
    biz_id: Uuid,
    user_id: Option<Uuid>,
    refunds: Vec<Uuid>,
) -> Followed {
    for id in refunds {
        if let Err(error) = send(&shared, biz_id, user_id, id, false).await {
            // It is not lost: the job asks again.
            tracing::error!(refund_id = %id, %error, "what came of a refund could not be recorded");
        }
    }
    Ok(serde_json::Map::new())
}

/// Asks the processor for one refund, and records what it said.
pub async fn send(
    shared: &Shared,
    biz_id: Uuid,
    user_id: Option<Uuid>,
    id: Uuid,
    is_retry: bool,
) -> Result<bool, Error> {
    let scope = shared
        .database
        .platform_in(biz_id, user_id, new_id())
        .await?;
    let refund = find(&scope, id).await?;
    scope.rollback().await?;
    let Some(refund) = refund.filter(|refund| refund.status == "processing") else {
        return Ok(false);
    };
    match ask(shared, biz_id, &refund, is_retry).await {
        Ok(returned) => keep(&shared.database, biz_id, user_id, id, returned).await,
        Err(Unknown(why)) => {
            if is_retry {
                tracing::debug!(refund_id = %id, why, "still nobody knows what came of a refund");
            } else {
                tracing::warn!(refund_id = %id, why, "nobody knows what came of a refund; it is asked again");
            }
            Ok(false)
        }
    }
}

async fn ask(
    shared: &Shared,
    biz_id: Uuid,
    refund: &Refund,
    is_retry: bool,
) -> Result<Returned, Unknown> {
    let account = &refund.attempt.account;
    let Some(processor) = processors::of(&account.processor) else {
        return Ok(Returned::Failed {
            external_id: None,
            message: format!("{} is not connected.", account.processor),
        });
    };
    let asking = account.asking(shared, biz_id);
    let asking = asking.map_err(|error| Unknown(error.to_string()))?;
    let wanted = Return {
        refund_id: refund.id,
        amount_minor: refund.amount,
        currency: refund.currency.clone(),
        wire: refund.attempt.charge.wire,
        authorization: refund.attempt.charge.authorization.clone(),
        method_ref: refund.attempt.charge.method_ref.clone(),
        reason: refund.reason.clone(),
        is_retry,
    };
    processor.give_back(&asking, &wanted).await
}

/// Records what a processor said of a refund, however often its transaction loses against others.
pub async fn keep(
    database: &Database,
    biz_id: Uuid,
    user_id: Option<Uuid>,
    id: Uuid,
    returned: Returned,
) -> Result<bool, Error> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let scope = database.platform_in(biz_id, user_id, new_id()).await?;
        let kept = async {
            let is_new = record(&scope, id, returned.clone()).await?;
            scope.commit().await?;
            Ok::<_, Error>(is_new)
        };
        match kept.await {
            Err(error)
                if attempt < ATTEMPTS
                    && (error.is_retryable() || matches!(error, Error::LockTimeout)) =>
            {
                tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
            }
            kept => return kept,
        }
    }
}

const UNANSWERED: &str = unanswered!("payments.refunds", "x.status = 'processing'");

/// Sends refunds that were committed and not sent, and asks about those without an answer.
pub async fn reconcile(shared: &Arc<Shared>) -> Result<u64, Error> {
    again::ask(shared, UNANSWERED, "refund", |biz_id, id| {
        send(shared, biz_id, None, id, true)
    })
    .await
}

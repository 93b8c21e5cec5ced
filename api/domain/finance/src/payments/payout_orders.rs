//! Payouts that a processor is told to make: written before it is asked, and asked again with the same
//! key until there is an answer.

use std::sync::Arc;

use uuid::Uuid;

use super::again::{self, unanswered};
use super::processors::kept::{PaidOut, PayOut};
use super::processors::{self, Unknown};
use super::{accounts, payouts};
use foundation::database::{Error, new_id};
use foundation::graph::session::Shared;

/// Tells the processor to make a payout that waits for it, and records what it said. False where there
/// is no answer yet, or nothing to ask.
pub async fn send(shared: &Shared, biz_id: Uuid, id: Uuid) -> Result<bool, Error> {
    let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
    let payout = payouts::lock(&scope, id).await?;
    let Some(payout) = payout.filter(|payout| payout.status == "pending") else {
        return Ok(false);
    };
    let found = match payout.account_id {
        Some(account_id) => accounts::find(&scope, account_id).await?,
        None => None,
    };
    let Some((account, _)) = found else {
        return Ok(false);
    };
    let wire = account.wire(&scope, &payout.currency).await?;
    scope.rollback().await?;
    let order = PayOut {
        payout_id: id,
        amount_minor: payout.amount,
        currency: payout.currency,
        wire,
        number: payout.number,
    };
    let answer = match processors::of(&account.processor) {
        Some(processor) => {
            let asking = account.asking(shared, biz_id)?;
            processor.pay_out(&asking, &order).await
        }
        None => Ok(PaidOut::Refused(format!(
            "{} is not connected.",
            account.processor
        ))),
    };
    match answer {
        Ok(answer) => keep(shared, biz_id, id, answer).await,
        Err(Unknown(why)) => {
            tracing::warn!(payout_id = %id, why, "nobody knows what came of a payout; it is asked again");
            Ok(false)
        }
    }
}

async fn keep(shared: &Shared, biz_id: Uuid, id: Uuid, answer: PaidOut) -> Result<bool, Error> {
    let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
    let payout = payouts::lock(&scope, id).await?;
    let Some(payout) = payout.filter(|payout| payout.status == "pending") else {
        return Ok(false);
    };
    match answer {
        PaidOut::Ordered(external_id) => {
            let sql = "update payments.payouts set status = 'in_transit', external_id = $3 where biz_id = $1 and id = $2";
            let values = [biz_id.into(), id.into(), external_id.into()];
            scope.execute(sql, &values).await?;
        }
        PaidOut::Refused(why) => {
            payout.go(&scope, "failed", None, Some(&why)).await?;
        }
    }
    scope.commit().await?;
    Ok(true)
}

const UNANSWERED: &str = unanswered!(
    "payments.payouts",
    "x.status = 'pending' and x.external_id is null and x.processor_account_id is not null"
);

/// Asks again for payouts that have had no answer.
pub async fn reconcile(shared: &Arc<Shared>) -> Result<u64, Error> {
    again::ask(shared, UNANSWERED, "payout", |biz_id, id| {
        send(shared, biz_id, id)
    })
    .await
}

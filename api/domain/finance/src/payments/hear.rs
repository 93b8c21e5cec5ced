//! What processors say, in a message or when they are asked, and which payment, page, refund, dispute or
//! payout it is about.

use sea_orm::Value;
use uuid::Uuid;

use super::disputes::{self, Heard};
use super::hear_attempt::{of_attempt, released};
use super::processors::Meaning;
use super::webhooks::Applied;
use super::{checkout, payouts, refund_record};
use foundation::database::{Database, Error, Scope, new_id};

/// Records what a processor said when it was asked, as a message of it would be.
pub async fn hear(
    database: &Database,
    biz_id: Uuid,
    account_id: Uuid,
    meaning: Meaning,
) -> Result<(), Error> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    apply(&scope, account_id, None, meaning).await?;
    scope.commit().await
}

/// Applies what a processor says, within a transaction.
pub(super) async fn apply(
    scope: &Scope,
    account_id: Uuid,
    version: Option<i64>,
    meaning: Meaning,
) -> Result<Applied, Error> {
    match meaning {
        Meaning::Nothing => Ok(Applied::Ignored),
        Meaning::Attempt {
            attempt_id,
            external_id,
            report,
            taken,
        } => {
            let Some(id) = attempt_of(scope, account_id, attempt_id, &external_id).await? else {
                return Ok(Applied::Parked(format!(
                    "there is no payment {external_id} yet"
                )));
            };
            of_attempt(scope, id, version, report, taken).await
        }
        Meaning::Released { external_id } => {
            let Some(id) = attempt_of(scope, account_id, None, &external_id).await? else {
                return Ok(Applied::Parked(format!(
                    "there is no payment {external_id} yet"
                )));
            };
            released(scope, id).await
        }
        Meaning::Refund {
            refund_id,
            external_id,
            returned,
        } => {
            let Some(id) = refund_of(scope, account_id, refund_id, &external_id).await? else {
                return Ok(Applied::Parked(format!(
                    "there is no refund {external_id} yet"
                )));
            };
            refund_record::record(scope, id, returned).await?;
            Ok(Applied::Processed)
        }
        Meaning::Dispute(news) => Ok(match disputes::hear(scope, account_id, &news).await? {
            Heard::Recorded => Applied::Processed,
            Heard::Known => Applied::Ignored,
            Heard::NoPayment => {
                Applied::Parked(format!("there is no payment {} yet", news.payment))
            }
        }),
        Meaning::Checkout(news) => checkout::hear(scope, account_id, &news).await,
        Meaning::Payout {
            external_id,
            status,
            reason,
        } => payouts::hear(scope, account_id, &external_id, status, reason.as_deref()).await,
    }
}

const ATTEMPT: &str = "select a.id from payments.payment_attempts a \
    where a.biz_id = $1 and a.processor_account_id = $2 and (a.id = $3 or a.external_id = $4) order by a.id = $3 desc limit 1";

async fn attempt_of(
    scope: &Scope,
    account_id: Uuid,
    attempt_id: Option<Uuid>,
    external_id: &str,
) -> Result<Option<Uuid>, Error> {
    let values: [Value; 4] = [
        scope.biz_id().into(),
        account_id.into(),
        attempt_id.into(),
        external_id.into(),
    ];
    let row = scope.query_opt(ATTEMPT, &values).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

const REFUND: &str = "select r.id from payments.refunds r \
    where r.biz_id = $1 and r.processor_account_id = $2 and (r.id = $3 or r.external_id = $4) limit 1";

async fn refund_of(
    scope: &Scope,
    account_id: Uuid,
    refund_id: Option<Uuid>,
    external_id: &str,
) -> Result<Option<Uuid>, Error> {
    let values: [Value; 4] = [
        scope.biz_id().into(),
        account_id.into(),
        refund_id.into(),
        external_id.into(),
    ];
    let row = scope.query_opt(REFUND, &values).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

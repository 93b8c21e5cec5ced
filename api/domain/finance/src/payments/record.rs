//! What a processor said becomes rows: the one place where a payment's amounts are moved, whoever
//! heard it first: the request, a message, or the job that asks again. Each try is recorded once.

use sea_orm::Value;
use serde_json::json;
use uuid::Uuid;

use super::attempts::{Attempt, find};
use super::captured::on_declined;
use super::counters::settle;
use super::done::done;
use super::events::tell;
use super::locked::{Intent, lock};
use super::processors::Report;
use foundation::database::{Error, Scope};

/// Records what came of a try, in a transaction of its own. False where it was recorded before.
pub async fn record(scope: &Scope, attempt_id: Uuid, report: Report) -> Result<bool, Error> {
    let Some(attempt) = find(scope, attempt_id).await? else {
        return Ok(false);
    };
    let Some(mut intent) = lock(scope, attempt.intent_id).await? else {
        return Ok(false);
    };
    // The payment is locked: what the try says now is what it says until the end.
    let Some(attempt) = find(scope, attempt_id).await? else {
        return Ok(false);
    };
    let is_running =
        ["created", "processing", "requires_action"].contains(&attempt.status.as_str());
    if !is_running {
        return Ok(false);
    }
    apply(scope, &mut intent, &attempt, report).await?;
    settle(scope, &mut intent).await?;
    Ok(true)
}

/// Records what came of a try of a locked payment; [`settle`] follows.
pub async fn apply(
    scope: &Scope,
    intent: &mut Intent,
    attempt: &Attempt,
    report: Report,
) -> Result<(), Error> {
    match report {
        Report::Done {
            external_id,
            movement_id,
            expires_at,
            sca,
        } => {
            let said = json!({"external_id": first(attempt, external_id.as_deref()), "sca": sca});
            finish(scope, attempt, "succeeded", &said).await?;
            let tender = intent.tender(attempt.tender_id)?;
            tender.in_flight = None;
            let movement = movement_id.or(external_id);
            if let Some(at) = expires_at {
                let sql = "update payments.payment_intents set authorization_expires_at = least(authorization_expires_at, $3) \
                           where biz_id = $1 and id = $2";
                scope
                    .execute(sql, &[scope.biz_id().into(), intent.id.into(), at.into()])
                    .await?;
            }
            done(scope, intent, attempt, movement.as_deref()).await
        }
        Report::Action {
            external_id,
            next_action,
        } => {
            let said = json!({"external_id": external_id, "next_action": next_action});
            finish(scope, attempt, "requires_action", &said).await?;
            let tender = intent.tender(attempt.tender_id)?;
            tender.in_flight = Some((attempt.charge.attempt_id, "requires_action".to_owned()));
            Ok(())
        }
        Report::Processing { external_id } => {
            let said = json!({"external_id": first(attempt, Some(&external_id))});
            finish(scope, attempt, "processing", &said).await
        }
        Report::Declined {
            external_id,
            code,
            message,
        } => {
            let said = json!({"external_id": first(attempt, external_id.as_deref()), "error_code": code, "error_message": message});
            finish(scope, attempt, "failed", &said).await?;
            declined(scope, intent, attempt, &code, &message).await
        }
    }
}

/// The payment's id at the processor belongs to the try that began it.
fn first<'a>(attempt: &Attempt, external_id: Option<&'a str>) -> Option<&'a str> {
    external_id.filter(|_| attempt.charge.authorization.is_none() || begins(attempt))
}

fn begins(attempt: &Attempt) -> bool {
    matches!(attempt.charge.operation.as_str(), "charge" | "authorize")
}

const FINISH: &str = "update payments.payment_attempts a set status = $3::text, \
      external_id = coalesce($4::jsonb ->> 'external_id', a.external_id), sca = coalesce($4::jsonb ->> 'sca', a.sca), \
      error_code = left($4::jsonb ->> 'error_code', 100), error_message = left($4::jsonb ->> 'error_message', 2000), \
      next_action = nullif($4::jsonb -> 'next_action', 'null'), \
      finished_at = case when $3::text in ('succeeded', 'failed') then $5::timestamptz end \
    where a.biz_id = $1 and a.id = $2";

async fn finish(
    scope: &Scope,
    attempt: &Attempt,
    status: &str,
    said: &serde_json::Value,
) -> Result<(), Error> {
    let values: [Value; 5] = [
        scope.biz_id().into(),
        attempt.charge.attempt_id.into(),
        status.into(),
        said.clone().into(),
        scope.now().into(),
    ];
    scope.execute(FINISH, &values).await.map(drop)
}

async fn declined(
    scope: &Scope,
    intent: &mut Intent,
    attempt: &Attempt,
    code: &str,
    message: &str,
) -> Result<(), Error> {
    let tender = intent.tender(attempt.tender_id)?;
    tender.in_flight = None;
    if begins(attempt) {
        "failed".clone_into(&mut tender.status);
    }
    let sql = "update payments.payment_intents set last_error = left($3, 2000) where biz_id = $1 and id = $2";
    let values = [scope.biz_id().into(), intent.id.into(), message.into()];
    scope.execute(sql, &values).await?;
    if begins(attempt) {
        on_declined(scope, intent.source.as_ref(), message).await?;
    }
    let what = json!({"code": code, "operation": attempt.charge.operation, "tender_id": attempt.tender_id});
    tell(scope, "payment.failed", ("PaymentIntent", intent.id), what).await
}

/// Tells of what happened to a payment.
pub(super) async fn told(
    scope: &Scope,
    intent: &Intent,
    topic: &str,
    amount: i64,
) -> Result<(), Error> {
    let what = json!({"amount_minor": amount, "currency": intent.currency, "location_id": intent.location_id});
    tell(scope, topic, ("PaymentIntent", intent.id), what).await
}

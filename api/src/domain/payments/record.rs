//! What a processor said becomes rows: the one place where a payment's amounts are moved, whoever
//! heard it first: the request, a message, or the job that asks again. Each try is recorded once.

use sea_orm::Value;
use serde_json::json;
use uuid::Uuid;

use super::attempts::{Attempt, find};
use super::captured::on_declined;
use super::events::tell;
use super::locked::{Intent, lock};
use super::movements::{Movement, capture, write};
use super::processors::Report;
use crate::database::{Error, Scope};

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

async fn done(
    scope: &Scope,
    intent: &mut Intent,
    attempt: &Attempt,
    movement: Option<&str>,
) -> Result<(), Error> {
    let amount = attempt.charge.amount_minor.unwrap_or_default();
    let tender = intent.tender(attempt.tender_id)?;
    match attempt.charge.operation.as_str() {
        "charge" => {
            tender.authorized += amount;
            tender.captured += amount;
            "succeeded".clone_into(&mut tender.status);
            let tender = tender.clone();
            add(
                scope,
                intent,
                Change {
                    authorized: amount,
                    captured: amount,
                    ..Change::default()
                },
            )
            .await?;
            write(
                scope,
                intent,
                attempt,
                Movement::of("authorization", amount, movement),
            )
            .await?;
            capture(scope, intent, attempt, &tender, amount, movement).await
        }
        "authorize" => {
            tender.authorized += amount;
            "authorized".clone_into(&mut tender.status);
            add(
                scope,
                intent,
                Change {
                    authorized: amount,
                    capturable: amount,
                    ..Change::default()
                },
            )
            .await?;
            write(
                scope,
                intent,
                attempt,
                Movement::of("authorization", amount, movement),
            )
            .await?;
            told(scope, intent, "payment.authorized", amount).await
        }
        "increment" => {
            tender.authorized += amount;
            tender.amount += amount;
            intent.amount += amount;
            add(
                scope,
                intent,
                Change {
                    authorized: amount,
                    capturable: amount,
                    amount,
                    ..Change::default()
                },
            )
            .await?;
            let sql = "update payments.payment_intent_tenders set amount_minor = amount_minor + $3 where biz_id = $1 and id = $2";
            let values = [
                scope.biz_id().into(),
                attempt.tender_id.into(),
                amount.into(),
            ];
            scope.execute(sql, &values).await?;
            write(
                scope,
                intent,
                attempt,
                Movement::of("auth_adjust", amount, movement),
            )
            .await?;
            told(scope, intent, "payment.authorization_increased", amount).await
        }
        "capture" => {
            tender.captured += amount;
            let rest = tender.held();
            let released = if attempt.charge.is_final { rest } else { 0 };
            tender.voided += released;
            if tender.held() == 0 {
                "succeeded".clone_into(&mut tender.status);
            }
            let tender = tender.clone();
            let change = Change {
                captured: amount,
                capturable: -amount - released,
                ..Change::default()
            };
            add(scope, intent, change).await?;
            if released > 0 {
                write(
                    scope,
                    intent,
                    attempt,
                    Movement::of("void", released, movement),
                )
                .await?;
            }
            capture(scope, intent, attempt, &tender, amount, movement).await
        }
        _ => {
            let released = tender.held();
            release(scope, intent, attempt, released, movement).await
        }
    }
}

/// Gives back what an authorization still holds.
pub async fn release(
    scope: &Scope,
    intent: &mut Intent,
    attempt: &Attempt,
    released: i64,
    movement: Option<&str>,
) -> Result<(), Error> {
    let tender = intent.tender(attempt.tender_id)?;
    tender.voided += released;
    let status = if tender.captured > 0 {
        "succeeded"
    } else {
        "canceled"
    };
    status.clone_into(&mut tender.status);
    add(
        scope,
        intent,
        Change {
            capturable: -released,
            ..Change::default()
        },
    )
    .await?;
    if released > 0 {
        write(
            scope,
            intent,
            attempt,
            Movement::of("void", released, movement),
        )
        .await?;
    }
    told(scope, intent, "payment.released", released).await
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

#[derive(Clone, Copy, Debug, Default)]
struct Change {
    amount: i64,
    authorized: i64,
    capturable: i64,
    captured: i64,
}

const ADD: &str = "update payments.payment_intents set amount_minor = amount_minor + $3, \
      authorized_minor = authorized_minor + $4, capturable_minor = capturable_minor + $5, captured_minor = captured_minor + $6 \
    where biz_id = $1 and id = $2";

// The counters are moved with the status at the end, because a status has rules about them.
async fn add(scope: &Scope, intent: &mut Intent, change: Change) -> Result<(), Error> {
    intent.capturable += change.capturable;
    intent.captured += change.captured;
    let values: [Value; 6] = [
        scope.biz_id().into(),
        intent.id.into(),
        change.amount.into(),
        change.authorized.into(),
        change.capturable.into(),
        change.captured.into(),
    ];
    if intent.standing() != intent.status && intent.capturable == 0 && change.capturable < 0 {
        // What is left to take reaches zero: a payment that waits to be taken has something to take.
        return settle_with(scope, intent, &values).await;
    }
    scope.execute(ADD, &values).await.map(drop)
}

const SETTLE_WITH: &str = "update payments.payment_intents set amount_minor = amount_minor + $3, \
      authorized_minor = authorized_minor + $4, capturable_minor = capturable_minor + $5, captured_minor = captured_minor + $6, \
      status = $7::text, canceled_at = case when $7::text = 'canceled' then $8::timestamptz end \
    where biz_id = $1 and id = $2";

async fn settle_with(scope: &Scope, intent: &mut Intent, change: &[Value; 6]) -> Result<(), Error> {
    let status = intent.standing();
    let mut values = change.to_vec();
    values.push(status.into());
    values.push(scope.now().into());
    scope.execute(SETTLE_WITH, &values).await?;
    status.clone_into(&mut intent.status);
    Ok(())
}

const TENDERS: &str = "update payments.payment_intent_tenders t set status = w.status \
    from unnest($2::uuid[], $3::text[]) as w (id, status) \
    where t.biz_id = $1 and t.id = w.id and t.status <> w.status";
const SETTLE: &str = "update payments.payment_intents set status = $3::text, amount_minor = $4, \
      canceled_at = case when $3::text = 'canceled' then coalesce(canceled_at, $5::timestamptz) end \
    where biz_id = $1 and id = $2 and (status, amount_minor) is distinct from ($3::text, $4)";

/// Moves the parts and the payment to where they stand now.
pub async fn settle(scope: &Scope, intent: &mut Intent) -> Result<(), Error> {
    let ids: Vec<Uuid> = intent.tenders.iter().map(|tender| tender.id).collect();
    let statuses: Vec<String> = intent
        .tenders
        .iter()
        .map(|tender| tender.status.clone())
        .collect();
    let values: [Value; 3] = [scope.biz_id().into(), ids.into(), statuses.into()];
    scope.execute(TENDERS, &values).await?;
    let status = intent.standing();
    let live = intent
        .tenders
        .iter()
        .filter(|tender| tender.status != "canceled");
    let sum: i64 = live.map(|tender| tender.amount).sum();
    if sum > 0 && status != "canceled" {
        intent.amount = sum;
    }
    let values: [Value; 5] = [
        scope.biz_id().into(),
        intent.id.into(),
        status.into(),
        intent.amount.into(),
        scope.now().into(),
    ];
    scope.execute(SETTLE, &values).await?;
    status.clone_into(&mut intent.status);
    Ok(())
}

/// Moves the parts alone, while the payment waits for others in their place.
pub async fn give_up(scope: &Scope, intent: &Intent) -> Result<(), Error> {
    let gone = intent
        .tenders
        .iter()
        .filter(|tender| tender.status == "canceled");
    let (ids, statuses): (Vec<Uuid>, Vec<String>) = gone
        .map(|tender| (tender.id, tender.status.clone()))
        .unzip();
    let values: [Value; 3] = [scope.biz_id().into(), ids.into(), statuses.into()];
    scope.execute(TENDERS, &values).await.map(drop)
}

//! What was done at a processor moves the amounts of a part and of its payment.

use super::attempts::Attempt;
use super::counters::{Change, add};
use super::locked::Intent;
use super::movements::{Movement, capture, write};
use super::record::told;
use foundation::database::{Error, Scope};

/// A try of a locked payment was done, under an id of the processor.
pub(super) async fn done(
    scope: &Scope,
    intent: &mut Intent,
    attempt: &Attempt,
    movement: Option<&str>,
) -> Result<(), Error> {
    match attempt.charge.operation.as_str() {
        "charge" => charged(scope, intent, attempt, movement).await,
        "authorize" => authorized(scope, intent, attempt, movement).await,
        "increment" => increased(scope, intent, attempt, movement).await,
        "capture" => captured(scope, intent, attempt, movement).await,
        _ => {
            let released = intent.tender(attempt.tender_id)?.held();
            release(scope, intent, attempt, released, movement).await
        }
    }
}

/// How much a try is of.
fn amount(attempt: &Attempt) -> i64 {
    attempt.charge.amount_minor.unwrap_or_default()
}

/// The first step of what begins a part or adds to it: so much more is authorized.
async fn authorize(
    scope: &Scope,
    intent: &mut Intent,
    attempt: &Attempt,
    change: Change,
    movement: Movement<'_>,
) -> Result<(), Error> {
    intent.tender(attempt.tender_id)?.authorized += change.authorized;
    add(scope, intent, change).await?;
    write(scope, intent, attempt, movement).await
}

async fn charged(
    scope: &Scope,
    intent: &mut Intent,
    attempt: &Attempt,
    movement: Option<&str>,
) -> Result<(), Error> {
    let amount = amount(attempt);
    let tender = intent.tender(attempt.tender_id)?;
    tender.captured += amount;
    "succeeded".clone_into(&mut tender.status);
    let change = Change {
        authorized: amount,
        captured: amount,
        ..Change::default()
    };
    let authorization = Movement::of("authorization", amount, movement);
    authorize(scope, intent, attempt, change, authorization).await?;
    let tender = intent.tender(attempt.tender_id)?.clone();
    capture(scope, intent, attempt, &tender, amount, movement).await
}

async fn authorized(
    scope: &Scope,
    intent: &mut Intent,
    attempt: &Attempt,
    movement: Option<&str>,
) -> Result<(), Error> {
    let amount = amount(attempt);
    "authorized".clone_into(&mut intent.tender(attempt.tender_id)?.status);
    let change = Change {
        authorized: amount,
        capturable: amount,
        ..Change::default()
    };
    let authorization = Movement::of("authorization", amount, movement);
    authorize(scope, intent, attempt, change, authorization).await?;
    told(scope, intent, "payment.authorized", amount).await
}

const INCREASE: &str = "update payments.payment_intent_tenders set amount_minor = amount_minor + $3 where biz_id = $1 and id = $2";

async fn increased(
    scope: &Scope,
    intent: &mut Intent,
    attempt: &Attempt,
    movement: Option<&str>,
) -> Result<(), Error> {
    let amount = amount(attempt);
    intent.tender(attempt.tender_id)?.amount += amount;
    intent.amount += amount;
    let values = [
        scope.biz_id().into(),
        attempt.tender_id.into(),
        amount.into(),
    ];
    scope.execute(INCREASE, &values).await?;
    let change = Change {
        authorized: amount,
        capturable: amount,
        amount,
        ..Change::default()
    };
    let adjusted = Movement::of("auth_adjust", amount, movement);
    authorize(scope, intent, attempt, change, adjusted).await?;
    told(scope, intent, "payment.authorization_increased", amount).await
}

async fn captured(
    scope: &Scope,
    intent: &mut Intent,
    attempt: &Attempt,
    movement: Option<&str>,
) -> Result<(), Error> {
    let amount = amount(attempt);
    let tender = intent.tender(attempt.tender_id)?;
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
        let void = Movement::of("void", released, movement);
        write(scope, intent, attempt, void).await?;
    }
    capture(scope, intent, attempt, &tender, amount, movement).await
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

//! What a processor says of a payment: of the try that runs, or of what was taken or released since, by
//! us or by somebody at the processor's own desk.

use sea_orm::Value;
use uuid::Uuid;

use super::attempts::{self, NewAttempt};
use super::locked::{self, Intent};
use super::processors::Report;
use super::webhooks::Applied;
use super::{counters, record};
use foundation::database::{Error, Scope};

const NEWER: &str = "update payments.payment_intents set provider_version = $3 \
    where biz_id = $1 and id = $2 and provider_version <= $3";

/// What a message says of a payment: of the try that runs, or of what was taken since, by us or by
/// somebody at the processor's own desk.
pub(super) async fn of_attempt(
    scope: &Scope,
    attempt_id: Uuid,
    version: Option<i64>,
    report: Report,
    taken: Option<i64>,
) -> Result<Applied, Error> {
    let Some(attempt) = attempts::find(scope, attempt_id).await? else {
        return Ok(Applied::Ignored);
    };
    let Some(mut intent) = locked::lock(scope, attempt.intent_id).await? else {
        return Ok(Applied::Ignored);
    };
    let newer: [Value; 3] = [
        scope.biz_id().into(),
        intent.id.into(),
        version.unwrap_or_default().into(),
    ];
    if version.is_some() && scope.execute(NEWER, &newer).await? == 0 {
        return Ok(Applied::Ignored);
    }
    let Some(attempt) = attempts::find(scope, attempt_id).await? else {
        return Ok(Applied::Ignored);
    };
    let is_done = matches!(report, Report::Done { .. });
    match attempt.status.as_str() {
        "failed" | "abandoned" if is_done => {
            return Ok(Applied::Failed(
                "money was taken for a try that was given up: give it back".to_owned(),
            ));
        }
        "failed" | "abandoned" => return Ok(Applied::Ignored),
        "succeeded" => {}
        _ => {
            record::apply(scope, &mut intent, &attempt, report).await?;
            counters::settle(scope, &mut intent).await?;
        }
    }
    if !is_done && attempt.status == "succeeded" && taken.unwrap_or_default() == 0 {
        // An older word on what is done.
        return Ok(Applied::Ignored);
    }
    let taken = taken
        .and_then(|wire| attempt.charge.wire.read(wire))
        .unwrap_or_default();
    catch_up(scope, &mut intent, &attempt, taken, is_done).await?;
    Ok(Applied::Processed)
}

/// Records what was taken of an authorization and is not recorded here: by a capture whose answer
/// was lost, or that somebody made at the processor's own desk.
async fn catch_up(
    scope: &Scope,
    intent: &mut Intent,
    attempt: &attempts::Attempt,
    taken: i64,
    is_final: bool,
) -> Result<(), Error> {
    let tender = intent.tender(attempt.tender_id)?.clone();
    let missing = taken - tender.captured;
    if attempt.charge.operation != "authorize" || missing <= 0 || missing > tender.held() {
        return Ok(());
    }
    let running = match &tender.in_flight {
        Some((id, _)) => attempts::find(scope, *id).await?,
        None => None,
    };
    let running = running.filter(|running| {
        running.charge.operation == "capture" && running.charge.amount_minor == Some(missing)
    });
    let capture = match (running, &tender.in_flight) {
        (Some(running), _) => running,
        // Something else is being tried: its answer says what comes next.
        (None, Some(_)) => return Ok(()),
        (None, None) => {
            let new = NewAttempt {
                is_final,
                ..NewAttempt::new(tender.id, attempt.account.id, "capture", Some(missing))
            };
            attempts::write(scope, &new).await?;
            let written = attempts::find(scope, new.id).await?;
            written.ok_or_else(|| Error::Internal("a try that is gone".to_owned()))?
        }
    };
    record::apply(scope, intent, &capture, Report::done()).await?;
    counters::settle(scope, intent).await
}

/// An authorization was released at the processor: what it still held can no longer be taken.
pub(super) async fn released(scope: &Scope, attempt_id: Uuid) -> Result<Applied, Error> {
    let Some(attempt) = attempts::find(scope, attempt_id).await? else {
        return Ok(Applied::Ignored);
    };
    let Some(mut intent) = locked::lock(scope, attempt.intent_id).await? else {
        return Ok(Applied::Ignored);
    };
    let Some(attempt) = attempts::find(scope, attempt_id).await? else {
        return Ok(Applied::Ignored);
    };
    if matches!(
        attempt.status.as_str(),
        "created" | "processing" | "requires_action"
    ) {
        let report = Report::declined("canceled", "The payment was canceled at the processor.");
        record::apply(scope, &mut intent, &attempt, report).await?;
        counters::settle(scope, &mut intent).await?;
        return Ok(Applied::Processed);
    }
    let tender = intent.tender(attempt.tender_id)?.clone();
    if tender.held() == 0 {
        return Ok(Applied::Ignored);
    }
    let running = match &tender.in_flight {
        Some((id, _)) => attempts::find(scope, *id).await?,
        None => None,
    };
    let void = match running.filter(|running| running.charge.operation == "void") {
        Some(running) => running,
        None if tender.in_flight.is_some() => {
            return Ok(Applied::Parked("it is being taken just now".to_owned()));
        }
        None => {
            let new = NewAttempt::new(tender.id, attempt.account.id, "void", None);
            attempts::write(scope, &new).await?;
            let written = attempts::find(scope, new.id).await?;
            written.ok_or_else(|| Error::Internal("a try that is gone".to_owned()))?
        }
    };
    record::apply(scope, &mut intent, &void, Report::done()).await?;
    counters::settle(scope, &mut intent).await?;
    Ok(Applied::Processed)
}

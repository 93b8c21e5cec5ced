//! What came of a refund becomes rows: once, whoever heard it first.

use sea_orm::Value;
use serde_json::json;
use uuid::Uuid;

use super::captured::{GivenBack, on_given_back, on_not_given_back};
use super::events::tell;
use super::locked::{Intent, lock};
use super::movements::{instrument, money};
use super::processors::Returned;
use super::refunds::{Refund, find};
use super::rules::tip_share;
use super::tender_source::{Draw, Refused, source};
use crate::entitlements::wallet::refund as wallet;
use crate::ledger::chart;
use crate::ledger::store::{Account as Books, Entry, Line, business_date, post, reverse};
use foundation::database::{Error, Scope, new_id};

const SUCCEEDED: &str = "update payments.refunds set status = 'succeeded', succeeded_at = $3, \
      external_id = coalesce($4, external_id) where biz_id = $1 and id = $2";
const NAMED: &str = "update payments.refunds set external_id = coalesce($3, external_id) where biz_id = $1 and id = $2";
const FAILED: &str = "update payments.refunds set status = 'failed', failure_reason = left($3, 2000), \
      external_id = coalesce($4, external_id) where biz_id = $1 and id = $2";
const MOVED: &str = "update payments.payment_intents set refund_reserved_minor = refund_reserved_minor + $3, \
      refunded_minor = refunded_minor + $4 where biz_id = $1 and id = $2";
const TRANSACTION: &str = "insert into payments.payment_transactions (biz_id, id, intent_id, tender_id, refund_id, processor_account_id, \
      kind, outcome, amount_minor, currency, external_id, occurred_at, business_date, journal_entry_id) \
    values ($1, $2, $3, $4, $5, $6, 'refund', 'succeeded', $7, $8::text, $9, $10, $11, $12)";

/// Records what came of a refund, within a transaction. False where it changes nothing. A refund
/// that fails gives its amount free once; one that had succeeded may still fail, when a bank returns it.
pub async fn record(scope: &Scope, id: Uuid, returned: Returned) -> Result<bool, Error> {
    let Some(refund) = find(scope, id).await? else {
        return Ok(false);
    };
    let Some(intent) = lock(scope, refund.intent_id).await? else {
        return Ok(false);
    };
    let Some(refund) = find(scope, id).await? else {
        return Ok(false);
    };
    let biz_id = scope.biz_id();
    match (refund.status.as_str(), returned) {
        ("processing", Returned::Processing { external_id }) => {
            scope
                .execute(NAMED, &[biz_id.into(), id.into(), external_id.into()])
                .await?;
            Ok(false)
        }
        ("processing" | "requested", Returned::Done { external_id }) => {
            succeed(scope, &intent, &refund, external_id).await?;
            Ok(true)
        }
        (
            "processing" | "succeeded",
            Returned::Failed {
                external_id,
                message,
            },
        ) => {
            fail(scope, &refund, external_id, &message).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

async fn succeed(
    scope: &Scope,
    intent: &Intent,
    refund: &Refund,
    external_id: Option<String>,
) -> Result<(), Error> {
    give_to_instrument(scope, intent, refund).await?;
    let purse = purse(scope, intent, refund).await?;
    let (biz_id, now) = (scope.biz_id(), scope.now());
    let values: [Value; 4] = [
        biz_id.into(),
        refund.id.into(),
        now.into(),
        external_id.clone().into(),
    ];
    scope.execute(SUCCEEDED, &values).await?;
    let moved: [Value; 4] = [
        biz_id.into(),
        intent.id.into(),
        0_i64.into(),
        refund.amount.into(),
    ];
    scope.execute(MOVED, &moved).await?;
    let day = business_date(scope, intent.location_id, now).await?;
    let (entry, tip) = entry(scope, intent, (refund, purse), day).await?;
    post(scope, &entry).await?;
    if let Some(wallet_id) = purse {
        wallet::posted(scope, wallet_id).await?;
    }
    let values: [Value; 12] = [
        biz_id.into(),
        new_id().into(),
        intent.id.into(),
        refund.attempt.tender_id.into(),
        refund.id.into(),
        refund.attempt.account.id.into(),
        refund.amount.into(),
        refund.currency.as_str().into(),
        external_id.into(),
        now.into(),
        day.into(),
        entry.id.into(),
    ];
    scope.execute(TRANSACTION, &values).await?;
    let back = GivenBack {
        refund_id: refund.id,
        description: format!("Refund {}", refund.number),
        tender_id: refund.attempt.tender_id,
        source: intent.source.clone(),
        amount_minor: refund.amount - tip,
        currency: refund.currency.clone(),
        location_id: intent.location_id,
        business_date: day,
    };
    on_given_back(scope, &back).await?;
    told(scope, refund, "payment.refunded").await
}

/// The wallet that the money goes into, where that was asked for: the customer's own.
async fn purse(scope: &Scope, intent: &Intent, refund: &Refund) -> Result<Option<Uuid>, Error> {
    let customer = intent.customer_id.filter(|_| refund.method == "wallet");
    let Some(customer_id) = customer else {
        return Ok(None);
    };
    let back = wallet::Back {
        customer_id,
        refund_id: refund.id,
        amount_minor: refund.amount,
        currency: &refund.currency,
        location_id: intent.location_id,
    };
    wallet::put(scope, &back).await.map(Some)
}

/// The entry of a refund, and how much of it is a tip that goes back.
async fn entry<'a>(
    scope: &Scope,
    intent: &'a Intent,
    (refund, purse): (&'a Refund, Option<Uuid>),
    day: chrono::NaiveDate,
) -> Result<(Entry<'a>, i64), Error> {
    let tender = intent
        .tenders
        .iter()
        .find(|tender| tender.id == refund.attempt.tender_id);
    let tender = tender.ok_or_else(|| Error::Internal("a refund of no part".to_owned()))?;
    let sold = tender.captured.min(tender.amount);
    let tip = tip_share(
        tender.captured,
        tender.captured - sold,
        tender.refunded,
        refund.amount,
    );
    let currency = refund.currency.as_str();
    let books = books(scope, intent, refund, purse).await?;
    let entry = Entry {
        id: new_id(),
        kind: "refund",
        source: Some(("Refund", refund.id)),
        location_id: intent.location_id,
        business_date: day,
        occurred_at: scope.now(),
        description: format!("Refund {} of payment {}", refund.number, intent.number),
        idempotency_key: Some(format!("refund {}", refund.id)),
        lines: vec![
            Line::debit(
                Books::Chart(&chart::DEPOSITS),
                refund.amount - tip,
                currency,
            ),
            Line::debit(Books::Chart(&chart::TIPS), tip, currency),
            Line::credit(books, refund.amount, currency),
        ],
    };
    Ok((entry, tip))
}

/// Where the money is taken from in the books, or what the business then owes instead.
async fn books(
    scope: &Scope,
    intent: &Intent,
    refund: &Refund,
    purse: Option<Uuid>,
) -> Result<Books, Error> {
    let own = |processor| super::accounts::own(scope, processor, intent.location_id);
    Ok(match (refund.method.as_str(), purse) {
        ("cash", _) => own("cash").await?.books(&refund.currency),
        ("bank_transfer", _) => own("bank").await?.books(&refund.currency),
        ("wallet", Some(id)) => Books::Owned(&chart::STORED_VALUE, "Wallet", id),
        _ => money(&refund.attempt, &refund.kind, &refund.currency),
    })
}

/// What goes back to a gift card or wallet goes back where it came from.
async fn give_to_instrument(scope: &Scope, intent: &Intent, refund: &Refund) -> Result<(), Error> {
    let found = refund
        .attempt
        .charge
        .method_ref
        .as_deref()
        .and_then(instrument);
    let Some((entity, instrument_id)) = found.filter(|_| refund.method == "original") else {
        return Ok(());
    };
    let Some(source) = source(entity) else {
        return Err(Error::Internal(format!("nobody keeps a {entity}")));
    };
    let draw = Draw {
        instrument: (entity, instrument_id),
        amount_minor: refund.amount,
        currency: &refund.currency,
        intent_id: intent.id,
        tender_id: refund.attempt.tender_id,
        refund_id: Some(refund.id),
        location_id: intent.location_id,
    };
    match source.give_back(scope, &draw).await {
        Ok(()) => Ok(()),
        Err(Refused::Database(error)) => Err(error),
        Err(Refused::Rule(code, message)) => Err(Error::Internal(format!("{code}: {message}"))),
    }
}

const ENTRY: &str = "select x.journal_entry_id from payments.payment_transactions x \
    where x.biz_id = $1 and x.refund_id = $2 and x.kind = 'refund' and x.outcome = 'succeeded'";

async fn fail(
    scope: &Scope,
    refund: &Refund,
    external_id: Option<String>,
    message: &str,
) -> Result<(), Error> {
    let biz_id = scope.biz_id();
    let values: [Value; 4] = [
        biz_id.into(),
        refund.id.into(),
        message.into(),
        external_id.into(),
    ];
    scope.execute(FAILED, &values).await?;
    let had_succeeded = refund.status == "succeeded";
    let taken = if had_succeeded { -refund.amount } else { 0 };
    let moved: [Value; 4] = [
        biz_id.into(),
        refund.intent_id.into(),
        (-refund.amount).into(),
        taken.into(),
    ];
    scope.execute(MOVED, &moved).await?;
    if had_succeeded {
        let row = scope
            .query_opt(ENTRY, &[biz_id.into(), refund.id.into()])
            .await?;
        let entry: Option<Uuid> = row.map(|row| row.try_get(0)).transpose()?.flatten();
        if let Some(entry) = entry {
            let day = business_date(scope, None, scope.now()).await?;
            reverse(scope, entry, day, "The bank returned the refund").await?;
        }
        on_not_given_back(scope, refund.id).await?;
    }
    told(scope, refund, "payment.refund_failed").await
}

async fn told(scope: &Scope, refund: &Refund, topic: &str) -> Result<(), Error> {
    let what = json!({
        "payment_intent_id": refund.intent_id, "amount_minor": refund.amount, "currency": refund.currency,
    });
    tell(scope, topic, ("Refund", refund.id), what).await
}

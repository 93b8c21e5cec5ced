//! Movements of money: their rows, and what they do in the books.

use sea_orm::Value;
use uuid::Uuid;

use super::attempts::Attempt;
use super::captured::{Captured, on_captured};
use super::locked::{Intent, Tender};
use super::record::told;
use crate::ledger::chart;
use crate::ledger::store::{Account as Books, Entry, Line, business_date, post};
use foundation::database::{Error, Scope, new_id};

/// Money that moved.
pub(super) struct Movement<'a> {
    id: Uuid,
    kind: &'static str,
    amount: i64,
    external_id: Option<&'a str>,
    entry_id: Option<Uuid>,
}

impl<'a> Movement<'a> {
    /// One of a kind, of an amount, with its id at the processor.
    pub(super) fn of(kind: &'static str, amount: i64, external_id: Option<&'a str>) -> Self {
        Self {
            id: new_id(),
            kind,
            amount,
            external_id,
            entry_id: None,
        }
    }
}

const WRITE: &str = "insert into payments.payment_transactions (biz_id, id, intent_id, tender_id, attempt_id, processor_account_id, \
      kind, outcome, amount_minor, currency, external_id, occurred_at, business_date, journal_entry_id) \
    select $1, $2, $3, $4, $5, $6, $7::text, 'succeeded', $8, $9::text, $10, $11, \
      coalesce(core.business_date($1, $12::uuid, $11), ($11::timestamptz at time zone b.default_timezone)::date), $13 \
    from core.bizes b where b.id = $1";

/// Writes a movement.
pub(super) async fn write(
    scope: &Scope,
    intent: &Intent,
    attempt: &Attempt,
    movement: Movement<'_>,
) -> Result<(), Error> {
    let values: [Value; 13] = [
        scope.biz_id().into(),
        movement.id.into(),
        intent.id.into(),
        attempt.tender_id.into(),
        attempt.charge.attempt_id.into(),
        attempt.account.id.into(),
        movement.kind.into(),
        movement.amount.into(),
        intent.currency.as_str().into(),
        movement.external_id.into(),
        scope.now().into(),
        intent.location_id.into(),
        movement.entry_id.into(),
    ];
    scope.execute(WRITE, &values).await.map(drop)
}

/// Where the money of a part is in the books.
pub fn money(attempt: &Attempt, kind: &str, currency: &str) -> Books {
    let instrument = attempt.charge.method_ref.as_deref().and_then(instrument);
    match (kind, instrument) {
        ("account", _) => Books::Chart(&chart::RECEIVABLES),
        ("gift" | "wallet", Some((entity, id))) => Books::Owned(&chart::STORED_VALUE, entity, id),
        _ => attempt.account.books(currency),
    }
}

/// The gift card or wallet that a part is paid from, as its try names it.
pub fn instrument(method_ref: &str) -> Option<(&'static str, Uuid)> {
    let (entity, id) = method_ref.split_once(':')?;
    let entity = match entity {
        "GiftInstrument" => "GiftInstrument",
        "Wallet" => "Wallet",
        _ => return None,
    };
    Some((entity, id.parse().ok()?))
}

/// Money was taken: the movement, its entry in the books, and whoever has to know.
pub(super) async fn capture(
    scope: &Scope,
    intent: &Intent,
    attempt: &Attempt,
    tender: &Tender,
    amount: i64,
    movement: Option<&str>,
) -> Result<(), Error> {
    let now = scope.now();
    let day = business_date(scope, intent.location_id, now).await?;
    let currency = intent.currency.as_str();
    // What is taken pays for what was sold first, and the tip last.
    let before = tender.captured - amount;
    let tip = super::rules::tip_share(tender.amount + tender.tip, tender.tip, before, amount);
    let entry = Entry {
        id: new_id(),
        kind: "payment",
        source: Some(("PaymentIntent", intent.id)),
        location_id: intent.location_id,
        business_date: day,
        occurred_at: now,
        description: format!(
            "Payment {} by {}",
            intent.number,
            tender.kind.replace('_', " ")
        ),
        idempotency_key: Some(format!("capture {}", attempt.charge.attempt_id)),
        lines: vec![
            Line::debit(money(attempt, &tender.kind, currency), amount, currency),
            Line::credit(Books::Chart(&chart::DEPOSITS), amount - tip, currency),
            Line::credit(Books::Chart(&chart::TIPS), tip, currency),
        ],
    };
    post(scope, &entry).await?;
    let taken = Movement {
        entry_id: Some(entry.id),
        ..Movement::of("capture", amount, movement)
    };
    let transaction_id = taken.id;
    write(scope, intent, attempt, taken).await?;
    on_captured(
        scope,
        &Captured {
            transaction_id,
            intent_id: intent.id,
            source: intent.source.clone(),
            customer_id: intent.customer_id,
            location_id: intent.location_id,
            amount_minor: amount - tip,
            currency: intent.currency.clone(),
            method: tender.kind.clone(),
            business_date: day,
        },
    )
    .await?;
    told(scope, intent, "payment.captured", amount).await
}

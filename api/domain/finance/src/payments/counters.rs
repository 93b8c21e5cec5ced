//! The counters of a payment and where it stands by them.

use sea_orm::Value;
use uuid::Uuid;

use super::locked::Intent;
use foundation::database::{Error, Scope};

/// What a movement does to the counters of a payment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Change {
    /// To how much it is of.
    pub amount: i64,
    /// To what is authorized.
    pub authorized: i64,
    /// To what can be taken.
    pub capturable: i64,
    /// To what was taken.
    pub captured: i64,
}

const ADD: &str = "update payments.payment_intents set amount_minor = amount_minor + $3, \
      authorized_minor = authorized_minor + $4, capturable_minor = capturable_minor + $5, captured_minor = captured_minor + $6 \
    where biz_id = $1 and id = $2";

/// Moves the counters of a payment.
// They are moved with the status at the end, because a status has rules about them.
pub(super) async fn add(scope: &Scope, intent: &mut Intent, change: Change) -> Result<(), Error> {
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

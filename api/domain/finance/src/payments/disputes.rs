//! Disputes as processors tell of them: always recorded, even beyond what was taken.

use sea_orm::Value;
use serde_json::json;
use uuid::Uuid;

use super::accounts::{self, Account};
use super::events::tell;
use super::locked::{Intent, lock};
use super::processors::DisputeNews;
use crate::ledger::chart;
use crate::ledger::store::{Account as Books, Entry, Line, business_date, post};
use foundation::database::{Error, Scope, new_id};

/// What came of news of a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is as the news say now.
    Recorded,
    /// It was so already, or is known to be further.
    Known,
    /// The payment is not here yet.
    NoPayment,
}

const PAYMENT: &str = "select t.intent_id, t.id from payments.payment_attempts a \
    join payments.payment_intent_tenders t on t.biz_id = a.biz_id and t.id = a.tender_id \
    where a.biz_id = $1 and a.processor_account_id = $2 and a.external_id = $3";
const DISPUTE: &str = "select d.id, d.status::text, d.reserved_minor, d.amount_minor from payments.disputes d \
    where d.biz_id = $1 and d.processor_account_id = $2 and d.external_id = $3 order by d.id desc limit 1 for no key update";
const INSERT: &str = "insert into payments.disputes (biz_id, id, intent_id, processor_account_id, external_id, reason, network_reason_code, \
      amount_minor, currency, reserved_minor, fee_minor, status, evidence_due_at, opened_at, closed_at) \
    values ($1, $2, $3, $4, $5, $6::text, $7, $8, $9::text, $10, $11, $12::text, $13, $14, \
      case when $12::text in ('warning_closed', 'won', 'lost', 'accepted') then $14::timestamptz end)";
const MOVE: &str = "update payments.disputes d set status = $3::text, evidence_due_at = coalesce($4, d.evidence_due_at), \
      closed_at = case when $3::text in ('warning_closed', 'won', 'lost', 'accepted') then $5::timestamptz end \
    where d.biz_id = $1 and d.id = $2";

/// Whether a dispute in this status takes money.
pub fn takes(status: &str) -> bool {
    matches!(
        status,
        "needs_response" | "under_review" | "lost" | "accepted"
    )
}

/// The statuses that lie between two, in order; none where the one is not ahead of the other.
pub fn way(from: &str, to: &'static str) -> Option<&'static [&'static str]> {
    Some(match (from, to) {
        ("warning_needs_response", "warning_under_review") => &["warning_under_review"],
        ("warning_needs_response" | "warning_under_review", "warning_closed") => {
            &["warning_closed"]
        }
        ("warning_needs_response" | "warning_under_review", "needs_response") => {
            &["needs_response"]
        }
        ("warning_needs_response" | "warning_under_review", "under_review") => {
            &["needs_response", "under_review"]
        }
        ("warning_needs_response" | "warning_under_review", "won") => &["needs_response", "won"],
        ("warning_needs_response" | "warning_under_review", "lost") => &["needs_response", "lost"],
        ("needs_response", "under_review") => &["under_review"],
        ("needs_response", "accepted") => &["accepted"],
        ("needs_response" | "under_review", "won") => &["won"],
        ("needs_response" | "under_review", "lost") => &["lost"],
        _ => return None,
    })
}

/// Records what a processor tells of a dispute, within a transaction.
pub async fn hear(scope: &Scope, account_id: Uuid, news: &DisputeNews) -> Result<Heard, Error> {
    let found = accounts::find(scope, account_id).await?;
    let (account, _) =
        found.ok_or_else(|| Error::Internal("an account that is gone".to_owned()))?;
    let biz_id = scope.biz_id();
    let key: [Value; 3] = [
        biz_id.into(),
        account_id.into(),
        news.payment.as_str().into(),
    ];
    let Some(row) = scope.query_opt(PAYMENT, &key).await? else {
        return Ok(Heard::NoPayment);
    };
    let (intent_id, tender_id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
    let intent = lock(scope, intent_id).await?;
    let intent = intent.ok_or_else(|| Error::Internal("a part without its payment".to_owned()))?;
    let key: [Value; 3] = [
        biz_id.into(),
        account_id.into(),
        news.external_id.as_str().into(),
    ];
    let case = Case {
        intent: &intent,
        tender_id,
        account: &account,
    };
    match scope.query_opt(DISPUTE, &key).await? {
        None => {
            open(scope, &case, news).await?;
            Ok(Heard::Recorded)
        }
        Some(row) => {
            let dispute = Dispute {
                id: row.try_get(0)?,
                status: row.try_get(1)?,
                reserved: row.try_get(2)?,
            };
            go(scope, &case, &dispute, news.status, news.evidence_due_at).await
        }
    }
}

/// A payment that is disputed.
pub struct Case<'a> {
    /// The payment, locked.
    pub intent: &'a Intent,
    /// The part of it.
    pub tender_id: Uuid,
    /// Where it was taken.
    pub account: &'a Account,
}

/// A dispute that is here.
pub struct Dispute {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// What it takes.
    pub reserved: i64,
}

async fn open(scope: &Scope, case: &Case<'_>, news: &DisputeNews) -> Result<(), Error> {
    let wire = case.account.wire(scope, &news.currency).await?;
    let amount = wire.read(news.amount).unwrap_or(news.amount);
    let fee = wire.read(news.fee).unwrap_or_default().max(0);
    // In another currency it takes all there is: what it comes to is not known before it settles.
    let is_same = news.currency == case.intent.currency;
    let reserved = if is_same {
        amount
    } else {
        case.intent.captured
    };
    let id = new_id();
    let values: [Value; 14] = [
        scope.biz_id().into(),
        id.into(),
        case.intent.id.into(),
        case.account.id.into(),
        news.external_id.as_str().into(),
        news.reason.into(),
        news.network_reason_code.clone().into(),
        amount.into(),
        news.currency.as_str().into(),
        reserved.into(),
        fee.into(),
        news.status.into(),
        news.evidence_due_at.into(),
        scope.now().into(),
    ];
    scope.execute(INSERT, &values).await?;
    let dispute = Dispute {
        id,
        status: news.status.to_owned(),
        reserved,
    };
    if takes(news.status) || news.status == "won" {
        take(scope, case, &dispute, fee).await?;
    }
    match news.status {
        "won" => give_back(scope, case, &dispute).await?,
        "lost" | "accepted" => lose(scope, case, &dispute).await?,
        _ => {}
    }
    told(scope, case, id, news.status, reserved).await
}

/// Moves a dispute on to a status, with what that does to the payment and the books.
pub async fn go(
    scope: &Scope,
    case: &Case<'_>,
    dispute: &Dispute,
    to: &'static str,
    due: Option<chrono::DateTime<chrono::Utc>>,
) -> Result<Heard, Error> {
    let Some(steps) = way(&dispute.status, to) else {
        return Ok(Heard::Known);
    };
    let mut from = dispute.status.clone();
    for step in steps {
        let values: [Value; 5] = [
            scope.biz_id().into(),
            dispute.id.into(),
            (*step).into(),
            due.into(),
            scope.now().into(),
        ];
        scope.execute(MOVE, &values).await?;
        if takes(step) && !takes(&from) {
            take(scope, case, dispute, 0).await?;
        }
        match *step {
            "won" => give_back(scope, case, dispute).await?,
            "lost" | "accepted" => lose(scope, case, dispute).await?,
            _ => {}
        }
        (*step).clone_into(&mut from);
    }
    told(scope, case, dispute.id, to, dispute.reserved).await?;
    Ok(Heard::Recorded)
}

const RESERVE: &str = "update payments.payment_intents set dispute_reserved_minor = dispute_reserved_minor + $3 \
    where biz_id = $1 and id = $2";
const MOVEMENT: &str = "insert into payments.payment_transactions (biz_id, id, intent_id, tender_id, dispute_id, processor_account_id, \
      kind, outcome, amount_minor, currency, occurred_at, business_date, journal_entry_id) \
    values ($1, $2, $3, $4, $5, $6, $7::text, 'succeeded', $8, $9::text, $10, $11, $12)";
const FEE: &str = "insert into payments.fees (biz_id, id, processor_account_id, dispute_id, kind, amount_minor, currency, occurred_at, journal_entry_id) \
    values ($1, $2, $3, $4, 'dispute', $5, $6::text, $7, $8)";

async fn reserve(scope: &Scope, case: &Case<'_>, amount: i64) -> Result<(), Error> {
    let values: [Value; 3] = [scope.biz_id().into(), case.intent.id.into(), amount.into()];
    scope.execute(RESERVE, &values).await.map(drop)
}

async fn take(scope: &Scope, case: &Case<'_>, dispute: &Dispute, fee: i64) -> Result<(), Error> {
    reserve(scope, case, dispute.reserved).await?;
    let currency = case.intent.currency.as_str();
    let money = case.account.books(currency);
    let lines = vec![
        Line::debit(Books::Chart(&chart::DISPUTED), dispute.reserved, currency),
        Line::credit(money, dispute.reserved, currency),
    ];
    let entry = entered(scope, case, dispute, lines, "Disputed").await?;
    moved(scope, case, dispute, "chargeback", entry).await?;
    if fee > 0 {
        let lines = vec![
            Line::debit(Books::Chart(&chart::FEES), fee, currency),
            Line::credit(money, fee, currency),
        ];
        let entry = entered(scope, case, dispute, lines, "Fee of the dispute").await?;
        let values: [Value; 8] = [
            scope.biz_id().into(),
            new_id().into(),
            case.account.id.into(),
            dispute.id.into(),
            fee.into(),
            currency.into(),
            scope.now().into(),
            entry.into(),
        ];
        scope.execute(FEE, &values).await?;
    }
    Ok(())
}

async fn give_back(scope: &Scope, case: &Case<'_>, dispute: &Dispute) -> Result<(), Error> {
    reserve(scope, case, -dispute.reserved).await?;
    let currency = case.intent.currency.as_str();
    let lines = vec![
        Line::debit(case.account.books(currency), dispute.reserved, currency),
        Line::credit(Books::Chart(&chart::DISPUTED), dispute.reserved, currency),
    ];
    let entry = entered(scope, case, dispute, lines, "Dispute won").await?;
    moved(scope, case, dispute, "chargeback_reversal", entry).await
}

async fn lose(scope: &Scope, case: &Case<'_>, dispute: &Dispute) -> Result<(), Error> {
    let currency = case.intent.currency.as_str();
    let lines = vec![
        Line::debit(
            Books::Chart(&chart::CHARGEBACKS),
            dispute.reserved,
            currency,
        ),
        Line::credit(Books::Chart(&chart::DISPUTED), dispute.reserved, currency),
    ];
    entered(scope, case, dispute, lines, "Dispute lost")
        .await
        .map(drop)
}

async fn entered(
    scope: &Scope,
    case: &Case<'_>,
    dispute: &Dispute,
    lines: Vec<Line<'_>>,
    what: &str,
) -> Result<Uuid, Error> {
    let entry = Entry {
        id: new_id(),
        kind: "payment",
        source: Some(("Dispute", dispute.id)),
        location_id: case.intent.location_id,
        business_date: business_date(scope, case.intent.location_id, scope.now()).await?,
        occurred_at: scope.now(),
        description: format!("{what}: payment {}", case.intent.number),
        idempotency_key: None,
        lines,
    };
    post(scope, &entry).await
}

async fn moved(
    scope: &Scope,
    case: &Case<'_>,
    dispute: &Dispute,
    kind: &str,
    entry_id: Uuid,
) -> Result<(), Error> {
    let day = business_date(scope, case.intent.location_id, scope.now()).await?;
    let values: [Value; 12] = [
        scope.biz_id().into(),
        new_id().into(),
        case.intent.id.into(),
        case.tender_id.into(),
        dispute.id.into(),
        case.account.id.into(),
        kind.into(),
        dispute.reserved.into(),
        case.intent.currency.as_str().into(),
        scope.now().into(),
        day.into(),
        entry_id.into(),
    ];
    scope.execute(MOVEMENT, &values).await.map(drop)
}

async fn told(
    scope: &Scope,
    case: &Case<'_>,
    id: Uuid,
    status: &str,
    amount: i64,
) -> Result<(), Error> {
    let what = json!({
        "payment_intent_id": case.intent.id, "status": status, "amount_minor": amount, "currency": case.intent.currency,
        "location_id": case.intent.location_id,
    });
    tell(
        scope,
        &format!("payment.dispute_{status}"),
        ("Dispute", id),
        what,
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dispute_never_goes_back() {
        for ended in ["won", "lost", "accepted", "warning_closed"] {
            for to in ["needs_response", "under_review", "won", "lost"] {
                assert_eq!(way(ended, to), None, "{ended} to {to}");
            }
        }
        assert_eq!(way("under_review", "needs_response"), None);
        assert_eq!(way("needs_response", "needs_response"), None);
        assert_eq!(
            way("warning_under_review", "lost"),
            Some(["needs_response", "lost"].as_slice())
        );
    }
}

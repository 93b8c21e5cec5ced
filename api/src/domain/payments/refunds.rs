//! Refunds: reserved on their payment by one guarded update, written, sent, and recorded once.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::Value;
use serde_json::json;
use uuid::Uuid;

use super::attempts::{self, Attempt};
use super::events::tell;
use super::locked::{Intent, lock};
use super::processors::{self, Return, Returned, Unknown};
use super::record::{instrument, money};
use super::rules::{spread, tip_share};
use super::store::REFUND_NUMBERS;
use super::tender_source::{Draw, Refused, source};
use crate::database::{Database, Error, Scope, new_id};
use crate::domain::ledger::chart;
use crate::domain::ledger::store::{Account as Books, Entry, Line, business_date, post, reverse};
use crate::graph::session::Shared;
use crate::graph::verb::Followed;

/// How often a transaction is tried that loses against concurrent ones.
const ATTEMPTS: u32 = 8;

/// A part of a refund that is for one line of what was sold.
#[derive(Clone, Debug)]
pub struct LinePart {
    /// The line: entity and id.
    pub line: (&'static str, Uuid),
    /// How much of the payment was for it.
    pub line_captured: i64,
    /// How much goes back for it.
    pub amount: i64,
    /// The tax in that.
    pub tax: i64,
}

/// A refund that is wanted.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// How much goes back, in minor units.
    pub amount: i64,
    /// For which lines; they sum up to it. For nothing in particular if empty.
    pub lines: Vec<LinePart>,
    /// The part of the payment that it goes back from; the last ones first if not given.
    pub tender_id: Option<Uuid>,
    /// A value of `payments.refund_reason`.
    pub reason: &'a str,
    /// Why, in words.
    pub note: Option<&'a str>,
    /// A value of `payments.refund_method`.
    pub method: &'a str,
    /// Whether somebody else has to approve it first.
    pub needs_approval: bool,
}

/// Why a refund is not written.
#[derive(Debug)]
pub enum NotReserved {
    /// More would go back than was taken, less what was refunded and what is disputed.
    Exceeds,
    /// The database.
    Database(Error),
}

impl From<Error> for NotReserved {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

const RESERVE: &str = "update payments.payment_intents set refund_reserved_minor = refund_reserved_minor + $3 \
    where biz_id = $1 and id = $2 and captured_minor - refund_reserved_minor - dispute_reserved_minor >= $3";

const INSERT: &str = "insert into payments.refunds (biz_id, id, number, intent_id, tender_id, amount_minor, currency, reason, note, \
      method, requested_by_id, processor_account_id, location_id, business_date) \
    values ($1, $2, $3, $4, $5, $6, $7::text, $8::text, $9, $10::text, $11, $12, $13, $14)";

const ALLOCATE: &str = "insert into payments.refund_allocations (biz_id, id, refund_id, source_line_type, source_line_id, \
      line_captured_minor, amount_minor, tax_minor, currency) \
    select $1, core.uuid_v7(), $2, w.* , $8::text \
    from unnest($3::text[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[]) as w";

/// Reserves a refund on a locked payment and writes it: one refund for each part of the payment that
/// it goes back from. Their ids are returned; [`launch`] follows, once they are approved.
pub async fn request(
    database: &Database,
    scope: &Scope,
    intent: &Intent,
    wanted: &Wanted<'_>,
) -> Result<Vec<Uuid>, NotReserved> {
    let reserve: [Value; 3] = [
        scope.biz_id().into(),
        intent.id.into(),
        wanted.amount.into(),
    ];
    if wanted.amount <= 0 || scope.execute(RESERVE, &reserve).await? == 0 {
        return Err(NotReserved::Exceeds);
    }
    // What was paid last goes back first.
    let mut tenders: Vec<_> = intent.tenders.iter().rev().collect();
    tenders.retain(|tender| wanted.tender_id.is_none_or(|id| id == tender.id));
    let rooms: Vec<i64> = tenders.iter().map(|tender| tender.refundable()).collect();
    let amounts: Vec<i64> = wanted.lines.iter().map(|line| line.amount).collect();
    let whole = [wanted.amount];
    let taken = spread(if amounts.is_empty() { &whole } else { &amounts }, &rooms);
    let taken = taken.ok_or(NotReserved::Exceeds)?;
    let day = business_date(scope, intent.location_id, scope.now()).await?;
    let mut refunds = Vec::new();
    // A line over several parts has its tax spread with it.
    let mut tax_left: Vec<(i64, i64)> = wanted
        .lines
        .iter()
        .map(|line| (line.amount, line.tax))
        .collect();
    for (tender, parts) in tenders
        .iter()
        .zip(&taken)
        .filter(|(_, parts)| !parts.is_empty())
    {
        let id = new_id();
        let number = database.number(scope, REFUND_NUMBERS).await?;
        let values: [Value; 14] = [
            scope.biz_id().into(),
            id.into(),
            number.into(),
            intent.id.into(),
            tender.id.into(),
            parts.iter().map(|(_, part)| part).sum::<i64>().into(),
            intent.currency.as_str().into(),
            wanted.reason.into(),
            wanted.note.map(str::to_owned).into(),
            wanted.method.into(),
            scope.user_id().into(),
            tender.account_id.into(),
            intent.location_id.into(),
            day.into(),
        ];
        scope.execute(INSERT, &values).await?;
        allocate(scope, intent, id, wanted, parts, &mut tax_left).await?;
        refunds.push(id);
    }
    let status = if wanted.needs_approval {
        "pending_approval"
    } else {
        "processing"
    };
    set_status(scope, &refunds, status).await?;
    Ok(refunds)
}

async fn allocate(
    scope: &Scope,
    intent: &Intent,
    refund_id: Uuid,
    wanted: &Wanted<'_>,
    parts: &[(usize, i64)],
    left: &mut [(i64, i64)],
) -> Result<(), Error> {
    if wanted.lines.is_empty() {
        return Ok(());
    }
    let (mut kinds, mut ids, mut captured, mut amounts, mut taxes) =
        (vec![], vec![], vec![], vec![], vec![]);
    for (index, part) in parts {
        let line = &wanted.lines[*index];
        let (amount, tax) = &mut left[*index];
        let share = if part == amount {
            *tax
        } else {
            crate::money::split(
                *tax,
                &[part.unsigned_abs(), (*amount - part).unsigned_abs()],
            )[0]
        };
        *amount -= part;
        *tax -= share;
        kinds.push(line.line.0.to_owned());
        ids.push(line.line.1);
        captured.push(line.line_captured);
        amounts.push(*part);
        taxes.push(share);
    }
    let values: [Value; 8] = [
        scope.biz_id().into(),
        refund_id.into(),
        kinds.into(),
        ids.into(),
        captured.into(),
        amounts.into(),
        taxes.into(),
        intent.currency.as_str().into(),
    ];
    scope.execute(ALLOCATE, &values).await.map(drop)
}

/// Moves refunds to another status.
pub async fn set_status(scope: &Scope, refunds: &[Uuid], status: &str) -> Result<(), Error> {
    let sql = "update payments.refunds set status = $3::text where biz_id = $1 and id = any ($2)";
    let values: [Value; 3] = [
        scope.biz_id().into(),
        refunds.to_vec().into(),
        status.into(),
    ];
    scope.execute(sql, &values).await.map(drop)
}

/// A refund that was written.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Its id.
    pub id: Uuid,
    /// The payment.
    pub intent_id: Uuid,
    /// Where it stands.
    pub status: String,
    /// How much, in minor units.
    pub amount: i64,
    /// The currency.
    pub currency: String,
    /// A value of `payments.refund_method`.
    pub method: String,
    /// A value of `payments.refund_reason`.
    pub reason: String,
    /// Who asked for it.
    pub requested_by: Option<Uuid>,
    /// Its number.
    pub number: String,
    /// How the money came.
    pub attempt: Attempt,
    /// What the money came by.
    pub kind: String,
}

const FIND: &str = "select r.intent_id, r.status::text, r.amount_minor, r.currency::text, r.method::text, r.reason::text, \
      r.requested_by_id, r.number, t.kind::text, \
      (select a.id from payments.payment_attempts a where a.biz_id = r.biz_id and a.tender_id = r.tender_id \
        and a.operation in ('charge', 'authorize') and a.status = 'succeeded' order by a.attempt_no desc limit 1) \
    from payments.refunds r join payments.payment_intent_tenders t on t.biz_id = r.biz_id and t.id = r.tender_id \
    where r.biz_id = $1 and r.id = $2";

/// Reads a refund, with how the money came. None where there is no such refund.
pub async fn find(scope: &Scope, id: Uuid) -> Result<Option<Refund>, Error> {
    let values: [Value; 2] = [scope.biz_id().into(), id.into()];
    let Some(row) = scope.query_opt(FIND, &values).await? else {
        return Ok(None);
    };
    let attempt: Option<Uuid> = row.try_get(9)?;
    let attempt = match attempt {
        Some(attempt) => attempts::find(scope, attempt).await?,
        None => None,
    };
    let attempt = attempt.ok_or_else(|| Error::Internal("a refund of nothing".to_owned()))?;
    Ok(Some(Refund {
        id,
        intent_id: row.try_get(0)?,
        status: row.try_get(1)?,
        amount: row.try_get(2)?,
        currency: row.try_get(3)?,
        method: row.try_get(4)?,
        reason: row.try_get(5)?,
        requested_by: row.try_get(6)?,
        number: row.try_get(7)?,
        kind: row.try_get(8)?,
        attempt,
    }))
}

impl Refund {
    /// Whether the money goes back without asking anybody over the network.
    fn is_local(&self) -> bool {
        self.method != "original"
            || processors::of(&self.attempt.account.processor)
                .is_some_and(processors::Processor::is_local)
    }

    /// Where the money is taken from in the books.
    async fn books(&self, scope: &Scope, intent: &Intent) -> Result<Books, Error> {
        let own = |processor| super::accounts::own(scope, processor, intent.location_id);
        Ok(match self.method.as_str() {
            "cash" => own("cash").await?.books(&self.currency),
            "bank_transfer" => own("bank").await?.books(&self.currency),
            _ => money(&self.attempt, &self.kind, &self.currency),
        })
    }
}

/// Sends refunds that are approved: those that need no network are done now; the ids of the others
/// are returned, to be sent once this is committed.
pub async fn launch(scope: &Scope, refunds: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    let mut remote = Vec::new();
    for id in refunds {
        let Some(refund) = find(scope, *id).await? else {
            continue;
        };
        if refund.is_local() {
            record(scope, *id, Returned::Done { external_id: None }).await?;
        } else {
            remote.push(*id);
        }
    }
    Ok(remote)
}

/// Sends refunds of a tenant, and records what came of them.
pub async fn follow_up(
    shared: Arc<Shared>,
    biz_id: Uuid,
    user_id: Option<Uuid>,
    refunds: Vec<Uuid>,
) -> Followed {
    for id in refunds {
        if let Err(error) = send(&shared, biz_id, user_id, id, false).await {
            // It is not lost: the job asks again.
            tracing::error!(refund_id = %id, %error, "what came of a refund could not be recorded");
        }
    }
    Ok(serde_json::Map::new())
}

/// Asks the processor for one refund, and records what it said.
pub async fn send(
    shared: &Shared,
    biz_id: Uuid,
    user_id: Option<Uuid>,
    id: Uuid,
    is_retry: bool,
) -> Result<bool, Error> {
    let scope = shared
        .database
        .platform_in(biz_id, user_id, new_id())
        .await?;
    let refund = find(&scope, id).await?;
    scope.rollback().await?;
    let Some(refund) = refund.filter(|refund| refund.status == "processing") else {
        return Ok(false);
    };
    match ask(shared, biz_id, &refund, is_retry).await {
        Ok(returned) => keep(&shared.database, biz_id, user_id, id, returned).await,
        Err(Unknown(why)) => {
            tracing::warn!(refund_id = %id, why, "nobody knows what came of a refund; it is asked again");
            Ok(false)
        }
    }
}

async fn ask(
    shared: &Shared,
    biz_id: Uuid,
    refund: &Refund,
    is_retry: bool,
) -> Result<Returned, Unknown> {
    let account = &refund.attempt.account;
    let Some(processor) = processors::of(&account.processor) else {
        return Ok(Returned::Failed {
            external_id: None,
            message: format!("{} is not connected.", account.processor),
        });
    };
    let asking = account.asking(&shared.processors, &shared.sealer, biz_id);
    let asking = asking.map_err(|error| Unknown(error.to_string()))?;
    let wanted = Return {
        refund_id: refund.id,
        amount_minor: refund.amount,
        currency: refund.currency.clone(),
        wire: refund.attempt.charge.wire,
        authorization: refund.attempt.charge.authorization.clone(),
        method_ref: refund.attempt.charge.method_ref.clone(),
        reason: refund.reason.clone(),
        is_retry,
    };
    processor.give_back(&asking, &wanted).await
}

/// Records what a processor said of a refund, however often its transaction loses against others.
pub async fn keep(
    database: &Database,
    biz_id: Uuid,
    user_id: Option<Uuid>,
    id: Uuid,
    returned: Returned,
) -> Result<bool, Error> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let scope = database.platform_in(biz_id, user_id, new_id()).await?;
        let kept = async {
            let is_new = record(&scope, id, returned.clone()).await?;
            scope.commit().await?;
            Ok::<_, Error>(is_new)
        };
        match kept.await {
            Err(error)
                if attempt < ATTEMPTS
                    && (error.is_retryable() || matches!(error, Error::LockTimeout)) =>
            {
                tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
            }
            kept => return kept,
        }
    }
}

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
    let entry = entry(scope, intent, refund, day).await?;
    post(scope, &entry).await?;
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
    told(scope, refund, "payment.refunded").await
}

async fn entry<'a>(
    scope: &Scope,
    intent: &'a Intent,
    refund: &'a Refund,
    day: chrono::NaiveDate,
) -> Result<Entry<'a>, Error> {
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
    Ok(Entry {
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
            Line::credit(refund.books(scope, intent).await?, refund.amount, currency),
        ],
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
    }
    told(scope, refund, "payment.refund_failed").await
}

async fn told(scope: &Scope, refund: &Refund, topic: &str) -> Result<(), Error> {
    let what = json!({
        "payment_intent_id": refund.intent_id, "amount_minor": refund.amount, "currency": refund.currency,
    });
    tell(scope, topic, ("Refund", refund.id), what).await
}

const ORPHANS: &str = "select r.biz_id, r.id from payments.refunds r \
    where r.status = 'processing' and r.updated_at < $1 order by r.updated_at limit 200";

/// Sends refunds that were committed and not sent, and asks about those without an answer.
pub async fn reconcile(shared: &Arc<Shared>) -> Result<u64, Error> {
    let platform = shared.database.platform(new_id()).await?;
    let before = platform.now() - super::send::ORPHANED;
    let rows = platform.query(ORPHANS, &[before.into()]).await?;
    platform.rollback().await?;
    let mut finished = 0;
    for row in rows {
        let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        match send(shared, biz_id, None, id, true).await {
            Ok(is_new) => finished += u64::from(is_new),
            Err(error) => {
                tracing::error!(refund_id = %id, %error, "a refund could not be finished");
            }
        }
    }
    Ok(finished)
}

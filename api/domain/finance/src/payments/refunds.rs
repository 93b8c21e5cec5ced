//! Refunds: reserved on their payment by one guarded update, and written. They are sent by
//! [`launch`](super::refund_send::launch) and recorded by [`record`](super::refund_record::record).

use chrono::NaiveDate;
use sea_orm::Value;
use uuid::Uuid;

use super::attempts::{self, Attempt};
use super::locked::{Intent, Tender};
use super::processors;
use super::rules::spread;
use super::store::REFUND_NUMBERS;
use crate::ledger::store::business_date;
use foundation::database::{Database, Error, Scope, new_id};

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
/// it goes back from. Their ids are returned; they are sent once they are approved.
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
        let number = database.number(scope, REFUND_NUMBERS).await?;
        let amount = parts.iter().map(|(_, part)| part).sum();
        let id = write(scope, intent, wanted, (tender, amount), (number, day)).await?;
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

/// Writes the refund of one part of a payment: its id.
async fn write(
    scope: &Scope,
    intent: &Intent,
    wanted: &Wanted<'_>,
    (tender, amount): (&Tender, i64),
    (number, day): (String, NaiveDate),
) -> Result<Uuid, Error> {
    let id = new_id();
    let values: [Value; 14] = [
        scope.biz_id().into(),
        id.into(),
        number.into(),
        intent.id.into(),
        tender.id.into(),
        amount.into(),
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
    Ok(id)
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
            foundation::money::split(
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
    pub fn is_local(&self) -> bool {
        self.method != "original"
            || processors::of(&self.attempt.account.processor)
                .is_some_and(processors::Processor::is_local)
    }
}

//! Tries: written before a processor is asked, so that a crash leaves a trace, and asked again with
//! the same key until there is an answer.

use sea_orm::Value;
use uuid::Uuid;

use super::accounts::{self, Account};
use super::locked::Intent;
use super::processors::{self, Charge};
use super::{counters, record};
use foundation::database::{Error, Scope, new_id};
use foundation::graph::session::Shared;

/// A try that is to be made.
#[derive(Clone, Debug)]
pub struct NewAttempt {
    /// Its id, which is the processor's idempotency key.
    pub id: Uuid,
    /// The part of the payment.
    pub tender_id: Uuid,
    /// The account at the processor.
    pub account_id: Uuid,
    /// A value of `payments.attempt_operation`.
    pub operation: &'static str,
    /// How much; none where a hold is released.
    pub amount: Option<i64>,
    /// Whether nothing more is taken after it.
    pub is_final: bool,
    /// What stands for the way to pay.
    pub method_ref: Option<String>,
}

impl NewAttempt {
    /// A try with a key of its own.
    pub fn new(
        tender_id: Uuid,
        account_id: Uuid,
        operation: &'static str,
        amount: Option<i64>,
    ) -> Self {
        Self {
            id: new_id(),
            tender_id,
            account_id,
            operation,
            amount,
            is_final: true,
            method_ref: None,
        }
    }
}

const WRITE: &str = "insert into payments.payment_attempts (biz_id, id, tender_id, attempt_no, processor_account_id, operation, \
      amount_minor, currency, is_final, method_ref) \
    select $1, $2, $3, coalesce(max(a.attempt_no), 0) + 1, $4, $5::text, $6, \
      (select t.currency from payments.payment_intent_tenders t where t.biz_id = $1 and t.id = $3), $7, $8 \
    from payments.payment_attempts a where a.biz_id = $1 and a.tender_id = $3";

/// Writes a try, not sent yet.
pub async fn write(scope: &Scope, new: &NewAttempt) -> Result<(), Error> {
    let values: [Value; 8] = [
        scope.biz_id().into(),
        new.id.into(),
        new.tender_id.into(),
        new.account_id.into(),
        new.operation.into(),
        new.amount.into(),
        new.is_final.into(),
        new.method_ref.clone().into(),
    ];
    scope.execute(WRITE, &values).await.map(drop)
}

// The pauses between its askings are reckoned from here: a try may be written long before it is made.
const START: &str = "with sent as ( \
      update payments.payment_attempts a set created_at = $3, sent_at = $3 \
      where a.biz_id = $1 and a.id = any ($2) and a.status = 'created' returning a.tender_id, a.operation) \
    update payments.payment_intent_tenders t set status = 'processing' from sent \
    where t.biz_id = $1 and t.id = sent.tender_id and sent.operation in ('charge', 'authorize') \
      and t.status in ('pending', 'failed')";

/// Starts tries of a locked payment: those without a network are made now, and change the payment;
/// the ids of the others are returned, to be sent once this is committed.
pub async fn start(
    shared: &Shared,
    scope: &Scope,
    intent: &mut Intent,
    tries: Vec<Uuid>,
) -> Result<Vec<Uuid>, Error> {
    if tries.is_empty() {
        return Ok(tries);
    }
    let values: [Value; 3] = [
        scope.biz_id().into(),
        tries.clone().into(),
        scope.now().into(),
    ];
    scope.execute(START, &values).await?;
    let mut remote = Vec::new();
    for id in tries {
        let Some(attempt) = find(scope, id).await? else {
            continue;
        };
        if matches!(attempt.charge.operation.as_str(), "charge" | "authorize") {
            "processing".clone_into(&mut intent.tender(attempt.tender_id)?.status);
        }
        let processor = processors::of(&attempt.account.processor);
        match processor.filter(|processor| processor.is_local()) {
            Some(processor) => {
                let asking = attempt.account.asking(shared, scope.biz_id())?;
                let report = processor.perform(&asking, &attempt.charge).await;
                let report = report.map_err(|unknown| Error::Internal(unknown.0))?;
                record::apply(scope, intent, &attempt, report).await?;
            }
            None => remote.push(id),
        }
    }
    counters::settle(scope, intent).await?;
    Ok(remote)
}

/// A try that was written, with what its processor is asked.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The payment.
    pub intent_id: Uuid,
    /// The part of it.
    pub tender_id: Uuid,
    /// How it stands.
    pub status: String,
    /// The account at the processor.
    pub account: Account,
    /// What the processor is asked.
    pub charge: Charge,
}

const FIND: &str = "select t.intent_id, t.id, a.status::text, a.processor_account_id, a.operation::text, a.amount_minor, \
      t.currency::text, coalesce(a.method_ref, p.method_ref), coalesce(p.external_id, a.external_id), a.is_final, i.number, i.statement_descriptor, \
      coalesce((select sum(x.amount_minor) from payments.payment_transactions x where x.biz_id = a.biz_id and x.tender_id = t.id \
        and x.kind in ('authorization', 'auth_adjust') and x.outcome = 'succeeded'), 0)::bigint, \
      c.external_id, i.source_type is not distinct from 'Membership' \
    from payments.payment_attempts a \
    join payments.payment_intent_tenders t on t.biz_id = a.biz_id and t.id = a.tender_id \
    join payments.payment_intents i on i.biz_id = t.biz_id and i.id = t.intent_id \
    left join payments.payment_methods m on m.biz_id = a.biz_id and m.id = t.payment_method_id and m.external_id = a.method_ref \
    left join payments.processor_customers c on c.biz_id = a.biz_id and c.customer_id = m.customer_id \
      and c.processor_account_id = a.processor_account_id and c.deleted_at is null \
    left join lateral (select p.external_id, p.method_ref from payments.payment_attempts p \
      where p.biz_id = a.biz_id and p.tender_id = a.tender_id and p.operation = 'authorize' and p.status = 'succeeded' \
        and a.operation in ('capture', 'void', 'increment') order by p.attempt_no desc limit 1) p on true \
    where a.biz_id = $1 and a.id = $2";

/// Reads a try. None where there is no such try.
pub async fn find(scope: &Scope, id: Uuid) -> Result<Option<Attempt>, Error> {
    let row = scope
        .query_opt(FIND, &[scope.biz_id().into(), id.into()])
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let account = accounts::find(scope, row.try_get(3)?).await?;
    let (account, _) =
        account.ok_or_else(|| Error::Internal("a try without an account".to_owned()))?;
    let currency: String = row.try_get(6)?;
    let wire = account.wire(scope, &currency).await?;
    Ok(Some(Attempt {
        intent_id: row.try_get(0)?,
        tender_id: row.try_get(1)?,
        status: row.try_get(2)?,
        account,
        charge: Charge {
            attempt_id: id,
            operation: row.try_get(4)?,
            amount_minor: row.try_get(5)?,
            currency,
            wire,
            method_ref: row.try_get(7)?,
            authorization: row.try_get(8)?,
            authorized_minor: row.try_get(12)?,
            is_final: row.try_get(9)?,
            is_retry: false,
            number: row.try_get(10)?,
            customer: row.try_get(13)?,
            is_off_session: row.try_get(14)?,
            statement_descriptor: row.try_get(11)?,
        },
    }))
}

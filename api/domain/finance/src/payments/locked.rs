//! A payment that is locked to be moved, with its parts and what they come to.

use chrono::NaiveDate;
use uuid::Uuid;

use super::rules::{self, Part};
use foundation::database::{Error, Scope};

/// A payment that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub status: String,
    /// Its version.
    pub version: i32,
    /// What is paid for.
    pub source: Option<(String, Uuid)>,
    /// Who pays.
    pub customer_id: Option<Uuid>,
    /// Where.
    pub location_id: Option<Uuid>,
    /// Its day of business.
    pub business_date: NaiveDate,
    /// Its currency.
    pub currency: String,
    /// What is to be paid, without tips.
    pub amount: i64,
    /// A value of `payments.capture_mode`.
    pub capture_mode: String,
    /// What can still be taken.
    pub capturable: i64,
    /// What was taken.
    pub captured: i64,
    /// What refunds take.
    pub refund_reserved: i64,
    /// What disputes take.
    pub dispute_reserved: i64,
    /// What the customer reads on the statement.
    pub statement_descriptor: Option<String>,
    /// Its parts, in order.
    pub tenders: Vec<Tender>,
}

/// A part of a locked payment.
#[derive(Clone, Debug)]
pub struct Tender {
    /// Its id.
    pub id: Uuid,
    /// A value of `payments.method_kind`.
    pub kind: String,
    /// Where it stands.
    pub status: String,
    /// What it pays, without tip.
    pub amount: i64,
    /// The tip.
    pub tip: i64,
    /// What was authorized on it.
    pub authorized: i64,
    /// What was taken.
    pub captured: i64,
    /// What was released.
    pub voided: i64,
    /// What refunds take of it.
    pub refund_reserved: i64,
    /// What was refunded of it.
    pub refunded: i64,
    /// The account at the processor that it was last tried through.
    pub account_id: Option<Uuid>,
    /// The payment at the processor.
    pub external_id: Option<String>,
    /// What stands for the way to pay.
    pub method_ref: Option<String>,
    /// The try that runs, and how it stands.
    pub in_flight: Option<(Uuid, String)>,
}

const INTENT: &str = "select i.id, i.number, i.status::text, i.version, i.source_type, i.source_id, i.customer_id, i.location_id, \
      i.business_date, i.currency::text, i.amount_minor, i.capture_mode::text, i.capturable_minor, i.captured_minor, \
      i.refund_reserved_minor, i.dispute_reserved_minor, i.statement_descriptor \
    from payments.payment_intents i where i.biz_id = $1 and i.id = $2 for no key update";

const TENDERS: &str = "select t.id, t.kind::text, t.status::text, t.amount_minor, t.tip_minor, \
      coalesce(x.authorized, 0)::bigint, coalesce(x.captured, 0)::bigint, coalesce(x.voided, 0)::bigint, \
      coalesce(r.reserved, 0)::bigint, coalesce(r.refunded, 0)::bigint, a.processor_account_id, a.external_id, a.method_ref, f.id, f.status::text \
    from payments.payment_intent_tenders t \
    left join lateral (select \
        sum(x.amount_minor) filter (where x.kind in ('authorization', 'auth_adjust')) as authorized, \
        sum(x.amount_minor) filter (where x.kind = 'capture') as captured, \
        sum(x.amount_minor) filter (where x.kind = 'void') as voided \
      from payments.payment_transactions x \
      where x.biz_id = t.biz_id and x.tender_id = t.id and x.outcome = 'succeeded') x on true \
    left join lateral (select sum(r.amount_minor) as reserved, sum(r.amount_minor) filter (where r.status = 'succeeded') as refunded \
      from payments.refunds r \
      where r.biz_id = t.biz_id and r.tender_id = t.id and r.status not in ('failed', 'canceled')) r on true \
    left join lateral (select a.processor_account_id, a.external_id, a.method_ref from payments.payment_attempts a \
      where a.biz_id = t.biz_id and a.tender_id = t.id and a.operation in ('charge', 'authorize') \
      order by a.attempt_no desc limit 1) a on true \
    left join lateral (select f.id, f.status from payments.payment_attempts f \
      where f.biz_id = t.biz_id and f.tender_id = t.id and f.status in ('created', 'processing', 'requires_action')) f on true \
    where t.biz_id = $1 and t.intent_id = $2 order by t.seq";

/// Locks a payment and reads its parts. None where there is no such payment.
pub async fn lock(scope: &Scope, id: Uuid) -> Result<Option<Intent>, Error> {
    let values = [scope.biz_id().into(), id.into()];
    let Some(row) = scope.query_opt(INTENT, &values).await? else {
        return Ok(None);
    };
    // Read after the lock: what others did before is seen.
    let tenders = scope.query(TENDERS, &values).await?;
    let (kind, source): (Option<String>, Option<Uuid>) = (row.try_get(4)?, row.try_get(5)?);
    Ok(Some(Intent {
        id: row.try_get(0)?,
        number: row.try_get(1)?,
        status: row.try_get(2)?,
        version: row.try_get(3)?,
        source: kind.zip(source),
        customer_id: row.try_get(6)?,
        location_id: row.try_get(7)?,
        business_date: row.try_get(8)?,
        currency: row.try_get(9)?,
        amount: row.try_get(10)?,
        capture_mode: row.try_get(11)?,
        capturable: row.try_get(12)?,
        captured: row.try_get(13)?,
        refund_reserved: row.try_get(14)?,
        dispute_reserved: row.try_get(15)?,
        statement_descriptor: row.try_get(16)?,
        tenders: tenders.iter().map(tender).collect::<Result<_, _>>()?,
    }))
}

fn tender(row: &tokio_postgres::Row) -> Result<Tender, Error> {
    let (attempt, status): (Option<Uuid>, Option<String>) = (row.try_get(13)?, row.try_get(14)?);
    Ok(Tender {
        id: row.try_get(0)?,
        kind: row.try_get(1)?,
        status: row.try_get(2)?,
        amount: row.try_get(3)?,
        tip: row.try_get(4)?,
        authorized: row.try_get(5)?,
        captured: row.try_get(6)?,
        voided: row.try_get(7)?,
        refund_reserved: row.try_get(8)?,
        refunded: row.try_get(9)?,
        account_id: row.try_get(10)?,
        external_id: row.try_get(11)?,
        method_ref: row.try_get(12)?,
        in_flight: attempt.zip(status),
    })
}

impl Tender {
    /// What of its authorization is neither taken nor released.
    pub fn held(&self) -> i64 {
        self.authorized - self.captured - self.voided
    }

    /// What can still go back of it.
    pub fn refundable(&self) -> i64 {
        self.captured - self.refund_reserved
    }

    fn part(&self) -> Part {
        let needs_action = self
            .in_flight
            .as_ref()
            .is_some_and(|(_, status)| status == "requires_action");
        Part::of(&self.status, needs_action)
    }
}

impl Intent {
    /// Where it stands by its parts and amounts.
    pub fn standing(&self) -> &'static str {
        let parts: Vec<Part> = self.tenders.iter().map(Tender::part).collect();
        rules::status(&parts, &self.capture_mode, self.capturable, self.captured)
    }

    /// The part of this id.
    pub fn tender(&mut self, id: Uuid) -> Result<&mut Tender, Error> {
        let found = self.tenders.iter_mut().find(|tender| tender.id == id);
        found.ok_or_else(|| Error::Internal("a part without its payment".to_owned()))
    }

    /// Whether a part of it is being tried.
    pub fn is_in_flight(&self) -> bool {
        self.tenders.iter().any(|tender| {
            let running = tender.in_flight.as_ref();
            running.is_some_and(|(_, status)| status != "created" || tender.status != "pending")
        })
    }
}

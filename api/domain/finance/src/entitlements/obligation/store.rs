//! What participants owe of an order, locked and changed: for its verbs, and for payments.

use sea_orm::Value;
use uuid::Uuid;

use super::rules::standing;
use foundation::database::{Error, Scope, new_id};

/// An obligation that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Owed {
    /// Its id.
    pub id: Uuid,
    /// The order.
    pub order_id: Uuid,
    /// The participant.
    pub participant_id: Uuid,
    /// What is owed.
    pub amount: i64,
    /// What is paid of it.
    pub paid: i64,
    /// The currency.
    pub currency: String,
    /// Where it stands.
    pub status: String,
    /// Where the order stands.
    pub order_status: String,
    /// Where the order takes place.
    pub location_id: Uuid,
}

impl Owed {
    /// What is still to be paid.
    pub fn rest(&self) -> i64 {
        match self.status.as_str() {
            "pending" | "partially_paid" | "overdue" => self.amount - self.paid,
            _ => 0,
        }
    }
}

// The order before its obligations: whoever changes the split holds it.
const ORDER: &str = "select o.id from booking.booking_orders o \
    where o.biz_id = $1 and o.id = (select b.order_id from booking.participant_obligations b where b.biz_id = $1 and b.id = $2) \
    for no key update";
const LOCK: &str = "select b.id, b.order_id, b.participant_id, b.amount_minor, b.paid_minor, b.currency::text, b.status::text, \
      o.status::text, o.location_id \
    from booking.participant_obligations b \
    join booking.booking_orders o on o.biz_id = b.biz_id and o.id = b.order_id \
    where b.biz_id = $1 and b.id = $2 for no key update of b";

/// Locks an obligation, after its order.
pub async fn lock(scope: &Scope, id: Uuid) -> Result<Option<Owed>, Error> {
    let values = [scope.biz_id().into(), id.into()];
    scope.query(ORDER, &values).await?;
    let Some(row) = scope.query_opt(LOCK, &values).await? else {
        return Ok(None);
    };
    Ok(Some(Owed {
        id: row.try_get(0)?,
        order_id: row.try_get(1)?,
        participant_id: row.try_get(2)?,
        amount: row.try_get(3)?,
        paid: row.try_get(4)?,
        currency: row.try_get(5)?,
        status: row.try_get(6)?,
        order_status: row.try_get(7)?,
        location_id: row.try_get(8)?,
    }))
}

/// Something that happened to an obligation.
#[derive(Clone, Debug, Default)]
pub struct Happened<'a> {
    /// As `booking.obligation_event_kind` has it.
    pub kind: &'static str,
    /// The money that moved.
    pub minor: i64,
    /// The payment or refund: entity and id.
    pub source: Option<(&'a str, Uuid)>,
    /// What staff said about it.
    pub note: Option<&'a str>,
}

const HAPPENED: &str = "insert into booking.participant_obligation_events (biz_id, id, obligation_id, kind, occurred_at, amount_minor, \
      currency, source_type, source_id, note) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

/// Writes down what happened to an obligation.
pub async fn happened(scope: &Scope, owed: &Owed, what: &Happened<'_>) -> Result<Uuid, Error> {
    let id = new_id();
    let (source_type, source_id) = what.source.unzip();
    let note = what.note.map(str::trim).filter(|note| !note.is_empty());
    let values: [Value; 10] = [
        scope.biz_id().into(),
        id.into(),
        owed.id.into(),
        what.kind.into(),
        scope.now().into(),
        what.minor.into(),
        owed.currency.as_str().into(),
        source_type.map(str::to_owned).into(),
        source_id.into(),
        note.map(str::to_owned).into(),
    ];
    scope.execute(HAPPENED, &values).await?;
    Ok(id)
}

/// Counts money that came in for a locked obligation, or (less than nothing) went back.
pub async fn count(
    scope: &Scope,
    owed: &mut Owed,
    minor: i64,
    source: Option<(&str, Uuid)>,
    note: Option<&str>,
) -> Result<(), Error> {
    owed.paid += minor;
    // What was let go stays let go.
    if !matches!(owed.status.as_str(), "waived" | "cancelled" | "transferred") {
        standing(&owed.status, owed.amount, owed.paid).clone_into(&mut owed.status);
    }
    let sql = "update booking.participant_obligations set paid_minor = $3, status = $4 where biz_id = $1 and id = $2";
    let values = [
        scope.biz_id().into(),
        owed.id.into(),
        owed.paid.into(),
        owed.status.as_str().into(),
    ];
    scope.execute(sql, &values).await?;
    let what = Happened {
        kind: if minor < 0 { "refunded" } else { "paid" },
        minor: minor.abs(),
        source,
        note,
    };
    happened(scope, owed, &what).await.map(drop)
}

/// Counts a payment that was captured for an obligation: for payments, in their transaction. What is
/// beyond what is owed stays with the customer's deposits. The same payment counts once. Says how much
/// was counted.
pub async fn pay(
    scope: &Scope,
    obligation_id: Uuid,
    minor: i64,
    payment: (&str, Uuid),
) -> Result<i64, Error> {
    let Some(mut owed) = lock(scope, obligation_id).await? else {
        return Ok(0);
    };
    let sql = "select 1 from booking.participant_obligation_events e \
               where e.biz_id = $1 and e.obligation_id = $2 and e.kind = 'paid' and e.source_type = $3 and e.source_id = $4";
    let values = [
        scope.biz_id().into(),
        owed.id.into(),
        payment.0.into(),
        payment.1.into(),
    ];
    let counted = minor.min(owed.rest());
    if counted <= 0 || scope.query_opt(sql, &values).await?.is_some() {
        return Ok(0);
    }
    count(scope, &mut owed, counted, Some(payment), None).await?;
    Ok(counted)
}

// What went back by refunds of payments for it, and what is noted as given back by them or to be sent
// by them.
const WENT_BACK: &str = "select coalesce((select sum(r.amount_minor) from payments.refunds r \
        join payments.payment_intents i on i.biz_id = r.biz_id and i.id = r.intent_id \
      where r.biz_id = $1 and i.source_type = 'ParticipantObligation' and i.source_id = $2 and r.status = 'succeeded'), 0)::bigint, \
    coalesce((select sum(case e.kind when 'refunded' then e.amount_minor else -e.amount_minor end) \
      from booking.participant_obligation_events e \
      where e.biz_id = $1 and e.obligation_id = $2 and (e.source_type = 'Refund' and e.kind in ('refunded', 'paid') \
        or e.source_type is null and e.kind = 'refunded')), 0)::bigint";

/// Counts a refund of a payment for an obligation: for payments, in their transaction. What staff have
/// noted before as to be sent back is not counted again.
pub async fn give_back(scope: &Scope, obligation_id: Uuid, refund_id: Uuid) -> Result<(), Error> {
    let Some(mut owed) = lock(scope, obligation_id).await? else {
        return Ok(());
    };
    let values = [scope.biz_id().into(), obligation_id.into()];
    let row = scope.query_opt(WENT_BACK, &values).await?;
    let row = row.ok_or_else(|| Error::Internal("no sum".to_owned()))?;
    let (gone, noted): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    let counted = (gone - noted).min(owed.paid);
    if counted <= 0 {
        return Ok(());
    }
    count(
        scope,
        &mut owed,
        -counted,
        Some(("Refund", refund_id)),
        None,
    )
    .await
}

const COUNTED: &str = "select e.obligation_id, e.amount_minor from booking.participant_obligation_events e \
    where e.biz_id = $1 and e.kind = 'refunded' and e.source_type = 'Refund' and e.source_id = $2";

/// Counts a refund as paid again that the bank returned.
pub async fn keep(scope: &Scope, refund_id: Uuid) -> Result<(), Error> {
    let values = [scope.biz_id().into(), refund_id.into()];
    for row in scope.query(COUNTED, &values).await? {
        if let Some(mut owed) = lock(scope, row.try_get(0)?).await? {
            let source = Some(("Refund", refund_id));
            count(scope, &mut owed, row.try_get(1)?, source, None).await?;
        }
    }
    Ok(())
}

/// What of an order is paid, and what is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderState {
    /// The total of the order.
    pub total: i64,
    /// What its organiser pays; none where it is not split.
    pub organiser: Option<i64>,
    /// What participants owe that is not paid.
    pub owed: i64,
    /// What participants paid.
    pub paid: i64,
    /// What need not be paid.
    pub waived: i64,
    /// What was paid for the order itself: its organiser's share.
    pub paid_directly: i64,
    /// The currency.
    pub currency: String,
    /// Where it takes place.
    pub location_id: Uuid,
}

impl OrderState {
    /// What is still to be paid of the whole order.
    pub fn outstanding(&self) -> i64 {
        match self.organiser {
            Some(share) => self.owed + (share - self.paid_directly).max(0),
            None => (self.total - self.paid_directly).max(0),
        }
    }
}

const STATE: &str = "select o.total_minor, o.organiser_share_minor, o.currency::text, o.location_id, \
      coalesce(sum(b.amount_minor - b.paid_minor) filter (where b.status in ('pending', 'partially_paid', 'overdue')), 0)::bigint, \
      coalesce(sum(b.paid_minor), 0)::bigint, \
      coalesce(sum(b.amount_minor - b.paid_minor) filter (where b.status = 'waived'), 0)::bigint, \
      (select coalesce(sum(i.captured_minor - i.refunded_minor), 0)::bigint from payments.payment_intents i \
       where i.biz_id = $1 and i.source_type = 'BookingOrder' and i.source_id = o.id) \
    from booking.booking_orders o \
    left join booking.participant_obligations b on b.biz_id = o.biz_id and b.order_id = o.id \
    where o.biz_id = $1 and o.id = $2 group by o.biz_id, o.id";

/// What of an order is paid, and what is not.
pub async fn state(scope: &Scope, order_id: Uuid) -> Result<Option<OrderState>, Error> {
    let values = [scope.biz_id().into(), order_id.into()];
    let Some(row) = scope.query_opt(STATE, &values).await? else {
        return Ok(None);
    };
    Ok(Some(OrderState {
        total: row.try_get(0)?,
        organiser: row.try_get(1)?,
        currency: row.try_get(2)?,
        location_id: row.try_get(3)?,
        owed: row.try_get(4)?,
        paid: row.try_get(5)?,
        waived: row.try_get(6)?,
        paid_directly: row.try_get(7)?,
    }))
}

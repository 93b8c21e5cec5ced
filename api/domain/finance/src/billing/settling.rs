//! What is received, and what it is set against: receipts and allocations.

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{Open, oldest_first};
use super::store::business_date;
use foundation::database::{Database, Error, Numbered, Scope, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

/// Numbers of receipts.
pub const RECEIPT_NUMBERS: Numbered = Numbered {
    document: "receipt",
    prefix: "RC",
};

/// How many open invoices a payment is spread over at most.
const MOST_OPEN: i64 = 500;

/// Who pays, or owes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payer {
    /// The customer.
    pub customer_id: Option<Uuid>,
    /// The account, where it is on account.
    pub billing_account_id: Option<Uuid>,
}

const PERSON: &str = "select coalesce($2::uuid, (select a.customer_id from billing.billing_accounts a \
    where a.biz_id = $1 and a.id = $3))";

impl Payer {
    /// Who is written to: the customer, or the one behind the account.
    pub async fn person(self, scope: &Scope) -> Result<Option<Uuid>, Error> {
        let values = [
            scope.biz_id().into(),
            self.customer_id.into(),
            self.billing_account_id.into(),
        ];
        let row = scope.query_opt(PERSON, &values).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?.flatten())
    }
}

/// Money that was received.
#[derive(Clone, Debug)]
pub struct NewReceipt {
    /// The location that received it.
    pub location_id: Uuid,
    /// Who paid.
    pub payer: Payer,
    /// The movement at the processor that brought it; a movement is received once.
    pub payment_transaction_id: Option<Uuid>,
    /// How much.
    pub amount_minor: i64,
    /// In which currency.
    pub currency: String,
    /// A value of `payments.method_kind`.
    pub method: String,
    /// What the bank statement or the processor calls it.
    pub reference: Option<String>,
    /// When it came; now if not given.
    pub received_at: Option<chrono::DateTime<chrono::Utc>>,
    /// What else is known.
    pub note: Option<String>,
}

const INSERT_RECEIPT: &str = "insert into billing.receipts (biz_id, id, number, location_id, customer_id, \
      billing_account_id, payment_transaction_id, amount_minor, unapplied_minor, currency, method, reference, \
      received_at, business_date, note) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13, $14)";

/// Records money that was received, of which nothing is used yet: id and day of business. For a
/// captured payment this is called with its `payment_transaction_id`, in the transaction that
/// records the capture, and then [`allocate_oldest`] or [`pay_folio`]; it is received once.
pub async fn record_receipt(
    scope: &Scope,
    database: &Database,
    new: &NewReceipt,
) -> Result<(Uuid, NaiveDate), Error> {
    let number = database.number(scope, RECEIPT_NUMBERS).await?;
    let day = business_date(scope, new.location_id).await?;
    let id = new_id();
    let values = [
        scope.biz_id().into(),
        id.into(),
        number.into(),
        new.location_id.into(),
        new.payer.customer_id.into(),
        new.payer.billing_account_id.into(),
        new.payment_transaction_id.into(),
        new.amount_minor.into(),
        new.currency.clone().into(),
        new.method.clone().into(),
        new.reference.clone().into(),
        new.received_at.unwrap_or(scope.now()).into(),
        day.into(),
        new.note.clone().into(),
    ];
    scope.execute(INSERT_RECEIPT, &values).await?;
    Ok((id, day))
}

/// Where allocated money comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// A receipt.
    Receipt(Uuid),
    /// A credit note.
    CreditNote(Uuid),
}

const ALLOCATE: &str = "insert into billing.payment_allocations (biz_id, id, receipt_id, credit_note_id, invoice_id, \
      deposit_id, amount_minor, currency, business_date) \
    select biz_id, id, receipt_id, credit_note_id, invoice_id, deposit_id, amount_minor, currency, business_date \
    from jsonb_populate_recordset(null::billing.payment_allocations, $1)";

/// Sets money against invoices: one statement, whose trigger moves the counters of both ends under
/// their locks and refuses what is more than there is.
pub async fn allocate(
    scope: &Scope,
    from: From,
    (currency, day): (&str, NaiveDate),
    parts: &[(Uuid, i64)],
    deposit_id: Option<Uuid>,
) -> Result<(), Error> {
    if parts.is_empty() {
        return Ok(());
    }
    let (receipt_id, credit_note_id) = match from {
        From::Receipt(id) => (Some(id), None),
        From::CreditNote(id) => (None, Some(id)),
    };
    let rows: Vec<Value> = parts
        .iter()
        .map(|(invoice_id, amount_minor)| {
            json!({
                "biz_id": scope.biz_id(), "id": new_id(), "receipt_id": receipt_id,
                "credit_note_id": credit_note_id, "invoice_id": invoice_id, "deposit_id": deposit_id,
                "amount_minor": amount_minor, "currency": currency, "business_date": day,
            })
        })
        .collect();
    scope
        .execute(ALLOCATE, &[Value::Array(rows).into()])
        .await?;
    if receipt_id.is_some() {
        note_paid(scope, parts).await?;
    }
    Ok(())
}

async fn note_paid(scope: &Scope, parts: &[(Uuid, i64)]) -> Result<(), Error> {
    let rows: Vec<Value> = parts
        .iter()
        .map(|(invoice_id, _)| json!({ "id": new_id(), "invoice_id": invoice_id }))
        .collect();
    let sql = "insert into billing.invoice_events (biz_id, id, invoice_id, kind, occurred_at) \
               select $1, x.id, x.invoice_id, 'paid', $2 from jsonb_to_recordset($3) as x (id uuid, invoice_id uuid)";
    let values = [
        scope.biz_id().into(),
        scope.now().into(),
        Value::Array(rows).into(),
    ];
    scope.execute(sql, &values).await.map(drop)
}

// Locked by id, as all who set money against invoices lock them; spread by age afterwards.
const LOCK_OPEN: &str = "select i.id, i.due_on, i.issued_on, i.open_minor from billing.invoices i \
    where i.biz_id = $1 and i.currency = $2 and i.status in ('finalized', 'partially_paid') and i.open_minor > 0 \
      and i.kind <> 'proforma' and i.disputed_at is null \
      and case when $3::uuid is not null then i.billing_account_id = $3 else i.customer_id = $4 end \
    order by i.id limit $5 for no key update";

/// What is open of a payer in a currency, locked, the oldest of it first to be paid.
pub async fn lock_open(scope: &Scope, payer: Payer, currency: &str) -> Result<Vec<Open>, Error> {
    if payer == Payer::default() {
        return Ok(Vec::new());
    }
    let values = [
        scope.biz_id().into(),
        currency.into(),
        payer.billing_account_id.into(),
        payer.customer_id.into(),
        MOST_OPEN.into(),
    ];
    let rows = scope.query(LOCK_OPEN, &values).await?;
    rows.iter()
        .map(|row| {
            Ok(Open {
                invoice_id: row.try_get(0)?,
                due_on: row.try_get(1)?,
                issued_on: row.try_get(2)?,
                open_minor: row.try_get(3)?,
            })
        })
        .collect()
}

/// A receipt that is locked.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Its id.
    pub id: Uuid,
    /// Its status.
    pub status: String,
    /// The location that received it.
    pub location_id: Option<Uuid>,
    /// Who paid.
    pub payer: Payer,
    /// How much of it is set against nothing.
    pub unapplied_minor: i64,
    /// Its currency.
    pub currency: String,
    /// Its method.
    pub method: String,
    /// Its number.
    pub number: String,
}

const LOCK_RECEIPT: &str = "select r.status::text, r.location_id, r.customer_id, r.billing_account_id, r.unapplied_minor, \
      r.currency::text, r.method::text, r.version, r.number \
    from billing.receipts r where r.biz_id = $1 and r.id = $2 for no key update";

impl Receipt {
    /// Locks a receipt that the caller's permission reaches.
    pub async fn lock<P>(
        act: &Act<'_>,
        permission: &str,
        id: Uuid,
        expected_version: Option<i32>,
    ) -> Result<Self, Fault<P>> {
        let values = [act.scope.biz_id().into(), id.into()];
        let row = act.scope.query_opt(LOCK_RECEIPT, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("receipt"))?;
        let location_id: Option<Uuid> = row.try_get(1)?;
        if let Some(location_id) = location_id {
            act.permit_at(permission, location_id, "receipt")?;
        }
        Failure::unless_current("receipt", row.try_get(7)?, expected_version)?;
        Ok(Self {
            id,
            status: row.try_get(0)?,
            location_id,
            payer: Payer {
                customer_id: row.try_get(2)?,
                billing_account_id: row.try_get(3)?,
            },
            unapplied_minor: row.try_get(4)?,
            currency: row.try_get(5)?,
            method: row.try_get(6)?,
            number: row.try_get(8)?,
        })
    }
}

/// Sets so much of a receipt against what its payer owes, the oldest first, and says against what.
/// The receipt is locked, or new.
pub async fn allocate_oldest(
    scope: &Scope,
    receipt_id: Uuid,
    payer: Payer,
    (amount_minor, currency, day): (i64, &str, NaiveDate),
) -> Result<Vec<(Uuid, i64)>, Error> {
    let open = lock_open(scope, payer, currency).await?;
    let parts = oldest_first(amount_minor, &open);
    let from = From::Receipt(receipt_id);
    allocate(scope, from, (currency, day), &parts, None).await?;
    Ok(parts)
}

/// An allocation that can be taken back.
#[derive(Clone, Debug)]
pub struct Allocation {
    /// Its id.
    pub id: Uuid,
    /// Where the money came from.
    pub from: From,
    /// The invoice that it pays.
    pub invoice_id: Option<Uuid>,
    /// The folio that it pays.
    pub folio_id: Option<Uuid>,
    /// The deposit that it was paid as.
    pub deposit_id: Option<Uuid>,
    /// How much.
    pub amount_minor: i64,
    /// In which currency.
    pub currency: String,
}

const STANDING: &str = "select a.id, a.receipt_id, a.credit_note_id, a.invoice_id, a.folio_id, a.deposit_id, a.amount_minor, \
      a.currency::text \
    from billing.payment_allocations a \
    where a.biz_id = $1 and a.refund_id is null and a.reverses_id is null \
      and ($2::uuid is null or a.id = $2) and ($3::uuid is null or a.receipt_id = $3) \
      and ($2::uuid is not null or $3::uuid is not null) \
      and not exists (select from billing.payment_allocations r where r.biz_id = a.biz_id and r.reverses_id = a.id) \
    order by a.id";

/// Allocations that stand: the one of this id, or all of a receipt, but those that were refunded.
pub async fn standing(
    scope: &Scope,
    id: Option<Uuid>,
    receipt_id: Option<Uuid>,
) -> Result<Vec<Allocation>, Error> {
    let values = [scope.biz_id().into(), id.into(), receipt_id.into()];
    let rows = scope.query(STANDING, &values).await?;
    rows.iter()
        .map(|row| {
            let receipt: Option<Uuid> = row.try_get(1)?;
            let credit: Option<Uuid> = row.try_get(2)?;
            let from = receipt.map(From::Receipt).or(credit.map(From::CreditNote));
            Ok(Allocation {
                id: row.try_get(0)?,
                from: from.ok_or_else(|| Error::Internal("an allocation of nothing".to_owned()))?,
                invoice_id: row.try_get(3)?,
                folio_id: row.try_get(4)?,
                deposit_id: row.try_get(5)?,
                amount_minor: row.try_get(6)?,
                currency: row.try_get(7)?,
            })
        })
        .collect()
}

/// Takes an allocation to an invoice back: the receipt or credit note has the money again.
pub async fn take_back(
    scope: &Scope,
    allocation: &Allocation,
    day: NaiveDate,
    reason: &str,
) -> Result<Uuid, Error> {
    let sql = "insert into billing.payment_allocations (biz_id, id, receipt_id, credit_note_id, invoice_id, deposit_id, \
                 amount_minor, currency, business_date, reverses_id, reason) \
               select a.biz_id, $3, a.receipt_id, a.credit_note_id, a.invoice_id, a.deposit_id, -a.amount_minor, a.currency, \
                 $4, a.id, $5 from billing.payment_allocations a where a.biz_id = $1 and a.id = $2";
    let id = new_id();
    let values = [
        scope.biz_id().into(),
        allocation.id.into(),
        id.into(),
        day.into(),
        reason.into(),
    ];
    scope.execute(sql, &values).await?;
    Ok(id)
}

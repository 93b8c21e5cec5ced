//! Folios: locking them, posting to them, and moving what is on them to an invoice.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use super::store::Invoice;
use foundation::database::{Error, Scope, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

/// A folio that is locked.
#[derive(Clone, Debug)]
pub struct Folio {
    /// Its id.
    pub id: Uuid,
    /// Its status.
    pub status: String,
    /// The location.
    pub location_id: Uuid,
    /// Its currency.
    pub currency: String,
    /// What is open on it.
    pub balance_minor: i64,
    /// The booking it is for.
    pub booking_order_id: Option<Uuid>,
    /// Who pays it.
    pub owner_customer_id: Option<Uuid>,
    /// The account that takes over what is open at the end.
    pub billing_account_id: Option<Uuid>,
    /// Its number.
    pub number: String,
}

const LOCK: &str = "select f.status::text, f.location_id, f.currency::text, f.balance_minor, f.booking_order_id, \
      f.owner_customer_id, f.billing_account_id, f.version, f.number \
    from billing.folios f where f.biz_id = $1 and f.id = $2 for no key update";

impl Folio {
    /// Locks a folio that the caller's permission reaches.
    pub async fn lock<P>(
        act: &Act<'_>,
        permission: &str,
        id: Uuid,
        expected_version: Option<i32>,
    ) -> Result<Self, Fault<P>> {
        let values = [act.scope.biz_id().into(), id.into()];
        let row = act.scope.query_opt(LOCK, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("folio"))?;
        let location_id: Uuid = row.try_get(1)?;
        act.permit_at(permission, location_id, "folio")?;
        Failure::unless_current("folio", row.try_get(7)?, expected_version)?;
        Ok(Self {
            id,
            status: row.try_get(0)?,
            location_id,
            currency: row.try_get(2)?,
            balance_minor: row.try_get(3)?,
            booking_order_id: row.try_get(4)?,
            owner_customer_id: row.try_get(5)?,
            billing_account_id: row.try_get(6)?,
            number: row.try_get(8)?,
        })
    }
}

/// A line to be posted.
#[derive(Clone, Debug, Serialize)]
pub struct NewLine {
    /// Its id.
    pub id: Uuid,
    /// The folio.
    pub folio_id: Uuid,
    /// A value of `billing.folio_line_kind`.
    pub kind: &'static str,
    /// What was sold.
    pub sellable_id: Option<Uuid>,
    /// The entity of what it was posted for.
    pub source_type: Option<&'static str>,
    /// What it was posted for.
    pub source_id: Option<Uuid>,
    /// What the guest reads.
    pub description: String,
    /// The category that routing goes by.
    pub category: Option<String>,
    /// The day of business.
    pub business_date: NaiveDate,
    /// How many.
    pub quantity: Decimal,
    /// The price of one in major units.
    pub unit_price: Option<Decimal>,
    /// What it adds to the balance, with tax.
    pub amount_minor: i64,
    /// The tax in that.
    pub tax_minor: i64,
    /// The currency of the folio.
    pub currency: String,
    /// The rate of its tax.
    pub tax_rate_id: Option<Uuid>,
    /// The rate as a fraction.
    pub tax_rate: Option<Decimal>,
    /// The line that it takes back or moves away.
    pub corrects_id: Option<Uuid>,
    /// The rule by which it came here.
    pub routing_rule_id: Option<Uuid>,
    /// Why.
    pub reason: Option<String>,
}

impl NewLine {
    /// A line of a kind, with nothing to it but what all have.
    pub fn of(
        folio_id: Uuid,
        kind: &'static str,
        (amount_minor, currency): (i64, &str),
        business_date: NaiveDate,
        description: impl Into<String>,
    ) -> Self {
        Self {
            id: new_id(),
            folio_id,
            kind,
            sellable_id: None,
            source_type: None,
            source_id: None,
            description: description.into(),
            category: None,
            business_date,
            quantity: Decimal::ONE,
            unit_price: None,
            amount_minor,
            tax_minor: 0,
            currency: currency.to_owned(),
            tax_rate_id: None,
            tax_rate: None,
            corrects_id: None,
            routing_rule_id: None,
            reason: None,
        }
    }
}

const POST: &str = "insert into billing.folio_line_items (biz_id, id, folio_id, kind, sellable_id, source_type, source_id, \
      description, category, business_date, occurred_at, quantity, unit_price, amount_minor, tax_minor, currency, \
      tax_rate_id, tax_rate, corrects_id, routing_rule_id, reason) \
    select $1, l.id, l.folio_id, l.kind, l.sellable_id, l.source_type, l.source_id, left(l.description, 200), l.category, \
      l.business_date, $2, l.quantity, l.unit_price, l.amount_minor, l.tax_minor, l.currency, l.tax_rate_id, l.tax_rate, \
      l.corrects_id, l.routing_rule_id, l.reason \
    from jsonb_populate_recordset(null::billing.folio_line_items, $3) l order by l.folio_id, l.id";

/// Posts lines, in one statement: its trigger locks the folios, refuses lines of closed folios and
/// days, and moves the balances.
pub async fn post(scope: &Scope, lines: &[NewLine]) -> Result<(), Error> {
    if lines.is_empty() {
        return Ok(());
    }
    let rows = serde_json::to_value(lines).map_err(|error| Error::Internal(error.to_string()))?;
    let values = [scope.biz_id().into(), scope.now().into(), rows.into()];
    scope.execute(POST, &values).await.map(drop)
}

const PAY: &str = "insert into billing.payment_allocations (biz_id, id, receipt_id, folio_id, folio_line_id, deposit_id, \
      amount_minor, currency, business_date, reverses_id, reason) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

/// A payment on a folio.
#[derive(Clone, Copy, Debug)]
pub struct Payment<'a> {
    /// The receipt that it comes from.
    pub receipt_id: Uuid,
    /// The folio.
    pub folio_id: Uuid,
    /// How much.
    pub amount_minor: i64,
    /// In which currency.
    pub currency: &'a str,
    /// The day of business.
    pub day: NaiveDate,
    /// The deposit that it was paid as.
    pub deposit_id: Option<Uuid>,
    /// Whether the deposit is used by it; otherwise it is only held.
    pub uses_deposit: bool,
}

/// Sets so much of a receipt against a folio: a line of payment on it, and the allocation.
pub async fn pay_folio(scope: &Scope, payment: Payment<'_>) -> Result<Uuid, Error> {
    let Payment {
        folio_id,
        amount_minor,
        currency,
        day,
        ..
    } = payment;
    let (kind, text) = match (payment.deposit_id, payment.uses_deposit) {
        (Some(_), true) => ("deposit_used", "Deposit used"),
        (Some(_), false) => ("payment", "Deposit received"),
        (None, _) => ("payment", "Payment received"),
    };
    let line = NewLine {
        source_type: Some("Receipt"),
        source_id: Some(payment.receipt_id),
        category: Some("payment".to_owned()),
        ..NewLine::of(folio_id, kind, (-amount_minor, currency), day, text)
    };
    post(scope, std::slice::from_ref(&line)).await?;
    let id = new_id();
    let values = [
        scope.biz_id().into(),
        id.into(),
        payment.receipt_id.into(),
        folio_id.into(),
        line.id.into(),
        payment.deposit_id.into(),
        amount_minor.into(),
        currency.into(),
        day.into(),
        Option::<Uuid>::None.into(),
        Option::<String>::None.into(),
    ];
    scope.execute(PAY, &values).await?;
    Ok(id)
}

/// Takes a payment off a folio again: the receipt has it back.
pub async fn unpay_folio(
    scope: &Scope,
    allocation_id: Uuid,
    payment: Payment<'_>,
    reason: Option<&str>,
) -> Result<Uuid, Error> {
    let line = NewLine {
        source_type: Some("Receipt"),
        source_id: Some(payment.receipt_id),
        category: Some("payment".to_owned()),
        reason: reason.map(str::to_owned),
        ..NewLine::of(
            payment.folio_id,
            "refund",
            (payment.amount_minor, payment.currency),
            payment.day,
            "Payment taken off",
        )
    };
    post(scope, std::slice::from_ref(&line)).await?;
    let id = new_id();
    let values = [
        scope.biz_id().into(),
        id.into(),
        payment.receipt_id.into(),
        payment.folio_id.into(),
        line.id.into(),
        payment.deposit_id.into(),
        (-payment.amount_minor).into(),
        payment.currency.into(),
        payment.day.into(),
        allocation_id.into(),
        reason.map(str::to_owned).into(),
    ];
    scope.execute(PAY, &values).await?;
    Ok(id)
}

const BILLED: &str = "select f.folio_id, sum(b.total_minor)::bigint, sum(b.tax_minor)::bigint \
    from billing.invoice_lines b \
    join billing.folio_line_items f on f.biz_id = b.biz_id and f.id = b.source_id \
    where b.biz_id = $1 and b.invoice_id = $2 and b.source_type = 'FolioLineItem' and b.voided_at is null \
    group by f.folio_id order by f.folio_id";

/// What an invoice takes over of folios.
#[derive(Clone, Copy, Debug, Default)]
pub struct TakenOver {
    /// With tax.
    pub amount_minor: i64,
    /// The tax in it.
    pub tax_minor: i64,
}

/// Moves what an invoice bills of folios from them to it: a line takes it out of each, and what was
/// paid on the folio pays the invoice, as far as it goes.
pub async fn take_over(
    scope: &Scope,
    invoice: &Invoice,
    (number, day): (&str, NaiveDate),
) -> Result<TakenOver, Error> {
    let values = [scope.biz_id().into(), invoice.id.into()];
    let mut lines = Vec::new();
    let mut taken = TakenOver::default();
    for row in scope.query(BILLED, &values).await? {
        let (folio_id, amount, tax): (Uuid, i64, i64) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        taken.amount_minor += amount;
        taken.tax_minor += tax;
        let text = format!("Billed by invoice {number}");
        lines.push(NewLine {
            source_type: Some("Invoice"),
            source_id: Some(invoice.id),
            tax_minor: -tax,
            ..NewLine::of(
                folio_id,
                "transfer_out",
                (-amount, &invoice.currency),
                day,
                text,
            )
        });
    }
    if invoice.kind == "proforma" {
        return Ok(TakenOver::default());
    }
    post(scope, &lines).await?;
    Ok(taken)
}

const PAID_ON: &str = "select a.id, a.receipt_id, a.amount_minor, a.folio_id \
    from billing.payment_allocations a \
    where a.biz_id = $1 and a.folio_id in (select f.folio_id from billing.invoice_lines b \
        join billing.folio_line_items f on f.biz_id = b.biz_id and f.id = b.source_id \
        where b.biz_id = $1 and b.invoice_id = $2 and b.source_type = 'FolioLineItem') \
      and a.reverses_id is null and a.deposit_id is null \
      and not exists (select from billing.payment_allocations r where r.biz_id = a.biz_id and r.reverses_id = a.id) \
    order by a.receipt_id, a.id";

/// Lets what was paid on the folios of an invoice pay the invoice: oldest payment first. What is
/// more than the invoice stays on its folio.
pub async fn move_payments(scope: &Scope, invoice: &Invoice, day: NaiveDate) -> Result<i64, Error> {
    let values = [scope.biz_id().into(), invoice.id.into()];
    let mut left = invoice.total_minor;
    for row in scope.query(PAID_ON, &values).await? {
        if left == 0 {
            break;
        }
        let (id, receipt_id, amount_minor, folio_id): (Uuid, Uuid, i64, Uuid) = (
            row.try_get(0)?,
            row.try_get(1)?,
            row.try_get(2)?,
            row.try_get(3)?,
        );
        let payment = Payment {
            receipt_id,
            folio_id,
            amount_minor,
            currency: &invoice.currency,
            day,
            deposit_id: None,
            uses_deposit: false,
        };
        unpay_folio(scope, id, payment, Some("It pays the invoice")).await?;
        let part = left.min(amount_minor);
        left -= part;
        let from = super::settling::From::Receipt(receipt_id);
        let parts = [(invoice.id, part)];
        super::settling::allocate(scope, from, (&invoice.currency, day), &parts, None).await?;
        if part < amount_minor {
            let rest = Payment {
                amount_minor: amount_minor - part,
                ..payment
            };
            pay_folio(scope, rest).await?;
        }
    }
    Ok(invoice.total_minor - left)
}

/// Locks the folios of which an invoice bills something, before what comes after them.
pub async fn lock_billed(scope: &Scope, invoice_id: Uuid) -> Result<(), Error> {
    let sql = "select f.id from billing.folios f where f.biz_id = $1 and f.id in ( \
                 select l.folio_id from billing.invoice_lines b \
                 join billing.folio_line_items l on l.biz_id = b.biz_id and l.id = b.source_id \
                 where b.biz_id = $1 and b.invoice_id = $2 and b.source_type = 'FolioLineItem') \
               order by f.id for no key update";
    let values = [scope.biz_id().into(), invoice_id.into()];
    scope.query(sql, &values).await.map(drop)
}

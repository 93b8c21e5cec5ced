//! What billing does when a payment is captured: it is received, and pays what it was for, in the
//! transaction that records the capture. The money itself was posted there.

use uuid::Uuid;

use super::books::{self, About};
use super::deposits::Deposit;
use super::folios::{Payment, pay_folio};
use super::rules::{Open, oldest_first};
use super::settling::{From, allocate};
use crate::payments::captured::Captured;
use foundation::database::{Error, Scope, new_id};

const RECEIVE: &str = "insert into billing.receipts (biz_id, id, number, location_id, customer_id, payment_transaction_id, \
      amount_minor, unapplied_minor, currency, method, received_at, business_date) \
    select $1, $2, core.next_number('receipt', 'RC'), $3, $4, $5, $6, $6, $7, $8, $9, $10 \
    where not exists (select from billing.receipts r where r.biz_id = $1 and r.payment_transaction_id = $5) \
    returning id";

// Of a booking what was invoiced of it; of an invoice itself. By id, as all lock them.
const OPEN: &str = "select i.id, i.due_on, i.issued_on, i.open_minor from billing.invoices i \
    where i.biz_id = $1 and i.currency = $2 and i.status in ('finalized', 'partially_paid') and i.open_minor > 0 \
      and i.kind <> 'proforma' and (i.id = $3 or i.booking_order_id = $4) \
    order by i.id limit 500 for no key update";

const FOLIO: &str = "select f.id from billing.folios f \
    where f.biz_id = $1 and f.currency = $2 and f.status = 'open' and (f.id = $3 or f.booking_order_id = $4) \
    order by f.kind <> 'guest', f.id limit 1 for no key update";

/// Records a receipt of a captured payment, once, and sets it against what it was for: an invoice, a
/// folio, a deposit, or the invoices and then the folio of a booking. What is left is the payer's credit.
pub async fn receive(scope: &Scope, captured: &Captured) -> Result<(), Error> {
    // On account nothing came in: it is invoiced.
    if captured.method == "account" || captured.amount_minor <= 0 {
        return Ok(());
    }
    let receipt_id = new_id();
    let values = [
        scope.biz_id().into(),
        receipt_id.into(),
        captured.location_id.into(),
        captured.customer_id.into(),
        captured.transaction_id.into(),
        captured.amount_minor.into(),
        captured.currency.as_str().into(),
        captured.method.as_str().into(),
        scope.now().into(),
        captured.business_date.into(),
    ];
    if scope.query_opt(RECEIVE, &values).await?.is_none() {
        return Ok(());
    }
    let Some((entity, id)) = &captured.source else {
        return Ok(());
    };
    let invoices = pay_invoices(scope, captured, receipt_id, (entity, *id)).await?;
    let paid: i64 = invoices.iter().map(|(_, part)| part).sum();
    let left = captured.amount_minor - paid;
    let folio = if entity == "Deposit" {
        hold_deposit(scope, captured, receipt_id, *id).await?
    } else {
        pay_open_folio(scope, captured, receipt_id, (entity, *id), left).await?
    };
    let about = About {
        kind: "payment",
        source: ("Receipt", receipt_id),
        location_id: captured.location_id,
        day: captured.business_date,
        currency: &captured.currency,
        text: "Payment received",
    };
    books::set_against(scope, about, &invoices).await?;
    books::set_against_folio(scope, about, folio).await
}

/// The id, where the source is of this entity.
fn of(entity: &str, wanted: &str, id: Uuid) -> Option<Uuid> {
    (entity == wanted).then_some(id)
}

async fn pay_invoices(
    scope: &Scope,
    captured: &Captured,
    receipt_id: Uuid,
    (entity, id): (&str, Uuid),
) -> Result<Vec<(Uuid, i64)>, Error> {
    let values = [
        scope.biz_id().into(),
        captured.currency.as_str().into(),
        of(entity, "Invoice", id).into(),
        of(entity, "BookingOrder", id).into(),
    ];
    let mut open = Vec::new();
    for row in scope.query(OPEN, &values).await? {
        open.push(Open {
            invoice_id: row.try_get(0)?,
            due_on: row.try_get(1)?,
            issued_on: row.try_get(2)?,
            open_minor: row.try_get(3)?,
        });
    }
    let parts = oldest_first(captured.amount_minor, &open);
    let money = (captured.currency.as_str(), captured.business_date);
    allocate(scope, From::Receipt(receipt_id), money, &parts, None).await?;
    Ok(parts)
}

/// Lets what was paid for a deposit lie with it, as far as it was still to be paid.
async fn hold_deposit(
    scope: &Scope,
    captured: &Captured,
    receipt_id: Uuid,
    id: Uuid,
) -> Result<i64, Error> {
    let Some((deposit, _)) = Deposit::find(scope, id).await? else {
        return Ok(0);
    };
    let amount = deposit.due().min(captured.amount_minor);
    if amount <= 0 || deposit.currency != captured.currency {
        return Ok(0);
    }
    let held = (receipt_id, amount, captured.business_date);
    deposit.hold(scope, None, held).await?;
    Ok(amount)
}

async fn pay_open_folio(
    scope: &Scope,
    captured: &Captured,
    receipt_id: Uuid,
    (entity, id): (&str, Uuid),
    amount_minor: i64,
) -> Result<i64, Error> {
    if amount_minor == 0 {
        return Ok(0);
    }
    let values = [
        scope.biz_id().into(),
        captured.currency.as_str().into(),
        of(entity, "Folio", id).into(),
        of(entity, "BookingOrder", id).into(),
    ];
    let Some(row) = scope.query_opt(FOLIO, &values).await? else {
        return Ok(0);
    };
    let payment = Payment {
        receipt_id,
        folio_id: row.try_get(0)?,
        amount_minor,
        currency: &captured.currency,
        day: captured.business_date,
        deposit_id: None,
        uses_deposit: false,
    };
    pay_folio(scope, payment).await?;
    Ok(amount_minor)
}

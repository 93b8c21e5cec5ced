//! What billing does when a payment goes back: its receipt has so much less. What was set against
//! nothing goes first, then what credit notes left over, and then what it paid, which is open again.

use uuid::Uuid;

use super::books::{self, About};
use super::deposits;
use super::folios::{Payment, pay_folio, unpay_folio};
use super::settling::{Allocation, From, allocate, standing, take_back as untie};
use crate::ledger::store::{business_date, reverse};
use crate::payments::captured::GivenBack;
use foundation::database::{Error, Scope, new_id};

const RECEIPTS: &str = "select r.id, r.unapplied_minor from billing.receipts r \
    where r.biz_id = $1 and r.status = 'recorded' and r.currency = $3 and r.payment_transaction_id in ( \
      select x.id from payments.payment_transactions x where x.biz_id = $1 and x.tender_id = $2 and x.kind = 'capture') \
    order by r.id desc for no key update";

const WHY: &str = "The payment was refunded";

/// Takes what went back off the receipts of its payment. A payment that brought no receipt, such as
/// one on account, has nothing here to be taken off.
pub async fn take_back(scope: &Scope, back: &GivenBack) -> Result<(), Error> {
    let values = [
        scope.biz_id().into(),
        back.tender_id.into(),
        back.currency.as_str().into(),
    ];
    let receipts = scope.query(RECEIPTS, &values).await?;
    if receipts.is_empty() {
        return Ok(());
    }
    let mut left = back.amount_minor;
    for row in &receipts {
        let (receipt_id, unapplied): (Uuid, i64) = (row.try_get(0)?, row.try_get(1)?);
        left -= return_of(scope, back, From::Receipt(receipt_id), unapplied.min(left)).await?;
    }
    for row in &receipts {
        left -= credited(scope, back, row.try_get(0)?, left).await?;
    }
    for row in &receipts {
        left -= untied(scope, back, row.try_get(0)?, left).await?;
    }
    // What it paid is closed: that it went back all the same is an allowance.
    match receipts.first() {
        Some(row) => books::allowed(scope, about(back, row.try_get(0)?), left).await,
        None => Ok(()),
    }
}

fn about(back: &GivenBack, receipt_id: Uuid) -> About<'_> {
    About {
        kind: "refund",
        source: ("Receipt", receipt_id),
        location_id: back.location_id,
        day: back.business_date,
        currency: &back.currency,
        text: &back.description,
    }
}

const RETURN: &str = "insert into billing.payment_allocations (biz_id, id, receipt_id, credit_note_id, refund_id, amount_minor, \
      currency, business_date) values ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Notes that so much of a receipt or credit note was given back by the refund.
async fn return_of(
    scope: &Scope,
    back: &GivenBack,
    from: From,
    amount_minor: i64,
) -> Result<i64, Error> {
    if amount_minor <= 0 {
        return Ok(0);
    }
    let (receipt_id, credit_note_id) = match from {
        From::Receipt(id) => (Some(id), None),
        From::CreditNote(id) => (None, Some(id)),
    };
    let values = [
        scope.biz_id().into(),
        new_id().into(),
        receipt_id.into(),
        credit_note_id.into(),
        back.refund_id.into(),
        amount_minor.into(),
        back.currency.as_str().into(),
        back.business_date.into(),
    ];
    scope.execute(RETURN, &values).await?;
    Ok(amount_minor)
}

const CREDITS: &str = "select c.id, c.unused_minor from billing.credit_notes c \
    where c.biz_id = $1 and c.currency = $3 and c.status = 'finalized' and c.unused_minor > 0 \
      and c.invoice_id in (select a.invoice_id from billing.payment_allocations a \
        where a.biz_id = $1 and a.receipt_id = $2 and a.reverses_id is null \
          and not exists (select from billing.payment_allocations r where r.biz_id = $1 and r.reverses_id = a.id)) \
    order by c.id for no key update";

/// Gives back what credit notes for what a receipt paid left over: that is what they were for.
async fn credited(
    scope: &Scope,
    back: &GivenBack,
    receipt_id: Uuid,
    wanted: i64,
) -> Result<i64, Error> {
    if wanted == 0 {
        return Ok(0);
    }
    let values = [
        scope.biz_id().into(),
        receipt_id.into(),
        back.currency.as_str().into(),
    ];
    let mut given = 0;
    for row in scope.query(CREDITS, &values).await? {
        let (id, unused): (Uuid, i64) = (row.try_get(0)?, row.try_get(1)?);
        given += return_of(
            scope,
            back,
            From::CreditNote(id),
            unused.min(wanted - given),
        )
        .await?;
    }
    Ok(given)
}

/// Takes what a receipt paid off again, the last first, as far as it has to go back.
async fn untied(
    scope: &Scope,
    back: &GivenBack,
    receipt_id: Uuid,
    wanted: i64,
) -> Result<i64, Error> {
    if wanted == 0 {
        return Ok(0);
    }
    let mut freed = 0;
    let allocations = standing(scope, None, Some(receipt_id)).await?;
    for allocation in allocations.iter().rev() {
        // A deposit that was used is done with.
        if allocation.deposit_id.is_some() && allocation.invoice_id.is_some() {
            continue;
        }
        let part = allocation.amount_minor.min(wanted - freed);
        if part == 0 {
            break;
        }
        let is_freed = match (allocation.invoice_id, allocation.folio_id) {
            (Some(invoice_id), _) => {
                off_invoice(scope, back, allocation, (receipt_id, invoice_id), part).await?
            }
            (_, Some(folio_id)) => {
                off_folio(scope, back, allocation, (receipt_id, folio_id), part).await?
            }
            _ => false,
        };
        if is_freed {
            freed += return_of(scope, back, From::Receipt(receipt_id), part).await?;
        }
    }
    Ok(freed)
}

async fn off_invoice(
    scope: &Scope,
    back: &GivenBack,
    allocation: &Allocation,
    (receipt_id, invoice_id): (Uuid, Uuid),
    part: i64,
) -> Result<bool, Error> {
    untie(scope, allocation, back.business_date, WHY).await?;
    let rest = allocation.amount_minor - part;
    if rest > 0 {
        let money = (back.currency.as_str(), back.business_date);
        let parts = [(invoice_id, rest)];
        let from = From::Receipt(receipt_id);
        allocate(scope, from, money, &parts, None).await?;
    }
    books::set_against(scope, about(back, receipt_id), &[(invoice_id, -part)]).await?;
    Ok(true)
}

const FOLIO: &str = "select f.status = 'open' from billing.folios f where f.biz_id = $1 and f.id = $2 for no key update";

async fn off_folio(
    scope: &Scope,
    back: &GivenBack,
    allocation: &Allocation,
    (receipt_id, folio_id): (Uuid, Uuid),
    part: i64,
) -> Result<bool, Error> {
    let values = [scope.biz_id().into(), folio_id.into()];
    let row = scope.query_opt(FOLIO, &values).await?;
    if !row.map(|row| row.try_get(0)).transpose()?.unwrap_or(false) {
        return Ok(false);
    }
    if let Some(id) = allocation.deposit_id
        && !deposits::returned(scope, id, part).await?
    {
        return Ok(false);
    }
    let payment = Payment {
        receipt_id,
        folio_id,
        amount_minor: allocation.amount_minor,
        currency: &back.currency,
        day: back.business_date,
        deposit_id: allocation.deposit_id,
        uses_deposit: false,
    };
    unpay_folio(scope, allocation.id, payment, Some(WHY)).await?;
    let rest = allocation.amount_minor - part;
    if rest > 0 {
        let rest = Payment {
            amount_minor: rest,
            ..payment
        };
        pay_folio(scope, rest).await?;
    }
    books::set_against_folio(scope, about(back, receipt_id), -part).await?;
    Ok(true)
}

const KEEP: &str = "insert into billing.payment_allocations (biz_id, id, receipt_id, credit_note_id, refund_id, amount_minor, \
      currency, business_date, reverses_id, reason) \
    select a.biz_id, core.uuid_v7(), a.receipt_id, a.credit_note_id, a.refund_id, -a.amount_minor, a.currency, $3, a.id, \
      'The bank returned the refund' \
    from billing.payment_allocations a \
    where a.biz_id = $1 and a.refund_id = $2 and a.reverses_id is null \
      and not exists (select from billing.payment_allocations r where r.biz_id = $1 and r.reverses_id = a.id)";

const ALLOWED: &str = "select e.id from ledger.journal_entries e join ledger.postings p on p.biz_id = e.biz_id and p.entry_id = e.id \
      join ledger.accounts a on a.biz_id = p.biz_id and a.id = p.account_id \
      join payments.refunds r on r.biz_id = e.biz_id and r.id = $2 \
      join payments.payment_transactions x on x.biz_id = e.biz_id and x.tender_id = r.tender_id and x.kind = 'capture' \
      join billing.receipts c on c.biz_id = e.biz_id and c.payment_transaction_id = x.id and c.id = e.source_id \
    where e.biz_id = $1 and e.source_type = 'Receipt' and e.description = 'Refund ' || r.number and a.code = $3 and p.side = 'debit'";

/// Gives what a refund had taken back to the receipts, where the bank returned it: it is the
/// customer's, set against nothing.
pub async fn keep(scope: &Scope, refund_id: Uuid) -> Result<(), Error> {
    let day = business_date(scope, None, scope.now()).await?;
    let values = [scope.biz_id().into(), refund_id.into(), day.into()];
    scope.execute(KEEP, &values).await?;
    let allowances = crate::ledger::chart::ALLOWANCES.code;
    let values = [scope.biz_id().into(), refund_id.into(), allowances.into()];
    for row in scope.query(ALLOWED, &values).await? {
        reverse(scope, row.try_get(0)?, day, "The bank returned the refund").await?;
    }
    Ok(())
}

//! What goes back for the lines of what was paid for.

use sea_orm::Value;
use uuid::Uuid;

use super::locked::Intent;
use super::refund::RefundLineInput;
use super::refunds::LinePart;
use super::tenders::{MOST, PaymentProblem as Problem};
use foundation::database::{Error, Scope};
use foundation::graph::verb::Fault;
use foundation::money::split;

const BOOKING_LINES: &str = "select l.id, l.total_minor + l.tax_minor, l.tax_minor from booking.booking_order_lines l \
    where l.biz_id = $1 and l.order_id = $2 and l.voided_at is null order by l.id";
const INVOICE_LINES: &str = "select l.id, l.total_minor, l.tax_minor from billing.invoice_lines l \
    where l.biz_id = $1 and l.invoice_id = $2 order by l.id";
const BEFORE: &str = "select a.source_line_id, sum(a.amount_minor)::bigint, sum(a.tax_minor)::bigint \
    from payments.refund_allocations a join payments.refunds r on r.biz_id = a.biz_id and r.id = a.refund_id \
    where r.biz_id = $1 and r.intent_id = $2 and r.status not in ('failed', 'canceled') group by 1";

/// A line of what was paid for.
#[derive(Clone, Copy, Debug)]
struct Sold {
    id: Uuid,
    /// Its price with tax.
    total: i64,
    tax: i64,
    /// Its share of what was taken.
    captured: i64,
    /// What went back for it before, and the tax in that.
    gone: i64,
    tax_gone: i64,
}

impl Sold {
    /// The tax in a part of it that goes back: the last part takes what is left of it.
    fn tax_of(&self, amount: i64) -> i64 {
        let share = |tax: i64, part: i64, whole: i64| {
            split(tax, &[part.unsigned_abs(), (whole - part).unsigned_abs()])[0]
        };
        let captured = share(self.tax, self.captured, self.total);
        let left = captured - self.tax_gone;
        let tax = if self.gone + amount == self.captured {
            left
        } else {
            share(captured, amount, self.captured).min(left)
        };
        tax.clamp(0, amount)
    }
}

/// What goes back for each line: of what the payment was for it (its share of what was taken, by
/// the lines' prices), what has not gone back yet.
pub async fn lines(
    scope: &Scope,
    intent: &Intent,
    asked: Option<&[RefundLineInput]>,
) -> Result<Vec<LinePart>, Fault<Problem>> {
    let asked = asked.unwrap_or_default();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    if asked.len() > MOST {
        let message = format!("At most {MOST} lines at a time.");
        return Err(Fault::at(Problem::TooManyParts, "lines", message));
    }
    let source = intent.source.as_ref();
    let (entity, sql, source_id) = match source.map(|(entity, id)| (entity.as_str(), *id)) {
        Some(("BookingOrder", id)) => ("BookingOrderLine", BOOKING_LINES, id),
        Some(("Invoice", id)) => ("InvoiceLine", INVOICE_LINES, id),
        _ => return Err(unknown()),
    };
    let sold = sold(scope, intent, (sql, source_id)).await?;
    let parts = asked.iter().map(|line| {
        let id = named(line, entity).ok_or_else(unknown)?;
        let sold = sold.iter().find(|sold| sold.id == id).ok_or_else(unknown)?;
        part(line, entity, sold, &intent.currency)
    });
    parts.collect()
}

fn unknown() -> Fault<Problem> {
    let message = "The line is none of what was paid for.";
    Fault::at(Problem::UnknownLine, "lines", message)
}

/// The line that is asked for, where it is one of this kind.
fn named(line: &RefundLineInput, entity: &str) -> Option<Uuid> {
    let id = match entity {
        "BookingOrderLine" => line.booking_order_line_id.map(|id| id.uuid()),
        _ => line.invoice_line_id.map(|id| id.uuid()),
    };
    // Whoever names lines of two kinds means something else.
    let is_one = line.booking_order_line_id.is_some() != line.invoice_line_id.is_some();
    id.filter(|_| is_one)
}

fn part(
    line: &RefundLineInput,
    entity: &'static str,
    sold: &Sold,
    currency: &str,
) -> Result<LinePart, Fault<Problem>> {
    let left = sold.captured - sold.gone;
    let amount = match &line.amount {
        Some(money) if money.currency != currency || money.minor <= 0 => {
            let message = format!("More than zero of {currency} goes back.");
            return Err(Fault::at(Problem::WrongAmount, "lines", message));
        }
        Some(money) => money.minor,
        None => left,
    };
    if amount <= 0 || amount > left {
        let message = format!("At most {left} minor units can go back for the line.");
        return Err(Fault::at(Problem::RefundExceedsLine, "lines", message));
    }
    Ok(LinePart {
        line: (entity, sold.id),
        line_captured: sold.captured,
        amount,
        tax: sold.tax_of(amount),
    })
}

/// The lines of what was paid for, each with its share of what was taken without tips.
async fn sold(
    scope: &Scope,
    intent: &Intent,
    (sql, source_id): (&str, Uuid),
) -> Result<Vec<Sold>, Error> {
    let of_source: [Value; 2] = [scope.biz_id().into(), source_id.into()];
    let of_intent: [Value; 2] = [scope.biz_id().into(), intent.id.into()];
    let (rows, before) = futures_util::try_join!(
        scope.query(sql, &of_source),
        scope.query(BEFORE, &of_intent)
    )?;
    let mut sold = Vec::with_capacity(rows.len());
    for row in &rows {
        sold.push(Sold {
            id: row.try_get(0)?,
            total: row.try_get(1)?,
            tax: row.try_get(2)?,
            captured: 0,
            gone: 0,
            tax_gone: 0,
        });
    }
    for row in &before {
        let id: Uuid = row.try_get(0)?;
        if let Some(sold) = sold.iter_mut().find(|sold| sold.id == id) {
            (sold.gone, sold.tax_gone) = (row.try_get(1)?, row.try_get(2)?);
        }
    }
    let weights: Vec<u64> = sold.iter().map(|sold| sold.total.unsigned_abs()).collect();
    let tips = intent
        .tenders
        .iter()
        .map(|tender| (tender.captured - tender.amount).max(0));
    let shares = split(intent.captured - tips.sum::<i64>(), &weights);
    for (sold, share) in sold.iter_mut().zip(shares) {
        sold.captured = share;
    }
    Ok(sold)
}

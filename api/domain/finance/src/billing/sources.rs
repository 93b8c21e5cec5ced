//! What can be billed, as lines of an invoice: a booking, a folio, a sale. What was billed already is
//! left out; the sums are those of the source, to the last minor unit.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use tokio_postgres::Row;
use uuid::Uuid;

use super::draft::{Head, Line, Tax};
use foundation::database::{Error, Scope};
use foundation::money::split;

/// What is billed, and by which lines. No lines where all of it was billed already.
pub type Bill = (Head, Vec<Line>);

/// Whether a row of a source stands on an invoice that counts, or on a draft.
macro_rules! unbilled {
    ($entity:literal, $id:literal) => {
        concat!(
            "not exists (select from billing.invoice_lines b where b.biz_id = $1 and b.source_type = '",
            $entity,
            "' and b.source_id = ",
            $id,
            " and b.voided_at is null and b.released_at is null)"
        )
    };
}

const ORDER: &str = "select o.location_id, o.currency::text, o.customer_id, o.discount_minor, o.tax_minor, \
      coalesce(o.check_in_on, (o.starts_at at time zone o.timezone)::date), \
      coalesce(o.check_out_on, greatest((o.ends_at at time zone o.timezone)::date, (o.starts_at at time zone o.timezone)::date + 1)), \
      o.status::text, t.price_display::text \
    from booking.booking_orders o \
    left join lateral (select t.price_display from pricing.tax_calculations t \
      where t.biz_id = $1 and t.source_type = 'BookingOrder' and t.source_id = o.id \
      order by t.revision desc limit 1) t on true \
    where o.biz_id = $1 and o.id = $2";

const ORDER_LINES: &str = concat!(
    "select l.id, 'BookingOrderLine', l.sellable_id, l.name, l.quantity, l.total_minor + l.discount_minor as subtotal, \
      l.discount_minor, l.tax_minor, l.tax_rate, l.tax_category, l.starts_on, l.ends_on, ",
    unbilled!("BookingOrderLine", "l.id"),
    " as is_open, c.taxes, l.line_no \
    from booking.booking_order_lines l \
    left join lateral (select jsonb_agg(jsonb_build_object('tax_rate_id', x.tax_rate_id, 'name', r.name, 'rate', x.rate::text, \
        'taxable_minor', x.taxable_minor, 'tax_minor', x.tax_minor) order by r.compound_order, x.id) as taxes \
      from pricing.tax_calculation_lines x \
      left join pricing.tax_rates r on r.biz_id = x.biz_id and r.id = x.tax_rate_id \
      where x.biz_id = $1 and x.line_ref in (l.id::text, l.line_no::text) and x.calculation_id = ( \
        select t.id from pricing.tax_calculations t \
        where t.biz_id = $1 and t.source_type = 'BookingOrder' and t.source_id = $2 order by t.revision desc limit 1)) c on true \
    where l.biz_id = $1 and l.order_id = $2 and l.voided_at is null \
    union all \
    select o.id, 'BookingOrder', null, left(string_agg(f.name, ', ' order by f.id), 500), 1, sum(f.amount_minor)::bigint, 0, \
      sum(f.tax_minor)::bigint, case when min(f.tax_rate) = max(f.tax_rate) then min(f.tax_rate) end, null, null, null, ",
    unbilled!("BookingOrder", "o.id"),
    ", null::jsonb, 1000000 \
    from booking.booking_orders o \
    join booking.booking_features f on f.biz_id = o.biz_id and f.order_id = o.id and f.voided_at is null and f.amount_minor > 0 \
    where o.biz_id = $1 and o.id = $2 \
    group by o.id \
    order by line_no"
);

/// A row of a source: what all of them have.
struct Found {
    line: Line,
    is_open: bool,
}

#[derive(Deserialize)]
struct Reckoned {
    tax_rate_id: Option<Uuid>,
    name: Option<String>,
    #[serde(with = "rust_decimal::serde::str")]
    rate: Decimal,
    taxable_minor: i64,
    tax_minor: i64,
}

/// The name of a tax that has none of its own.
pub fn tax_name(rate: Decimal) -> String {
    format!("Tax {} %", (rate * Decimal::ONE_HUNDRED).normalize())
}

/// The taxes of a line that was reckoned with one rate; none where it has neither tax nor rate.
pub fn one_tax(
    rate: Option<Decimal>,
    named: (Option<Uuid>, Option<String>),
    taxable_minor: i64,
    tax_minor: i64,
) -> Vec<Tax> {
    let (tax_rate_id, name) = named;
    match rate {
        None if tax_minor == 0 => Vec::new(),
        rate => {
            let name = name.or_else(|| rate.map(tax_name));
            vec![Tax {
                tax_rate_id,
                name: name.unwrap_or_else(|| "Tax".to_owned()),
                rate: rate.unwrap_or_default(),
                taxable_minor,
                tax_minor,
            }]
        }
    }
}

pub(super) fn days(
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Option<(NaiveDate, NaiveDate)> {
    from.zip(to).filter(|(from, to)| from < to)
}

/// A booking: its lines and options, with the discount and tax of the whole order on them.
pub async fn booking(scope: &Scope, id: Uuid) -> Result<Option<(Bill, String)>, Error> {
    let values = [scope.biz_id().into(), id.into()];
    let order = scope.query(ORDER, &values);
    let lines = scope.query(ORDER_LINES, &values);
    let (order, lines) = futures_util::try_join!(order, lines)?;
    let Some(order) = order.first() else {
        return Ok(None);
    };
    let is_inclusive = order.try_get::<_, Option<&str>>(8)? == Some("inclusive");
    let mut found = lines
        .iter()
        .map(|row| order_line(row, is_inclusive))
        .collect::<Result<Vec<Found>, Error>>()?;
    spread_discount(&mut found, order.try_get(3)?);
    spread_tax(&mut found, order.try_get(4)?, is_inclusive);
    let service = days(order.try_get(5)?, order.try_get(6)?);
    let head = Head {
        kind: "invoice",
        location_id: order.try_get(0)?,
        currency: order.try_get(1)?,
        customer_id: order.try_get(2)?,
        billing_account_id: None,
        booking_order_id: Some(id),
        folio_id: None,
        source: None,
        service,
    };
    let open = found.into_iter().filter(|found| found.is_open);
    let lines = open.map(|found| found.line).collect();
    Ok(Some(((head, lines), order.try_get(7)?)))
}

fn order_line(row: &Row, is_inclusive: bool) -> Result<Found, Error> {
    let entity: &str = row.try_get(1)?;
    let source = if entity == "BookingOrder" {
        "BookingOrder"
    } else {
        "BookingOrderLine"
    };
    let (mut subtotal_minor, discount_minor): (i64, i64) = (row.try_get(5)?, row.try_get(6)?);
    let (tax_minor, rate): (i64, Option<Decimal>) = (row.try_get(7)?, row.try_get(8)?);
    let reckoned: Option<serde_json::Value> = row.try_get(13)?;
    let taxes = match reckoned {
        Some(reckoned) => {
            let reckoned: Vec<Reckoned> = serde_json::from_value(reckoned)
                .map_err(|error| Error::Internal(format!("taxes of a line: {error}")))?;
            let taxes: Vec<Tax> = reckoned.into_iter().map(Reckoned::tax).collect();
            if is_inclusive {
                // The price contains it: what is before tax is the rest.
                subtotal_minor -= taxes.iter().map(|tax| tax.tax_minor).sum::<i64>();
            }
            taxes
        }
        None => one_tax(
            rate,
            (None, None),
            subtotal_minor - discount_minor,
            tax_minor,
        ),
    };
    let line = Line {
        sellable_id: row.try_get(2)?,
        source: Some((source, row.try_get(0)?)),
        description: row.try_get(3)?,
        quantity: row.try_get(4)?,
        subtotal_minor,
        discount_minor,
        tax_category: row.try_get(9)?,
        taxes,
        service: days(row.try_get(10)?, row.try_get(11)?),
    };
    Ok(Found {
        line,
        is_open: row.try_get(12)?,
    })
}

impl Reckoned {
    fn tax(self) -> Tax {
        Tax {
            tax_rate_id: self.tax_rate_id,
            name: self.name.unwrap_or_else(|| tax_name(self.rate)),
            rate: self.rate,
            taxable_minor: self.taxable_minor,
            tax_minor: self.tax_minor,
        }
    }
}

fn weights(found: &[Found]) -> Vec<u64> {
    let net = |found: &Found| found.line.subtotal_minor - found.line.discount_minor;
    found
        .iter()
        .map(|found| net(found).unsigned_abs())
        .collect()
}

/// The discount of the whole on its lines, by what they cost.
fn spread_discount(found: &mut [Found], discount_minor: i64) {
    let parts = split(discount_minor, &weights(found));
    for (found, part) in found.iter_mut().zip(parts) {
        found.line.discount_minor += part;
    }
}

/// The tax of the whole that no line has yet, on the lines, by what they cost.
fn spread_tax(found: &mut [Found], tax_minor: i64, is_inclusive: bool) {
    let own: i64 = found.iter().map(|found| found.line.tax_minor()).sum();
    let rest = tax_minor - own;
    if is_inclusive || rest <= 0 {
        return;
    }
    let parts = split(rest, &weights(found));
    for (found, part) in found.iter_mut().zip(parts) {
        let line = &mut found.line;
        match line.taxes.first_mut() {
            Some(tax) => tax.tax_minor += part,
            None => {
                line.taxes = one_tax(
                    None,
                    (None, None),
                    line.subtotal_minor - line.discount_minor,
                    part,
                );
            }
        }
    }
}

const FOLIO: &str = "select f.location_id, f.currency::text, f.owner_customer_id, f.billing_account_id, f.booking_order_id, \
      f.status::text \
    from billing.folios f where f.biz_id = $1 and f.id = $2";

pub(super) const FOLIO_LINES: &str = concat!(
    "select l.id, l.sellable_id, l.description, l.quantity, l.amount_minor + coalesce(c.amount, 0), \
      l.tax_minor + coalesce(c.tax, 0), l.tax_rate, l.category, l.business_date, l.tax_rate_id, r.name \
    from billing.folio_line_items l \
    join billing.folios f on f.biz_id = l.biz_id and f.id = l.folio_id \
    left join pricing.tax_rates r on r.biz_id = l.biz_id and r.id = l.tax_rate_id \
    left join lateral (select sum(c.amount_minor)::bigint as amount, sum(c.tax_minor)::bigint as tax \
      from billing.folio_line_items c where c.biz_id = l.biz_id and c.corrects_id = l.id) c on true \
    where l.biz_id = $1 and l.kind in ('charge', 'tax', 'transfer_in') and l.amount_minor > 0 and f.status = 'open' \
      and (f.id = $2 or f.billing_account_id = $3 and f.location_id = $7 and f.currency = $4 and l.business_date >= $5 and l.business_date < $6) \
      and l.amount_minor + coalesce(c.amount, 0) > 0 and ",
    unbilled!("FolioLineItem", "l.id"),
    " order by l.business_date, l.id limit 500"
);

pub(super) fn folio_line(row: &Row) -> Result<Line, Error> {
    let (gross, tax): (i64, i64) = (row.try_get(4)?, row.try_get(5)?);
    let on: NaiveDate = row.try_get(8)?;
    Ok(Line {
        sellable_id: row.try_get(1)?,
        source: Some(("FolioLineItem", row.try_get(0)?)),
        description: row.try_get(2)?,
        quantity: row.try_get(3)?,
        subtotal_minor: gross - tax,
        discount_minor: 0,
        tax_category: row.try_get(7)?,
        taxes: one_tax(
            row.try_get(6)?,
            (row.try_get(9)?, row.try_get(10)?),
            gross - tax,
            tax,
        ),
        service: days(Some(on), on.succ_opt()),
    })
}

/// A folio: its charges as they stand after allowances and transfers.
pub async fn folio(scope: &Scope, id: Uuid) -> Result<Option<(Bill, String)>, Error> {
    let nothing: Option<Uuid> = None;
    let values = [
        scope.biz_id().into(),
        id.into(),
        nothing.into(),
        Option::<String>::None.into(),
        Option::<NaiveDate>::None.into(),
        Option::<NaiveDate>::None.into(),
        Option::<Uuid>::None.into(),
    ];
    let folio = scope.query(FOLIO, &values[..2]);
    let lines = scope.query(FOLIO_LINES, &values);
    let (folio, lines) = futures_util::try_join!(folio, lines)?;
    let Some(folio) = folio.first() else {
        return Ok(None);
    };
    let lines = lines.iter().map(folio_line).collect::<Result<_, _>>()?;
    let head = Head {
        kind: "invoice",
        location_id: folio.try_get(0)?,
        currency: folio.try_get(1)?,
        customer_id: folio.try_get(2)?,
        billing_account_id: folio.try_get(3)?,
        booking_order_id: folio.try_get(4)?,
        folio_id: Some(id),
        source: None,
        service: None,
    };
    Ok(Some(((head, lines), folio.try_get(5)?)))
}

const SALE: &str = "select s.location_id, s.currency::text, s.customer_id, s.booking_order_id, s.status::text, \
      s.is_tax_inclusive, s.tip_minor, s.business_date \
    from pos.sales s where s.biz_id = $1 and s.id = $2 and s.kind = 'sale'";

const SALE_LINES: &str = concat!(
    "select i.id, i.sellable_id, i.name, i.quantity, i.gross_minor, i.discount_minor, i.tax_minor, i.tax_rate, i.tax_category, ",
    unbilled!("SaleItem", "i.id"),
    " from pos.sale_items i \
    where i.biz_id = $1 and i.sale_id = $2 and i.voided_at is null and i.quantity > 0 order by i.line_no limit 500"
);

/// A sale at a till, with its tip.
pub async fn sale(scope: &Scope, id: Uuid) -> Result<Option<(Bill, String)>, Error> {
    let values = [scope.biz_id().into(), id.into()];
    let sale = scope.query(SALE, &values);
    let items = scope.query(SALE_LINES, &values);
    let (sale, items) = futures_util::try_join!(sale, items)?;
    let Some(sale) = sale.first() else {
        return Ok(None);
    };
    let is_inclusive: bool = sale.try_get(5)?;
    let on: NaiveDate = sale.try_get(7)?;
    let mut lines = Vec::new();
    for item in &items {
        let (gross, discount, tax): (i64, i64, i64) =
            (item.try_get(4)?, item.try_get(5)?, item.try_get(6)?);
        let subtotal_minor = if is_inclusive { gross - tax } else { gross };
        if item.try_get(9)? {
            lines.push(Line {
                sellable_id: item.try_get(1)?,
                source: Some(("SaleItem", item.try_get(0)?)),
                description: item.try_get(2)?,
                quantity: item.try_get(3)?,
                subtotal_minor,
                discount_minor: discount,
                tax_category: item.try_get(8)?,
                taxes: one_tax(
                    item.try_get(7)?,
                    (None, None),
                    subtotal_minor - discount,
                    tax,
                ),
                service: days(Some(on), on.succ_opt()),
            });
        }
    }
    let tip: i64 = sale.try_get(6)?;
    if tip > 0 && !lines.is_empty() {
        lines.push(Line::plain("Tip".to_owned(), tip, Some(("Sale", id))));
    }
    let head = Head {
        kind: "invoice",
        location_id: sale.try_get(0)?,
        currency: sale.try_get(1)?,
        customer_id: sale.try_get(2)?,
        billing_account_id: None,
        booking_order_id: sale.try_get(3)?,
        folio_id: None,
        source: Some(("Sale", id)),
        service: None,
    };
    Ok(Some(((head, lines), sale.try_get(4)?)))
}

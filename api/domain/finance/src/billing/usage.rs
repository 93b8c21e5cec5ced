//! What an account used in a period, as lines of an invoice.

use chrono::NaiveDate;
use uuid::Uuid;

use super::draft::Head;
use super::sources::{Bill, FOLIO_LINES, booking, days, folio_line};
use foundation::database::{Error, Scope};

const ACCOUNT: &str = "select a.currency::text, a.customer_id \
    from billing.billing_accounts a where a.biz_id = $1 and a.id = $2 and a.deleted_at is null";

// A booking that has a folio is billed by it.
const ACCOUNT_ORDERS: &str = "select o.id from booking.booking_orders o \
    where o.biz_id = $1 and o.customer_id = $2 and o.currency = $3 and o.location_id = $6 \
      and o.status in ('in_progress', 'completed') \
      and coalesce(o.check_out_on, (o.ends_at at time zone o.timezone)::date) >= $4 \
      and coalesce(o.check_out_on, (o.ends_at at time zone o.timezone)::date) < $5 \
      and not exists (select from billing.folios f where f.biz_id = $1 and f.booking_order_id = o.id) \
    order by o.number limit 100";

/// What an account used in a period at a location: the charges on its folios of these business
/// dates, and its bookings without a folio that ended in it.
pub async fn of_account(
    scope: &Scope,
    (id, location_id): (Uuid, Uuid),
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Option<Bill>, Error> {
    let found = scope
        .query_opt(ACCOUNT, &[scope.biz_id().into(), id.into()])
        .await?;
    let Some(found) = found else { return Ok(None) };
    let (currency, customer_id): (String, Option<Uuid>) = (found.try_get(0)?, found.try_get(1)?);
    let values = [
        scope.biz_id().into(),
        Option::<Uuid>::None.into(),
        id.into(),
        currency.as_str().into(),
        from.into(),
        to.into(),
        location_id.into(),
    ];
    let rows = scope.query(FOLIO_LINES, &values).await?;
    let mut lines = rows.iter().map(folio_line).collect::<Result<Vec<_>, _>>()?;
    let values = [
        scope.biz_id().into(),
        customer_id.into(),
        currency.as_str().into(),
        from.into(),
        to.into(),
        location_id.into(),
    ];
    for order in scope.query(ACCOUNT_ORDERS, &values).await? {
        if let Some(((_, more), _)) = booking(scope, order.try_get(0)?).await? {
            lines.extend(more);
        }
    }
    let head = Head {
        kind: "ar",
        location_id,
        currency,
        customer_id,
        billing_account_id: Some(id),
        booking_order_id: None,
        folio_id: None,
        source: None,
        service: days(Some(from), Some(to)),
    };
    Ok(Some((head, lines)))
}

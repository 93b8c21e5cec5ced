//! Taxes of bookings that are changed: what they cost otherwise is the caller's to reckon.

use serde_json::json;
use uuid::Uuid;

use super::order_discounts::{LOCK, load, on_top};
use super::record::{Source, record_calculation};
use super::refusal::Refusal;
use super::tax::calculate;
use foundation::database::{Error, Scope};
use foundation::graph::verb::Fault;

/// A line that is sold to a booking that was made before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sold {
    /// Its number in the booking, as text.
    pub reference: String,
    /// Whether its price includes tax.
    pub is_inclusive: bool,
}

/// The tax on top of a booking whose lines, features or discount are others by now, reckoned and
/// kept as its price was; none where no tax was ever reckoned for it, nor of what is added.
pub async fn taxed_anew(
    scope: &Scope,
    id: Uuid,
    discount_minor: i64,
    added: &[Sold],
) -> Result<Option<i64>, Error> {
    let values = [scope.biz_id().into(), id.into()];
    let Some(row) = scope.query_opt(LOCK, &values).await? else {
        return Ok(None);
    };
    if added.is_empty() && row.try_get::<_, Option<serde_json::Value>>(7)?.is_none() {
        return Ok(None);
    }
    let Some(mut order) = load(scope, id, &row, (Vec::new(), false)).await? else {
        return Ok(None);
    };
    order.discount_minor = discount_minor;
    // Spreads the discount over the parts; it takes nothing more off, and so cannot fail.
    let spread: Result<i64, Fault<()>> = order.discounted(None, |_, _| Ok(0));
    debug_assert!(spread.is_ok());
    let refused = |refusal: Refusal| Error::Data(refusal.message);
    let Some(inputs) = order.taxed(added).map_err(refused)? else {
        return Ok(None);
    };
    let tax = calculate(&inputs).map_err(refused)?;
    record_calculation(scope, Source::order(id), &inputs, &tax).await?;
    let on_top: Vec<(String, i64)> = on_top(&inputs, &tax);
    let sum = on_top.iter().map(|(_, minor)| minor).sum();
    let taxes: Vec<serde_json::Value> = on_top
        .into_iter()
        .map(|(reference, minor)| json!({ "reference": reference, "tax_minor": minor }))
        .collect();
    let taxes = serde_json::Value::Array(taxes).to_string();
    scope
        .execute(TAXES, &[scope.biz_id().into(), id.into(), taxes.into()])
        .await?;
    Ok(Some(sum))
}

const TAXES: &str = "with taxes as ( \
      select t.reference, t.tax_minor from jsonb_to_recordset($3::jsonb) t (reference text, tax_minor bigint)), \
    features as ( \
      update booking.booking_features f set tax_minor = t.tax_minor from taxes t \
      where f.biz_id = $1 and f.order_id = $2 and f.voided_at is null and f.id::text = t.reference and f.tax_minor <> t.tax_minor) \
    update booking.booking_order_lines l set tax_minor = t.tax_minor from taxes t \
    where l.biz_id = $1 and l.order_id = $2 and l.voided_at is null and l.line_no::text = t.reference and l.tax_minor <> t.tax_minor";

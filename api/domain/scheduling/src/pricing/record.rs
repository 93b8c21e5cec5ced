//! What is kept of a price that was agreed: how tax was reckoned, how the price came about, which prices
//! and discounts were used. All in the transaction of the document, and none of it ever changed.

use futures_util::try_join;
use serde_json::json;
use uuid::Uuid;

use super::priced::{Priced, Step};
use super::rounding::round;
use super::tax::{ENGINE, Rounding, TaxCalculation, TaxInputs};
use foundation::database::{Error, Scope, new_id};

/// The version of the rules of prices, which traces keep.
pub const PRICE_ENGINE: &str = "pricing/2";

/// A document, by entity type and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its entity type, as `core.subject_registry` names it.
    pub entity: &'static str,
    /// Its id.
    pub id: Uuid,
}

impl Source {
    /// A booking.
    pub fn order(id: Uuid) -> Self {
        Self {
            entity: "BookingOrder",
            id,
        }
    }
}

// One statement, as lines need their calculation: several in one flight may overtake each other.
const CALCULATION: &str = "with calculation as ( \
      insert into pricing.tax_calculations (biz_id, id, source_type, source_id, revision, inputs, engine_version, \
        rounding, price_display, currency, total_tax_minor, result_digest) \
      select $1, $2, $3, $4, coalesce(max(c.revision), 0) + 1, $5::jsonb, $6, $7, $8, $9, $10, $11 \
      from pricing.tax_calculations c \
      where c.biz_id = $1 and c.source_type = $3 and c.source_id = $4 \
      returning id, currency) \
    insert into pricing.tax_calculation_lines (biz_id, id, calculation_id, line_ref, tax_rate_id, rate, taxable_minor, tax_minor, currency) \
    select $1, w.id, c.id, w.line_ref, w.tax_rate_id, w.rate, w.taxable_minor, w.tax_minor, c.currency \
    from calculation c \
    cross join jsonb_to_recordset($12::jsonb) w (id uuid, line_ref text, tax_rate_id uuid, rate numeric, taxable_minor bigint, tax_minor bigint)";

const TAXED: &str = "update pricing.tax_rates r set first_used_at = $3 \
    where r.biz_id = $1 and r.id = any ($2::uuid[]) and r.first_used_at is null";

/// Keeps a calculation of tax for a document: the next revision of it.
pub async fn record_calculation(
    scope: &Scope,
    source: Source,
    inputs: &TaxInputs,
    calculation: &TaxCalculation,
) -> Result<Uuid, Error> {
    let id = new_id();
    let stored = serde_json::to_string(inputs).map_err(internal)?;
    let rounding = match inputs.rounding {
        Rounding::Line => "line",
        Rounding::RateTotal => "rate_total",
    };
    let display = if inputs.is_inclusive {
        "inclusive"
    } else {
        "exclusive"
    };
    let lines = calculation.parts.iter().map(|part| {
        json!({
            "id": new_id(), "line_ref": part.reference, "tax_rate_id": part.rate_id, "rate": part.rate,
            "taxable_minor": part.taxable_minor, "tax_minor": part.tax_minor,
        })
    });
    let lines = serde_json::Value::Array(lines.collect()).to_string();
    let whole = [
        scope.biz_id().into(),
        id.into(),
        source.entity.into(),
        source.id.into(),
        stored.into(),
        ENGINE.into(),
        rounding.into(),
        display.into(),
        inputs.currency.as_str().into(),
        calculation.total_tax_minor.into(),
        calculation.digest.as_str().into(),
        lines.into(),
    ];
    let mut rates: Vec<Uuid> = calculation
        .parts
        .iter()
        .filter_map(|part| part.rate_id)
        .collect();
    rates.sort_unstable();
    rates.dedup();
    let rates = [scope.biz_id().into(), rates.into(), scope.now().into()];
    try_join!(scope.query(CALCULATION, &whole), scope.query(TAXED, &rates),)?;
    Ok(id)
}

const TRACE: &str = "insert into pricing.price_quotes_trace (biz_id, id, source_type, source_id, customer_id, steps, total_minor, currency, engine_version, expires_at) \
    values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10)";

// A price that was used keeps all but its end from now on.
const USED: &str = "with rules as ( \
      update pricing.price_rules r set first_used_at = $5 \
      where r.biz_id = $1 and r.id = any ($2::uuid[]) and r.first_used_at is null), \
    storage as ( \
      update pricing.storage_base_rates r set first_used_at = $5 \
      where r.biz_id = $1 and r.id = any ($3::uuid[]) and r.first_used_at is null) \
    update pricing.feature_prices r set first_used_at = $5 \
    where r.biz_id = $1 and r.id = any ($4::uuid[]) and r.first_used_at is null";

/// Keeps how a document came to its price: the calculation of its tax, whose id this gives, and the
/// trace; and marks prices as used.
pub async fn record_tax(scope: &Scope, source: Source, priced: &Priced) -> Result<Uuid, Error> {
    let (id, ()) = try_join!(
        record_calculation(scope, source, &priced.tax_inputs, &priced.tax),
        record_trace(scope, source, priced),
    )?;
    Ok(id)
}

/// Keeps how some of a document came to its price, and marks prices as used; its tax is reckoned with
/// that of the rest.
pub async fn record_trace(scope: &Scope, source: Source, priced: &Priced) -> Result<(), Error> {
    let steps = serde_json::Value::Array(priced.trace.iter().map(step).collect()).to_string();
    let trace = [
        scope.biz_id().into(),
        new_id().into(),
        source.entity.into(),
        source.id.into(),
        priced.customer_id.into(),
        steps.into(),
        priced.totals.total_minor.into(),
        priced.currency.as_str().into(),
        PRICE_ENGINE.into(),
        priced.expires_at.into(),
    ];
    let used = [
        scope.biz_id().into(),
        priced.used.price_rules.clone().into(),
        priced.used.storage_rates.clone().into(),
        priced.used.feature_prices.clone().into(),
        scope.now().into(),
    ];
    try_join!(scope.query(TRACE, &trace), scope.query(USED, &used))?;
    Ok(())
}

/// A step as it is stored: rounded for reading, and exact.
fn step(step: &Step) -> serde_json::Value {
    json!({
        "item": step.reference, "starts_on": step.starts_on, "ends_on": step.ends_on, "kind": step.kind, "rule": step.rule,
        "before_minor": round(step.before).unwrap_or(i64::MAX), "after_minor": round(step.after).unwrap_or(i64::MAX),
        "before_exact": step.before.normalize(), "after_exact": step.after.normalize(),
    })
}

// In the order of the discounts, so that two orders with the same ones wait for each other and do not
// lock each other out.
const REDEEM: &str = "insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency) \
    select $1, core.uuid_v7(), w.discount_id, $2, $3, $4, w.amount_minor, $5 \
    from unnest($6::uuid[], $7::bigint[]) w (discount_id, amount_minor) \
    order by w.discount_id";

/// Writes the uses of the discounts that were given. A limit that was reached meanwhile violates
/// `discounts_usage_limit_check` or `discount_redemptions_per_customer_check`.
pub async fn redeem(scope: &Scope, source: Source, priced: &Priced) -> Result<(), Error> {
    if priced.discounts.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = priced
        .discounts
        .iter()
        .map(|given| given.discount_id)
        .collect();
    let amounts: Vec<i64> = priced
        .discounts
        .iter()
        .map(|given| given.amount_minor)
        .collect();
    let values = [
        scope.biz_id().into(),
        priced.customer_id.into(),
        source.entity.into(),
        source.id.into(),
        priced.currency.as_str().into(),
        ids.into(),
        amounts.into(),
    ];
    scope.query(REDEEM, &values).await.map(drop)
}

const RELEASE: &str = "insert into pricing.discount_redemptions (biz_id, id, discount_id, customer_id, source_type, source_id, amount_minor, currency, reverses_id) \
    select r.biz_id, core.uuid_v7(), r.discount_id, r.customer_id, r.source_type, r.source_id, r.amount_minor, r.currency, r.id \
    from pricing.discount_redemptions r \
    where r.biz_id = $1 and r.source_type = $2 and r.source_id = $3 and r.reverses_id is null \
      and r.id = coalesce($4, r.id) \
      and not exists ( \
        select from pricing.discount_redemptions b where b.biz_id = $1 and b.reverses_id = r.id) \
    order by r.discount_id";

/// Takes back the uses of discounts of a document that stand: limits are free again. Says how many.
pub async fn release(scope: &Scope, source: Source) -> Result<u64, Error> {
    take_back(scope, source, None).await
}

/// The same of one use.
pub async fn release_use(scope: &Scope, source: Source, id: Uuid) -> Result<u64, Error> {
    take_back(scope, source, Some(id)).await
}

async fn take_back(scope: &Scope, source: Source, id: Option<Uuid>) -> Result<u64, Error> {
    let values = [
        scope.biz_id().into(),
        source.entity.into(),
        source.id.into(),
        id.into(),
    ];
    scope.execute(RELEASE, &values).await
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}

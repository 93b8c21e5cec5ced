//! What an order costs, as rows: lines with their pricing periods, and what was added to them.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::bill::Amounts;
use super::new_order::NewOrder;
use super::rows::{self, Rows};
use foundation::database::{Error, Scope, new_id};
use scheduling::pricing::priced::{Priced, PricedLine};
use scheduling::pricing::record::{Source, record_tax, redeem};

impl NewOrder {
    /// The amounts of the order: as it was priced, or its lines alone.
    pub(super) fn amounts(&self, base: i64) -> Amounts {
        let Some(priced) = &self.priced else {
            return Amounts {
                base,
                ..Amounts::default()
            };
        };
        let totals = priced.totals;
        Amounts {
            base: totals.base_minor,
            features: totals.features_minor,
            discount: totals.discount_minor,
            tax: totals.tax_minor,
        }
    }

    /// Writes the lines of a price, the first of which is what is booked, and what was added.
    pub(super) fn write_priced(
        &self,
        priced: &Priced,
        time: Option<(DateTime<Utc>, DateTime<Utc>)>,
        rows: &mut Rows,
    ) {
        for (index, line) in priced.lines.iter().enumerate() {
            let written = self.priced_line(line, index, time);
            let periods = line.periods.iter().map(|period| rows::Period {
                id: new_id(),
                line_id: written.id,
                rate_name: Some(period.rate_name.clone()),
                price_rule_id: period.price_rule_id,
                storage_base_rate_id: period.storage_base_rate_id,
                starts_on: period.starts_on,
                ends_on: period.ends_on,
                rate: period.rate,
                units: period.units,
                subtotal_minor: period.subtotal_minor,
                currency: priced.currency.clone(),
            });
            rows.periods.extend(periods);
            rows.lines.push(written);
        }
        let features = priced.features.iter().map(|feature| rows::Feature {
            id: new_id(),
            order_id: self.id,
            feature_id: feature.feature_id,
            feature_price_id: feature.feature_price_id,
            name: feature.name.clone(),
            calculation: feature.calculation.clone(),
            value: feature.value,
            units: feature.units,
            days: feature.days,
            amount_minor: feature.amount_minor,
            currency: priced.currency.clone(),
            tax_rate: feature.tax_rate,
            tax_minor: feature.tax_minor,
        });
        rows.features.extend(features);
    }

    fn priced_line(
        &self,
        line: &PricedLine,
        index: usize,
        time: Option<(DateTime<Utc>, DateTime<Utc>)>,
    ) -> rows::Line {
        let is_main = index == 0;
        let own = time.filter(|_| is_main);
        rows::Line {
            id: new_id(),
            order_id: self.id,
            line_no: index + 1,
            sellable_id: if is_main {
                self.sellable.id
            } else {
                line.sellable_id
            },
            offer_version_id: if is_main {
                self.sellable.offer_version_id
            } else {
                line.offer_version_id
            },
            name: if is_main {
                self.sellable.name.clone()
            } else {
                line.name.clone()
            },
            quantity: line.quantity,
            unit: line.unit.clone(),
            unit_price: line.unit_price.max(Decimal::ZERO),
            discount_minor: line.discount_minor,
            total_minor: line.total_minor,
            currency: self.place.currency.clone(),
            tax_category: line.tax_category.clone(),
            tax_rate: line.tax_rate,
            tax_minor: line.tax_minor,
            starts_at: own.map(|time| time.0).or(line.starts_at),
            ends_at: own.map(|time| time.1).or(line.ends_at),
            starts_on: line.starts_on,
            ends_on: line.ends_on,
        }
    }
}

/// Keeps how a new order came to its price, and uses up the discounts it was given; after what it
/// takes was taken, so that all lock slots before discounts. Nothing is kept of a price that staff
/// gave where nothing is taxed: it says all by itself.
pub(super) async fn keep_price(
    scope: &Scope,
    order_id: Uuid,
    priced: Option<&Priced>,
) -> Result<(), Error> {
    let Some(priced) = priced else {
        return Ok(());
    };
    let source = Source::order(order_id);
    let by_rules = priced.trace.iter().any(|step| step.kind != "agreed");
    if by_rules || !priced.tax.parts.is_empty() {
        record_tax(scope, source, priced).await?;
    }
    redeem(scope, source, priced).await
}

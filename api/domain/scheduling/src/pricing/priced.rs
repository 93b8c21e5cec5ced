//! What something costs, and how that came about.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::tax::{TaxCalculation, TaxInputs, TaxPart, hex};

/// What all items of a request cost.
#[derive(Clone, Debug)]
pub struct Priced {
    /// The currency of all amounts.
    pub currency: String,
    /// The instant it was priced for.
    pub at: DateTime<Utc>,
    /// Until when the price is kept.
    pub expires_at: DateTime<Utc>,
    /// Where it is sold.
    pub location_id: Uuid,
    /// Who buys.
    pub customer_id: Option<Uuid>,
    /// A line for each item, in the order of the request; compulsory add-ons at the end.
    pub lines: Vec<PricedLine>,
    /// What was added to items.
    pub features: Vec<PricedFeature>,
    /// The sums, as orders keep them.
    pub totals: Totals,
    /// The taxes by rate.
    pub taxes: Vec<TaxTotal>,
    /// The discounts that were given.
    pub discounts: Vec<AppliedDiscount>,
    /// What tax was reckoned from.
    pub tax_inputs: TaxInputs,
    /// What tax was reckoned.
    pub tax: TaxCalculation,
    /// Each rule that was applied.
    pub trace: Vec<Step>,
    /// The rows that prices were taken from.
    pub used: Used,
}

/// Sums, in minor units: `total = base + features - discount + tax`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Sum of the lines.
    pub base_minor: i64,
    /// Sum of the features.
    pub features_minor: i64,
    /// What is taken off the order as a whole.
    pub discount_minor: i64,
    /// Tax on top.
    pub tax_minor: i64,
    /// Tax within the amounts.
    pub included_tax_minor: i64,
    /// What is to be paid.
    pub total_minor: i64,
}

/// What one item costs.
#[derive(Clone, Debug, Default)]
pub struct PricedLine {
    /// The item.
    pub reference: String,
    /// What is sold; nil of a unit type that has no sellable yet.
    pub sellable_id: Uuid,
    /// The version of an offer.
    pub offer_version_id: Option<Uuid>,
    /// The unit type of nights.
    pub unit_type_id: Option<Uuid>,
    /// The rate plan of nights.
    pub rate_plan_id: Option<Uuid>,
    /// The item that it is an add-on to.
    pub add_on_to: Option<String>,
    /// Its name.
    pub name: String,
    /// What one price is for.
    pub unit: String,
    /// How many units are priced: of 2 rooms over 3 nights, 6.
    pub quantity: Decimal,
    /// Price of one unit in major units; of several periods, their average.
    pub unit_price: Decimal,
    /// The price before any discount.
    pub list_minor: i64,
    /// Discounts of this line, left out of its total.
    pub discount_minor: i64,
    /// What it costs without tax on top.
    pub total_minor: i64,
    /// Its part of the discounts on the order, which its total still has.
    pub order_discount_minor: i64,
    /// Its tax category.
    pub tax_category: Option<String>,
    /// All its tax as a fraction of the net amount; none where nothing is taxed.
    pub tax_rate: Option<Decimal>,
    /// Tax on top.
    pub tax_minor: i64,
    /// Tax within the total.
    pub included_tax_minor: i64,
    /// What is left without tax, after all discounts.
    pub net_minor: i64,
    /// What is paid for it: net and tax.
    pub gross_minor: i64,
    /// Whether the total includes the tax.
    pub is_inclusive: bool,
    /// The taxes by rate.
    pub taxes: Vec<TaxPart>,
    /// First day or night.
    pub starts_on: Option<NaiveDate>,
    /// Day after the last.
    pub ends_on: Option<NaiveDate>,
    /// First instant.
    pub starts_at: Option<DateTime<Utc>>,
    /// First instant after it.
    pub ends_at: Option<DateTime<Utc>>,
    /// Days that cost the same: they tile the days and sum up to the total.
    pub periods: Vec<Period>,
    /// Each day or night; they sum up to the total.
    pub nights: Vec<Night>,
}

/// Days of a line that cost the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day or night.
    pub starts_on: NaiveDate,
    /// Day after the last.
    pub ends_on: NaiveDate,
    /// Name of the rate.
    pub rate_name: String,
    /// Price of one unit and day, in major units.
    pub rate: Decimal,
    /// How many units.
    pub units: i32,
    /// What these days cost, less their part of the line's discount.
    pub subtotal_minor: i64,
    /// The price rule that the rate was taken from.
    pub price_rule_id: Option<Uuid>,
    /// The base rate of storage that the rate was taken from.
    pub storage_base_rate_id: Option<Uuid>,
}

/// One day or night of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Night {
    /// The local day.
    pub on: NaiveDate,
    /// What it costs for all units, in minor units.
    pub minor: i64,
}

/// Something added to an item.
#[derive(Clone, Debug)]
pub struct PricedFeature {
    /// Tells it from lines and other features.
    pub reference: String,
    /// The item it is added to.
    pub item: String,
    /// The feature.
    pub feature_id: Uuid,
    /// The price it was taken at.
    pub feature_price_id: Uuid,
    /// Its name.
    pub name: String,
    /// How it was reckoned.
    pub calculation: String,
    /// Major units, or percent.
    pub value: Decimal,
    /// For how many units.
    pub units: i32,
    /// For how many days.
    pub days: i32,
    /// What it costs without tax on top.
    pub amount_minor: i64,
    /// Its part of the discounts on the order, which its amount still has.
    pub order_discount_minor: i64,
    /// All its tax as a fraction.
    pub tax_rate: Option<Decimal>,
    /// Tax on top.
    pub tax_minor: i64,
    /// Tax within the amount.
    pub included_tax_minor: i64,
    /// Whether the amount includes the tax.
    pub is_inclusive: bool,
}

/// The tax of one rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxTotal {
    /// The rate.
    pub rate_id: Uuid,
    /// Its name.
    pub name: String,
    /// What the authority calls it.
    pub treatment: String,
    /// Whose tax it is, such as PT or US-NY.
    pub jurisdiction: Option<String>,
    /// The rate as a fraction.
    pub rate: Decimal,
    /// What was taxed.
    pub taxable_minor: i64,
    /// The tax.
    pub tax_minor: i64,
}

/// A discount that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedDiscount {
    /// The discount.
    pub discount_id: Uuid,
    /// The code it was asked by.
    pub code: String,
    /// Its name.
    pub name: String,
    /// All that was taken off by it.
    pub amount_minor: i64,
}

/// A rule that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The item; none of what concerns all.
    pub reference: Option<String>,
    /// The first day it was applied to.
    pub starts_on: Option<NaiveDate>,
    /// The day after the last.
    pub ends_on: Option<NaiveDate>,
    /// What sort of rule: `price_rule`, `calendar`, `derivation`, `strategy`, ...
    pub kind: &'static str,
    /// Its name.
    pub rule: String,
    /// The price before it, in exact minor units.
    pub before: Decimal,
    /// The price after it.
    pub after: Decimal,
}

/// The rows that prices were taken from.
#[derive(Clone, Debug, Default)]
pub struct Used {
    /// Price rules.
    pub price_rules: Vec<Uuid>,
    /// Base rates of storage.
    pub storage_rates: Vec<Uuid>,
    /// Prices of features.
    pub feature_prices: Vec<Uuid>,
    /// Exchange rates.
    pub exchange: Vec<Uuid>,
}

impl Priced {
    /// What the first day or night of the first thing costs, for all units.
    pub fn first_day_minor(&self) -> i64 {
        let first = self.lines.first().and_then(|line| line.nights.first());
        first.map_or(0, |night| night.minor)
    }

    /// SHA-256 of all that is charged: two prices with the same digest charge the same for the same.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let totals = &self.totals;
        hash.update(format!("{}|{}|{totals:?}", self.currency, self.location_id));
        for line in &self.lines {
            let what = (line.sellable_id, line.unit_type_id, line.rate_plan_id);
            let amounts = (line.total_minor, line.order_discount_minor, line.tax_minor);
            let when = (line.starts_on, line.ends_on, line.starts_at, line.ends_at);
            hash.update(format!(
                "\n{}|{what:?}|{}|{amounts:?}|{when:?}|{:?}",
                line.reference,
                line.quantity.normalize(),
                line.nights
            ));
        }
        for feature in &self.features {
            hash.update(format!(
                "\n{}|{}|{}|{}",
                feature.reference, feature.feature_id, feature.amount_minor, feature.tax_minor
            ));
        }
        hash.update(&self.tax.digest);
        hex(&hash.finalize())
    }
}

//! A price as the graph shows it.

use async_graphql::SimpleObject;
use entities::catalog::{offer_version, sellable};
use entities::core::feature;
use entities::pricing::{discount, price_rule, rate_plan, storage_base_rate, tax_rate};
use entities::resources::unit_type;
use rust_decimal::Decimal;

use crate::pricing::choices::{FeatureCalculation, PriceUnit, TaxTreatment};
use crate::pricing::priced::{Night, Period, Priced, PricedFeature, PricedLine, Step, TaxTotal};
use crate::pricing::refusal::{Refusal, RefusalCode};
use crate::pricing::rounding::major;
use foundation::graph::scalars::{Choice, CurrencyCode, Day, Id, Instant, Money, Number};
use foundation::money::exponent;

/// A price, or why there is none.
#[derive(SimpleObject)]
#[graphql(name = "PriceQuoteAnswer")]
pub struct PriceAnswer {
    /// The price; none where there are problems.
    pub quote: Option<PriceQuote>,
    /// The rules that the request breaks.
    pub problems: Vec<PriceProblem>,
}

/// Why something has no price.
#[derive(SimpleObject)]
pub struct PriceProblem {
    /// Which rule is broken.
    pub code: RefusalCode,
    /// A sentence that says it to people.
    pub message: String,
    /// The reference of the item it is about; none where it is about all.
    pub item: Option<String>,
    /// The day it is about, such as the first without a price.
    pub day: Option<Day>,
}

/// What things cost, and how that came about.
#[derive(SimpleObject)]
pub struct PriceQuote {
    /// The currency of all amounts.
    pub currency: CurrencyCode,
    /// Sum of the lines.
    pub base: Money,
    /// Sum of what was added to them.
    pub features_total: Money,
    /// What is taken off the order as a whole; discounts of lines are left out of the lines already.
    pub discount: Money,
    /// Tax on top of the prices.
    pub tax: Money,
    /// Tax within the prices, where they include it.
    pub included_tax: Money,
    /// What is to be paid: base + features - discount + tax.
    pub total: Money,
    /// A line for each item; add-ons that an offer makes compulsory come at the end.
    pub lines: Vec<QuotedLine>,
    /// What was added to items.
    pub features: Vec<QuotedFeature>,
    /// The taxes by rate and jurisdiction.
    pub taxes: Vec<QuotedTax>,
    /// The discounts that are given.
    pub discounts: Vec<QuotedDiscount>,
    /// Each rule that was applied, in order.
    pub trace: Vec<PriceStep>,
    /// The instant it was priced for.
    pub at: Instant,
    /// Until when the price is kept.
    pub expires_at: Instant,
    /// SHA-256 of all that is charged: a booking that comes to the same charges the same.
    pub digest: String,
}

/// What one item costs.
#[derive(SimpleObject)]
pub struct QuotedLine {
    /// The reference of the item.
    pub item: String,
    /// The item that it is an add-on to.
    pub add_on_to: Option<String>,
    /// What is sold; none of a unit type that was never sold.
    pub sellable_id: Option<Id<sellable::Entity>>,
    /// The version of the offer.
    pub offer_version_id: Option<Id<offer_version::Entity>>,
    /// The unit type of nights.
    pub unit_type_id: Option<Id<unit_type::Entity>>,
    /// The rate plan of nights.
    pub rate_plan_id: Option<Id<rate_plan::Entity>>,
    /// The name of what is sold.
    pub name: String,
    /// What one price is for.
    pub unit: Option<Choice<PriceUnit>>,
    /// How many units are priced: of 2 rooms over 3 nights, 6.
    pub quantity: Number,
    /// Price of one unit; of several periods, their average.
    pub unit_price: Number,
    /// The price before any discount.
    pub list: Money,
    /// Discounts of this line, left out of its total.
    pub discount: Money,
    /// What it costs, without tax on top.
    pub total: Money,
    /// Its part of the discounts on the whole order, which its total still has.
    pub order_discount: Money,
    /// Its tax category.
    pub tax_category: Option<String>,
    /// All its tax as a fraction of the net amount; none where nothing is taxed.
    pub tax_rate: Option<Number>,
    /// Tax on top of it.
    pub tax: Money,
    /// Tax within it.
    pub included_tax: Money,
    /// What is left of it without tax, after all discounts.
    pub net: Money,
    /// What is paid for it: net and tax.
    pub gross: Money,
    /// Days or nights that cost the same: they cover its days without gap, and sum up to its total.
    pub periods: Vec<QuotedPeriod>,
    /// Each day or night; they sum up to its total.
    pub nights: Vec<QuotedNight>,
}

/// Days or nights that cost the same.
#[derive(SimpleObject)]
pub struct QuotedPeriod {
    /// The first day or night.
    pub starts_on: Day,
    /// The day after the last.
    pub ends_on: Day,
    /// The name of the rate.
    pub rate_name: String,
    /// Price of one unit for one day or night, in major units.
    pub rate: Number,
    /// How many units.
    pub units: i32,
    /// What these days cost, less their part of a discount of the line.
    pub subtotal: Money,
    /// The price rule it was taken from.
    pub price_rule_id: Option<Id<price_rule::Entity>>,
    /// The base rate for storage it was taken from.
    pub storage_base_rate_id: Option<Id<storage_base_rate::Entity>>,
}

/// One day or night.
#[derive(SimpleObject)]
pub struct QuotedNight {
    /// The local day, of a night that on whose evening it begins.
    pub on: Day,
    /// What it costs for all units.
    pub price: Money,
}

/// What something costs that was added to an item.
#[derive(SimpleObject)]
pub struct QuotedFeature {
    /// The reference of the item it was added to.
    pub item: String,
    /// The feature.
    pub feature_id: Id<feature::Entity>,
    /// The name of its price.
    pub name: String,
    /// How its price is reckoned.
    pub calculation: Option<Choice<FeatureCalculation>>,
    /// Its price in major units, or in percent of the base price.
    pub value: Number,
    /// For how many units.
    pub units: i32,
    /// For how many days.
    pub days: i32,
    /// What it costs, without tax on top.
    pub amount: Money,
    /// Tax on top of it.
    pub tax: Money,
    /// Tax within it.
    pub included_tax: Money,
}

/// The tax of one rate.
#[derive(SimpleObject)]
pub struct QuotedTax {
    /// The rate.
    pub tax_rate_id: Id<tax_rate::Entity>,
    /// Its name on documents.
    pub name: String,
    /// What the authority calls it.
    pub treatment: Option<Choice<TaxTreatment>>,
    /// Whose tax it is: a country, with the region where it is that of one, such as PT or US-NY.
    pub jurisdiction: Option<String>,
    /// The rate as a fraction: 0.23 is 23 %.
    pub rate: Number,
    /// What was taxed.
    pub taxable: Money,
    /// The tax.
    pub tax: Money,
}

/// A discount that is given.
#[derive(SimpleObject)]
pub struct QuotedDiscount {
    /// The discount.
    pub discount_id: Id<discount::Entity>,
    /// The code it was asked by.
    pub code: String,
    /// Its name on documents.
    pub name: String,
    /// All that it takes off.
    pub amount: Money,
}

/// A rule that was applied to a price.
#[derive(SimpleObject)]
pub struct PriceStep {
    /// The reference of the item; none of what concerns all.
    pub item: Option<String>,
    /// The first day it was applied to; none of what is not priced by days.
    pub starts_on: Option<Day>,
    /// The day after the last it was applied to.
    pub ends_on: Option<Day>,
    /// What sort of rule it is, such as a price rule, calendar, derivation, strategy or discount.
    pub kind: String,
    /// Its name.
    pub rule: String,
    /// The price before it in major units, not rounded; of days, that of one.
    pub before: Number,
    /// The price after it.
    pub after: Number,
}

/// A broken rule as the graph shows it.
pub fn problem(refusal: &Refusal) -> PriceProblem {
    PriceProblem {
        code: refusal.code,
        message: refusal.message.clone(),
        item: refusal.reference.clone(),
        day: refusal.day.map(Day),
    }
}

/// Makes amounts of one currency.
#[derive(Clone)]
struct Purse(String);

impl Purse {
    fn money(&self, minor: i64) -> Money {
        Money {
            minor,
            currency: self.0.clone(),
        }
    }

    fn major(&self, exact_minor: Decimal) -> Number {
        Number(major(exact_minor, exponent(&self.0)).normalize())
    }
}

impl PriceAnswer {
    /// That there is none.
    pub fn refused(refusal: &Refusal) -> Self {
        Self {
            quote: None,
            problems: vec![problem(refusal)],
        }
    }

    /// A price.
    pub fn priced(priced: Priced) -> Self {
        Self {
            quote: Some(quote(priced)),
            problems: Vec::new(),
        }
    }
}

fn quote(priced: Priced) -> PriceQuote {
    let purse = Purse(priced.currency.clone());
    let digest = priced.digest();
    let totals = priced.totals;
    let discounts = priced.discounts.into_iter().map(|given| QuotedDiscount {
        discount_id: Id::new(given.discount_id),
        code: given.code,
        name: given.name,
        amount: purse.money(given.amount_minor),
    });
    PriceQuote {
        base: purse.money(totals.base_minor),
        features_total: purse.money(totals.features_minor),
        discount: purse.money(totals.discount_minor),
        tax: purse.money(totals.tax_minor),
        included_tax: purse.money(totals.included_tax_minor),
        total: purse.money(totals.total_minor),
        discounts: discounts.collect(),
        lines: priced
            .lines
            .into_iter()
            .map(|of| line(of, &purse))
            .collect(),
        features: priced
            .features
            .into_iter()
            .map(|of| feature(of, &purse))
            .collect(),
        taxes: priced.taxes.into_iter().map(|of| tax(of, &purse)).collect(),
        trace: priced
            .trace
            .into_iter()
            .map(|of| step(of, &purse))
            .collect(),
        at: Instant(priced.at),
        expires_at: Instant(priced.expires_at),
        digest,
        currency: CurrencyCode(priced.currency),
    }
}

fn line(line: PricedLine, purse: &Purse) -> QuotedLine {
    let periods = line.periods.into_iter().map(|of| period(of, purse));
    let nights = line.nights.iter().map(|Night { on, minor }| QuotedNight {
        on: Day(*on),
        price: purse.money(*minor),
    });
    QuotedLine {
        item: line.reference,
        add_on_to: line.add_on_to,
        sellable_id: (!line.sellable_id.is_nil()).then(|| Id::new(line.sellable_id)),
        offer_version_id: line.offer_version_id.map(Id::new),
        unit_type_id: line.unit_type_id.map(Id::new),
        rate_plan_id: line.rate_plan_id.map(Id::new),
        name: line.name,
        unit: Choice::of(&line.unit),
        quantity: Number(line.quantity),
        unit_price: Number(line.unit_price),
        list: purse.money(line.list_minor),
        discount: purse.money(line.discount_minor),
        total: purse.money(line.total_minor),
        order_discount: purse.money(line.order_discount_minor),
        tax_category: line.tax_category,
        tax_rate: line.tax_rate.map(Number),
        tax: purse.money(line.tax_minor),
        included_tax: purse.money(line.included_tax_minor),
        net: purse.money(line.net_minor),
        gross: purse.money(line.gross_minor),
        periods: periods.collect(),
        nights: nights.collect(),
    }
}

fn period(period: Period, purse: &Purse) -> QuotedPeriod {
    QuotedPeriod {
        starts_on: Day(period.starts_on),
        ends_on: Day(period.ends_on),
        rate_name: period.rate_name,
        rate: Number(period.rate),
        units: period.units,
        subtotal: purse.money(period.subtotal_minor),
        price_rule_id: period.price_rule_id.map(Id::new),
        storage_base_rate_id: period.storage_base_rate_id.map(Id::new),
    }
}

fn feature(feature: PricedFeature, purse: &Purse) -> QuotedFeature {
    QuotedFeature {
        item: feature.item,
        feature_id: Id::new(feature.feature_id),
        name: feature.name,
        calculation: Choice::of(&feature.calculation),
        value: Number(feature.value),
        units: feature.units,
        days: feature.days,
        amount: purse.money(feature.amount_minor),
        tax: purse.money(feature.tax_minor),
        included_tax: purse.money(feature.included_tax_minor),
    }
}

fn tax(tax: TaxTotal, purse: &Purse) -> QuotedTax {
    QuotedTax {
        tax_rate_id: Id::new(tax.rate_id),
        name: tax.name,
        treatment: Choice::of(&tax.treatment),
        jurisdiction: tax.jurisdiction,
        rate: Number(tax.rate),
        taxable: purse.money(tax.taxable_minor),
        tax: purse.money(tax.tax_minor),
    }
}

fn step(step: Step, purse: &Purse) -> PriceStep {
    PriceStep {
        item: step.reference,
        starts_on: step.starts_on.map(Day),
        ends_on: step.ends_on.map(Day),
        kind: step.kind.to_owned(),
        rule: step.rule,
        before: purse.major(step.before),
        after: purse.major(step.after),
    }
}

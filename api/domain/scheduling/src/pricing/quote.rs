//! A price from beginning to end: items, features, discounts, tax. Pure: the same request and tariff
//! come to the same price.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::add_on;
use super::check;
use super::discount::{self, Basket};
use super::feature;
use super::line::{Listed, Taxed, listed};
use super::priced::{AppliedDiscount, Priced, PricedFeature, PricedLine, TaxTotal, Totals};
use super::reckoning::{Frame, Notes, Subject};
use super::refusal::{Refusal, RefusalCode, Ruled};
use super::request::{Item, PriceRequest};
use super::tariff::{Discount, Good, Tariff};
use super::tax::{TaxCalculation, TaxInputs, TaxableLine, calculate};
use foundation::money::exponent;

/// For how many minutes a price is kept.
const KEPT_MINUTES: i64 = 30;

/// What the items of a request cost.
pub fn quote(tariff: &Tariff, request: &PriceRequest, now: DateTime<Utc>) -> Ruled<Priced> {
    check::request(request)?;
    let currency = request.currency.as_deref().unwrap_or(&tariff.currency);
    let frame = Frame {
        tariff,
        request,
        currency,
        exponent: exponent(currency),
        at: request.at.unwrap_or(now),
    };
    if !tariff.customer_exists {
        let message = "There is no such customer.";
        return Err(Refusal::new(RefusalCode::NotFound, message));
    }
    let mut notes = Notes::default();
    let discounts = discount::given(frame)?;
    let items = add_on::completed(frame)?;
    let (mut lines, mut features) = listings(frame, &items, &mut notes)?;
    let mut basket = Basket {
        lines: &mut lines,
        features: &mut features,
    };
    let applied = discount::apply(frame, &discounts, &mut basket, &mut notes)?;
    let mut settled = Vec::with_capacity(lines.len());
    for ((listed, _), item) in lines.into_iter().zip(&items) {
        let (part, is_exempt) = (listed.tax_part, listed.is_exempt);
        let mut line = listed.settled(frame.exponent, item.quantity)?;
        line.tax_rate = (!is_exempt && !part.is_zero()).then_some(part);
        settled.push(line);
    }
    let (tax_inputs, tax) = taxed(frame, &mut settled, &mut features)?;
    Ok(Priced {
        currency: currency.to_owned(),
        at: frame.at,
        expires_at: expiry(frame, &discounts, &notes),
        location_id: tariff.location_id,
        customer_id: request.customer_id,
        totals: totals(&settled, &features, &applied)?,
        taxes: by_rate(&tax_inputs, &tax),
        lines: settled,
        features,
        discounts: applied,
        tax_inputs,
        tax,
        used: notes.used(),
        trace: notes.steps,
    })
}

type Listings<'a> = (Vec<(Listed, &'a Good)>, Vec<PricedFeature>);

/// The list prices of items, and of what is added to them.
fn listings<'a>(frame: Frame<'a>, items: &[Item], notes: &mut Notes) -> Ruled<Listings<'a>> {
    let mut lines = Vec::with_capacity(items.len());
    let mut features = Vec::new();
    for item in items {
        let reference = &item.reference;
        let Some(good) = frame.tariff.goods.get(&item.what) else {
            let message = "There is no such thing to be sold here.";
            return Err(Refusal::new(RefusalCode::NotFound, message).of(reference));
        };
        if !good.is_sold {
            let message = format!("{} is not sold.", good.name);
            return Err(Refusal::new(RefusalCode::NotSold, message).of(reference));
        }
        let due = frame.tariff.tax.due(good.tax_category.as_deref());
        let taxed = Taxed::of(&due.map_err(|refusal| refusal.of(reference))?)?;
        let subject = Subject { frame, item, good };
        let listed = listed(subject, taxed, notes)?;
        for feature in &item.features {
            features.extend(feature::priced(subject, &listed, feature, taxed, notes)?);
        }
        lines.push((listed, good));
    }
    Ok((lines, features))
}

/// Reckons tax, and writes to each line and feature what is theirs.
fn taxed(
    frame: Frame<'_>,
    lines: &mut [PricedLine],
    features: &mut [PricedFeature],
) -> Ruled<(TaxInputs, TaxCalculation)> {
    let categories: HashMap<String, (Option<String>, Option<Decimal>)> = lines
        .iter()
        .map(|line| {
            let tax = (line.tax_category.clone(), line.tax_rate);
            (line.reference.clone(), tax)
        })
        .collect();
    let category = |item: &str| categories.get(item).cloned().unwrap_or_default();
    let of_lines = lines.iter().map(|line| TaxableLine {
        reference: line.reference.clone(),
        category: line.tax_category.clone(),
        amount_minor: line.total_minor - line.order_discount_minor,
        is_inclusive: line.is_inclusive,
        ..TaxableLine::default()
    });
    let of_features = features.iter().map(|feature| TaxableLine {
        reference: feature.reference.clone(),
        category: category(&feature.item).0,
        amount_minor: feature.amount_minor - feature.order_discount_minor,
        is_inclusive: feature.is_inclusive,
        ..TaxableLine::default()
    });
    let inputs = TaxInputs {
        currency: frame.currency.to_owned(),
        lines: of_lines.chain(of_features).collect(),
        ..frame.tariff.tax.clone()
    };
    let tax = calculate(&inputs)?;
    for line in lines {
        line.taxes = tax.of(&line.reference).cloned().collect();
        let all: i64 = line.taxes.iter().map(|part| part.tax_minor).sum();
        let amount = line.total_minor - line.order_discount_minor;
        if line.is_inclusive {
            line.included_tax_minor = all;
            line.net_minor = amount - all;
        } else {
            line.tax_minor = all;
            line.net_minor = amount;
        }
        line.gross_minor = line.net_minor + all;
    }
    for feature in features {
        let all: i64 = tax.of(&feature.reference).map(|part| part.tax_minor).sum();
        feature.tax_rate = category(&feature.item).1;
        if feature.is_inclusive {
            feature.included_tax_minor = all;
        } else {
            feature.tax_minor = all;
        }
    }
    Ok((inputs, tax))
}

fn totals(
    lines: &[PricedLine],
    features: &[PricedFeature],
    applied: &[AppliedDiscount],
) -> Ruled<Totals> {
    let mut totals = Totals::default();
    for line in lines {
        totals.base_minor += line.total_minor;
        totals.discount_minor += line.order_discount_minor;
        totals.tax_minor += line.tax_minor;
        totals.included_tax_minor += line.included_tax_minor;
    }
    for feature in features {
        totals.features_minor += feature.amount_minor;
        totals.discount_minor += feature.order_discount_minor;
        totals.tax_minor += feature.tax_minor;
        totals.included_tax_minor += feature.included_tax_minor;
    }
    totals.total_minor =
        totals.base_minor + totals.features_minor - totals.discount_minor + totals.tax_minor;
    let on_lines: i64 = lines.iter().map(|line| line.discount_minor).sum();
    let all: i64 = applied.iter().map(|discount| discount.amount_minor).sum();
    debug_assert_eq!(
        on_lines + totals.discount_minor,
        all,
        "no discount gets lost"
    );
    if totals.total_minor > super::rounding::LARGEST {
        return Err(Refusal::too_large());
    }
    Ok(totals)
}

fn by_rate(inputs: &TaxInputs, tax: &TaxCalculation) -> Vec<TaxTotal> {
    let mut totals: Vec<TaxTotal> = Vec::new();
    for rate in &inputs.rates {
        let parts = tax
            .parts
            .iter()
            .filter(|part| part.rate_id == Some(rate.id));
        let (taxable, taxes): (Vec<i64>, Vec<i64>) = parts
            .map(|part| (part.taxable_minor, part.tax_minor))
            .unzip();
        if taxable.is_empty() {
            continue;
        }
        let country = rate.country.as_ref().or(inputs.country.as_ref());
        let jurisdiction = country.map(|country| match &rate.region {
            Some(region) => format!("{country}-{region}"),
            None => country.clone(),
        });
        totals.push(TaxTotal {
            rate_id: rate.id,
            name: rate.name.clone(),
            treatment: rate.treatment.clone(),
            jurisdiction,
            rate: rate.rate,
            taxable_minor: taxable.iter().sum(),
            tax_minor: taxes.iter().sum(),
        });
    }
    totals
}

/// Until when the price is kept: not beyond the end of a discount or book that it comes of.
fn expiry(frame: Frame<'_>, discounts: &[&Discount], notes: &Notes) -> DateTime<Utc> {
    let kept = frame.at + TimeDelta::minutes(KEPT_MINUTES);
    let used = notes.used().price_rules;
    let books = frame.tariff.books.iter().filter(|book| {
        book.rules
            .iter()
            .any(|rule| used.binary_search(&rule.id).is_ok())
    });
    let ends = books.filter_map(|book| book.ends_at);
    let ends = ends.chain(discounts.iter().filter_map(|discount| discount.ends_at));
    ends.filter(|end| *end > frame.at)
        .min()
        .map_or(kept, |end| kept.min(end))
}

//! Features that are added to items: once, for each unit and day, or as a part of the base price.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::currency::converted;
use super::line::{Listed, Taxed, span};
use super::priced::PricedFeature;
use super::reckoning::{Frame, Notes, Subject};
use super::refusal::{Refusal, RefusalCode, Ruled};
use super::request::FeatureItem;
use super::rounding::{minor, round, times};
use super::tariff::FeaturePrice;
use crate::availability::rules::day_start;
use foundation::money::exponent;

/// What a feature of an item costs. Where its price changes during the stay, there is one for each
/// stretch of days.
pub fn priced(
    subject: Subject<'_>,
    listed: &Listed,
    feature: &FeatureItem,
    taxed: Taxed,
    notes: &mut Notes,
) -> Ruled<Vec<PricedFeature>> {
    let frame = subject.frame;
    let reference = &subject.item.reference;
    if feature.units < 1 {
        let message = "A feature is added to at least one unit.";
        return Err(Refusal::new(RefusalCode::InvalidItem, message).of(reference));
    }
    let today = frame.today();
    let (from, until) = span(subject).unwrap_or((today, today.succ_opt().unwrap_or(today)));
    let first = price_on(frame, feature, from).ok_or_else(|| missing(subject, from))?;
    if first.calculation != "unit_per_day" {
        return Ok(vec![whole(subject, listed, first, taxed, notes)?]);
    }
    let mut stretches: Vec<(&FeaturePrice, i32)> = Vec::new();
    for on in from.iter_days().take_while(|on| *on < until) {
        let price = price_on(frame, feature, on)
            .filter(|price| price.calculation == "unit_per_day")
            .ok_or_else(|| missing(subject, on))?;
        match stretches.last_mut() {
            Some((last, days)) if last.id == price.id => *days += 1,
            _ => stretches.push((price, 1)),
        }
    }
    let stretch = |(nth, (price, days)): (usize, (&FeaturePrice, i32))| {
        let count = Decimal::from(feature.units) * Decimal::from(days);
        let (amount, is_inclusive) = amount(frame, price, count, taxed, notes)?;
        Ok(PricedFeature {
            reference: format!("{reference}/{}/{nth}", price.feature_id.simple()),
            units: feature.units,
            days,
            amount_minor: amount,
            is_inclusive,
            ..of(price, reference)
        })
    };
    stretches.into_iter().enumerate().map(stretch).collect()
}

/// A feature that costs the same however long it is used.
fn whole(
    subject: Subject<'_>,
    listed: &Listed,
    price: &FeaturePrice,
    taxed: Taxed,
    notes: &mut Notes,
) -> Ruled<PricedFeature> {
    let reference = &subject.item.reference;
    let (amount_minor, is_inclusive) = if price.calculation == "percent_of_base" {
        // A part of a price includes tax as that price does.
        let part = price.value / Decimal::ONE_HUNDRED;
        let exact = times(Decimal::from(listed.line.list_minor), part)?;
        notes.use_feature_price(price.id);
        let prices = (Decimal::ZERO, exact);
        notes.applied(Some(reference), "feature", &price.name, prices);
        (round(exact)?, listed.line.is_inclusive)
    } else {
        amount(subject.frame, price, Decimal::ONE, taxed, notes)?
    };
    Ok(PricedFeature {
        reference: format!("{reference}/{}/0", price.feature_id.simple()),
        amount_minor,
        is_inclusive,
        ..of(price, reference)
    })
}

fn of(price: &FeaturePrice, item: &str) -> PricedFeature {
    PricedFeature {
        reference: String::new(),
        item: item.to_owned(),
        feature_id: price.feature_id,
        feature_price_id: price.id,
        name: price.name.clone(),
        calculation: price.calculation.clone(),
        value: price.value,
        units: 1,
        days: 1,
        amount_minor: 0,
        order_discount_minor: 0,
        tax_rate: None,
        tax_minor: 0,
        included_tax_minor: 0,
        is_inclusive: false,
    }
}

/// So many times a price, and whether that includes tax.
fn amount(
    frame: Frame<'_>,
    price: &FeaturePrice,
    count: Decimal,
    mut taxed: Taxed,
    notes: &mut Notes,
) -> Ruled<(i64, bool)> {
    let currency = price.currency.as_deref().unwrap_or(frame.currency);
    let one = minor(price.value, exponent(currency))?;
    let all = converted(frame, times(one, count)?, currency, notes)?;
    if !taxed.is_exempt {
        taxed.is_inclusive = None;
    }
    let exact = taxed.suited(all, frame.tariff.tax.is_inclusive)?;
    notes.use_feature_price(price.id);
    notes.applied(None, "feature", &price.name, (Decimal::ZERO, exact));
    Ok((round(exact)?, taxed.is_inclusive.unwrap_or_default()))
}

/// The price of a feature on a day: a special offer before the usual price, the location's own before
/// the general one.
fn price_on<'a>(
    frame: Frame<'a>,
    feature: &FeatureItem,
    on: NaiveDate,
) -> Option<&'a FeaturePrice> {
    let instant = day_start(frame.tariff.zone, on);
    frame
        .tariff
        .feature_prices
        .iter()
        .filter(|price| {
            price.feature_id == feature.feature_id
                && price.starts_at.is_none_or(|start| start <= instant)
                && price.ends_at.is_none_or(|end| end > instant)
        })
        .min_by_key(|price| (!price.is_promotional, !price.is_local, price.id))
}

fn missing(subject: Subject<'_>, on: NaiveDate) -> Refusal {
    let message = format!("No price is entered on {on} for a feature that is asked for.");
    Refusal::new(RefusalCode::NoPrice, message)
        .of(&subject.item.reference)
        .on(on)
}

//! Base rates of storage: what a unit costs a day where no book prices the offer itself.

use chrono::NaiveDate;

use super::currency;
use super::reckoning::Subject;
use super::refusal::{Refusal, RefusalCode, Ruled};
use super::rounding::minor;
use super::used_rate::{Rate, Source};
use foundation::money::exponent;

/// The base rate of a day: the location's own before the general one, in the currency that is asked
/// for before others.
pub fn rate(subject: Subject<'_>, on: NaiveDate) -> Ruled<Option<Rate>> {
    if subject.good.offer_kind.as_deref() != Some("storage") {
        return Ok(None);
    }
    let frame = subject.frame;
    let holding = frame.tariff.storage_rates.iter().filter(|rate| {
        rate.starts_on.is_none_or(|day| day <= on) && rate.ends_on.is_none_or(|day| day > on)
    });
    let best = holding.min_by_key(|rate| {
        let is_known = currency::is_known(frame.tariff, &rate.currency, frame.currency);
        (
            !is_known,
            !rate.is_local,
            rate.currency != frame.currency,
            rate.id,
        )
    });
    let Some(best) = best else { return Ok(None) };
    if !currency::is_known(frame.tariff, &best.currency, frame.currency) {
        let message = format!(
            "Storage is priced in {}, and no exchange rate to {} was loaded.",
            best.currency, frame.currency
        );
        return Err(Refusal::new(RefusalCode::CurrencyMismatch, message)
            .of(&subject.item.reference)
            .on(on));
    }
    Ok(Some(Rate {
        minor: minor(best.rate, exponent(&best.currency))?,
        currency: best.currency.clone(),
        is_inclusive: frame.tariff.tax.is_inclusive,
        name: best.name.clone(),
        source: Source::Storage(best.id),
    }))
}

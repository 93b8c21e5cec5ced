//! Prices of one currency in another: by exchange rates that were loaded, and by nothing else.

use rust_decimal::Decimal;

use super::reckoning::{Frame, Notes};
use super::refusal::{Refusal, RefusalCode, Ruled};
use super::rounding::times;
use super::tariff::Tariff;
use foundation::money::exponent;

/// Whether a price of one currency can be told in another.
pub fn is_known(tariff: &Tariff, from: &str, to: &str) -> bool {
    let pair = |one: &str, other: &str| {
        tariff
            .exchange
            .contains_key(&(one.to_owned(), other.to_owned()))
    };
    from == to || pair(from, to) || pair(to, from)
}

/// An exact amount in minor units of another currency, in exact minor units of the frame's. It is not
/// rounded here: that happens once, at the line (E-34).
pub fn converted(
    frame: Frame<'_>,
    minor: Decimal,
    from: &str,
    notes: &mut Notes,
) -> Ruled<Decimal> {
    let to = frame.currency;
    if from == to {
        return Ok(minor);
    }
    let pair = |one: &str, other: &str| {
        frame
            .tariff
            .exchange
            .get(&(one.to_owned(), other.to_owned()))
    };
    let major = minor / Decimal::from(10_u64.pow(exponent(from)));
    let (exchange, worth) = match (pair(from, to), pair(to, from)) {
        (Some(exchange), _) => (exchange, times(major, exchange.rate)?),
        (None, Some(exchange)) => (exchange, major / exchange.rate),
        (None, None) => {
            let message =
                format!("The price is in {from}, and no exchange rate to {to} was loaded.");
            return Err(Refusal::new(RefusalCode::CurrencyMismatch, message));
        }
    };
    notes.use_exchange(exchange.id);
    let after = times(worth, Decimal::from(10_u64.pow(frame.exponent)))?;
    Ok(after)
}

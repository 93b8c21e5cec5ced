//! Money: whole minor units of a currency, and nothing in between.

use iso_currency::Currency;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// How many decimal digits a currency has (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD.
pub fn exponent(code: &str) -> u32 {
    Currency::from_code(code)
        .and_then(Currency::exponent)
        .map_or(2, u32::from)
}

/// Why an amount is no amount of its currency.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// No such currency.
    #[error("{0} is no currency of ISO 4217.")]
    UnknownCurrency(String),
    /// More digits than the currency has.
    #[error("{amount} is finer than {currency} can be paid: it has {exponent} decimal digits.")]
    TooPrecise {
        /// The amount given.
        amount: Decimal,
        /// The currency given.
        currency: String,
        /// The digits that the currency has.
        exponent: u32,
    },
    /// Beyond what 64 bits hold.
    #[error("{0} is too large an amount.")]
    TooLarge(Decimal),
}

/// The minor units of an amount; never rounds.
pub fn minor_units(amount: Decimal, code: &str) -> Result<i64, MoneyError> {
    let currency =
        Currency::from_code(code).ok_or_else(|| MoneyError::UnknownCurrency(code.to_owned()))?;
    let exponent = currency.exponent().map_or(2, u32::from);
    if amount.normalize().scale() > exponent {
        return Err(MoneyError::TooPrecise {
            amount,
            currency: code.to_owned(),
            exponent,
        });
    }
    let scale = Decimal::from(10_u64.pow(exponent));
    amount
        .checked_mul(scale)
        .and_then(|minor| minor.to_i64())
        .ok_or(MoneyError::TooLarge(amount))
}

/// An amount in major units, such as 89.50.
pub fn major(minor: i64, exponent: u32) -> Decimal {
    Decimal::new(minor, exponent)
}

/// The average price of one of so many units, in major units with six decimal digits.
pub fn unit_price(total_minor: i64, quantity: i64, exponent: u32) -> Decimal {
    let price = major(total_minor, exponent).checked_div(Decimal::from(quantity));
    price
        .unwrap_or_default()
        .round_dp_with_strategy(6, RoundingStrategy::MidpointNearestEven)
}

/// Splits a whole by weights so that the parts sum to it exactly: largest remainder, earlier parts
/// first among equal remainders (domain.md 0.3). Without any weight the first part takes all.
pub fn split(whole: i64, weights: &[u64]) -> Vec<i64> {
    let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    let mut parts = vec![0_i64; weights.len()];
    if parts.is_empty() {
        return parts;
    }
    if total == 0 {
        parts[0] = whole;
        return parts;
    }
    let size = u128::from(whole.unsigned_abs());
    let mut remainders: Vec<(u128, usize)> = Vec::with_capacity(weights.len());
    let mut given: u128 = 0;
    for (index, weight) in weights.iter().enumerate() {
        let share = size * u128::from(*weight);
        let part = share / total;
        given += part;
        parts[index] = i64::try_from(part).unwrap_or(i64::MAX);
        remainders.push((share % total, index));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let left = usize::try_from(size - given).unwrap_or(0);
    for (_, index) in remainders.into_iter().take(left) {
        parts[index] += 1;
    }
    if whole < 0 {
        for part in &mut parts {
            *part = -*part;
        }
    }
    parts
}

/// An amount times a fraction, rounded half to even once (domain.md 0.3, rule 4).
pub fn fraction_of(minor: i64, fraction: Decimal) -> i64 {
    (Decimal::from(minor) * fraction)
        .round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointNearestEven)
        .to_i64()
        .unwrap_or(minor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_average_price_has_six_digits() {
        assert_eq!(unit_price(10_000, 3, 2).to_string(), "33.333333");
        assert_eq!(unit_price(17_900, 2, 2).to_string(), "89.50");
        assert_eq!(unit_price(1, 0, 2), Decimal::ZERO);
    }

    #[test]
    fn amounts_finer_than_the_currency_are_refused() {
        assert_eq!(minor_units("12.50".parse().unwrap(), "EUR"), Ok(1250));
        assert_eq!(minor_units("12".parse().unwrap(), "JPY"), Ok(12));
        assert_eq!(minor_units("1.234".parse().unwrap(), "KWD"), Ok(1234));
        assert!(matches!(
            minor_units("12.5".parse().unwrap(), "JPY"),
            Err(MoneyError::TooPrecise { .. })
        ));
        assert!(matches!(
            minor_units("1".parse().unwrap(), "ZZZ"),
            Err(MoneyError::UnknownCurrency(_))
        ));
        assert!(matches!(
            minor_units(Decimal::MAX, "EUR"),
            Err(MoneyError::TooLarge(_))
        ));
    }

    #[test]
    fn five_hundred_yen_in_three_is_167_167_166() {
        assert_eq!(split(500, &[1, 1, 1]), [167, 167, 166]);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(whole in -1_000_000_000_000_i64..1_000_000_000_000, weights in prop::collection::vec(0_u64..1_000_000, 1..40)) {
            prop_assert_eq!(split(whole, &weights).iter().sum::<i64>(), whole);
        }
    }
}

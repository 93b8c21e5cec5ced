//! Exact amounts becoming whole minor units: each once, half to even, and parts by largest
//! remainder, so that they sum up to the whole (domain.md 0.3).

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::refusal::{Refusal, Ruled};

/// The largest amount that is reckoned with, in minor units: sums of many stay within 64 bits, and
/// products with rates within the digits of a decimal.
pub const LARGEST: i64 = 1_000_000_000_000_000;

/// An exact number of minor units as a whole one: half to even.
pub fn round(exact: Decimal) -> Ruled<i64> {
    let whole = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
    match whole.to_i64() {
        Some(minor) if minor.abs() <= LARGEST => Ok(minor),
        _ => Err(Refusal::too_large()),
    }
}

/// An exact product, unless it is too large.
pub fn times(one: Decimal, other: Decimal) -> Ruled<Decimal> {
    one.checked_mul(other).ok_or_else(Refusal::too_large)
}

/// An exact sum, unless it is too large.
pub fn sum(parts: impl IntoIterator<Item = Decimal>) -> Ruled<Decimal> {
    parts.into_iter().try_fold(Decimal::ZERO, |sum, part| {
        sum.checked_add(part).ok_or_else(Refusal::too_large)
    })
}

/// The minor units of an exact amount in major units of a currency with so many digits.
pub fn minor(major: Decimal, exponent: u32) -> Ruled<Decimal> {
    times(major, Decimal::from(10_u64.pow(exponent)))
}

/// The major units of an exact amount in minor units.
pub fn major(minor: Decimal, exponent: u32) -> Decimal {
    minor / Decimal::from(10_u64.pow(exponent))
}

/// Whole parts for exact ones, which sum up to `whole`: each is rounded down, and what is left over
/// goes one by one to the largest remainders, earlier parts first. `whole` is to be the exact sum,
/// rounded. Returns mirror sales: parts that are all below zero are split as their opposites.
pub fn apportion(whole: i64, exact: &[Decimal]) -> Ruled<Vec<i64>> {
    if whole < 0 && exact.iter().all(|part| *part <= Decimal::ZERO) {
        let opposites: Vec<Decimal> = exact.iter().map(|part| -part).collect();
        let parts = apportion(-whole, &opposites)?;
        return Ok(parts.into_iter().map(|part| -part).collect());
    }
    let mut parts = Vec::with_capacity(exact.len());
    let mut remainders = Vec::with_capacity(exact.len());
    for (index, part) in exact.iter().enumerate() {
        let floor = part.floor();
        parts.push(floor.to_i64().ok_or_else(Refusal::too_large)?);
        remainders.push((part - floor, index));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut left = whole - parts.iter().sum::<i64>();
    // Exact parts whose own digits ran out can sum up to a unit more or less than the whole.
    while left != 0 && !remainders.is_empty() {
        let step = left.signum();
        for (_, index) in &remainders {
            if left == 0 {
                break;
            }
            parts[*index] += step;
            left -= step;
        }
    }
    Ok(parts)
}

/// Whole parts of a whole, in the proportion of amounts; to the first where all are zero.
pub fn share(whole: i64, amounts: &[i64]) -> Vec<i64> {
    let weights: Vec<u64> = amounts
        .iter()
        .map(|amount| u64::try_from(*amount).unwrap_or(0))
        .collect();
    foundation::money::split(whole, &weights)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        for (exact, whole) in [
            ("0.5", 0),
            ("1.5", 2),
            ("2.5", 2),
            ("-0.5", 0),
            ("-1.5", -2),
        ] {
            assert_eq!(round(decimal(exact)), Ok(whole));
        }
        assert!(round(decimal("1e16")).is_err());
    }

    #[test]
    fn e28_e29_two_halves_are_one_whole_and_not_two() {
        let halves = [decimal("0.5"), decimal("0.5")];
        assert_eq!(apportion(1, &halves), Ok(vec![1, 0]));
        let thirds = [decimal("166.666"), decimal("166.667"), decimal("166.667")];
        assert_eq!(apportion(500, &thirds), Ok(vec![166, 167, 167]));
    }

    proptest! {
        #[test]
        fn inv12_parts_sum_up_and_are_a_unit_off_at_most(
            parts in prop::collection::vec((-9_000_000_000_i64..9_000_000_000, 0_u32..7), 1..40),
        ) {
            let exact: Vec<Decimal> = parts.iter().map(|(n, scale)| Decimal::new(*n, *scale)).collect();
            let whole = round(sum(exact.iter().copied()).unwrap()).unwrap();
            let whole_parts = apportion(whole, &exact).unwrap();
            prop_assert_eq!(whole_parts.iter().sum::<i64>(), whole);
            for (part, exact) in whole_parts.iter().zip(&exact) {
                prop_assert!((Decimal::from(*part) - exact).abs() <= Decimal::ONE);
            }
        }

        #[test]
        fn returns_mirror_sales(parts in prop::collection::vec((0_i64..9_000_000_000, 0_u32..7), 1..40)) {
            let exact: Vec<Decimal> = parts.iter().map(|(n, scale)| Decimal::new(*n, *scale)).collect();
            let back: Vec<Decimal> = exact.iter().map(|part| -part).collect();
            let whole = round(sum(exact.iter().copied()).unwrap()).unwrap();
            let sold = apportion(whole, &exact).unwrap();
            let returned = apportion(-whole, &back).unwrap();
            prop_assert!(sold.iter().zip(&returned).all(|(a, b)| *a == -*b));
        }
    }
}

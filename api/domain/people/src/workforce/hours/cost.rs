//! What overtime costs.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use super::rules::Overtime;

/// What overtime costs, kept exactly until it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Minutes times pay for an hour times what an hour is worth, in each currency.
    worth: BTreeMap<String, Decimal>,
    /// Minutes of people whose pay is not known.
    pub unpriced: i64,
}

impl Cost {
    /// Adds overtime of somebody with this pay for an hour, if it is known.
    pub fn add(&mut self, one: &Overtime, pay: Option<&(Decimal, String)>) {
        let priced = pay.and_then(|(rate, currency)| {
            let worth = Decimal::from(one.minutes)
                .checked_mul(*rate)?
                .checked_mul(one.multiplier)?;
            let sum = self.worth.get(currency).copied().unwrap_or_default();
            Some((currency.clone(), sum.checked_add(worth)?))
        });
        match priced {
            Some((currency, sum)) => drop(self.worth.insert(currency, sum)),
            None => self.unpriced += one.minutes,
        }
    }

    /// What it comes to in minor units, by currency: rounded once, half to even.
    pub fn minor(&self, exponent: impl Fn(&str) -> u32) -> Vec<(String, i64)> {
        let minor = |(currency, worth): (&String, &Decimal)| {
            let scale = Decimal::from(10_i64.checked_pow(exponent(currency))?);
            let whole = worth.checked_mul(scale)? / Decimal::from(60);
            let rounded = whole.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
            Some((currency.clone(), i64::try_from(rounded).ok()?))
        };
        self.worth.iter().filter_map(minor).collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn cost_of(minutes: &[i64], pay: Option<(Decimal, &str)>) -> Cost {
        let mut cost = Cost::default();
        let pay = pay.map(|(rate, currency)| (rate, currency.to_owned()));
        for minutes in minutes {
            let one = Overtime {
                day: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
                policy_id: Uuid::nil(),
                multiplier: Decimal::new(15, 1),
                minutes: *minutes,
            };
            cost.add(&one, pay.as_ref());
        }
        cost
    }

    #[test]
    fn cost_is_rounded_once_half_to_even() {
        let rate = Decimal::new(1250, 2);
        let minor = |minutes: &[i64], exponent: u32| {
            let found = cost_of(minutes, Some((rate, "EUR"))).minor(|_| exponent);
            found.first().map(|found| found.1)
        };
        assert_eq!(minor(&[90], 2), Some(2812), "28.125 is 28.12");
        assert_eq!(minor(&[90, 90], 2), Some(5625), "twice that is 56.25");
        assert_eq!(minor(&[8], 0), Some(2), "2.5 is 2");
        assert_eq!(minor(&[60], 3), Some(18_750));
        let unknown = cost_of(&[90, 30], None);
        assert_eq!((unknown.unpriced, unknown.minor(|_| 2)), (120, vec![]));
    }

    proptest! {
        /// Rounded once, whatever it is the sum of: as whole sixtieths say.
        #[test]
        fn cost_is_within_half_a_minor_unit_of_what_minutes_are_worth(
            minutes in proptest::collection::vec(1_i64..900, 1..20),
            rate in 1_i64..100_000,
        ) {
            let found = cost_of(&minutes, Some((Decimal::new(rate, 2), "EUR"))).minor(|_| 2);
            // At one and a half: minutes times cents times 3, of 120 parts.
            let parts = minutes.iter().sum::<i64>() * rate * 3;
            let off = found[0].1 * 120 - parts;
            prop_assert!(off.abs() <= 60);
            prop_assert!(off.abs() < 60 || found[0].1 % 2 == 0);
        }
    }
}

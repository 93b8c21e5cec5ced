//! What must be paid in advance for a booking, by the offer that is sold. Pure.

use rust_decimal::Decimal;

use foundation::money::fraction_of;

/// How a deposit is reckoned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deposit {
    /// None is asked.
    #[default]
    None,
    /// A fixed amount, in minor units.
    Amount(i64),
    /// A part of the total, in hundredths of a percent.
    Part(i32),
    /// The price of the first night, hour or other unit.
    FirstUnit,
}

impl Deposit {
    /// What is due in advance of a booking that costs so much: never more than it costs.
    pub fn due(self, total_minor: i64, first_unit_minor: i64) -> i64 {
        let due = match self {
            Self::None => 0,
            Self::Amount(minor) => minor,
            Self::Part(bps) => fraction_of(total_minor, Decimal::new(bps.into(), 4)),
            Self::FirstUnit => first_unit_minor,
        };
        due.clamp(0, total_minor.max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deposit_is_never_more_than_the_price() {
        assert_eq!(Deposit::None.due(10_000, 5_000), 0);
        assert_eq!(Deposit::Amount(20_000).due(10_000, 5_000), 10_000);
        assert_eq!(Deposit::Part(3_333).due(10_001, 5_000), 3_333);
        assert_eq!(Deposit::FirstUnit.due(10_000, 5_000), 5_000);
    }
}

//! What holds of entries, without a database: sides, and what must be equal.

use std::collections::BTreeMap;

use serde::Serialize;

/// A side of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The left side.
    Debit,
    /// The right side.
    Credit,
}

impl Side {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Debit => Self::Credit,
            Self::Credit => Self::Debit,
        }
    }

    /// As the database has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debit => "debit",
            Self::Credit => "credit",
        }
    }

    /// The side as the database writes it.
    pub fn of(text: &str) -> Self {
        if text == "debit" {
            Self::Debit
        } else {
            Self::Credit
        }
    }
}

/// By how much debits exceed credits in each currency; nothing where all are equal.
pub fn imbalance<'a>(
    lines: impl IntoIterator<Item = (Side, i64, &'a str)>,
) -> BTreeMap<&'a str, i128> {
    let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
    for (side, minor, currency) in lines {
        let sum = sums.entry(currency).or_default();
        match side {
            Side::Debit => *sum += i128::from(minor),
            Side::Credit => *sum -= i128::from(minor),
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn currencies_are_never_set_against_each_other() {
        let lines = [(Side::Debit, 100, "EUR"), (Side::Credit, 100, "USD")];
        assert_eq!(
            imbalance(lines),
            BTreeMap::from([("EUR", 100), ("USD", -100)])
        );
    }

    proptest! {
        #[test]
        fn what_is_posted_and_reversed_is_balanced(
            lines in prop::collection::vec((any::<bool>(), 1_i64..i64::MAX, 0_usize..3), 0..40),
        ) {
            let currencies = ["EUR", "JPY", "KWD"];
            let side = |debit| if debit { Side::Debit } else { Side::Credit };
            let there = lines.iter().map(|(d, minor, c)| (side(*d), *minor, currencies[*c]));
            let back = there.clone().map(|(s, minor, c)| (s.other(), minor, c));
            prop_assert!(imbalance(there.chain(back)).is_empty());
        }
    }
}

//! Where in the feed something stands.

use std::fmt;
use std::str::FromStr;

use crate::graph::failure::Failure;

/// A place in the feed: a transaction, and a place within it. Everything up to it has been seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The transaction.
    pub transaction: u64,
    /// The place within it; 0 is before its first event.
    pub seq: i64,
}

impl Position {
    /// The place before the first event of a transaction.
    pub const fn before(transaction: u64) -> Self {
        Self {
            transaction,
            seq: 0,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}", self.transaction, self.seq)
    }
}

impl FromStr for Position {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let parts = text.split_once('-');
        let read = parts.and_then(|(transaction, seq)| {
            let seq = seq.parse().ok().filter(|seq| *seq >= 0)?;
            let transaction = transaction.parse().ok()?;
            Some(Self { transaction, seq })
        });
        read.ok_or_else(|| {
            Failure::input(format!(
                "This is no position in the feed: {text:?}. Take an eventCursor, or the cursor of a board."
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_position_is_refused() {
        for text in ["", "-", "1", "1-", "-1", "a-1", "1-a", "1--1", "1-2-3"] {
            assert!(text.parse::<Position>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_position_reads_back_as_itself(transaction in any::<u64>(), seq in 0..i64::MAX) {
            let position = Position { transaction, seq };
            prop_assert_eq!(position.to_string().parse::<Position>().unwrap(), position);
        }
    }
}

//! Which stretch of a list is read.

use async_graphql::Value;

use super::failure::Failure;
use super::input::{self, Object};

/// How many rows a list has where `first` is not given.
const DEFAULT_PAGE: i64 = 50;
/// How many rows a list may have.
const MAX_PAGE: i64 = 200;
/// How many rows a list at the top may have where only columns are selected.
const MAX_FLAT_PAGE: i64 = 1000;
/// How many rows `offset` may leave out.
const MAX_OFFSET: i64 = 1_000_000;

/// A stretch of a list.
#[derive(Debug)]
pub struct Page {
    /// How many rows at most.
    pub limit: i64,
    /// Counted from the end.
    pub backward: bool,
    /// Leave out so many.
    pub offset: i64,
    /// Whether rows before this page are known to exist.
    pub is_after: bool,
    /// Whether rows after this page are known to exist.
    pub is_before: bool,
}

fn count(arguments: &Object, name: &str, most: i64) -> Result<Option<i64>, Failure> {
    match arguments.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let number = input::integer(value, name)?;
            if !(0..=most).contains(&number) {
                return Err(Failure::input(format!(
                    "{name} must be from 0 to {most}; it is {number}."
                )));
            }
            Ok(Some(number))
        }
    }
}

impl Page {
    /// The stretch that arguments ask for; `flat` lists may be longer.
    pub fn of(arguments: &Object, flat: bool) -> Result<Self, Failure> {
        let most = if flat { MAX_FLAT_PAGE } else { MAX_PAGE };
        let (first, last) = (
            count(arguments, "first", most)?,
            count(arguments, "last", most)?,
        );
        if first.is_some() && last.is_some() {
            return Err(Failure::input("Give first or last, not both."));
        }
        let offset = count(arguments, "offset", MAX_OFFSET)?.unwrap_or(0);
        let given = |name: &str| matches!(arguments.get(name), Some(Value::String(_)));
        Ok(Self {
            limit: first.or(last).unwrap_or(DEFAULT_PAGE.min(most)),
            backward: last.is_some(),
            offset,
            is_after: given("after") || offset > 0,
            is_before: given("before"),
        })
    }
}

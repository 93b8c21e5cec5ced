//! The rules of leave, over values alone: no database, no clock. Everything is minutes and local days.
//!
//! | module | what it knows |
//! | --- | --- |
//! | `schedule` | what a day, or a part of one, costs by somebody's schedule and holidays |
//! | `years` | when periods and their months begin, for anchors on any day of the year |
//! | `accrual` | what comes in and when, in parts for who comes or leaves |
//! | `account` | what is left, what may still be asked for, and how a period ends |
//! | `request` | a request's days, and what keeps it from being sent |

pub mod account;
pub mod accrual;
#[cfg(test)]
mod properties;
pub mod request;
pub mod schedule;
pub mod years;

/// A part of an amount, as `numerator / denominator` of it: half to even, so that nothing is lost one
/// way on the average. None of nothing.
pub fn part(amount: i32, numerator: i64, denominator: i64) -> i32 {
    if denominator <= 0 {
        return 0;
    }
    let product = i64::from(amount) * numerator;
    let (whole, rest) = (
        product.div_euclid(denominator),
        product.rem_euclid(denominator),
    );
    let up = 2 * rest > denominator || (2 * rest == denominator && whole % 2 != 0);
    i32::try_from(whole + i64::from(up)).unwrap_or(i32::MAX)
}

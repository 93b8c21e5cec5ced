//! That what was asked for is taken: said of what and when.

use super::input::BookingCreateProblem as Problem;
use foundation::database::Error;
use foundation::graph::verb::Fault;
use scheduling::availability::hold::store::NOT_ENOUGH;
use scheduling::availability::store::{CLOSED, HOLD_EXPIRED, SOLD_OUT, TAKEN};

/// Says of what, and when, there is nothing left.
pub(super) fn refused(error: Error, what: &str, field: &str) -> Fault<Problem> {
    let Error::Violation(violation) = &error else {
        return error.into();
    };
    let dates = violation
        .detail
        .as_deref()
        .unwrap_or_default()
        .replace(',', ", ");
    match violation.constraint.as_str() {
        SOLD_OUT | NOT_ENOUGH => Fault::at(Problem::SoldOut, field, nothing_left(what, &dates)),
        CLOSED => Fault::at(
            Problem::Closed,
            field,
            format!("{what} cannot be booked on {dates}."),
        ),
        TAKEN => Fault::at(
            Problem::SlotTaken,
            field,
            format!("{what} is taken at that time."),
        ),
        HOLD_EXPIRED => Fault::at(
            Problem::HoldExpired,
            "holdId",
            "The hold ended a moment ago; what it kept may be taken by others.",
        ),
        _ => error.into(),
    }
}

fn nothing_left(what: &str, dates: &str) -> String {
    if dates.is_empty() {
        return format!("{what} has not so many places left.");
    }
    format!("Nothing is left of {what} on {dates}.")
}

//! Bookings: orders from their first hold to the last service. What they take of pools and
//! resources stands in `availability`; what a stay is night by night, in the tables of hospitality,
//! which are written here with their order.

pub mod cancel;
pub mod check_in;
pub mod check_out;
mod choices;
pub mod confirm;
pub mod create;
pub mod finish;
pub mod mark_no_show;
mod new_order;
pub mod past;
pub mod policy;
pub mod record;
pub mod rows;
pub mod rules;
pub mod store;

use self::rules::Move;
use self::store::Locked;
use crate::graph::verb::{Declaration, Fault, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<create::BookingCreate>(),
        declare::<confirm::BookingConfirm>(),
        declare::<cancel::BookingCancel>(),
        declare::<check_in::BookingCheckIn>(),
        declare::<check_out::BookingCheckOut>(),
        declare::<mark_no_show::BookingMarkNoShow>(),
    ]
}

/// Refuses a move that the order's status does not allow, under the verb's own code.
fn allow<P>(step: Move, order: &Locked, code: P) -> Result<(), Fault<P>> {
    if step.is_allowed(&order.status) {
        return Ok(());
    }
    Err(Fault::at(code, "id", step.refusal(&order.status)))
}

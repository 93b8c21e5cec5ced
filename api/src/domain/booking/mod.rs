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
pub mod locked;
pub mod mark_no_show;
mod new_order;
pub mod past;
pub mod policy;
pub mod record;
pub mod rows;
pub mod rules;
pub mod store;

use crate::graph::verb::{Declaration, declare};

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

//! Bookings that several pay for: shares that sum up to the total exactly, passed on, waived, and
//! dropped with those who drop out. Paying them is a matter of entitlements and payments.

pub mod dropped;
pub mod order;
pub mod participant_cancel;
pub mod participant_check_in;
pub mod transfer;
pub mod waive;

use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<order::BookingSplit>(),
        declare::<transfer::ObligationTransfer>(),
        declare::<waive::ObligationWaive>(),
        declare::<participant_cancel::BookingParticipantCancel>(),
        declare::<participant_check_in::BookingParticipantCheckIn>(),
    ]
}

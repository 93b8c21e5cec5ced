//! Who waits for a place. What comes free is offered to the first in line whom it suits, with a hold
//! behind the offer, so that an offer is never empty and no place is offered twice. It happens when
//! something is released ([`freed`]), and a job finds what came free otherwise.

pub mod accept;
pub mod decline;
pub mod for_offers;
pub mod freed;
pub mod jobs;
pub mod join;
pub mod leave;
mod line;
mod locked;
pub mod offer;
mod place;
mod store;

use foundation::graph::verb::{Declaration, declare};

/// The permission of all verbs on the waiting list.
pub const PERMISSION: &str = "availability.waitlist";

/// For how long a place is kept for an answer, in minutes, where nothing else is said.
pub const ANSWER_MINUTES: i32 = 60;

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<join::WaitlistJoin>(),
        declare::<offer::WaitlistOffer>(),
        declare::<accept::WaitlistAccept>(),
        declare::<decline::WaitlistDecline>(),
        declare::<leave::WaitlistLeave>(),
    ]
}

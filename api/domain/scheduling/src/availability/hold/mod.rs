//! Holds that are made before there is a booking: by a cart, a kiosk, a waiting list. What they keep
//! stands in allocations as what bookings take does, so that neither can be taken past the other. A
//! booking that is made from one takes it over ([`store::hand_over`]).

pub mod confirm;
pub mod create;
pub mod extend;
mod input;
mod judged;
mod locked;
mod offered;
pub mod release;
pub mod store;
mod wish;

use foundation::graph::verb::{Declaration, declare};

/// The permission of all verbs on holds.
pub const PERMISSION: &str = "availability.hold";

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<create::HoldCreate>(),
        declare::<extend::HoldExtend>(),
        declare::<confirm::HoldConfirm>(),
        declare::<release::HoldRelease>(),
    ]
}

//! How much there is to take: slots and their places, time that is blocked, what was let in on
//! purpose beyond it, and what outside calendars say. Counters and claims stay with the functions of
//! the database.

pub mod block_create;
pub mod block_release;
pub mod blocked;
pub mod busy_import;
pub mod capacity_change;
mod choices;
pub mod drift;
pub mod generate;
pub mod overrule;
pub mod rules;
mod selection;
pub mod status;
mod store;

use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, declare};

/// The permission to make and change slots.
pub const MANAGE_SLOTS: &str = "availability.manage_slots";
/// The permission to block time.
pub const BLOCK: &str = "availability.block";

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<generate::SlotsGenerate>(),
        declare::<capacity_change::SlotCapacityChange>(),
        declare::<status::SlotOpen>(),
        declare::<status::SlotClose>(),
        declare::<status::SlotStopSell>(),
        declare::<block_create::BlockCreate>(),
        declare::<block_release::BlockRelease>(),
        declare::<overrule::AllocationOverride>(),
        declare::<busy_import::ExternalBusyImport>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![question::<drift::CapacityReconcile>()]
}

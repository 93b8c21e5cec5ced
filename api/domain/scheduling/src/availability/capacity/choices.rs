//! The lists that inputs of these verbs choose from.

use entities::availability;

use foundation::choices;

choices! {
    /// Why time is blocked.
    BlockReason = availability::domains::BLOCK_REASON;
    /// Where a busy time was read.
    BusySource = availability::domains::BUSY_SOURCE;
    /// Whether an entry of an outside calendar takes its time.
    BusyTransparency = availability::domains::BUSY_TRANSPARENCY;
}

//! Money: owed, moved, kept and accounted for.

pub mod billing;
pub mod entitlements;
pub mod ledger;
pub mod notifications;
pub mod payments;

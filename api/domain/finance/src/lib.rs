//! Money: owed, moved, kept and accounted for; and the mail that tells of it.

pub mod billing;
pub mod entitlements;
pub mod ledger;
pub mod notifications;
pub mod payments;

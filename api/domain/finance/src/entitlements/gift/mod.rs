//! Gift cards and vouchers, from issue to expiry. Their codes are shown once and kept as keyed hashes;
//! what is on them is taken off under their lock, never below nothing.

pub mod activate;
pub mod balance;
pub mod block;
pub mod code;
pub mod deactivate;
pub mod expire;
pub mod extend;
pub mod issue;
pub mod liability;
pub mod locked;
pub mod pass_on;
pub mod redeem;
pub mod reload;
pub mod reverse;
pub mod uses;

use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<issue::GiftCardIssue>(),
        declare::<activate::GiftCardActivate>(),
        declare::<reload::GiftCardReload>(),
        declare::<redeem::GiftCardRedeem>(),
        declare::<reverse::GiftCardReverse>(),
        declare::<block::GiftCardBlock>(),
        declare::<block::GiftCardUnblock>(),
        declare::<extend::GiftCardExtend>(),
        declare::<deactivate::GiftCardDeactivate>(),
        declare::<pass_on::GiftCardPassOn>(),
    ]
}

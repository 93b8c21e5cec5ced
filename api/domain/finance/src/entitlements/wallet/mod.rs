//! Wallets: what customers have to their credit, in money, visits, minutes or points. A wallet holds
//! grants, each with its own time and terms; every change of one is an entry.
//!
//! Locks are taken in this order: wallets by id, their grants, the accounts of the books.

pub mod adjust;
pub mod burn;
pub mod expire;
pub mod grant;
pub mod grants;
pub mod hold;
pub mod hold_place;
pub mod locked;
pub mod open;
pub mod quantity;
pub mod refund;
pub mod reverse;
pub mod revoke;
pub mod rules;
pub mod statement;
pub mod status;
pub mod transfer;
pub mod transfer_approve;
pub mod transfer_end;
pub mod uses;

use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<open::WalletOpen>(),
        declare::<grant::WalletGrant>(),
        declare::<burn::WalletBurn>(),
        declare::<reverse::WalletReverse>(),
        declare::<adjust::WalletAdjust>(),
        declare::<revoke::GrantRevoke>(),
        declare::<transfer::WalletTransfer>(),
        declare::<transfer_approve::WalletTransferApprove>(),
        declare::<transfer_end::WalletTransferEnd>(),
        declare::<hold_place::ValueHoldPlace>(),
        declare::<hold_place::ValueHoldRelease>(),
        declare::<status::WalletFreeze>(),
        declare::<status::WalletUnfreeze>(),
        declare::<status::WalletClose>(),
    ]
}

//! The books: accounts, entries and their postings, amounts set aside, locked periods, and what is
//! compared with statements. Whoever moves money posts it here, by [`store::post`].

pub mod account_close;
pub mod account_open;
pub mod chart;
pub mod entry_post;
pub mod entry_reverse;
pub mod pending_open;
pub mod pending_post;
pub mod pending_void;
pub mod period_lock;
pub mod period_reopen;
pub mod reconcile;
pub mod rules;
pub mod store;
pub mod trial_balance;
pub mod verify;

use std::time::Duration;

use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, declare};
use foundation::worker::Job;

/// How often amounts set aside are looked for whose time is over.
const SWEEP: Duration = Duration::from_secs(30);

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<account_open::LedgerAccountOpen>(),
        declare::<account_close::LedgerAccountClose>(),
        declare::<entry_post::LedgerEntryPost>(),
        declare::<entry_reverse::LedgerEntryReverse>(),
        declare::<pending_open::PendingTransferOpen>(),
        declare::<pending_post::PendingTransferPost>(),
        declare::<pending_void::PendingTransferVoid>(),
        declare::<period_lock::PeriodLock>(),
        declare::<period_reopen::PeriodReopenRequest>(),
        declare::<period_reopen::PeriodReopen>(),
        declare::<reconcile::LedgerReconcile>(),
        declare::<reconcile::LedgerReconciliationExplain>(),
        declare::<reconcile::LedgerReconciliationClose>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![question::<trial_balance::TrialBalance>()]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    vec![Job::new(
        "expire_pending_transfers",
        SWEEP,
        |shared| async move { store::expire_pending(&shared.database).await },
    )]
}

//! Leave: policies and periods, balances as a sum of entries, requests by day, decisions.
//!
//! | file | what |
//! | --- | --- |
//! | `rules/` | what days cost, what comes in, what is left: over values alone |
//! | `person`, `book` | somebody, and their book of one type of leave, read whole and changed in memory |
//! | `plan` | what a request comes to: the one function of preview and verb |
//! | `ledger` | writing a book: entries, and balances as what they sum up to |
//! | `locked`, `approve`, `away` | a request, what approving does, and taking people out of what is booked |
//! | `clock`, `due`, `jobs` | what time does: periods, accruals, expiry; caught up, and once in effect |
//! | `leaving` | what leaving does to a book, and coming back |
//! | `recalculate` | days to come reckoned anew when holidays or schedules change |
//!
//! Lock order: the person, then the request, then what availability keeps of their resource. All that
//! changes somebody's leave locks the person first, so it takes turns.

mod accrue;
mod approve;
mod away;
mod balance;
mod balance_adjust;
mod balance_encash;
mod boards;
mod book;
mod cancel;
mod cancellation_decide;
mod chain;
mod choices;
mod clock;
mod decide;
mod due;
mod jobs;
mod leaving;
mod ledger;
mod locked;
mod mine;
mod period;
mod period_close;
mod period_open;
mod period_reopen;
mod person;
mod plan;
mod preview;
mod recalculate;
mod recalculate_verb;
mod recall;
mod reports;
pub mod rules;
pub mod store;
mod submit;
mod submit_rows;
pub mod verify;
mod wish;
mod withdraw;
mod work;

use foundation::graph::board::{BoardDeclaration, board};
use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, declare};
use foundation::worker::Job;

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<submit::LeaveRequestSubmit>(),
        declare::<decide::LeaveRequestDecide>(),
        declare::<withdraw::LeaveRequestWithdraw>(),
        declare::<cancel::LeaveRequestCancel>(),
        declare::<cancellation_decide::LeaveCancellationDecide>(),
        declare::<recall::LeaveRequestRecallDays>(),
        declare::<balance_adjust::LeaveBalanceAdjust>(),
        declare::<balance_encash::LeaveBalanceEncash>(),
        declare::<accrue::LeaveAccrue>(),
        declare::<period_open::LeavePeriodOpen>(),
        declare::<period_close::LeavePeriodClose>(),
        declare::<period_reopen::LeavePeriodReopen>(),
        declare::<recalculate_verb::LeaveRecalculate>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![
        question::<preview::LeavePreviewQuestion>(),
        question::<mine::MyLeaveQuestion>(),
        question::<mine::MyLeaveInbox>(),
        question::<reports::LeaveAbsence>(),
        question::<reports::LeaveLiability>(),
    ]
}

/// The boards.
pub fn boards() -> Vec<BoardDeclaration> {
    vec![
        board::<boards::WhoIsOut>(),
        board::<boards::ApprovalInbox>(),
    ]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    jobs::jobs()
}

//! Walk-in queues: tickets, who waits and is served, desks and displays.
//!
//! Locks are taken in this order: desk, queue, entry. Calling locks no queue, so clerks do not wait
//! for one another.

mod boards;
mod call_next;
mod check_in;
mod close;
pub mod codes;
mod desk_break;
mod desk_close;
mod desk_open;
mod desk_resume;
mod display_code;
mod display_feed;
mod display_pair;
mod entry_call;
mod entry_cancel;
mod entry_finish;
mod entry_leave;
mod entry_mark_no_show;
mod entry_move;
mod entry_park;
mod entry_put_back;
mod entry_recall;
mod entry_reopen;
mod entry_return;
mod entry_start;
mod entry_transfer;
mod entry_unpark;
mod jobs;
mod join;
mod join_online;
mod join_staff;
mod leave_online;
mod my_position;
mod open;
mod pause;
mod questions;
mod resume;
pub mod rules;
pub mod store;
pub mod verify;

pub use jobs::jobs;

use foundation::graph::board::{BoardDeclaration, board, screen};
use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<open::QueueOpen>(),
        declare::<pause::QueuePause>(),
        declare::<resume::QueueResume>(),
        declare::<close::QueueClose>(),
        declare::<join_staff::QueueJoin>(),
        declare::<check_in::QueueCheckIn>(),
        declare::<join_online::QueueJoinOnline>(),
        declare::<leave_online::QueueLeaveOnline>(),
        declare::<call_next::QueueCallNext>(),
        declare::<entry_call::QueueEntryCall>(),
        declare::<entry_recall::QueueEntryRecall>(),
        declare::<entry_start::QueueEntryStart>(),
        declare::<entry_finish::QueueEntryFinish>(),
        declare::<entry_reopen::QueueEntryReopen>(),
        declare::<entry_mark_no_show::QueueEntryMarkNoShow>(),
        declare::<entry_return::QueueEntryReturn>(),
        declare::<entry_put_back::QueueEntryPutBack>(),
        declare::<entry_transfer::QueueEntryTransfer>(),
        declare::<entry_park::QueueEntryPark>(),
        declare::<entry_unpark::QueueEntryUnpark>(),
        declare::<entry_leave::QueueEntryLeave>(),
        declare::<entry_cancel::QueueEntryCancel>(),
        declare::<entry_move::QueueEntryMove>(),
        declare::<desk_open::ServicePointOpen>(),
        declare::<desk_break::ServicePointBreak>(),
        declare::<desk_resume::ServicePointResume>(),
        declare::<desk_close::ServicePointClose>(),
        declare::<display_code::QueueDisplayCode>(),
        declare::<display_pair::QueueDisplayPair>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![
        question::<questions::QueueJoinCode>(),
        question::<questions::QueueReportQuestion>(),
        question::<my_position::QueueTicketPosition>(),
    ]
}

/// The boards.
pub fn boards() -> Vec<BoardDeclaration> {
    vec![
        board::<boards::QueueBoard>(),
        board::<boards::DeskStatus>(),
        screen::<my_position::MyPosition>(),
        screen::<display_feed::DisplayFeed>(),
    ]
}

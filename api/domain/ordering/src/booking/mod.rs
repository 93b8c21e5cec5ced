//! Bookings: orders from their first hold to the last service. What they take of pools and
//! resources stands in `availability`; what a stay is night by night, in the tables of hospitality,
//! which are written here with their order.

pub mod approve;
pub mod bill;
mod boards;
pub mod booking_policy;
pub mod cancel;
pub mod cancel_lines;
pub mod cancellation_preview;
pub mod check_in;
pub mod check_out;
mod choices;
pub mod confirm;
pub mod create;
pub mod days;
pub mod decline;
pub mod deposit;
mod early_departure;
pub mod exchange;
pub mod extras;
pub mod finish;
mod judged;
pub mod lines;
pub mod locked;
pub mod mark_no_show;
pub mod modify;
pub mod moves;
mod new_order;
pub mod past;
pub mod places;
pub mod policy;
mod priced_rows;
pub mod quote;
pub mod rebook;
pub mod record;
pub mod record_offer;
pub mod record_places;
pub mod reinstate;
mod reprice;
pub mod reschedule;
pub mod rows;
pub mod rules;
mod seats;
pub mod series;
pub mod split;
pub mod store;
pub mod taken;
pub mod verify;

use std::time::Duration;

use foundation::graph::board::{BoardDeclaration, board};
use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, declare};
use foundation::worker::Job;

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    let mut verbs = vec![
        declare::<create::BookingCreate>(),
        declare::<confirm::BookingConfirm>(),
        declare::<cancel::BookingCancel>(),
        declare::<check_in::BookingCheckIn>(),
        declare::<check_out::BookingCheckOut>(),
        declare::<mark_no_show::BookingMarkNoShow>(),
        declare::<approve::BookingApprove>(),
        declare::<decline::BookingDecline>(),
        declare::<reschedule::BookingReschedule>(),
        declare::<exchange::BookingResourceExchange>(),
        declare::<reinstate::BookingReinstate>(),
        declare::<cancel_lines::BookingCancelLines>(),
        declare::<modify::BookingModify>(),
        declare::<rebook::BookingRebook>(),
    ];
    verbs.extend(quote::declarations());
    verbs.extend(split::declarations());
    verbs.extend(series::declarations());
    verbs
}

/// Clock work.
pub fn jobs() -> Vec<Job> {
    const MINUTE: Duration = Duration::from_mins(1);
    vec![Job::new(
        "expire_quotes",
        MINUTE,
        quote::expire::expire_quotes,
    )]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![question::<cancellation_preview::CancellationPreview>()]
}

/// The boards.
pub fn boards() -> Vec<BoardDeclaration> {
    vec![
        board::<boards::BookingsBoard>(),
        board::<boards::ArrivalsBoard>(),
    ]
}

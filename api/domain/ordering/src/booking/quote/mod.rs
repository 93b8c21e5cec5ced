//! Quotes: what a booking would cost, promised until an instant. A quote is written as a draft; once
//! it was sent it stays as it is, and another takes its place. Accepted in time, it becomes a booking
//! at the price that it promised.

pub mod accept;
pub mod convert;
pub mod create;
pub mod expire;
pub mod reject;
pub mod send;
mod step;
pub mod withdraw;

use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<create::QuoteCreate>(),
        declare::<send::QuoteSend>(),
        declare::<accept::QuoteAccept>(),
        declare::<reject::QuoteReject>(),
        declare::<withdraw::QuoteWithdraw>(),
        declare::<convert::QuoteConvert>(),
    ]
}

//! Substitution: who stands in, asked in a fair order; rankings and what they rest on.

mod accept;
mod ask;
mod cancel;
mod choices;
mod decline;
mod jobs;
pub mod open;
mod questions;
mod ranking;
mod ranking_adjust;
mod request;
pub mod rules;
pub mod store;

use foundation::graph::board::BoardDeclaration;
use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, Part, declare};
use foundation::worker::Job;

/// Looking for people who stand in.
pub(super) const SUBSTITUTE: &str = "workforce.substitute";
/// Reckoning and adjusting rankings.
const RANK: &str = "workforce.rank";

/// The payload of verbs on an offer.
const OFFER: &[Part] = &[Part::Row(
    "substitutionOffer",
    "SubstitutionOffer",
    "The offer as it now is.",
)];
/// The payload of verbs on a search.
const SEARCH: &[Part] = &[
    Part::Row(
        "substitutionRequest",
        "SubstitutionRequest",
        "The search as it now is.",
    ),
    Part::Rows(
        "substitutionOffers",
        "SubstitutionOffer",
        "The offers that were sent.",
    ),
];
/// The payload of verbs that begin searches.
const SEARCHES: &[Part] = &[
    Part::Rows(
        "substitutionRequests",
        "SubstitutionRequest",
        "The searches that were begun.",
    ),
    Part::Rows(
        "substitutionOffers",
        "SubstitutionOffer",
        "The offers that were sent.",
    ),
];

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<request::SubstitutionRequest>(),
        declare::<ask::SubstitutionAsk>(),
        declare::<accept::SubstitutionAccept>(),
        declare::<decline::SubstitutionDecline>(),
        declare::<decline::SubstitutionOfferWithdraw>(),
        declare::<cancel::SubstitutionCancel>(),
        declare::<ranking::RankingRecompute>(),
        declare::<ranking_adjust::RankingAdjust>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![
        question::<questions::SubstitutionCandidates>(),
        question::<questions::SubstitutionFairness>(),
    ]
}

/// The boards.
pub fn boards() -> Vec<BoardDeclaration> {
    vec![]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    jobs::jobs()
}

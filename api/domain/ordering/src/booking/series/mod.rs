//! Bookings that repeat: every Monday at ten, in local time, for a year. Each time is claimed for
//! itself and answered for itself: booked, or in conflict with what is there, with other times that
//! are free. Exceptions stand beside the rule.

pub mod cancel;
pub mod change;
pub mod create;
mod input;
mod locked;
mod plan;
mod rewrite;
pub mod rules;
pub(super) mod store;
mod when;

use async_graphql::{Enum, SimpleObject};
use entities::booking::booking_order;
use serde::Serialize;

use foundation::graph::scalars::{Id, Instant};
use foundation::graph::verb::{Declaration, declare};
use scheduling::availability::search::blocker::Kind;

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<create::SeriesCreate>(),
        declare::<change::SeriesChange>(),
        declare::<cancel::SeriesCancel>(),
    ]
}

/// Of which times of a series something is asked.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum SeriesScope {
    /// Of one time alone: it becomes an exception.
    This,
    /// Of one and all that follow: they go on as a series of their own.
    ThisAndFollowing,
    /// Of all that have not begun.
    All,
}

/// What to do where some of the times cannot be had.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum SeriesConflicts {
    /// Nothing at all is done.
    Refuse,
    /// The others are done; the answer tells of each what became of it.
    Skip,
}

/// What became of one time of a series.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SeriesOutcome {
    /// It is booked, at this time.
    Booked,
    /// It is taken by others or closed; it was not booked, or stays where it was.
    Conflict,
    /// It was moved by itself before, and stays where it is.
    Kept,
}

/// One time of a series.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SeriesOccurrence {
    /// When it begins, or would begin.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// What became of it.
    pub outcome: SeriesOutcome,
    /// Its booking, if it has one.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// Of a conflict: starts on the same day at which the resource can be had, the nearest first.
    pub alternatives: Vec<Instant>,
    /// Of a conflict: the sorts of what stands in the way.
    pub reasons: Vec<Kind>,
}

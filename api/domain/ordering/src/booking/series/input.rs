//! What `seriesCreate` takes, and why it may be refused.

use async_graphql::{Enum, InputObject};
use entities::catalog::sellable;
use entities::core::location;
use entities::crm::customer;
use entities::pricing::cancellation_policy;
use entities::resources::resource;

use super::SeriesConflicts;
use foundation::graph::scalars::{Day, Id, MoneyInput};

/// Books a resource time and again by a rule, such as every Monday at 10:00: each time at the same
/// wall-clock time of the location, 366 times at most. Each time is answered for itself: booked, or
/// in conflict, with other times near it. With `dryRun`, this tells what would become of each.
#[derive(InputObject)]
pub struct SeriesCreateInput {
    /// The location where it takes place.
    pub location_id: Id<location::Entity>,
    /// Who books.
    pub customer_id: Option<Id<customer::Entity>>,
    /// What is sold each time.
    pub sellable_id: Id<sellable::Entity>,
    /// The resource, which each time takes for itself alone.
    pub resource_id: Id<resource::Entity>,
    /// On which days, as in iCalendar (RFC 5545), such as FREQ=WEEKLY;BYDAY=MO; its end stands in
    /// endsOn or count.
    pub rrule: String,
    /// The local day from which on the rule counts.
    pub starts_on: Day,
    /// The first local day on which it no longer takes place.
    pub ends_on: Option<Day>,
    /// After how many times it ends, 366 at most.
    pub count: Option<i32>,
    /// The wall-clock time at which each begins, such as 10:00.
    pub local_start: String,
    /// How many minutes each lasts, up to 31 days.
    pub duration_minutes: i32,
    /// How many minutes before the start the resource is taken already.
    #[graphql(default = 0)]
    pub buffer_before_minutes: i32,
    /// How many minutes after the end the resource is taken still.
    #[graphql(default = 0)]
    pub buffer_after_minutes: i32,
    /// What each time costs, if that is not what the price lists say for it; prices of one's own need
    /// `booking.set_price`.
    pub price: Option<MoneyInput>,
    /// How many people come.
    #[graphql(default = 1)]
    pub party_size: i32,
    /// The cancellation policy; that of the offer, if one is sold, if not given.
    pub cancellation_policy_id: Option<Id<cancellation_policy::Entity>>,
    /// What to do where some of the times are taken; nothing is booked then, if not given.
    pub on_conflict: Option<SeriesConflicts>,
}

/// Why a series cannot be booked.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SeriesCreateErrorCode")]
pub enum SeriesCreateProblem {
    /// The rule cannot be read, has an end of its own, or gives no day at all.
    InvalidRule,
    /// The series has more than 366 times.
    TooMany,
    /// The start is no time of day, the duration too short or too long, or the end before the start.
    InvalidDates,
    /// Some of the times are taken or closed; the message names the first. A dry run that skips them
    /// tells all.
    Conflicts,
    /// It cannot be booked; the message says why.
    NotBookable,
}

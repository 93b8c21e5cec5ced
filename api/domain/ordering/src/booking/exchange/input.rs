//! What `bookingResourceExchange` takes, and why it may be refused.

use async_graphql::{Enum, InputObject};
use entities::availability::allocation;
use entities::booking::booking_order;

use foundation::graph::scalars::Id;

/// Exchanges what two bookings take of resources, such as their rooms, at once: each has the other's from
/// then on, at its own time, or both keep their own. Of one booking, given twice, two of its resources
/// change places. Each has to fit where it goes.
#[derive(InputObject)]
pub struct BookingResourceExchangeInput {
    /// The one booking.
    pub id: Id<booking_order::Entity>,
    /// What it gives, of what it takes; needed where it takes several resources.
    pub allocation_id: Option<Id<allocation::Entity>>,
    /// The other booking; it may be the same.
    pub other_id: Id<booking_order::Entity>,
    /// What that gives; needed where it takes several resources.
    pub other_allocation_id: Option<Id<allocation::Entity>>,
    /// Whether each costs with its new resource what the price lists say. Who may not give prices
    /// exchanges what was priced by the lists so in any case; within one booking prices stay.
    #[graphql(default = false)]
    pub reprice: bool,
    /// Why.
    #[graphql(validator(max_length = 2000))]
    pub reason: Option<String>,
    /// The version of the one that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
    /// The version of the other that was read.
    pub other_expected_version: Option<i32>,
}

/// Why resources cannot be exchanged.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "BookingResourceExchangeErrorCode")]
pub enum BookingResourceExchangeProblem {
    /// One of the bookings has begun or is over.
    WrongStatus,
    /// A hold has expired, and what it kept may be taken by others.
    HoldExpired,
    /// It is not clear what is to be exchanged: nothing, or one of several.
    Incomplete,
    /// Both have the same resource, or are at different locations.
    NotExchangeable,
    /// A resource is taken at the time of the booking to which it would go.
    SlotTaken,
    /// A resource is closed or blocked at that time.
    Closed,
    /// Too little is left of a resource at that time.
    SoldOut,
    /// A resource is not in use, or not to be chosen for it.
    NotBookable,
    /// It is too late to change what is booked.
    TooLate,
    /// It is too early to book that time.
    TooEarly,
    /// There is no price for it, or it is too large.
    InvalidPrice,
    /// What those who take part have paid already is more than it would cost.
    SharesPaid,
}

//! What `bookingReschedule` takes, and why it may be refused.

use async_graphql::{Enum, InputObject};
use entities::availability::slot;
use entities::booking::booking_order;
use entities::resources::resource;

use crate::booking::choices::CancellationParty;
use crate::booking::create::BookingNightInput;
use foundation::graph::scalars::{Choice, Day, Id, Instant, MoneyInput};

/// Moves a booking that has not begun to another time: days of a stay or of storage, a time of what
/// is booked by time, another session of a class. The new time is taken before the old one is let
/// go; where it cannot be had, the booking keeps what it has. A customer may do so as often and
/// until when the booking policy says.
#[derive(InputObject)]
pub struct BookingRescheduleInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// Of a stay or storage: the new first day.
    pub starts_on: Option<Day>,
    /// Of a stay or storage: the new first day after the last night or day; as many days as before
    /// if not given.
    pub ends_on: Option<Day>,
    /// Of a stay or storage: what each night or day costs for one unit, if all cost the same. If
    /// no price is given, each costs what the one in its place did.
    pub rate: Option<MoneyInput>,
    /// Of a stay or storage: what each night or day costs for one unit, if they differ; one for
    /// every day.
    pub rates: Option<Vec<BookingNightInput>>,
    /// Otherwise: when it begins.
    pub starts_at: Option<Instant>,
    /// Otherwise: when it ends, that instant not included; as long as before if not given.
    pub ends_at: Option<Instant>,
    /// Otherwise: another resource, if it is to be another.
    pub resource_id: Option<Id<resource::Entity>>,
    /// Of a class: the other session.
    pub slot_id: Option<Id<slot::Entity>>,
    /// Otherwise: what it costs now; as before if not given.
    pub price: Option<MoneyInput>,
    /// Who asks for it; the customer if not given. The limits of the policy bind customers and
    /// channels.
    pub requested_by: Option<Choice<CancellationParty>>,
    /// Why it is moved.
    #[graphql(validator(max_length = 2000))]
    pub reason: Option<String>,
    /// Why it is moved to a time that is taken or closed, by somebody who holds availability.override:
    /// it opens an item in the queue of conflicts. Of resources alone.
    #[graphql(validator(max_length = 2000))]
    pub override_reason: Option<String>,
    /// Whether it costs at its new time what the price lists say, rather than what it did. Who may not
    /// give prices moves what was priced by the lists so in any case.
    #[graphql(default = false)]
    pub reprice: bool,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a booking cannot be moved.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "BookingRescheduleErrorCode")]
pub enum BookingRescheduleProblem {
    /// Only who holds `booking.set_price` gives prices.
    PriceNotAllowed,
    /// The booking has begun or is over.
    WrongStatus,
    /// The hold has expired, and what it kept may be taken by others; book again.
    HoldExpired,
    /// The policy allows no more moves of this booking.
    LimitReached,
    /// The policy allows moves only until some time before the start, which has passed; or the new
    /// time is too near to be booked.
    TooLate,
    /// The new time cannot be booked so far ahead.
    TooEarly,
    /// Nothing is left on some of the days; the message names them.
    SoldOut,
    /// Some of the days, the time or the session are closed for bookings.
    Closed,
    /// The resource is taken at that time.
    SlotTaken,
    /// The new time is missing, or something was given that this kind of booking has not.
    Incomplete,
    /// The end must be after the start, and neither too long after it nor too far away.
    InvalidDates,
    /// The new time has passed already.
    InThePast,
    /// A price is negative, too large, or given for other days.
    InvalidPrice,
    /// Prices must be in the currency of the booking.
    WrongCurrency,
    /// What was asked for is not open for bookings.
    NotBookable,
    /// What those who take part have paid already is more than it would cost.
    SharesPaid,
    /// An override needs a reason, somebody who decides it, and availability.override.
    OverrideRefused,
}

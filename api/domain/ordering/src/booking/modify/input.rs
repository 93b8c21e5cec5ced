//! What `bookingModify` takes, and why it may be refused.

use async_graphql::{Enum, InputObject};
use entities::booking::{booking_order, booking_order_line, booking_participant};
use entities::catalog::{offer_seat_type, sellable};
use entities::core::feature;
use entities::resources::resource;

use crate::booking::choices::{CancellationParty, PriceUnit};
use crate::booking::create::BookingParticipantInput;
use foundation::graph::scalars::{Choice, Id, Instant, MoneyInput, Number};

/// Changes what is booked: adds lines, changes some, adds and removes features and participants,
/// gives a stay, storage or a class more or fewer units. Only what is changed gets another price;
/// lines are taken off by `bookingCancelLines`, with their fee. With `dryRun`, this tells the new
/// price and changes nothing.
#[derive(InputObject)]
pub struct BookingModifyInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// Lines to be added, 100 at most. Those without a price cost what `priceQuote` says of the same
    /// items, counted from "1" among them.
    pub add_lines: Option<Vec<BookingLineInput>>,
    /// The digest that priceQuote answered for the lines without a price: where that is another by
    /// now, nothing is changed, and priceNow tells what it is.
    pub quote_digest: Option<String>,
    /// Why a line takes a resource although it is taken or closed then, by somebody who holds
    /// availability.override: it opens an item in the queue of conflicts.
    #[graphql(validator(max_length = 2000))]
    pub override_reason: Option<String>,
    /// Lines to be changed, 100 at most, each once.
    pub change_lines: Option<Vec<BookingLineChangeInput>>,
    /// Of a stay or storage: how many units on each day, 1 to 500. Of a class: how many places.
    pub units: Option<i32>,
    /// How many people come, 1 to 1000. Of a class, give units.
    pub party_size: Option<i32>,
    /// Features to be added, 100 at most.
    pub add_features: Option<Vec<BookingFeatureInput>>,
    /// Features to be taken off.
    pub remove_feature_ids: Option<Vec<Id<feature::Entity>>>,
    /// Who takes part from now on, 100 at most.
    pub add_participants: Option<Vec<BookingParticipantInput>>,
    /// Who drops out. What they owe must be settled first: `bookingParticipantCancel` does that.
    pub remove_participant_ids: Option<Vec<Id<booking_participant::Entity>>>,
    /// Who asks for it; the customer if not given.
    pub requested_by: Option<Choice<CancellationParty>>,
    /// Why it is changed.
    #[graphql(validator(max_length = 2000))]
    pub reason: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// A line to be added.
#[derive(InputObject)]
pub struct BookingLineInput {
    /// What is sold.
    pub sellable_id: Id<sellable::Entity>,
    /// How many units.
    pub quantity: Option<Number>,
    /// What one price is for; EACH if not given, or as the price lists have it.
    pub unit: Option<Choice<PriceUnit>>,
    /// What one unit costs, also below a minor unit, in the currency of the booking, if that is not
    /// what the price lists say; prices of one's own need `booking.set_price`.
    pub unit_price: Option<Number>,
    /// What is taken off a line whose price is given.
    pub discount: Option<MoneyInput>,
    /// The kind of seat that is priced, of an offer that has several.
    pub seat_type_id: Option<Id<offer_seat_type::Entity>>,
    /// A resource that the line takes for itself alone; only of a confirmed booking.
    pub resource_id: Option<Id<resource::Entity>>,
    /// When the line begins, where it has a time of its own; that of the booking if not given.
    pub starts_at: Option<Instant>,
    /// When it ends.
    pub ends_at: Option<Instant>,
}

/// A line to be changed.
#[derive(InputObject)]
pub struct BookingLineChangeInput {
    /// The line.
    pub line_id: Id<booking_order_line::Entity>,
    /// How many units from now on; not of a line that is sold by days.
    pub quantity: Option<Number>,
    /// What one unit costs from now on.
    pub unit_price: Option<Number>,
    /// What is taken off the line from now on.
    pub discount: Option<MoneyInput>,
}

/// A feature to be added.
#[derive(InputObject)]
pub struct BookingFeatureInput {
    /// What is added; its price is that of the location now.
    pub feature_id: Id<feature::Entity>,
    /// For how many units; as many as the booking has if not given.
    pub units: Option<i32>,
}

/// Why a booking cannot be changed so.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "BookingModifyErrorCode")]
pub enum BookingModifyProblem {
    /// Only who holds `booking.set_price` gives prices.
    PriceNotAllowed,
    /// The booking has begun or is over.
    WrongStatus,
    /// The hold has expired, and what it kept may be taken by others; book again.
    HoldExpired,
    /// Nothing is to be changed, or something is named that this booking has not.
    Incomplete,
    /// More is named than one request may have.
    TooMany,
    /// Quantities and numbers of units and people are more than 0, and not too large.
    InvalidQuantity,
    /// Somebody is too young or too old for a kind of seat.
    InvalidParty,
    /// A price is negative or too large.
    InvalidPrice,
    /// Prices must be in the currency of the booking.
    WrongCurrency,
    /// The end of a line must be after its start.
    InvalidDates,
    /// What was asked for is not sold, or not open for bookings.
    NotBookable,
    /// Nothing is left for so many units.
    SoldOut,
    /// The resource is taken at that time.
    SlotTaken,
    /// The resource, or the location, is closed at that time.
    Closed,
    /// It is too late to book the resource for that time.
    TooLate,
    /// The resource cannot be booked so far ahead.
    TooEarly,
    /// An override needs a reason, somebody who decides it, and availability.override.
    OverrideRefused,
    /// So many guests do not fit into these rooms.
    TooManyGuests,
    /// The feature, or what a line sells, has no price at this location now.
    NoPrice,
    /// The price is no longer what was quoted; priceNow tells what it is.
    PriceChanged,
    /// The booking has this feature already.
    HasFeature,
    /// This participant still owes a share.
    OwesShare,
    /// What those who take part have paid already is more than it would cost.
    SharesPaid,
}

//! What `bookingCreate` takes.

use async_graphql::{Enum, InputObject};
use entities::availability::{booking_hold, capacity_pool, slot};
use entities::catalog::{offer, offer_component, offer_seat_type, sellable};
use entities::core::location;
use entities::crm::customer;
use entities::pricing::{cancellation_policy, rate_plan};
use entities::resources::{resource, unit_type};

use crate::booking::choices::{
    Channel, DepositTerms, Guarantee, GuestType, MealPlan, OrderKind, ParticipantRole,
};
use crate::booking::modify::BookingFeatureInput;
use crate::booking::seats::Seated;
use foundation::graph::scalars::{Choice, Day, Id, Instant, MoneyInput};

/// Makes a booking and takes what it needs, at once: an offer at a time (offerId, startsAt), nights of
/// a room type (unitTypeId, checkInOn, checkOutOn), places in a session (slotId), units of space over
/// days (poolId, startsOn, endsOn), or a resource for a time (resourceId, startsAt, endsAt). It costs
/// what `priceQuote` says of the same items, counted from "1" with add-ons after what is booked;
/// staff may give prices of their own. It is held until it is confirmed or its hold expires; with
/// `confirm`, it is firm from the beginning.
#[derive(InputObject)]
pub struct BookingCreateInput {
    /// The location where it takes place.
    pub location_id: Id<location::Entity>,
    /// What kind of booking it is; if not given, STAY where a room type is given, CLASS where a
    /// session is, STORAGE where a pool of space is, and APPOINTMENT otherwise.
    pub kind: Option<Choice<OrderKind>>,
    /// Who books, if known as a customer.
    pub customer_id: Option<Id<customer::Entity>>,
    /// Who books, if not known yet: becomes a customer.
    pub new_customer: Option<BookingNewCustomerInput>,
    /// Of a stay: the room type.
    pub unit_type_id: Option<Id<unit_type::Entity>>,
    /// Of a stay: the local day of arrival.
    pub check_in_on: Option<Day>,
    /// Of a stay: the local day of departure, the first after the last night; 400 nights at most.
    pub check_out_on: Option<Day>,
    /// Of a stay or storage: how many rooms or units, 500 at most.
    #[graphql(default = 1)]
    pub units: i32,
    /// Of a stay: the price of each night for one room, if all nights cost the same and it is not
    /// that of the price lists. Prices of one's own need `booking.set_price`.
    pub nightly_rate: Option<MoneyInput>,
    /// Of a stay: the price of each night for one room, if they differ; one for every night.
    pub nights: Option<Vec<BookingNightInput>>,
    /// Of a stay: how many adults come.
    #[graphql(default = 1)]
    pub adults: i32,
    /// Of a stay: how many children come who need a bed.
    #[graphql(default = 0)]
    pub children: i32,
    /// Of a stay: how many babies come who sleep in a cot.
    #[graphql(default = 0)]
    pub babies: i32,
    /// Of a stay: ages of children and babies in years, as far as they are known.
    pub child_ages: Option<Vec<i32>>,
    /// Of a stay: the meals that are included.
    pub meal_plan: Option<Choice<MealPlan>>,
    /// Of a stay: what makes sure that the guest comes; nothing if not given.
    pub guarantee: Option<Choice<Guarantee>>,
    /// Of a stay: whether money is asked in advance; none if not given.
    pub deposit_terms: Option<Choice<DepositTerms>>,
    /// Of a stay: as what the guest comes; as TRANSIENT if not given.
    pub guest_type: Option<Choice<GuestType>>,
    /// Of a stay: where the reservation came from, in words.
    pub source: Option<String>,
    /// Of a stay: the market segment as the house counts it, such as groups or corporate.
    pub market_segment: Option<String>,
    /// Of a stay: the distribution channel as the house counts it, such as direct or TA/TO.
    pub distribution_channel: Option<String>,
    /// Of a stay: the number of the travel agent.
    pub agent_ref: Option<String>,
    /// Of a stay: the number of the company that pays.
    pub company_ref: Option<String>,
    /// Of a stay: when the guest said to arrive.
    pub arrival_expected_at: Option<Instant>,
    /// Of a stay: how many parking spaces the guest needs.
    #[graphql(default = 0)]
    pub required_parking_spaces: i32,
    /// Of a stay: what the guest wishes, in words.
    pub special_requests: Option<String>,
    /// Of a class: the session in which it takes as many places as people come.
    pub slot_id: Option<Id<slot::Entity>>,
    /// Of storage: the pool of space.
    pub pool_id: Option<Id<capacity_pool::Entity>>,
    /// Of storage: the first local day.
    pub starts_on: Option<Day>,
    /// Of storage: the first local day after the last; 400 days at most.
    pub ends_on: Option<Day>,
    /// Of storage: what each day costs for one unit, if all cost the same (else give nights) and it is
    /// not what the price lists say.
    pub daily_rate: Option<MoneyInput>,
    /// Of storage: what is stored, and how large it is.
    pub storage: Option<BookingStorageInput>,
    /// Otherwise: the resource, which it takes for itself alone.
    pub resource_id: Option<Id<resource::Entity>>,
    /// Otherwise: when it begins.
    pub starts_at: Option<Instant>,
    /// Otherwise: when it ends, that instant not included; 400 days later at most.
    pub ends_at: Option<Instant>,
    /// Otherwise: how many minutes before the start the resource is taken already.
    #[graphql(default = 0)]
    pub buffer_before_minutes: i32,
    /// Otherwise: how many minutes after the end the resource is taken still.
    #[graphql(default = 0)]
    pub buffer_after_minutes: i32,
    /// Otherwise: what it costs, if that is not what the price lists say.
    pub price: Option<MoneyInput>,
    /// Otherwise: how many people come.
    #[graphql(default = 1)]
    pub party_size: i32,
    /// What is booked by its offer: the program finds who and what gives it at startsAt, with the
    /// durations and buffers of the offer, and judges the time as the search does.
    pub offer_id: Option<Id<offer::Entity>>,
    /// Of an offer: only these resources, such as the stylist whom the customer wants; 20 at most.
    pub resource_ids: Option<Vec<Id<resource::Entity>>>,
    /// Of an offer: how long, where it leaves that to the customer.
    pub duration_minutes: Option<i32>,
    /// Of an offer: components that the customer does without, where they are optional.
    pub declined_component_ids: Option<Vec<Id<offer_component::Entity>>>,
    /// The hold that becomes the booking: it must keep just what is booked. One that has expired is
    /// claimed again, if nobody took it meanwhile.
    pub hold_id: Option<Id<booking_hold::Entity>>,
    /// The cart or browser session of the customer, whose own holds are not in the way.
    #[graphql(validator(max_length = 200))]
    pub session_ref: Option<String>,
    /// Of a stay: the rate plan; the price books alone if not given.
    pub rate_plan_id: Option<Id<rate_plan::Entity>>,
    /// The kind of seat that is priced, where the offer has several: of those who come and are not named
    /// as participants with a seat of their own.
    pub seat_type_id: Option<Id<offer_seat_type::Entity>>,
    /// What is added, such as insurance; 50 at most.
    pub features: Option<Vec<BookingFeatureInput>>,
    /// What goes with the offer, such as breakfast; 50 at most. What it makes compulsory comes by itself.
    pub add_ons: Option<Vec<BookingAddOnInput>>,
    /// Codes of discounts, 10 at most; each is used up by the booking until it is cancelled.
    pub discount_codes: Option<Vec<String>>,
    /// The digest that priceQuote answered: where the price is another by now, nothing is booked, and
    /// priceNow tells what it is.
    pub quote_digest: Option<String>,
    /// Why it is booked although it is taken or closed, by somebody who holds availability.override:
    /// it opens an item in the queue of conflicts. For resources alone.
    #[graphql(validator(max_length = 2000))]
    pub override_reason: Option<String>,
    /// What is sold; of a stay, the room type's nights if not given.
    pub sellable_id: Option<Id<sellable::Entity>>,
    /// The cancellation policy; that of the offer, if one is sold, if not given.
    pub cancellation_policy_id: Option<Id<cancellation_policy::Entity>>,
    /// The way it came in; DESK if not given.
    pub channel: Option<Choice<Channel>>,
    /// Its number at the channel, unique there.
    pub channel_ref: Option<String>,
    /// Who takes part, besides the customer, who pays. Where nobody is named, the customer comes.
    pub participants: Option<Vec<BookingParticipantInput>>,
    /// What staff should know about it.
    pub note: Option<String>,
    /// For how many minutes it is held, 1 to 1440; if not given, as long as the booking policy says,
    /// and 15 where there is none.
    pub hold_minutes: Option<i32>,
    /// Whether it is firm from the beginning. Where the booking policy wants bookings approved, it
    /// waits for approval unless the caller may approve.
    #[graphql(default = false)]
    pub confirm: bool,
    /// Whether it waits for approval, whatever the policy says: it keeps its places until staff
    /// approve or decline it, or the deadline of the policy passes.
    #[graphql(default = false)]
    pub request_approval: bool,
}

/// A customer who comes with a booking.
#[derive(InputObject)]
pub struct BookingNewCustomerInput {
    /// The name.
    pub full_name: String,
    /// The mail address.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
}

/// What one night costs.
#[derive(InputObject)]
pub struct BookingNightInput {
    /// The local day on whose evening the night begins.
    pub on: Day,
    /// The price of the night for one room.
    pub rate: MoneyInput,
}

/// What is stored.
#[derive(InputObject)]
pub struct BookingStorageInput {
    /// What it is, in words.
    pub goods: String,
    /// Length of the largest unit, in millimetres.
    pub unit_length_mm: Option<i32>,
    /// Width of the widest unit, in millimetres; no wider than the location takes.
    pub unit_width_mm: Option<i32>,
    /// Height of the highest unit with its load, in millimetres; no higher than the location takes.
    pub unit_height_mm: Option<i32>,
    /// Whether others may be put on top.
    #[graphql(default = false)]
    pub is_stackable: bool,
    /// Whether the goods are dangerous.
    #[graphql(default = false)]
    pub is_hazardous: bool,
    /// Class of the danger, such as 3 for flammable liquids.
    pub hazard_class: Option<String>,
}

/// Somebody who takes part in a booking.
#[derive(InputObject)]
pub struct BookingParticipantInput {
    /// The name.
    pub name: String,
    /// What the participant is to the booking; GUEST if not given.
    pub role: Option<Choice<ParticipantRole>>,
    /// The customer it is, if known as one.
    pub customer_id: Option<Id<customer::Entity>>,
    /// The kind of seat, where the offer has several.
    pub seat_type_id: Option<Id<offer_seat_type::Entity>>,
    /// The age in years on that day, as far as it is known: some kinds of seats are for ages. Not kept.
    pub age: Option<i32>,
}

impl BookingParticipantInput {
    /// The seat that they are to have, if it is of a kind.
    pub fn seated(&self, list: &str, index: usize) -> Option<Seated> {
        Some(Seated {
            field: format!("{list}.{index}"),
            seat_type_id: self.seat_type_id?.uuid(),
            age: self.age,
        })
    }
}

/// What goes with an offer.
#[derive(InputObject)]
pub struct BookingAddOnInput {
    /// What is sold with it.
    pub sellable_id: Id<sellable::Entity>,
    /// How many.
    #[graphql(default = 1)]
    pub quantity: i32,
}

/// Why a booking cannot be made.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "BookingCreateErrorCode")]
pub enum BookingCreateProblem {
    /// Nothing is left of the room type on some of the nights, or of the kind of seat; the message names
    /// them.
    SoldOut,
    /// The resource is taken by another booking at that time.
    SlotTaken,
    /// Some of the nights are closed for bookings; the message names them.
    Closed,
    /// What this kind of booking needs is missing, or something was given that it has not.
    Incomplete,
    /// The end must be after the start, and neither too long after it nor too far away.
    InvalidDates,
    /// The booking would begin in the past.
    InThePast,
    /// After this time of the day nothing more is booked for the same day.
    TooLate,
    /// The unit is larger than the location takes.
    TooLarge,
    /// So many guests do not fit into these rooms.
    TooManyGuests,
    /// The numbers of rooms or people are beyond what one booking may have.
    InvalidParty,
    /// A price is missing, negative, too large, or given for other nights.
    InvalidPrice,
    /// Prices and fees must be in the currency of the location.
    WrongCurrency,
    /// What was asked for is not open for bookings now.
    NotBookable,
    /// The customer is blocked, or no longer a customer.
    CustomerNotBookable,
    /// The name, mail address or telephone number of the new customer is not right.
    InvalidCustomer,
    /// This number of the channel has a booking already.
    AlreadyBooked,
    /// The customer has as many bookings ahead as the booking policy allows.
    TooManyBookings,
    /// A hold lasts 1 to 1440 minutes, and what is confirmed has none.
    InvalidHold,
    /// The hold has expired, and what it kept was taken meanwhile.
    HoldExpired,
    /// The hold was given up, or belongs to a booking already.
    HoldNotOpen,
    /// The hold keeps something else than is booked, or is for somebody else.
    HoldMismatch,
    /// The price is no longer what was quoted; priceNow tells what it is.
    PriceChanged,
    /// Only who holds `booking.set_price` gives prices; others pay those of the price lists.
    PriceNotAllowed,
    /// The rate plan or its calendar does not sell these days.
    NotSoldThen,
    /// An add-on does not go with the offer, or not in this number.
    InvalidAddOn,
    /// A discount is not known, or is not given for this.
    DiscountRefused,
    /// A discount was used as often as it can be.
    DiscountExhausted,
    /// It cannot be booked so far ahead.
    TooEarly,
    /// An override needs a reason, somebody who decides it, and availability.override.
    OverrideRefused,
}

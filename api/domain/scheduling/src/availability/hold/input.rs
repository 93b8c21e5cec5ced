//! What `holdCreate` takes.

use async_graphql::{Enum, InputObject};
use entities::availability::{capacity_pool, slot};
use entities::catalog::{offer, offer_component};
use entities::core::location;
use entities::crm::customer;
use entities::resources::{resource, unit_type};

use crate::pricing::price_quote::PriceSeatInput;
use foundation::graph::scalars::{Day, Id, Instant};

/// Keeps places for somebody who has not booked yet: days of a pool or room type (poolId or
/// unitTypeId, fromOn, untilOn), places of slots (slotIds), or a resource or a pool that is shared
/// by time for a while (resourceId or poolId, startsAt, endsAt), or an offer at a time (offerId,
/// startsAt), whoever gives it. What the same customer or session
/// holds already at that time gives way to it: nobody's own hold is in their way.
#[derive(InputObject)]
pub struct HoldCreateInput {
    /// Who it is for, if known as a customer.
    pub customer_id: Option<Id<customer::Entity>>,
    /// Cart or browser session it is for, while the customer is not known.
    pub session_ref: Option<String>,
    /// The offer of which a time is kept: just what a booking of it would take.
    pub offer_id: Option<Id<offer::Entity>>,
    /// Of an offer: only at this location.
    pub location_id: Option<Id<location::Entity>>,
    /// Of an offer: only these resources, 20 at most.
    pub resource_ids: Option<Vec<Id<resource::Entity>>>,
    /// Of an offer: how long, where it leaves that to the customer.
    pub duration_minutes: Option<i32>,
    /// Of an offer: the kinds of seats that some of them have, where those need things of their own.
    pub seats: Option<Vec<PriceSeatInput>>,
    /// Of an offer: components that the customer does without, where they are optional.
    pub declined_component_ids: Option<Vec<Id<offer_component::Entity>>>,
    /// The pool that units are kept of.
    pub pool_id: Option<Id<capacity_pool::Entity>>,
    /// The room type that rooms are kept of: the same as its pool.
    pub unit_type_id: Option<Id<unit_type::Entity>>,
    /// The first local day, of a pool or room type.
    pub from_on: Option<Day>,
    /// The first local day that is not kept any more; 400 days after the first at most.
    pub until_on: Option<Day>,
    /// Slots that places are kept of, 100 at most.
    pub slot_ids: Option<Vec<Id<slot::Entity>>>,
    /// The resource that is kept.
    pub resource_id: Option<Id<resource::Entity>>,
    /// From when it is used, of a resource or a pool that is shared by time.
    pub starts_at: Option<Instant>,
    /// Until when it is used, that instant not included; 400 days later at most.
    pub ends_at: Option<Instant>,
    /// How many minutes before the start the resource is taken already.
    #[graphql(default = 0)]
    pub buffer_before_minutes: i32,
    /// How many minutes after the end the resource is taken still.
    #[graphql(default = 0)]
    pub buffer_after_minutes: i32,
    /// How many units or places, each day or at each time, 10,000 at most; of an offer, how many come.
    #[graphql(default = 1)]
    pub units: i32,
    /// For how many minutes, 1 to 1440.
    #[graphql(default = 15)]
    pub minutes: i32,
    /// Why, in words.
    pub reason: Option<String>,
}

/// Why places cannot be held.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "HoldCreateErrorCode")]
pub enum HoldCreateProblem {
    /// Too few units or places are left; the message says when.
    SoldOut,
    /// The resource is taken at that time.
    SlotTaken,
    /// It is closed, or no more of it is sold at that time.
    Closed,
    /// There is no slot on some of these days, or several a day; name the slots.
    NoSlot,
    /// It is not known for whom, or what is to be held: something is missing, or given twice.
    Incomplete,
    /// The days or times are no time.
    InvalidDates,
    /// It cannot be held for so long, or in this number.
    InvalidHold,
    /// It has passed.
    InThePast,
    /// It exists, but is not used or sold.
    NotBookable,
    /// It is too late to book this time.
    TooLate,
    /// It cannot be booked so far ahead.
    TooEarly,
}

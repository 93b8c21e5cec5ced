//! What the questions of availability have in common: for whom, of what, and on which days.

use async_graphql::InputObject;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entities::availability::booking_hold;
use entities::booking::booking_order;
use entities::catalog::offer;
use entities::core::location;
use entities::crm::customer;
use entities::resources::resource;
use uuid::Uuid;

use super::super::rules::day_start;
use super::stay;
use super::wanted::{MOST_DAYS, Refusal, Shopper, Wanted};
use crate::pricing::price_quote::PriceSeatInput;
use crate::pricing::request::SeatItem;
use foundation::graph::failure::Failure;
use foundation::graph::question::Look;
use foundation::graph::scalars::{Day, Id};
use foundation::identity::Reach;

/// What whoever asks must hold.
pub(super) const READ: &str = "availability.read";

/// Whose own holds do not block: what they keep is theirs to book.
#[derive(InputObject, Default)]
pub struct ShopperInput {
    /// Holds of this customer do not count.
    customer_id: Option<Id<customer::Entity>>,
    /// Holds of this cart or browser session do not count.
    session_ref: Option<String>,
    /// Nothing that these orders take counts: such as the one that is to be moved. 20 at most.
    order_ids: Option<Vec<Id<booking_order::Entity>>>,
    /// These holds do not count. 20 at most.
    hold_ids: Option<Vec<Id<booking_hold::Entity>>>,
}

impl ShopperInput {
    pub(super) fn shopper(self) -> Result<Shopper, Refusal> {
        let orders = self.order_ids.unwrap_or_default();
        let holds = self.hold_ids.unwrap_or_default();
        if orders.len() > 20 || holds.len() > 20 {
            return Err(Refusal::wrong(
                "shopper",
                "A shopper has 20 orders and 20 holds at most.",
            ));
        }
        Ok(Shopper {
            customer_id: self.customer_id.map(|id| id.uuid()),
            session_ref: self.session_ref,
            order_ids: orders.iter().map(Id::uuid).collect(),
            hold_ids: holds.iter().map(Id::uuid).collect(),
        })
    }
}

/// What all questions about offers ask for besides the time.
pub(super) struct Asked {
    pub(super) offer_id: Id<offer::Entity>,
    pub(super) party_size: i32,
    pub(super) seats: Option<Vec<PriceSeatInput>>,
    pub(super) location_id: Option<Id<location::Entity>>,
    pub(super) duration_minutes: Option<i32>,
    pub(super) resource_ids: Option<Vec<Id<resource::Entity>>>,
    pub(super) shopper: Option<ShopperInput>,
    pub(super) by_staff: bool,
}

impl Asked {
    pub(super) fn wanted(self, look: &Look<'_>) -> Result<Wanted, Failure> {
        let principal = look.principal()?;
        if let Some(location) = &self.location_id {
            look.permit_at(READ, location.uuid(), "location")?;
        }
        let resources = self.resource_ids.unwrap_or_default();
        if resources.len() > 500 {
            return Err(Refusal::wrong("resourceIds", "500 resources at most.").into());
        }
        Ok(Wanted {
            offer_id: self.offer_id.uuid(),
            location_id: self.location_id.map(|id| id.uuid()),
            party_size: self.party_size,
            seats: seats(self.seats.as_deref(), self.party_size)?,
            duration_minutes: self.duration_minutes,
            resource_ids: resources.iter().map(Id::uuid).collect(),
            declined: Vec::new(),
            shopper: self.shopper.unwrap_or_default().shopper()?,
            by_staff: self.by_staff,
            reach: reached(principal.reach(READ)),
        })
    }
}

/// The kinds of seats that are wanted, of some of those who come.
pub fn seats(given: Option<&[PriceSeatInput]>, party_size: i32) -> Result<Vec<SeatItem>, Refusal> {
    let given = given.unwrap_or_default();
    let seats: Vec<SeatItem> = given.iter().map(PriceSeatInput::item).collect();
    let seated = seats
        .iter()
        .map(|seat| i64::from(seat.quantity))
        .sum::<i64>();
    let is_right = seats.len() <= 50 && seats.iter().all(|seat| seat.quantity > 0);
    if is_right && seated <= i64::from(party_size) {
        return Ok(seats);
    }
    let message =
        "Seats are of 50 kinds at most, more than none of each, and no more than people come.";
    Err(Refusal::wrong("seats", message))
}

pub(super) fn reached(reach: Reach) -> Option<Vec<Uuid>> {
    match reach {
        Reach::All => None,
        Reach::Locations(locations) => Some(locations.to_vec()),
    }
}

/// The days from one to another in a zone, as instants. In the place's zone unless one is given.
pub(super) async fn days(
    look: &Look<'_>,
    (from, to): (Day, Day),
    zone: Option<&str>,
    location: Option<Uuid>,
) -> Result<(DateTime<Utc>, DateTime<Utc>), Failure> {
    let zone = match zone {
        Some(name) => zone_of(name)?,
        None => stay::zone(look.scope, location).await?,
    };
    let end = |day: NaiveDate| day.succ_opt().unwrap_or(day);
    Ok((day_start(zone, from.0), day_start(zone, end(to.0))))
}

fn zone_of(name: &str) -> Result<Tz, Refusal> {
    let unknown = |_| {
        Refusal::wrong(
            "timeZone",
            format!("There is no time zone {name}: give one such as Europe/Lisbon."),
        )
    };
    name.parse().map_err(unknown)
}

/// Refuses days in the wrong order, and too many of them.
pub(super) fn ordered(from: Day, to: Day) -> Result<(Day, Day), Refusal> {
    if to.0 < from.0 {
        return Err(Refusal::wrong(
            "to",
            "The last day must not be before the first.",
        ));
    }
    if (to.0 - from.0).num_days() >= MOST_DAYS {
        return Err(Refusal::wrong(
            "to",
            format!("One search looks through {MOST_DAYS} days at most."),
        ));
    }
    Ok((from, to))
}

/// How many are answered, where so many can be.
pub(super) fn at_most(first: i32, most: i32) -> Result<usize, Refusal> {
    match usize::try_from(first) {
        Ok(count @ 1..) if first <= most => Ok(count),
        _ => Err(Refusal::wrong(
            "first",
            format!("Ask for 1 to {most} at once."),
        )),
    }
}

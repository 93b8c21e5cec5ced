//! A row as a booking, and what became of it: what the verbs of the API would have been given.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::ground::House;
use super::load::Numbered;
use super::row::{Outcome, Row};
use crate::database::{Error, new_id};
use crate::domain::availability::rules::{Edge, day_start, instant_of, nights};
use crate::domain::booking::deposit::Deposit;
use crate::domain::booking::finish::{At, Cancellation};
use crate::domain::booking::past::{Of, Past, Reasons};
use crate::domain::booking::record::{Booker, Keep, NewOrder, NewStay};
use crate::domain::booking::rows::Details;
use crate::domain::booking::store::Place;

/// Why bookings were cancelled, as far as the file knows.
const CANCELLED: &str = "Cancelled, as the imported file says.";
/// What status histories say.
pub const REASONS: Reasons = Reasons {
    cancelled: CANCELLED,
    no_show: "The guests did not come, as the imported file says.",
};

/// The local hours at which things happened of which the file knows the day alone: in the order of
/// a day, so that no booking is cancelled before it was made.
const BOOKED_AT: (u32, u32) = (10, 0);
const CANCELLED_AT: (u32, u32) = (12, 0);
const MISSED_AT: (u32, u32) = (23, 0);

/// The bookings of a batch.
#[derive(Debug, Default)]
pub struct Bookings {
    /// As they were made.
    pub stays: Vec<NewStay>,
    /// What became of them.
    pub past: Past,
}

/// A stable name for guests who have none.
pub fn pseudonym(numbered: &Numbered) -> String {
    match &numbered.row.country {
        Some(country) => format!("Guest {:06} ({country})", numbered.line),
        None => format!("Guest {:06}", numbered.line),
    }
}

fn local(place: &Place, day: NaiveDate, (hour, minute): (u32, u32)) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    instant_of(place.zone, day.and_time(time), Edge::Start)
}

/// A count of the file as the columns hold it.
fn int(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl Bookings {
    /// Adds a row, whose guest and number these are.
    pub fn add(
        &mut self,
        house: &House,
        numbered: &Numbered,
        guest: Booker,
        number: String,
    ) -> Result<(), Error> {
        let stay = stay(house, numbered, guest, number)?;
        let (of, place) = (Of::from(&stay.order), &house.place);
        self.past.booked(of, stay.order.booked_at);
        match numbered.row.outcome {
            Outcome::Left(on) => self.stayed(of, place, &numbered.row, on),
            Outcome::Cancelled(on) => {
                let (order_id, at) = (of.order_id, local(place, on, CANCELLED_AT));
                let free = Cancellation::free(At { order_id, at }, "customer", CANCELLED);
                self.past.cancelled(of, free);
            }
            Outcome::NoShow(on) => {
                let free_from = day_start(place.zone, numbered.row.arrival);
                self.past.missed(of, local(place, on, MISSED_AT), free_from);
            }
        }
        self.stays.push(stay);
        Ok(())
    }

    /// The guests came on the day of arrival, and left on this one. Where it lies before the day of
    /// departure, the file still counts and charges all nights, and so do we.
    fn stayed(&mut self, of: Of, place: &Place, row: &Row, left_on: NaiveDate) {
        let (came_at, left_at) = place.stay_time(row.arrival, left_on);
        self.past.came(of, came_at);
        self.past.left(of, left_at.max(came_at));
    }
}

fn stay(
    house: &House,
    numbered: &Numbered,
    guest: Booker,
    number: String,
) -> Result<NewStay, Error> {
    let (row, place) = (&numbered.row, &house.place);
    let unknown = || Error::Internal("a room type was not set up".to_owned());
    let (room, sellable) = house.rooms.get(&row.reserved).ok_or_else(unknown)?;
    let (assigned, _) = house.rooms.get(&row.assigned).ok_or_else(unknown)?;
    let nights = nights(place.zone, row.arrival, row.departure())
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok(NewStay {
        order: NewOrder {
            id: new_id(),
            number,
            place: Arc::clone(place),
            sellable: Arc::clone(sellable),
            terms: None,
            booker: Some(guest),
            participants: Vec::new(),
            channel: "import",
            channel_ref: Some(numbered.reference.clone()),
            booked_at: local(place, row.booked_on, BOOKED_AT),
            note: None,
            // What was called off long ago needs no room now. What was kept for guests who did not
            // come was kept until then.
            deposit: Deposit::None,
            priced: None,
            keep: match row.outcome {
                Outcome::Left(_) | Outcome::NoShow(_) => Keep::Firm,
                Outcome::Cancelled(_) => Keep::Nothing,
            },
        },
        room: Arc::clone(room),
        units: int(row.rooms),
        rates: vec![row.rate_minor; nights.len()],
        nights,
        details: details(row, assigned.unit_type_id),
    })
}

fn details(row: &Row, assigned_unit_type_id: Uuid) -> Details {
    let mut details = Details {
        assigned_unit_type_id: Some(assigned_unit_type_id),
        adults: int(row.adults),
        children: int(row.children),
        babies: int(row.babies),
        meal_plan: Some(row.meal_plan),
        guest_type: row.guest_type,
        is_repeat_guest: row.is_repeat_guest,
        market_segment: Some(row.market_segment.clone()),
        distribution_channel: Some(row.distribution_channel.clone()),
        agent_ref: row.agent.clone(),
        company_ref: row.company.clone(),
        required_parking_spaces: int(row.parking_spaces),
        special_requests_count: int(row.special_requests),
        changes_count: int(row.changes),
        waitlisted_days: int(row.waitlisted_days),
        ..Details::default()
    };
    // A deposit was paid where there were terms for one.
    if row.deposit_terms != details.deposit_terms {
        details.guarantee = "deposit";
        details.deposit_terms = row.deposit_terms;
    }
    details
}

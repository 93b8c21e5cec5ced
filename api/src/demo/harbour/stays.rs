//! The stays: room by room, from a month ago to six weeks ahead.

use std::sync::Arc;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use uuid::Uuid;

use super::Policies;
use super::house::RoomType;
use crate::database::{Error, Scope, new_id};
use crate::demo::dice::Dice;
use crate::demo::people::Person;
use crate::demo::put::numbers;
use crate::domain::availability::rules::{Edge, day_start, instant_of, local_day, nights};
use crate::domain::booking::deposit::Deposit;
use crate::domain::booking::finish::{At, Cancellation};
use crate::domain::booking::past::{Of, Past};
use crate::domain::booking::policy::Price;
use crate::domain::booking::record::{Booker, Keep, NewOrder, NewStay, Participant, record};
use crate::domain::booking::rows::Details;
use crate::domain::booking::store::{self, Asked, ORDER_NUMBERS, Terms};

/// How many stays are only held, for a day.
const HELD: usize = 3;
const HELD_MINUTES: i32 = 24 * 60;

/// What becomes of a stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Left,
    Missed,
    Here,
    Coming,
    Held,
    Cancelled,
}

/// A stay to be.
#[derive(Clone, Copy, Debug)]
struct Plan {
    /// The room type and, of that, the room.
    room: (usize, usize),
    arrival: NaiveDate,
    departure: NaiveDate,
    fate: Fate,
}

/// Ways in which bookings come in, and the market segment that such guests count for.
const CHANNELS: [(&str, &str); 6] = [
    ("web", "Direct"),
    ("ota", "Online TA"),
    ("ota", "Online TA"),
    ("phone", "Direct"),
    ("travel_agent", "Offline TA/TO"),
    ("corporate", "Corporate"),
];
const MEALS: [&str; 4] = ["breakfast", "breakfast", "room_only", "half_board"];

/// Stays of rooms of so many types, none of which overlap in a room but those that were cancelled.
fn plan(dice: &mut Dice, rooms: &[usize], today: NaiveDate) -> Vec<Plan> {
    let day = |from: NaiveDate, days: i64| from + TimeDelta::days(days);
    let mut plans = Vec::new();
    for (kind, count) in rooms.iter().enumerate() {
        for place in 0..*count {
            let mut arrival = day(today, -32 + dice.between(0, 7));
            while arrival < day(today, 45) {
                let departure = day(arrival, dice.between(1, 6));
                let fate = if departure <= today {
                    if dice.chance(9) {
                        Fate::Missed
                    } else {
                        Fate::Left
                    }
                } else if arrival < today || (arrival == today && dice.chance(40)) {
                    Fate::Here
                } else {
                    Fate::Coming
                };
                let room = (kind, place);
                plans.push(Plan {
                    room,
                    arrival,
                    departure,
                    fate,
                });
                if dice.chance(12) {
                    let fate = Fate::Cancelled;
                    plans.push(Plan {
                        room,
                        arrival,
                        departure,
                        fate,
                    });
                }
                arrival = day(departure, dice.between(2, 11));
            }
        }
    }
    let later = plans
        .iter_mut()
        .filter(|plan| plan.fate == Fate::Coming && plan.arrival > day(today, 7));
    for plan in later.step_by(5).take(HELD) {
        plan.fate = Fate::Held;
    }
    plans
}

/// Books them, and notes what became of them.
pub async fn book(
    scope: &Scope,
    types: &[RoomType],
    policies: &Policies,
    guests: &[Person],
    past: &mut Past,
) -> anyhow::Result<()> {
    let Some(place) = types.first().map(|first| &first.place) else {
        return Ok(());
    };
    let mut dice = Dice::new("stays");
    let rooms: Vec<usize> = types.iter().map(|kind| kind.rooms.len()).collect();
    let plans = plan(&mut dice, &rooms, local_day(place.zone, scope.now()));
    let flexible = terms(scope, place.location_id, policies.flexible).await?;
    let saver = terms(scope, place.location_id, policies.saver).await?;
    let numbers = numbers(
        scope,
        ORDER_NUMBERS.document,
        ORDER_NUMBERS.prefix,
        plans.len(),
    )
    .await?;
    let mut desk = Desk {
        now: scope.now(),
        dice,
        guests,
    };
    let mut stays = Vec::new();
    let mut given = Vec::new();
    for (plan, number) in plans.iter().zip(numbers) {
        let Some(kind) = types.get(plan.room.0) else {
            continue;
        };
        let terms = if desk.dice.chance(75) {
            &flexible
        } else {
            &saver
        };
        let stay = desk.stay(kind, plan, terms, number)?;
        desk.note(past, &stay, plan, terms);
        if matches!(plan.fate, Fate::Left | Fate::Here | Fate::Coming)
            && let Some(room) = kind.rooms.get(plan.room.1)
        {
            given.push((stay.order.id, *room));
        }
        stays.push(stay);
    }
    record(scope, &stays).await?;
    give_rooms(scope, given).await?;
    Ok(())
}

/// The policy as orders keep it.
async fn terms(scope: &Scope, location_id: Uuid, policy_id: Uuid) -> Result<Arc<Terms>, Error> {
    let asked = Asked {
        location_id,
        policy_id: Some(policy_id),
        ..Asked::default()
    };
    let found = store::find(scope, asked).await?;
    let terms = found.and_then(|found| found.terms);
    let terms = terms.ok_or_else(|| Error::Internal("a policy vanished".to_owned()))?;
    Ok(Arc::new(terms))
}

const GIVE_ROOMS: &str = "insert into booking.fulfillment_assignments \
      (biz_id, id, unit_id, resource_id, role, status, accepted_at) \
    select $1, core.uuid_v7(), u.id, w.room_id, 'unit', 'accepted', $4 \
    from unnest($2::uuid[], $3::uuid[]) as w (order_id, room_id) \
    join booking.booking_order_lines l on l.biz_id = $1 and l.order_id = w.order_id \
    join booking.fulfillment_units u on u.biz_id = $1 and u.order_line_id = l.id";

/// Says in which room each stay is.
async fn give_rooms(scope: &Scope, given: Vec<(Uuid, Uuid)>) -> Result<(), Error> {
    let (orders, rooms): (Vec<Uuid>, Vec<Uuid>) = given.into_iter().unzip();
    let values = [
        scope.biz_id().into(),
        orders.into(),
        rooms.into(),
        scope.now().into(),
    ];
    scope.execute(GIVE_ROOMS, &values).await.map(drop)
}

/// What a night costs: a fifth more before a day off.
fn rate(base_minor: i64, night: NaiveDate) -> i64 {
    match night.weekday() {
        Weekday::Fri | Weekday::Sat => base_minor + base_minor / 5,
        _ => base_minor,
    }
}

struct Desk<'a> {
    now: DateTime<Utc>,
    dice: Dice,
    guests: &'a [Person],
}

impl Desk<'_> {
    fn stay(
        &mut self,
        kind: &RoomType,
        plan: &Plan,
        terms: &Arc<Terms>,
        number: String,
    ) -> anyhow::Result<NewStay> {
        let place = &kind.place;
        let nights = nights(place.zone, plan.arrival, plan.departure)?;
        let (channel, segment) = *self.dice.pick(&CHANNELS).unwrap_or(&CHANNELS[0]);
        let lead = Days::new(u64::try_from(self.dice.between(0, 50)).unwrap_or_default());
        let time = NaiveTime::from_hms_opt(
            u32::try_from(self.dice.between(8, 14)).unwrap_or(8),
            u32::try_from(self.dice.between(0, 59)).unwrap_or_default(),
            0,
        );
        let booked_at = (plan.arrival - lead).and_time(time.unwrap_or_default());
        let booked_at = instant_of(place.zone, booked_at, Edge::Start)
            .min(self.now - TimeDelta::minutes(self.dice.between(20, 2_000)));
        let (booker, participants, adults) = self.party(kind.max_occupancy);
        let mut details = Details {
            adults,
            meal_plan: self.dice.pick(&MEALS).copied(),
            market_segment: Some(segment.to_owned()),
            distribution_channel: Some(channel.to_owned()),
            is_repeat_guest: self.dice.chance(15),
            ..Details::default()
        };
        if self.dice.chance(20) {
            details.special_requests = Some("A quiet room, please.".to_owned());
            details.special_requests_count = 1;
        }
        Ok(NewStay {
            order: NewOrder {
                id: new_id(),
                number,
                place: Arc::clone(place),
                sellable: Arc::clone(&kind.sellable),
                terms: Some(Arc::clone(terms)),
                booker,
                participants,
                channel,
                channel_ref: None,
                booked_at,
                note: None,
                deposit: Deposit::None,
                priced: None,
                keep: match plan.fate {
                    Fate::Held => Keep::For(HELD_MINUTES),
                    Fate::Cancelled => Keep::Nothing,
                    _ => Keep::Firm,
                },
            },
            room: Arc::clone(&kind.room),
            units: 1,
            rates: nights
                .iter()
                .map(|night| rate(kind.rate_minor, night.on))
                .collect(),
            nights,
            details,
        })
    }

    /// Who books, who comes, and how many of them are grown up.
    fn party(&mut self, most: i32) -> (Option<Booker>, Vec<Participant>, i32) {
        let adults = i32::try_from(self.dice.between(1, i64::from(most))).unwrap_or(1);
        let known = |person: &Person| Participant {
            customer_id: Some(person.id),
            name: person.name.clone(),
            role: "guest",
            seat_type_id: None,
        };
        let guests = self.guests;
        let booker = self.dice.pick(guests);
        let companion = self.dice.pick(guests);
        let mut participants: Vec<Participant> = booker.map(known).into_iter().collect();
        if let (Some(booker), Some(companion)) = (booker, companion)
            && adults > 1
            && booker.id != companion.id
        {
            participants.push(known(companion));
        }
        let booker = booker.map(|person| Booker::Known(person.id, person.name.clone()));
        (booker, participants, adults)
    }

    fn note(&mut self, past: &mut Past, stay: &NewStay, plan: &Plan, terms: &Terms) {
        let of = Of::from(&stay.order);
        let place = &stay.order.place;
        let booked_at = stay.order.booked_at;
        let (starts_at, ends_at) = place.stay_time(plan.arrival, plan.departure);
        past.booked(of, booked_at);
        match plan.fate {
            Fate::Left => {
                past.came(of, starts_at);
                past.left(of, ends_at.min(self.now));
            }
            Fate::Here => past.came(of, starts_at.min(self.now)),
            Fate::Missed => {
                let free_from = day_start(place.zone, plan.arrival);
                past.missed(of, starts_at + TimeDelta::hours(8), free_from);
            }
            Fate::Cancelled => {
                let until = starts_at.min(self.now);
                let at = booked_at
                    + (until - booked_at).max(TimeDelta::zero()) / 100 * percent(&mut self.dice);
                past.cancelled(of, cancellation(stay, starts_at, at, terms));
            }
            Fate::Coming | Fate::Held => {}
        }
    }
}

fn percent(dice: &mut Dice) -> i32 {
    i32::try_from(dice.between(5, 99)).unwrap_or(50)
}

/// A cancellation by the guest, with its fee.
fn cancellation(
    stay: &NewStay,
    starts_at: DateTime<Utc>,
    at: DateTime<Utc>,
    terms: &Terms,
) -> Cancellation {
    let order_id = stay.order.id;
    let free = Cancellation::free(At { order_id, at }, "customer", super::REASONS.cancelled);
    let tier = terms.policy.tier_at(stay.order.place.zone, starts_at, at);
    let Some(tier) = tier else { return free };
    let price = Price {
        total_minor: stay.rates.iter().sum(),
        first_unit_minor: stay.rates.first().copied().unwrap_or_default(),
    };
    Cancellation {
        policy_tier_id: Some(tier.id),
        policy_tier: serde_json::to_value(tier).ok(),
        fee_minor: tier.fee(price),
        ..free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_stays_are_in_a_room_at_once_and_each_fate_occurs() {
        for today in ["2026-02-27", "2026-03-29", "2028-02-29"] {
            let today: NaiveDate = today.parse().unwrap();
            let plans = plan(&mut Dice::new("stays"), &[8, 4, 2, 6, 4], today);
            assert!((150..300).contains(&plans.len()), "{}", plans.len());
            for fate in [
                Fate::Left,
                Fate::Missed,
                Fate::Here,
                Fate::Coming,
                Fate::Held,
                Fate::Cancelled,
            ] {
                assert!(plans.iter().any(|plan| plan.fate == fate), "{fate:?}");
            }
            let kept: Vec<&Plan> = plans
                .iter()
                .filter(|plan| plan.fate != Fate::Cancelled)
                .collect();
            for pair in kept.windows(2) {
                assert!(pair[0].room != pair[1].room || pair[0].departure < pair[1].arrival);
            }
        }
    }
}

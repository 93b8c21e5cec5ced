//! The spa: two treatment rooms, their appointments of three weeks, and those that were never
//! agreed.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::json;
use uuid::Uuid;

use crate::database::{Error, Scope, new_id};
use crate::demo::dice::Dice;
use crate::demo::people::Person;
use crate::demo::put::{numbers, put};
use crate::demo::shop::{Offer, offers};
use crate::demo::unsettled::{Unsettled, draft};
use crate::domain::availability::rules::{Edge, instant_of, local_day};
use crate::domain::availability::store::lock_resources;
use crate::domain::booking::deposit::Deposit;
use crate::domain::booking::finish::{At, Cancellation};
use crate::domain::booking::past::{Of, Past};
use crate::domain::booking::record::{Booker, Keep, NewOrder, NewUse, record_uses};
use crate::domain::booking::store::{self, Asked, Found, ORDER_NUMBERS};

const OFFERS: [Offer; 3] = [
    Offer {
        code: "massage-60",
        name: "Massage, 60 minutes",
        kind: "appointment",
        basis: "resource",
        minutes: (60, 0, 15),
        needs_approval: false,
        policy: "spa",
    },
    Offer {
        code: "facial-45",
        name: "Facial, 45 minutes",
        kind: "appointment",
        basis: "resource",
        minutes: (45, 0, 15),
        needs_approval: false,
        policy: "spa",
    },
    Offer {
        code: "ritual-90",
        name: "Atlantic ritual, 90 minutes",
        kind: "appointment",
        basis: "resource",
        minutes: (90, 10, 20),
        needs_approval: true,
        policy: "spa",
    },
];
const PRICES: [i64; 3] = [8_500, 6_900, 14_500];
/// When treatments begin, and how many times of a hundred one does.
const HOURS: [u32; 4] = [10, 12, 14, 17];
const BUSY: i64 = 32;

/// The spa as it stands in the database.
struct Spa {
    rooms: Vec<Uuid>,
    /// The treatments with their prices.
    treatments: Vec<(Found, Offer, i64)>,
}

/// What becomes of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Over,
    Now,
    Coming,
    Cancelled,
    Missed,
    Draft,
    Open(Unsettled),
}

/// An appointment to be.
struct Plan {
    room: usize,
    treatment: usize,
    starts_at: DateTime<Utc>,
    fate: Fate,
}

/// Builds the spa, books its appointments, notes what became of them, and gives those that are to
/// be left unsettled.
pub async fn book(
    scope: &Scope,
    guests: &[Person],
    past: &mut Past,
) -> anyhow::Result<Vec<(Unsettled, Of)>> {
    let spa = build(scope).await?;
    let Some((first, _, _)) = spa.treatments.first() else {
        return Ok(Vec::new());
    };
    let (zone, now) = (first.place.zone, scope.now());
    let mut dice = Dice::new("spa");
    let plans = plan(&mut dice, spa.rooms.len(), zone, now);
    let numbers = numbers(
        scope,
        ORDER_NUMBERS.document,
        ORDER_NUMBERS.prefix,
        plans.len(),
    )
    .await?;
    lock_resources(scope, &spa.rooms).await?;
    let (mut uses, mut drafts, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for (plan, number) in plans.iter().zip(numbers) {
        let guest = dice.pick(guests);
        let booked_at = plan.starts_at - TimeDelta::hours(dice.between(3, 240));
        let booked_at = booked_at.min(now - TimeDelta::minutes(dice.between(15, 600)));
        let Some(new) = usage(&spa, plan, guest, number, booked_at) else {
            continue;
        };
        note(past, &new, plan, now);
        match plan.fate {
            Fate::Draft => drafts.push(new),
            Fate::Open(unsettled) => {
                open.push((unsettled, Of::from(&new.order)));
                uses.push(new);
            }
            _ => uses.push(new),
        }
    }
    record_uses(scope, &uses).await?;
    draft(scope, &drafts).await?;
    Ok(open)
}

async fn build(scope: &Scope) -> Result<Spa, Error> {
    let (location_id, room_type, human) = (new_id(), new_id(), new_id());
    let location = json!({
        "id": location_id, "code": "SPA", "name": "Harbour Spa", "kind": "facility",
        "timezone": "Europe/Lisbon", "currency": "EUR", "country_code": "PT", "city": "Lisboa",
        "address_line1": "Rua da Cintura do Porto 14",
    });
    put(scope, "core.locations", vec![location]).await?;
    let types = vec![
        json!({ "id": room_type, "code": "treatment-room", "name": "Treatment room", "kind": "room" }),
        json!({ "id": human, "code": "therapist", "name": "Therapist", "kind": "human" }),
    ];
    put(scope, "resources.resource_types", types).await?;
    let rooms = vec![new_id(), new_id()];
    let resource = |id: Uuid, type_id: Uuid, number: &str, name: &str| {
        json!({ "id": id, "number": number, "type_id": type_id, "location_id": location_id,
            "name": name, "lifecycle_status": "active", "sort_key": number })
    };
    let mut resources = vec![
        resource(new_id(), human, "SPA-P1", "Filipa Nunes"),
        resource(new_id(), human, "SPA-P2", "Marco Leitão"),
    ];
    for (id, (number, name)) in rooms.iter().zip([
        ("SPA-T1", "Treatment room Dune"),
        ("SPA-T2", "Treatment room Tide"),
    ]) {
        resources.push(resource(*id, room_type, number, name));
    }
    put(scope, "resources.resources", resources).await?;
    let mut treatments = Vec::new();
    let sellables = offers(scope, &OFFERS).await?;
    for ((sellable_id, offer), price) in sellables.into_iter().zip(OFFERS).zip(PRICES) {
        let asked = Asked {
            location_id,
            sellable_id: Some(sellable_id),
            ..Asked::default()
        };
        let found = store::find(scope, asked).await?;
        treatments.extend(found.map(|found| (found, offer, price)));
    }
    Ok(Spa { rooms, treatments })
}

/// Appointments from ten days ago to two weeks ahead.
fn plan(dice: &mut Dice, rooms: usize, zone: Tz, now: DateTime<Utc>) -> Vec<Plan> {
    let today = local_day(zone, now);
    let mut plans = Vec::new();
    let mut coming = 0;
    for day in (-10..=14).map(|days| today + TimeDelta::days(days)) {
        for hour in HOURS {
            for room in 0..rooms {
                if !dice.chance(BUSY) {
                    continue;
                }
                let treatment = usize::try_from(dice.between(0, 2)).unwrap_or_default();
                let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
                let starts_at = instant_of(zone, day.and_time(time), Edge::Start);
                let fate = if starts_at + TimeDelta::minutes(90) <= now {
                    match dice.between(1, 20) {
                        1 => Fate::Missed,
                        2 => Fate::Cancelled,
                        _ => Fate::Over,
                    }
                } else if starts_at <= now {
                    Fate::Now
                } else {
                    coming += 1;
                    fate_to_come(coming)
                };
                plans.push(Plan {
                    room,
                    treatment,
                    starts_at,
                    fate,
                });
            }
        }
    }
    plans
}

/// Every sixth appointment that is to come was not agreed, or not any more.
fn fate_to_come(nth: usize) -> Fate {
    match nth % 12 {
        1 => Fate::Draft,
        3 => Fate::Open(Unsettled::Held),
        5 => Fate::Open(Unsettled::Pending),
        7 => Fate::Open(Unsettled::Declined),
        9 => Fate::Open(Unsettled::Expired),
        11 => Fate::Cancelled,
        _ => Fate::Coming,
    }
}

fn usage(
    spa: &Spa,
    plan: &Plan,
    guest: Option<&Person>,
    number: String,
    booked_at: DateTime<Utc>,
) -> Option<NewUse> {
    let (found, offer, total_minor) = spa.treatments.get(plan.treatment)?;
    let (sellable, _) = found.sellable.clone()?;
    let (duration, before, after) = offer.minutes;
    let ends_at = plan.starts_at + TimeDelta::minutes(duration);
    Some(NewUse {
        order: NewOrder {
            id: new_id(),
            number,
            place: Arc::new(found.place.clone()),
            sellable: Arc::new(sellable),
            terms: found.terms.clone().map(Arc::new),
            booker: guest.map(|guest| Booker::Known(guest.id, guest.name.clone())),
            participants: Vec::new(),
            channel: if total_minor % 1_000 == 500 {
                "desk"
            } else {
                "web"
            },
            channel_ref: None,
            booked_at,
            note: None,
            deposit: Deposit::None,
            priced: None,
            keep: match plan.fate {
                Fate::Open(unsettled) => unsettled.keep(),
                Fate::Cancelled => Keep::Nothing,
                _ => Keep::Firm,
            },
        },
        kind: "appointment",
        resource_id: *spa.rooms.get(plan.room)?,
        service: (plan.starts_at, ends_at),
        blocked: (
            plan.starts_at - TimeDelta::minutes(before),
            ends_at + TimeDelta::minutes(after),
        ),
        party_size: 1,
        total_minor: *total_minor,
    })
}

fn note(past: &mut Past, new: &NewUse, plan: &Plan, now: DateTime<Utc>) {
    let (of, (starts_at, ends_at)) = (Of::from(&new.order), new.service);
    past.booked(of, new.order.booked_at);
    match plan.fate {
        Fate::Over => {
            past.came(of, starts_at);
            past.left(of, ends_at);
        }
        Fate::Now => past.came(of, starts_at.min(now)),
        Fate::Missed => past.missed(of, starts_at + TimeDelta::minutes(20), starts_at),
        Fate::Cancelled => {
            let order_id = of.order_id;
            let at = new.order.booked_at + TimeDelta::minutes(10);
            let free =
                Cancellation::free(At { order_id, at }, "customer", super::REASONS.cancelled);
            past.cancelled(of, free);
        }
        Fate::Coming | Fate::Draft | Fate::Open(_) => {}
    }
}

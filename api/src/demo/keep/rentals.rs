//! Forklifts for half a day, mornings and afternoons.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use super::warehouse::Yard;
use crate::database::{Scope, new_id};
use crate::demo::dice::Dice;
use crate::demo::people::Person;
use crate::demo::put::numbers;
use crate::domain::availability::rules::{Edge, instant_of, local_day};
use crate::domain::availability::store::lock_resources;
use crate::domain::booking::deposit::Deposit;
use crate::domain::booking::past::{Of, Past};
use crate::domain::booking::record::{Booker, Keep, NewOrder, NewUse, record_uses};
use crate::domain::booking::store::ORDER_NUMBERS;

const PRICE: i64 = 26_000;
const HOURS: [u32; 2] = [8, 13];
const LENGTH: TimeDelta = TimeDelta::hours(4);
const BUFFER: TimeDelta = TimeDelta::minutes(15);

/// Books them, and notes what became of them.
pub async fn book(
    scope: &Scope,
    yard: &Yard,
    companies: &[Person],
    past: &mut Past,
) -> anyhow::Result<()> {
    let now = scope.now();
    let mut dice = Dice::new("rentals");
    let mut wanted: Vec<(usize, DateTime<Utc>)> = Vec::new();
    for (place, (_, item)) in yard.forklifts.iter().enumerate() {
        let zone = item.place.zone;
        let today = local_day(zone, now);
        for day in (-9..=9).map(|days| today + TimeDelta::days(days)) {
            for hour in HOURS {
                let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
                let starts_at = instant_of(zone, day.and_time(time), Edge::Start);
                if dice.chance(18) {
                    wanted.push((place, starts_at));
                }
            }
        }
    }
    let (document, prefix) = (ORDER_NUMBERS.document, ORDER_NUMBERS.prefix);
    let numbers = numbers(scope, document, prefix, wanted.len()).await?;
    let mut uses = Vec::new();
    for ((forklift, starts_at), number) in wanted.into_iter().zip(numbers) {
        let Some((resource_id, item)) = yard.forklifts.get(forklift) else {
            continue;
        };
        let ends_at = starts_at + LENGTH;
        let customer = dice.pick(companies);
        let booked_at = (starts_at - TimeDelta::hours(dice.between(12, 200))).min(now - BUFFER);
        let new = NewUse {
            order: NewOrder {
                id: new_id(),
                number,
                place: Arc::clone(&item.place),
                sellable: Arc::clone(&item.sellable),
                terms: item.terms.clone(),
                booker: customer.map(|customer| Booker::Known(customer.id, customer.name.clone())),
                participants: Vec::new(),
                channel: "phone",
                channel_ref: None,
                booked_at,
                note: None,
                deposit: Deposit::None,
                priced: None,
                keep: Keep::Firm,
            },
            kind: "rental",
            resource_id: *resource_id,
            service: (starts_at, ends_at),
            blocked: (starts_at - BUFFER, ends_at + BUFFER),
            party_size: 1,
            total_minor: PRICE,
        };
        let of = Of::from(&new.order);
        past.booked(of, booked_at);
        if starts_at <= now {
            past.came(of, starts_at);
        }
        if ends_at <= now {
            past.left(of, ends_at);
        }
        uses.push(new);
    }
    let forklifts: Vec<Uuid> = yard.forklifts.iter().map(|(id, _)| *id).collect();
    lock_resources(scope, &forklifts).await?;
    record_uses(scope, &uses).await?;
    Ok(())
}

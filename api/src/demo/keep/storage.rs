//! Pallets in store: so many places of a hall, by the day.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::warehouse::{Pool, Yard};
use crate::database::{Error, Scope, new_id};
use crate::demo::dice::Dice;
use crate::demo::people::Person;
use crate::demo::put::{numbers, put};
use crate::domain::availability::rules::{
    Edge, Night, business_date, instant_of, local_day, nights,
};
use crate::domain::availability::store::{Claim, claim};
use crate::domain::booking::finish::{At, Cancellation};
use crate::domain::booking::past::{Of, Past};
use crate::domain::booking::store::{ORDER_NUMBERS, plan_work};
use crate::money::exponent;
use crate::money::major;

/// How many there are.
const COUNT: usize = 60;

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Over,
    Here,
    Coming,
    Cancelled,
}

/// Pallets to be stored.
struct Batch<'a> {
    order_id: Uuid,
    number: String,
    pool: &'a Pool,
    customer: &'a Person,
    pallets: i32,
    days: Vec<Night>,
    first: NaiveDate,
    last: NaiveDate,
    booked_at: DateTime<Utc>,
    fate: Fate,
}

/// Books them, and notes what became of them.
pub async fn book(
    scope: &Scope,
    yard: &Yard,
    companies: &[Person],
    past: &mut Past,
) -> anyhow::Result<()> {
    let (document, prefix) = (ORDER_NUMBERS.document, ORDER_NUMBERS.prefix);
    let numbers = numbers(scope, document, prefix, COUNT).await?;
    let mut dice = Dice::new("storage");
    let mut batches = Vec::new();
    for number in numbers {
        let (Some(pool), Some(customer)) = (dice.pick(&yard.pools), dice.pick(companies)) else {
            break;
        };
        batches.push(batch(&mut dice, scope.now(), pool, customer, number)?);
    }
    write(scope, &batches).await?;
    let taken: Vec<&Batch<'_>> = batches
        .iter()
        .filter(|batch| batch.fate != Fate::Cancelled)
        .collect();
    let claims: Vec<Claim<'_>> = taken
        .iter()
        .map(|batch| Claim {
            order_id: batch.order_id,
            hold_id: None,
            pool_id: batch.pool.id,
            units: batch.pallets,
            nights: &batch.days,
        })
        .collect();
    claim(scope, &claims).await?;
    plan_work(scope, taken.iter().map(|batch| batch.order_id).collect()).await?;
    for batch in &batches {
        batch.note(past, scope.now());
    }
    Ok(())
}

fn batch<'a>(
    dice: &mut Dice,
    now: DateTime<Utc>,
    pool: &'a Pool,
    customer: &'a Person,
    number: String,
) -> anyhow::Result<Batch<'a>> {
    let zone = pool.item.place.zone;
    let today = local_day(zone, now);
    let first = today + TimeDelta::days(dice.between(-25, 20));
    let last = first + TimeDelta::days(dice.between(4, 20));
    let fate = if last <= today {
        Fate::Over
    } else if first < today {
        Fate::Here
    } else if dice.chance(20) {
        Fate::Cancelled
    } else {
        Fate::Coming
    };
    let booked_at = instant_of(zone, first.and_time(NaiveTime::MIN), Edge::Start)
        - TimeDelta::hours(dice.between(10, 400));
    Ok(Batch {
        order_id: new_id(),
        number,
        pool,
        customer,
        pallets: i32::try_from(dice.between(2, 12))?,
        days: nights(zone, first, last)?,
        first,
        last,
        booked_at: booked_at.min(now - TimeDelta::minutes(dice.between(10, 900))),
        fate,
    })
}

impl Batch<'_> {
    fn total_minor(&self) -> i64 {
        i64::from(self.pallets) * self.pool.rate_minor * (self.last - self.first).num_days()
    }

    /// From eight in the morning of the first day to six in the evening before the last one.
    fn time(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let at = |day: NaiveDate, hour: u32, edge| {
            let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
            instant_of(self.pool.item.place.zone, day.and_time(time), edge)
        };
        let last = self.last.pred_opt().unwrap_or(self.last);
        (at(self.first, 8, Edge::Start), at(last, 18, Edge::End))
    }

    fn note(&self, past: &mut Past, now: DateTime<Utc>) {
        let of = Of {
            order_id: self.order_id,
            location_id: self.pool.item.place.location_id,
        };
        let (starts_at, ends_at) = self.time();
        past.booked(of, self.booked_at);
        match self.fate {
            Fate::Over => {
                past.came(of, starts_at);
                past.left(of, ends_at.min(now));
            }
            Fate::Here => past.came(of, starts_at.min(now)),
            Fate::Cancelled => {
                let order_id = self.order_id;
                let at = self.booked_at + TimeDelta::minutes(5);
                let reason = super::REASONS.cancelled;
                let free = Cancellation::free(At { order_id, at }, "customer", reason);
                past.cancelled(of, free);
            }
            Fate::Coming => {}
        }
    }
}

async fn write(scope: &Scope, batches: &[Batch<'_>]) -> Result<(), Error> {
    let (mut orders, mut lines) = (Vec::new(), Vec::new());
    let (mut periods, mut people) = (Vec::new(), Vec::new());
    for batch in batches {
        let (item, customer) = (&batch.pool.item, batch.customer);
        let (place, line_id) = (&item.place, new_id());
        let (starts_at, ends_at) = batch.time();
        let total_minor = batch.total_minor();
        let rate = major(batch.pool.rate_minor, exponent(&place.currency));
        let days = (batch.last - batch.first).num_days();
        orders.push(json!({
            "id": batch.order_id, "number": batch.number, "kind": "storage", "status": "confirmed",
            "customer_id": customer.id, "location_id": place.location_id, "channel": "email",
            "starts_at": starts_at, "ends_at": ends_at, "timezone": place.zone.name(),
            "business_date": business_date(place.zone, place.cutoff, batch.booked_at),
            "booked_at": batch.booked_at, "confirmed_at": batch.booked_at,
            "currency": place.currency, "base_minor": total_minor, "total_minor": total_minor,
            "cancellation_policy_id": item.terms.as_ref().map(|terms| terms.policy_id),
            "cancellation_policy": item.terms.as_ref().map(|terms| terms.snapshot.clone()),
        }));
        lines.push(json!({
            "id": line_id, "order_id": batch.order_id, "line_no": 1, "sellable_id": item.sellable.id,
            "offer_version_id": item.sellable.offer_version_id, "name": item.sellable.name,
            "quantity": i64::from(batch.pallets) * days, "unit": "unit_day", "unit_price": rate,
            "total_minor": total_minor, "currency": place.currency, "tax_category": "standard",
            "starts_on": batch.first, "ends_on": batch.last,
        }));
        periods.push(json!({
            "id": new_id(), "order_line_id": line_id, "starts_on": batch.first,
            "ends_on": batch.last, "rate": rate, "units": batch.pallets,
            "subtotal_minor": total_minor, "currency": place.currency,
        }));
        people.push(json!({
            "id": new_id(), "order_id": batch.order_id, "customer_id": customer.id,
            "name": customer.name, "role": "payer",
        }));
    }
    put(scope, "booking.booking_orders", orders).await?;
    put(scope, "booking.booking_order_lines", lines).await?;
    put(scope, "booking.booking_pricing_periods", periods).await?;
    put(scope, "booking.booking_participants", people).await
}

//! Stays and storage on other days.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use uuid::Uuid;

use super::{BookingRescheduleInput, Change, Checked, Problem, absent, amount, in_time, refused};
use crate::booking::days::{self, Days, in_place_of};
use crate::booking::extras::follow;
use crate::booking::locked::Locked;
use crate::booking::moves::{self, Moved, Window};
use crate::booking::reprice;
use crate::booking::rules::Rate;
use crate::booking::taken::{Taken, give_up, lock_slots, taken};
use foundation::database::{Error, Scope};
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::claims::attempt;
use scheduling::availability::rules::{Edge, Night, instant_of, nights, wall_time};
use scheduling::availability::search::alternatives::instead;
use scheduling::availability::search::nights::{closed, handed};
use scheduling::availability::search::other_nights::{OfPool, of_pool};
use scheduling::availability::store::{Claim, claim};
use scheduling::pricing::request::Time;

const MOST_DAYS: i64 = 400;
/// How far from now a booking may begin.
const REACH: Months = Months::new(120);

pub(super) async fn reschedule(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingRescheduleInput,
) -> Checked<Change> {
    only_days(input)?;
    let scope = act.scope;
    let old = days::read(scope, order.id).await?;
    let held = taken(scope, &[order.id]).await?;
    let pool = held.iter().find_map(|taken| taken.slot?.1);
    let (Some(old), Some(pool_id)) = (old, pool) else {
        let message = "The booking takes nothing that could be moved.";
        return Err(Fault::at(Problem::NotBookable, "id", message));
    };
    let (from, to) = asked(&old, order, input, scope.now().date_naive())?;
    let wanted = nights(order.zone, from, to).map_err(|missing| {
        let message = format!("At the location {missing}.");
        Fault::at(Problem::InvalidDates, "startsOn", message)
    })?;
    let window = window(order, (from, to));
    in_time(act, order, window, "startsOn")?;
    let of_pool = wish(order, (pool_id, old.units), (from, to));
    if let Err(fault) = open(act, order, &held, &wanted).await {
        return Err(elsewhere(act, fault, &of_pool).await?);
    }
    let rates = if reprice::is_wanted(act, order, input.reprice).await? {
        listed(act, order, (from, to)).await?
    } else {
        rates(&old, &wanted, order, input)?
    };
    let new = Days {
        rates,
        ..old.clone()
    };
    let total = new.price().ok_or_else(too_much)?;
    lock_slots(scope, order.id, pool_id, &wanted).await?;
    let swapped = swap(scope, order, &held, (pool_id, old.units), &wanted);
    if let Err(error) = attempt(scope, swapped).await? {
        return Err(elsewhere(act, refused(error.into()), &of_pool).await?);
    }
    let moved = Moved {
        order_id: order.id,
        from: (order.starts_at, order.ends_at),
        to: window,
        days: order.is_stay.then_some((from, to)),
    };
    moves::write(scope, &[moved]).await?;
    new.write(scope, order.id, &order.currency).await?;
    let base = order.amounts.base - old.total_minor + total;
    let amounts = follow(scope, order, base, Some(new.size())).await?;
    Ok(Change {
        moved,
        amounts: amounts.ok_or_else(too_much)?,
        conflicts: Vec::new(),
    })
}

/// What is wanted of the pool; what the order takes itself is free to it.
fn wish(order: &Locked, (pool_id, units): (Uuid, i32), days: (NaiveDate, NaiveDate)) -> OfPool {
    OfPool {
        pool_id,
        days,
        units,
        is_stay: order.is_stay,
        makes_slots: true,
        order_ids: vec![order.id],
    }
}

/// Refuses what only bookings of a time have.
fn only_days(input: &BookingRescheduleInput) -> Checked<()> {
    absent(input.starts_at.as_ref(), "startsAt")?;
    absent(input.ends_at.as_ref(), "endsAt")?;
    absent(input.resource_id.as_ref(), "resourceId")?;
    absent(input.override_reason.as_ref(), "overrideReason")?;
    absent(input.slot_id.as_ref(), "slotId")?;
    absent(input.price.as_ref(), "price")
}

/// What the price lists say of these days.
async fn listed(
    act: &Act<'_>,
    order: &Locked,
    (starts_on, ends_on): (NaiveDate, NaiveDate),
) -> Checked<Vec<Rate>> {
    let at = (Time::Days { starts_on, ends_on }, None);
    let line = reprice::line(act, order, at, Problem::InvalidPrice).await?;
    let nights = line.nights.iter();
    let rates = nights.map(|night| Rate {
        on: night.on,
        minor: night.minor,
    });
    Ok(rates.collect())
}

/// The days asked for.
fn asked(
    old: &Days,
    order: &Locked,
    input: &BookingRescheduleInput,
    today: NaiveDate,
) -> Checked<(NaiveDate, NaiveDate)> {
    let Some((first, last)) = old.range() else {
        return Err(Fault::not_found("booking"));
    };
    let Some(from) = input.starts_on else {
        let message = format!(
            "startsOn must be given for a booking of kind {}.",
            order.kind
        );
        return Err(Fault::at(Problem::Incomplete, "startsOn", message));
    };
    let to = input.ends_on.map_or(from.0 + (last - first), |day| day.0);
    let refuse = |field, message: String| Err(Fault::at(Problem::InvalidDates, field, message));
    let far = today
        .checked_add_months(REACH)
        .is_none_or(|far| from.0 > far);
    let long_ago = today
        .checked_sub_months(REACH)
        .is_none_or(|day| from.0 < day);
    if far || long_ago {
        return refuse(
            "startsOn",
            format!("{} is more than ten years away.", from.0),
        );
    }
    if !(1..=MOST_DAYS).contains(&(to - from.0).num_days()) {
        let message = format!("endsOn must be after startsOn, by {MOST_DAYS} days at most.");
        return refuse("endsOn", message);
    }
    Ok((from.0, to))
}

/// Refuses nights that the order has not yet and on which the whole location is blocked; and to arrive,
/// to bring or fetch on another day than before on which its calendars keep it closed.
async fn open(act: &Act<'_>, order: &Locked, held: &[Taken], wanted: &[Night]) -> Checked<()> {
    let new = missing(held, wanted);
    let (mut received, before) = (handed(wanted), before(order, held));
    if order.is_stay {
        received.truncate(1);
    }
    received.retain(|on| !before.contains(on));
    let nights: &[Night] = if new.is_empty() { wanted } else { &new };
    let closed = closed(act.scope, order.location_id, nights, &received).await?;
    let is_new = |on: NaiveDate| received.contains(&on) || new.iter().any(|night| night.on == on);
    let Some(first) = closed.iter().find(|closed| is_new(closed.on)) else {
        return Ok(());
    };
    let message = format!(
        "The location is closed on {}; the booking keeps its time.",
        first.on
    );
    Err(Fault::at(Problem::Closed, "startsOn", message))
}

/// On which days somebody is received already, or something.
fn before(order: &Locked, held: &[Taken]) -> Vec<NaiveDate> {
    if order.is_stay {
        return order.check_in_on.into_iter().collect();
    }
    let days = held.iter().filter_map(|taken| taken.slot);
    let days = days.map(|(_, _, on)| on);
    days.clone().min().into_iter().chain(days.max()).collect()
}

/// The nights that are not taken yet.
fn missing(held: &[Taken], wanted: &[Night]) -> Vec<Night> {
    let has = |day: NaiveDate| {
        let mut days = held.iter().filter_map(|taken| taken.slot);
        days.any(|(_, _, on)| on == day)
    };
    let new = wanted.iter().filter(|night| !has(night.on));
    new.copied().collect()
}

/// When an order of these days begins and ends: at the local times at which it did before.
fn window(order: &Locked, (from, to): (NaiveDate, NaiveDate)) -> Window {
    let time = |instant| wall_time(order.zone, instant).time();
    (
        instant_of(
            order.zone,
            from.and_time(time(order.starts_at)),
            Edge::Start,
        ),
        instant_of(order.zone, to.and_time(time(order.ends_at)), Edge::End),
    )
}

fn rates(
    old: &Days,
    wanted: &[Night],
    order: &Locked,
    input: &BookingRescheduleInput,
) -> Checked<Vec<Rate>> {
    let days = wanted.iter().map(|night| night.on);
    match (&input.rate, &input.rates) {
        (None, None) => Ok(in_place_of(&old.rates, days)),
        (Some(rate), None) => {
            let minor = whole(amount(rate, order, "rate")?, old.units)?;
            Ok(days.map(|on| Rate { on, minor }).collect())
        }
        (None, Some(given)) => {
            let mut by_day = BTreeMap::new();
            for night in given {
                let minor = whole(amount(&night.rate, order, "rates")?, old.units)?;
                by_day.insert(night.on.0, minor);
            }
            let rates: Option<Vec<Rate>> = days
                .map(|on| by_day.get(&on).map(|minor| Rate { on, minor: *minor }))
                .collect();
            rates
                .filter(|rates| rates.len() == given.len())
                .ok_or_else(|| {
                    let message = "rates must have one rate for every day, and no other.";
                    Fault::at(Problem::InvalidPrice, "rates", message)
                })
        }
        (Some(_), Some(_)) => {
            let message = "Give rate or rates, one of them.";
            Err(Fault::at(Problem::InvalidPrice, "rates", message))
        }
    }
}

fn too_much() -> Fault<Problem> {
    Fault::at(Problem::InvalidPrice, "rate", "The price is too large.")
}

/// What a day costs for all units.
fn whole(minor: i64, units: i32) -> Checked<i64> {
    minor.checked_mul(units.into()).ok_or_else(too_much)
}

/// Takes the days that the order has not, and then lets go those that it needs no more.
async fn swap(
    scope: &Scope,
    order: &Locked,
    held: &[Taken],
    (pool_id, units): (Uuid, i32),
    wanted: &[Night],
) -> Result<(), Error> {
    let is_wanted = |day: NaiveDate| wanted.iter().any(|night| night.on == day);
    let more = missing(held, wanted);
    let claims = [Claim {
        order_id: order.id,
        hold_id: held.iter().find_map(|taken| taken.hold_id),
        pool_id,
        units,
        nights: &more,
    }];
    claim(scope, &claims).await?;
    let left = held
        .iter()
        .filter(|taken| taken.slot.is_some_and(|(_, _, on)| !is_wanted(on)))
        .map(|taken| taken.id);
    give_up(scope, "rescheduled", left.collect()).await
}

/// The same fault where the days cannot be had, with others that can.
async fn elsewhere(
    act: &Act<'_>,
    fault: Fault<Problem>,
    wanted: &OfPool,
) -> Checked<Fault<Problem>> {
    let Fault::Problem(told) = &fault else {
        return Ok(fault);
    };
    if !matches!(told.code, Problem::SoldOut | Problem::Closed) {
        return Ok(fault);
    }
    let others = of_pool(act.scope, wanted).await?;
    Ok(instead(fault, &others))
}

//! What is booked by time, at another time or of another resource.

use chrono::{Months, TimeDelta};
use uuid::Uuid;

use super::{
    BookingRescheduleInput, Change, Checked, Problem, absent, amount, by_offer, in_time, stands,
};
use crate::booking::bill::Amounts;
use crate::booking::extras;
use crate::booking::judged::{self, Overruled};
use crate::booking::lines::set_main_line;
use crate::booking::locked::Locked;
use crate::booking::moves::{self, Moved, Window, follow};
use crate::booking::reprice;
use crate::booking::store::{Asked, find};
use crate::booking::taken::{Shift, Taken, lock_shifted, shift, taken};
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::search::alternatives::{instead, of_resources};
use scheduling::availability::search::direct::Use;
use scheduling::pricing::request::Time;

const LONGEST: TimeDelta = TimeDelta::days(400);
/// How far from now a booking may begin.
const REACH: Months = Months::new(120);

pub(super) async fn reschedule(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingRescheduleInput,
) -> Checked<Change> {
    absent(input.starts_on.as_ref(), "startsOn")?;
    absent(input.ends_on.as_ref(), "endsOn")?;
    absent(input.rate.as_ref(), "rate")?;
    absent(input.rates.as_ref(), "rates")?;
    let scope = act.scope;
    let to = asked(act, order, input)?;
    in_time(act, order, to, "startsAt")?;
    let resource_id = input.resource_id.map(|id| id.uuid());
    if let Some(resource_id) = resource_id {
        bookable(act, order, resource_id).await?;
    }
    let moved = Moved {
        order_id: order.id,
        from: (order.starts_at, order.ends_at),
        to,
        days: None,
    };
    let held = taken(scope, &[order.id]).await?;
    if held.iter().any(|taken| taken.slot.is_some()) {
        let message = "The booking has a place in a session: give slotId, the other session.";
        return Err(Fault::at(Problem::Incomplete, "slotId", message));
    }
    let is_shared = |taken: &Taken| taken.pool_id.is_some() || !taken.is_exclusive;
    if held.iter().any(is_shared) {
        return by_offer::reschedule(act, order, input, (to, &held)).await;
    }
    let mut shifts = shifts(&held, &moved, resource_id);
    let overruled = judged(act, order, input, &mut shifts).await?;
    let conflicts = shift(scope, &shifts, overruled.as_ref()).await?;
    moves::write(scope, &[moved]).await?;
    Ok(Change {
        moved,
        amounts: price(act, order, input, to).await?,
        conflicts,
    })
}

/// Refuses what a search would not list at the new time, unless somebody overrules that: says who,
/// and marks what is forced.
async fn judged(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingRescheduleInput,
    shifts: &mut [Shift],
) -> Checked<Option<Overruled>> {
    let (code, reason) = (Problem::OverrideRefused, input.override_reason.as_ref());
    let overruled = judged::overruled(act, reason, order.location_id, code)?;
    let uses: Vec<Use> = shifts.iter().map(Shift::usage).collect();
    if uses.is_empty() {
        return Ok(overruled);
    }
    lock_shifted(act.scope, shifts).await?;
    let sold = judged::sold_as(act.scope, order.id).await?;
    let direct = judged::known(act, order, vec![order.id], (sold, &uses)).await?;
    for (shift, usage) in shifts.iter_mut().zip(&uses) {
        match direct.refusal(usage) {
            None => {}
            Some(_) if overruled.is_some() => shift.is_forced = true,
            Some(reason) => {
                let others = of_resources(&direct, &uses, order.zone, act.scope.now());
                return Err(instead(stands(reason), &others));
            }
        }
    }
    Ok(overruled)
}

/// What the amounts are with the price given or asked for, if one is.
pub(super) async fn price(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingRescheduleInput,
    (starts_at, ends_at): Window,
) -> Checked<Amounts> {
    let minor = match &input.price {
        Some(price) => amount(price, order, "price")?,
        None if reprice::is_wanted(act, order, input.reprice).await? => {
            let resource = input.resource_id.map(|id| id.uuid());
            let time = Time::Window { starts_at, ends_at };
            let line = reprice::line(act, order, (time, resource), Problem::InvalidPrice);
            line.await?.total_minor
        }
        None => return Ok(order.amounts),
    };
    let delta = set_main_line(act.scope, order.id, minor, &order.currency).await?;
    let amounts = extras::follow(act.scope, order, order.amounts.base + delta, None).await?;
    amounts.ok_or_else(|| {
        let message = "The price is too large.";
        Fault::at(Problem::InvalidPrice, "price", message)
    })
}

/// The time asked for; of another resource alone, the time that it has.
fn asked(act: &Act<'_>, order: &Locked, input: &BookingRescheduleInput) -> Checked<Window> {
    let starts_at = match (input.starts_at, input.resource_id) {
        (Some(start), _) => start.0,
        (None, Some(_)) => order.starts_at,
        (None, None) => {
            let message = "startsAt must be given, or resourceId.";
            return Err(Fault::at(Problem::Incomplete, "startsAt", message));
        }
    };
    let length = order.ends_at - order.starts_at;
    let ends_at = input.ends_at.map_or(starts_at + length, |end| end.0);
    if ends_at <= starts_at || ends_at - starts_at > LONGEST {
        let message = "endsAt must be after startsAt, by 400 days at most.";
        return Err(Fault::at(Problem::InvalidDates, "endsAt", message));
    }
    let now = act.scope.now();
    let far = now
        .checked_add_months(REACH)
        .is_none_or(|far| starts_at > far)
        || now
            .checked_sub_months(REACH)
            .is_none_or(|day| starts_at < day);
    if far {
        let message = "startsAt is more than ten years away.";
        return Err(Fault::at(Problem::InvalidDates, "startsAt", message));
    }
    Ok((starts_at, ends_at))
}

/// Refuses a resource of another location, one that is not in use, and one that several share.
async fn bookable(act: &Act<'_>, order: &Locked, resource_id: Uuid) -> Checked<()> {
    let asked = Asked {
        location_id: order.location_id,
        resource_id: Some(resource_id),
        ..Asked::default()
    };
    let found = find(act.scope, asked).await?;
    match found.and_then(|found| found.resource) {
        None => Err(Fault::not_found("resource")),
        Some((true, status)) if status == "active" => Ok(()),
        Some(_) => {
            let message = "The resource is not open for bookings.";
            Err(Fault::at(Problem::NotBookable, "resourceId", message))
        }
    }
}

/// Where all goes that the order takes: buffers stay as long as they are. Another resource takes
/// the place of the one that has the order's own time.
fn shifts(held: &[Taken], moved: &Moved, resource_id: Option<Uuid>) -> Vec<Shift> {
    held.iter()
        .filter_map(|taken| {
            let own = taken.resource_id?;
            let service = follow(taken.service, moved);
            let (before, after) = (
                taken.service.0 - taken.blocked.0,
                taken.blocked.1 - taken.service.1,
            );
            let other = resource_id.filter(|_| taken.service == moved.from);
            Some(Shift {
                from: taken.clone(),
                resource_id: other.unwrap_or(own),
                service,
                blocked: (service.0 - before, service.1 + after),
                is_forced: false,
            })
        })
        .collect()
}

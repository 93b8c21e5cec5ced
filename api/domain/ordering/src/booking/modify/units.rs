//! More or fewer units of what is booked by days, and places of a class.

use super::{BookingModifyInput, Checked, Problem};
use crate::booking::days::Days;
use crate::booking::locked::Locked;
use crate::booking::places::{Place, claim_places, lock_places};
use crate::booking::taken::{Taken, give_up, lock_slots, taken};
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::rules::Night;
use scheduling::availability::store::{Claim, claim};

const MOST_UNITS: i32 = 500;

/// Gives the order so many units as are wanted, and gives its days as they are then; `base` is what
/// the lines cost.
pub(super) async fn write(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingModifyInput,
    days: Option<Days>,
    base: &mut i64,
) -> Checked<Option<Days>> {
    let Some(units) = input.units else {
        return Ok(days);
    };
    if !(1..=MOST_UNITS).contains(&units) {
        let message = format!("units must be between 1 and {MOST_UNITS}.");
        return Err(Fault::at(Problem::InvalidQuantity, "units", message));
    }
    let held = taken(act.scope, &[order.id]).await?;
    let Some(days) = days else {
        places(act, order, &held, units).await?;
        return Ok(None);
    };
    let Some(pool_id) = held.iter().find_map(|taken| taken.slot?.1) else {
        let message = "The booking takes nothing of which it could have more.";
        return Err(Fault::at(Problem::NotBookable, "units", message));
    };
    let nights: Vec<Night> = nights(&held);
    lock_slots(act.scope, order.id, pool_id, &nights).await?;
    let hold_id = held.iter().find_map(|taken| taken.hold_id);
    let more = if units > days.units {
        units - days.units
    } else {
        // All slots are locked: what is given back is taken again before anybody sees it.
        let ids = held.iter().map(|taken| taken.id).collect();
        give_up(act.scope, "withdrawn", ids).await?;
        units
    };
    let claims = [Claim {
        order_id: order.id,
        hold_id,
        pool_id,
        units: more,
        nights: &nights,
    }];
    if units != days.units {
        claim(act.scope, &claims).await?;
    }
    let too_much = || {
        let message = "The price is too large.";
        Fault::at(Problem::InvalidPrice, "units", message)
    };
    let new = days.in_units(units).ok_or_else(too_much)?;
    let total = new.price().ok_or_else(too_much)?;
    new.write(act.scope, order.id, &order.currency).await?;
    if order.kind == "storage" {
        let sql = "update booking.storage_details d set units = $3 where d.biz_id = $1 and d.booking_order_id = $2";
        let values = [act.scope.biz_id().into(), order.id.into(), units.into()];
        act.scope.execute(sql, &values).await?;
    }
    *base += total - days.total_minor;
    Ok(Some(new))
}

/// The nights of what is taken, each once.
fn nights(held: &[Taken]) -> Vec<Night> {
    let mut nights: Vec<Night> = held
        .iter()
        .filter_map(|taken| {
            Some(Night {
                on: taken.slot?.2,
                starts_at: taken.service.0,
                ends_at: taken.service.1,
            })
        })
        .collect();
    nights.sort_by_key(|night| night.on);
    nights.dedup();
    nights
}

/// Gives an order so many places of its session.
async fn places(act: &Act<'_>, order: &Locked, held: &[Taken], units: i32) -> Checked<()> {
    let slots: Vec<&Taken> = held.iter().filter(|taken| taken.slot.is_some()).collect();
    let Some((slot_id, ..)) = slots.first().and_then(|taken| taken.slot) else {
        let message = "This booking has no units: give partySize, or change its lines.";
        return Err(Fault::at(Problem::Incomplete, "units", message));
    };
    lock_places(act.scope, slot_id, Some(order.id)).await?;
    give_up(
        act.scope,
        "withdrawn",
        slots.iter().map(|taken| taken.id).collect(),
    )
    .await?;
    let place = Place {
        slot_id,
        units,
        order_id: order.id,
        hold_id: slots.first().and_then(|taken| taken.hold_id),
    };
    claim_places(act.scope, place).await?;
    let sql =
        "update booking.booking_orders o set party_size = $3 where o.biz_id = $1 and o.id = $2";
    let values = [act.scope.biz_id().into(), order.id.into(), units.into()];
    act.scope.execute(sql, &values).await?;
    Ok(())
}

//! A place in another session of a class.

use uuid::Uuid;

use super::by_time::price;
use super::{BookingRescheduleInput, Change, Checked, Problem, absent, in_time, refused, stands};
use crate::booking::judged::{known, sold_as};
use crate::booking::locked::Locked;
use crate::booking::moves::{self, Moved};
use crate::booking::places::{Place, Slot, claim_places, lock_places};
use crate::booking::taken::{give_up, taken};
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::claims::{attempt, is_taken};
use scheduling::availability::search::alternatives::{instead, of_session};

pub(super) async fn reschedule(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingRescheduleInput,
) -> Checked<Change> {
    absent(input.starts_at.as_ref(), "startsAt")?;
    absent(input.ends_at.as_ref(), "endsAt")?;
    absent(input.resource_id.as_ref(), "resourceId")?;
    absent(input.override_reason.as_ref(), "overrideReason")?;
    absent(input.starts_on.as_ref(), "startsOn")?;
    absent(input.ends_on.as_ref(), "endsOn")?;
    let scope = act.scope;
    let held = taken(scope, &[order.id]).await?;
    let mut places = held.iter().filter(|taken| taken.slot.is_some());
    let (Some(old), None) = (places.next(), places.next()) else {
        let message = "The booking has no place in a session.";
        return Err(Fault::at(Problem::Incomplete, "slotId", message));
    };
    let Some(slot_id) = input.slot_id.map(|id| id.uuid()) else {
        return Err(Fault::not_found("slot"));
    };
    let elsewhere = async |fault: Fault<Problem>| -> Checked<Change> {
        let others = of_session(scope, slot_id, old.units).await?;
        Err(instead(fault, &others))
    };
    let slot = match session(act, order, slot_id).await? {
        Ok(slot) => slot,
        Err(fault) => return elsewhere(fault).await,
    };
    let wanted = Place {
        slot_id,
        units: old.units,
        order_id: order.id,
        hold_id: old.hold_id,
    };
    if old.slot.is_some_and(|(id, ..)| id != slot_id) {
        match attempt(scope, claim_places(scope, wanted)).await? {
            Ok(()) => {}
            Err(error) if is_taken(&error) => return elsewhere(refused(error.into())).await,
            Err(error) => return Err(error.into()),
        }
        give_up(scope, "rescheduled", vec![old.id]).await?;
    }
    let moved = Moved {
        order_id: order.id,
        from: (order.starts_at, order.ends_at),
        to: slot.time,
        days: None,
    };
    moves::write(scope, &[moved]).await?;
    Ok(Change {
        moved,
        amounts: price(act, order, input, slot.time).await?,
        conflicts: Vec::new(),
    })
}

/// The session, locked, or why a search would not list it.
async fn session(
    act: &Act<'_>,
    order: &Locked,
    slot_id: Uuid,
) -> Checked<Result<Slot, Fault<Problem>>> {
    let slot = lock_places(act.scope, slot_id, Some(order.id))
        .await?
        .filter(|slot| slot.location_id == order.location_id)
        .ok_or_else(|| Fault::not_found("slot"))?;
    if !slot.is_open {
        let message = "The session is closed for bookings.";
        return Ok(Err(Fault::at(Problem::Closed, "slotId", message)));
    }
    in_time(act, order, slot.time, "slotId")?;
    let sold = sold_as(act.scope, order.id).await?;
    let direct = known(act, order, vec![order.id], (sold, &[slot.usage()])).await?;
    Ok(match direct.refusal_of_session(&slot.usage()) {
        Some(reason) => Err(stands(reason)),
        None => Ok(slot),
    })
}

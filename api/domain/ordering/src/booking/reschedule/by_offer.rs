//! What takes units of pools or of resources that several share: whoever and whatever gives the offer
//! at another time is found anew, as a search would list it.

use uuid::Uuid;

use super::by_time::price;
use super::{BookingRescheduleInput, Change, Checked, Problem, absent, refused, stands};
use crate::booking::judged::is_staff;
use crate::booking::locked::Locked;
use crate::booking::moves::{self, Moved, Window};
use crate::booking::reprice::seats_of;
use crate::booking::taken::{Taken, give_up, relink};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::claims::{Claimant, attempt, claim_picks, is_taken, lock_picks};
use scheduling::availability::hold::store::Shopper as Holder;
use scheduling::availability::search::alternatives::{instead, of_offer};
use scheduling::availability::search::blocker::Reason;
use scheduling::availability::search::{
    Refusal, Refused, Shopper, Slot, Starts, Target, Wanted, explain, resolve,
};

pub(super) async fn reschedule(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingRescheduleInput,
    (to, held): (Window, &[Taken]),
) -> Checked<Change> {
    absent(input.override_reason.as_ref(), "overrideReason")?;
    let (slot, wanted) = Box::pin(slot(act, order, input, to)).await?;
    let moved = Moved {
        order_id: order.id,
        from: (order.starts_at, order.ends_at),
        to: (slot.time.start, slot.time.end),
        days: None,
    };
    lock_picks(act.scope, &slot.picks, &Holder::default()).await?;
    let of = Claimant {
        entity: "BookingOrder",
        id: order.id,
        hold_id: held.iter().find_map(|taken| taken.hold_id),
    };
    // All of it is locked: what is given up is taken again before anybody sees it.
    let gone = held.iter().map(|taken| taken.id).collect();
    let swapped = async {
        give_up(act.scope, "rescheduled", gone).await?;
        claim_picks(act.scope, of, &slot.picks).await
    };
    match attempt(act.scope, swapped).await? {
        Ok(()) => {}
        Err(error) if is_taken(&error) => {
            let others = of_offer(act.scope, &wanted, to.0).await;
            return Err(instead(refused(error.into()), &others));
        }
        Err(error) => return Err(error.into()),
    }
    let resources = slot.picks.iter().filter_map(|pick| match pick.target {
        Target::Resource(id) => Some((id, pick.service.start)),
        Target::Pool(_) | Target::Slot(_) => None,
    });
    let left = held.iter().filter(|taken| taken.resource_id.is_some());
    let links = left.zip(resources).map(|(from, (id, at))| (from, id, at));
    relink(act.scope, links).await?;
    moves::write(act.scope, &[moved]).await?;
    Ok(Change {
        moved,
        amounts: price(act, order, input, moved.to).await?,
        conflicts: Vec::new(),
    })
}

const OFFER: &str = "select v.offer_id from booking.booking_order_lines l \
    join catalog.offer_versions v on v.biz_id = $1 and v.id = l.offer_version_id \
    where l.biz_id = $1 and l.order_id = $2 and l.voided_at is null order by l.line_no limit 1";

/// The offer at the new time, if a search would list it, and what it was asked.
async fn slot(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingRescheduleInput,
    to: Window,
) -> Checked<(Slot, Wanted)> {
    let values = [act.scope.biz_id().into(), order.id.into()];
    let row = act.scope.query_opt(OFFER, &values).await?;
    let row = row.ok_or_else(|| {
        let message = "The booking takes nothing that could be moved.";
        Fault::at(Problem::NotBookable, "id", message)
    })?;
    let mut wanted = Wanted {
        location_id: Some(order.location_id),
        party_size: order.party_size,
        seats: seats_of(act.scope, order.id).await?,
        resource_ids: input.resource_id.iter().map(Id::uuid).collect(),
        shopper: Shopper {
            order_ids: vec![order.id],
            ..Shopper::default()
        },
        by_staff: is_staff(act)?,
        ..Wanted::of(row.try_get::<_, Uuid>(0)?)
    };
    let at = Starts::At(to.0);
    let found = match resolve(act.scope, &wanted, &at).await {
        Err(Refusal::Wrong {
            field: "durationMinutes",
            ..
        }) => {
            wanted.duration_minutes = i32::try_from((to.1 - to.0).num_minutes()).ok();
            resolve(act.scope, &wanted, &at).await
        }
        found => found,
    };
    let found = found.map_err(unresolved)?;
    if let Some(slot) = found.slots.into_iter().next() {
        return Ok((slot, wanted));
    }
    let (told, _) = explain(act.scope, &wanted, &at).await.map_err(unresolved)?;
    let fault = stands(told.first().map_or(Reason::Taken, Refused::reason));
    Err(instead(fault, &of_offer(act.scope, &wanted, to.0).await))
}

/// What the search refuses to look at.
fn unresolved(refusal: Refusal) -> Fault<Problem> {
    match refusal {
        Refusal::NotFound(what) => Fault::not_found(what),
        Refusal::Wrong { message, .. } => Fault::at(Problem::NotBookable, "startsAt", message),
        Refusal::Database(error) => error.into(),
    }
}

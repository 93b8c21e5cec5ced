//! Holds of offers: what a booking would take, kept for a while.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::PERMISSION;
use super::input::{HoldCreateInput, HoldCreateProblem as Problem};
use super::judged::WITHOUT_NOTICE;
use super::store::{self, HOLD_NUMBERS, NewHold, Shopper};
use crate::availability::claims::{Claimant, attempt, claim_picks, is_taken, lock_picks};
use crate::availability::search::alternatives::{instead, of_offer};
use crate::availability::search::asked::seats;
use crate::availability::search::{self, Refusal, Slot, Starts, Wanted, resolve};
use crate::catalog::seats::kinds;
use foundation::database::new_id;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome};
use foundation::identity::Reach;

/// How often others are tried where somebody was faster.
const TRIES: u32 = 4;

/// Keeps an offer at a time.
pub(super) async fn hold(
    act: &Act<'_>,
    input: &HoldCreateInput,
    (offer_id, at): (Uuid, DateTime<Utc>),
    shopper: &Shopper,
) -> Result<Outcome, Fault<Problem>> {
    check_seats(act, input).await?;
    let wanted = wanted(act, input, offer_id, shopper)?;
    for _ in 0..TRIES {
        let found = resolve(act.scope, &wanted, &Starts::At(at)).await;
        let Some(slot) = found.map_err(refused)?.slots.into_iter().next() else {
            break;
        };
        let Some(location_id) = slot.location_id else {
            let message = "The offer takes nothing that could be kept.";
            return Err(Fault::at(Problem::NotBookable, "offerId", message));
        };
        act.permit_at(PERMISSION, location_id, "offer")?;
        let gave_way = lock_picks(act.scope, &slot.picks, shopper).await?;
        if let Some(id) = kept(act, input, shopper, &slot).await? {
            let outcome =
                Outcome::row("bookingHold", id).detail("location_id", location_id.to_string());
            let gave_way = gave_way.into_iter();
            return Ok(gave_way.fold(outcome, |outcome, id| outcome.and_row("replaced", id)));
        }
    }
    let message = "It cannot be had at that time; availabilityExplain tells why.";
    let fault = Fault::at(Problem::SlotTaken, "startsAt", message);
    Err(instead(fault, &of_offer(act.scope, &wanted, at).await))
}

/// Refuses seats that do not exist, more of a kind than there are, and for whom the kind is not.
async fn check_seats(act: &Act<'_>, input: &HoldCreateInput) -> Result<(), Fault<Problem>> {
    let seats = input.seats.as_deref().unwrap_or_default();
    let ids = seats.iter().map(|seat| seat.seat_type_id.uuid());
    let known = kinds(act.scope, ids.collect()).await?;
    for (index, seat) in seats.iter().enumerate() {
        if !known.contains_key(&seat.seat_type_id.uuid()) {
            return Err(Fault::not_found("seat type"));
        }
        if let Some(message) = seat.against(&known) {
            let field = format!("seats.{index}");
            return Err(Fault::at(Problem::InvalidHold, &field, message));
        }
    }
    Ok(())
}

fn wanted(
    act: &Act<'_>,
    input: &HoldCreateInput,
    offer_id: Uuid,
    shopper: &Shopper,
) -> Result<Wanted, Fault<Problem>> {
    let principal = act.principal()?;
    let resources = input
        .resource_ids
        .iter()
        .flatten()
        .chain(&input.resource_id);
    let declined = input.declined_component_ids.iter().flatten();
    let seats = seats(input.seats.as_deref(), input.units).map_err(refused)?;
    Ok(Wanted {
        seats,
        location_id: input.location_id.map(|id| id.uuid()),
        party_size: input.units,
        duration_minutes: input.duration_minutes,
        resource_ids: resources.map(Id::uuid).collect(),
        declined: declined.map(Id::uuid).collect(),
        shopper: search::Shopper {
            customer_id: shopper.customer_id,
            session_ref: shopper.session_ref.clone(),
            ..search::Shopper::default()
        },
        by_staff: principal.may(WITHOUT_NOTICE),
        reach: match principal.reach(PERMISSION) {
            Reach::All => None,
            Reach::Locations(locations) => Some(locations.to_vec()),
        },
        ..Wanted::of(offer_id)
    })
}

/// Writes the hold, unless somebody was faster: then nothing of it stays.
async fn kept(
    act: &Act<'_>,
    input: &HoldCreateInput,
    shopper: &Shopper,
    slot: &Slot,
) -> Result<Option<Uuid>, Fault<Problem>> {
    let id = new_id();
    let number = act.session.shared.database.number(act.scope, HOLD_NUMBERS);
    let hold = NewHold {
        id,
        number: number.await?,
        shopper,
        units: input.units,
        minutes: input.minutes,
        reason: input.reason.as_deref(),
    };
    let claimant = Claimant {
        entity: "BookingHold",
        id,
        hold_id: Some(id),
    };
    let written = async {
        store::insert(act.scope, &hold).await?;
        claim_picks(act.scope, claimant, &slot.picks).await
    };
    match attempt(act.scope, written).await? {
        Ok(()) => Ok(Some(id)),
        Err(error) if is_taken(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn refused(refusal: Refusal) -> Fault<Problem> {
    match refusal {
        Refusal::NotFound(what) => Fault::not_found(what),
        Refusal::Wrong { field, message } => {
            let field = if field == "partySize" { "units" } else { field };
            Fault::at(Problem::NotBookable, field, message)
        }
        Refusal::Database(error) => error.into(),
    }
}

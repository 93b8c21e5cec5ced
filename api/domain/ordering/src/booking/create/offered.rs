//! Bookings of offers: the search says what they take, and judges the time that was asked for.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::check::{self, Checked};
use super::input::{BookingCreateInput, BookingCreateProblem as Problem};
use super::taken::refused;
use super::wish::OfferWish;
use super::{Plan, order, price};
use crate::booking::judged::Overruled;
use crate::booking::record_offer::{NewOffer, record_offer};
use foundation::database::Error;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::claims::{attempt, is_taken, lock_picks};
use scheduling::availability::hold::store::Shopper as Holder;
use scheduling::availability::search::alternatives::{instead, of_offer};
use scheduling::availability::search::blocker::Reason;
use scheduling::availability::search::{
    Refusal, Refused, Shopper, Slot, Starts, Wanted, explain, forced, resolve,
};
use scheduling::pricing::request::{Item, What};

/// How often another resource is tried where somebody was faster.
const TRIES: u32 = 4;

/// What was booked, and which conflicts that opened.
pub(super) type Booked = (Uuid, Vec<Uuid>);

/// Books an offer: whoever is free gives it.
pub(super) async fn book(
    act: &Act<'_>,
    input: BookingCreateInput,
    plan: Plan,
    wish: &OfferWish,
) -> Checked<Booked> {
    let wanted = wanted(&input, &plan, wish);
    let holder = Holder {
        customer_id: input.customer_id.map(|id| id.uuid()),
        session_ref: input.session_ref.clone(),
    };
    let (slot, overruled) = Box::pin(slot(act, &input, &wanted, wish.starts_at)).await?;
    if let Some(held) = &plan.held {
        held.of_picks(&slot.picks)?;
    }
    let mut new = Box::pin(priced(act, input, &plan, wish, slot, overruled)).await?;
    for _ in 1..TRIES {
        if new.order.keep.is_claimed() {
            lock_picks(act.scope, &new.picks, &holder).await?;
        }
        match attempt(act.scope, record_offer(act.scope, &new)).await? {
            Ok(conflicts) => return Ok((new.order.id, conflicts)),
            Err(error) if is_taken(&error) && plan.held.is_none() => {}
            Err(error) => return Err(refused(error, "This", "startsAt")),
        }
        // Somebody was faster: perhaps another resource is free.
        let slots = resolve(act.scope, &wanted, &Starts::At(wish.starts_at)).await;
        let Some(slot) = slots.map_err(unresolved)?.slots.into_iter().next() else {
            break;
        };
        new.picks = slot.picks;
        new.time = (slot.time.start, slot.time.end);
    }
    let fault = Fault::at(
        Problem::SlotTaken,
        "startsAt",
        "Somebody else was faster: it is taken at that time.",
    );
    Err(instead(
        fault,
        &of_offer(act.scope, &wanted, wish.starts_at).await,
    ))
}

fn wanted(input: &BookingCreateInput, plan: &Plan, wish: &OfferWish) -> Wanted {
    let mut resource_ids: Vec<Uuid> = wish.resource_ids.clone();
    if let Some(held) = plan.held.as_ref().filter(|held| held.is_alive) {
        resource_ids = held.resources();
    }
    let declined = input.declined_component_ids.iter().flatten();
    let named = input.participants.iter().flatten();
    let named = named.filter_map(|one| one.seat_type_id.map(|id| id.uuid()));
    Wanted {
        location_id: Some(input.location_id.uuid()),
        party_size: input.party_size,
        seats: price::seats(named),
        duration_minutes: wish.duration_minutes,
        resource_ids,
        declined: declined.map(Id::uuid).collect(),
        shopper: Shopper {
            customer_id: input.customer_id.map(|id| id.uuid()),
            session_ref: input.session_ref.clone(),
            order_ids: Vec::new(),
            hold_ids: plan.held.iter().map(|held| held.id).collect(),
        },
        by_staff: plan.by_staff,
        ..Wanted::of(wish.offer_id)
    }
}

/// What the offer takes at the time, and who takes it upon themselves if it is taken.
async fn slot(
    act: &Act<'_>,
    input: &BookingCreateInput,
    wanted: &Wanted,
    at: DateTime<Utc>,
) -> Checked<(Slot, Option<Overruled>)> {
    let found = resolve(act.scope, wanted, &Starts::At(at)).await;
    if let Some(slot) = found.map_err(unresolved)?.slots.into_iter().next() {
        return Ok((slot, None));
    }
    let Some(overruled) = check::overruled(act, input)? else {
        return Err(refusal(act, wanted, at).await?);
    };
    let forced = forced(act.scope, wanted, at).await.map_err(unresolved)?;
    let slot = forced.ok_or_else(|| {
        let message = "Nobody and nothing could give this here; slots and pools are overbooked by their limit.";
        Fault::at(Problem::NotBookable, "overrideReason", message)
    })?;
    Ok((slot, Some(overruled)))
}

/// Why the offer cannot be had then, with other times at which it can.
async fn refusal(act: &Act<'_>, wanted: &Wanted, at: DateTime<Utc>) -> Checked<Fault<Problem>> {
    let (told, _) = explain(act.scope, wanted, &Starts::At(at))
        .await
        .map_err(unresolved)?;
    let reason = told.first().map_or(Reason::Taken, Refused::reason);
    let (code, message) = (Problem::from(reason), reason.message());
    let message = format!("{message} availabilityExplain tells all that stands in the way.");
    let others = of_offer(act.scope, wanted, at).await;
    Ok(instead(Fault::at(code, "startsAt", message), &others))
}

/// The booking with its price, not written yet.
async fn priced(
    act: &Act<'_>,
    input: BookingCreateInput,
    plan: &Plan,
    wish: &OfferWish,
    slot: Slot,
    overruled: Option<Overruled>,
) -> Checked<NewOffer> {
    let found = plan.found.clone();
    let Some((sellable, _)) = found.sellable.clone() else {
        let message = "The offer has nothing by which it is sold.";
        return Err(Fault::at(Problem::NotBookable, "offerId", message));
    };
    let time = (slot.time.start, slot.time.end);
    let what = What::Sellable(sellable.id);
    let item = if wish.is_by_people {
        price::places_item(&input, what, input.party_size, price::window(time))?
    } else {
        price::main_item(&input, what, 1, price::window(time))
    };
    let currency = &found.place.currency;
    let agreed = check::agreed(&input, currency)?;
    let item = Item {
        resource_id: wish
            .resource_ids
            .first()
            .copied()
            .filter(|_| wish.resource_ids.len() == 1),
        fixed_price_minor: agreed,
        ..item
    };
    let priced = Box::pin(price::priced(act, &input, &found, item)).await?;
    let party_size = input.party_size;
    let order = order::order(act, input, found, sellable, (plan.keep, priced)).await?;
    Ok(NewOffer {
        order,
        kind: wish.kind,
        time,
        party_size,
        picks: slot.picks,
        overruled,
    })
}

/// What the search refuses to look at.
fn unresolved(refusal: Refusal) -> Fault<Problem> {
    match refusal {
        Refusal::NotFound(what) => Fault::not_found(what),
        Refusal::Wrong { field, message } => {
            let code = match field {
                "partySize" => Problem::InvalidParty,
                "durationMinutes" => Problem::InvalidDates,
                _ => Problem::NotBookable,
            };
            Fault::at(code, field, message)
        }
        Refusal::Database(error) => error.into(),
    }
}

const OFFER: &str = "select o.kind::text, v.capacity_basis::text, s.id \
    from catalog.offers o \
    left join catalog.offer_versions v on v.biz_id = $1 and v.offer_id = o.id and v.status = 'published' \
      and v.effective_period @> $3::timestamptz \
    left join catalog.sellables s on s.biz_id = $1 and s.ref_type = 'OfferVersion' and s.ref_id = v.id and s.deleted_at is null \
    where o.biz_id = $1 and o.id = $2 and o.deleted_at is null";

/// What an offer is, and what it is sold as: of the version that is on sale now.
pub(super) async fn sale(act: &Act<'_>, wish: &mut OfferWish) -> Checked<Option<Uuid>> {
    let values = [
        act.scope.biz_id().into(),
        wish.offer_id.into(),
        act.scope.now().into(),
    ];
    let row = act.scope.query_opt(OFFER, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("offer"))?;
    let kind: String = row.try_get(0).map_err(Error::from)?;
    wish.kind = match kind.as_str() {
        "rental" => "rental",
        "class" => "class",
        "transport" => "trip",
        "package" => "order",
        "appointment" => "appointment",
        _ => {
            let message = "Stays and storage are booked by unitTypeId and poolId.";
            return Err(Fault::at(Problem::Incomplete, "offerId", message));
        }
    };
    let basis: Option<String> = row.try_get(1).map_err(Error::from)?;
    let Some(basis) = basis else {
        let message = "No version of this offer is on sale now.";
        return Err(Fault::at(Problem::NotBookable, "offerId", message));
    };
    wish.is_by_people = matches!(basis.as_str(), "pool" | "slot");
    row.try_get(2).map_err(|error| Error::from(error).into())
}

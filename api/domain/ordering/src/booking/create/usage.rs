//! Bookings of a resource for a time: judged as a search judges those that it lists.

use uuid::Uuid;

use super::input::{BookingCreateInput, BookingCreateProblem as Problem};
use super::taken::refused;
use super::wish::UseWish;
use super::{Plan, check, order, own, price};
use crate::booking::judged::Overruled;
use crate::booking::record::{NewUse, record_uses};
use crate::booking::record_offer::{NewOffer, record_offer};
use crate::booking::store::Found;
use foundation::database::Error;
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::claims::{attempt, is_taken};
use scheduling::availability::hold::store::{Target, Window};
use scheduling::availability::search::alternatives::{instead, of_resources};
use scheduling::availability::search::blocker::Reason;
use scheduling::availability::search::direct::{Asked, Direct, Use};
use scheduling::availability::search::{Pick, Shopper};
use scheduling::availability::store::lock_resources;
use scheduling::pricing::request::{Item, PriceRequest, What};

type Booked = super::offered::Booked;

/// Books a resource, unless the search would not list it then.
pub(super) async fn book(
    act: &Act<'_>,
    input: BookingCreateInput,
    plan: Plan,
    usage: &UseWish,
) -> Result<Booked, Fault<Problem>> {
    let overruled = check::overruled(act, &input)?;
    let (keep, zone) = (plan.keep, plan.found.place.zone);
    let (holder, asked) = (own::holder(&input), asked(&input, &plan));
    if let Some(held) = &plan.held {
        held.of_resource(usage.resource_id, usage.service)?;
    }
    let mut new = Box::pin(new_use(act, input, plan, usage)).await?;
    lock_resources(act.scope, &[new.resource_id]).await?;
    let mut wanted = Use {
        resource_id: new.resource_id,
        service: new.service,
        blocked: new.blocked,
    };
    let direct = Box::pin(Direct::load(act.scope, asked, &[wanted])).await?;
    if keep.is_claimed() {
        wanted = direct.with_buffers(wanted);
        new.blocked = wanted.blocked;
        let window = Window {
            service: new.service,
            blocked: new.blocked,
        };
        own::of_window(act, &holder, Target::Resource(new.resource_id), window).await?;
    }
    let reason = match direct.refusal(&wanted) {
        Some(reason) => reason,
        None => match attempt(
            act.scope,
            record_uses(act.scope, std::slice::from_ref(&new)),
        )
        .await?
        {
            Ok(()) => return Ok((new.order.id, Vec::new())),
            Err(error) if is_taken(&error) => Reason::Taken,
            Err(error) => return Err(refused(error, "The resource", "startsAt")),
        },
    };
    if let Some(overruled) = overruled {
        return Box::pin(overrule(act, new, overruled)).await;
    }
    let others = of_resources(&direct, &[wanted], zone, act.scope.now());
    let fault = Fault::at(reason.into(), "startsAt", reason.message());
    Err(instead(fault, &others))
}

/// For whom, and as what, a resource is used.
pub(super) fn asked(input: &BookingCreateInput, plan: &Plan) -> Asked {
    let sellable = plan.found.sellable.as_ref();
    Asked {
        location_id: plan.found.place.location_id,
        sellable_id: sellable.map(|(sellable, _)| sellable.id),
        party_size: input.party_size,
        shopper: Shopper {
            customer_id: input.customer_id.map(|id| id.uuid()),
            session_ref: input.session_ref.clone(),
            order_ids: Vec::new(),
            hold_ids: plan.held.iter().map(|held| held.id).collect(),
        },
        by_staff: plan.by_staff,
    }
}

/// Books a resource although it is taken or closed.
async fn overrule(
    act: &Act<'_>,
    new: NewUse,
    overruled: Overruled,
) -> Result<Booked, Fault<Problem>> {
    let id = new.order.id;
    let pick = Pick::of_resource(new.resource_id, new.service, new.blocked);
    let offer = NewOffer {
        order: new.order,
        kind: new.kind,
        time: new.service,
        party_size: new.party_size,
        picks: vec![pick],
        overruled: Some(overruled),
    };
    let conflicts = record_offer(act.scope, &offer).await;
    let conflicts = conflicts.map_err(|error: Error| refused(error, "The resource", "startsAt"))?;
    Ok((id, conflicts))
}

/// The use of a resource, not written yet.
pub(super) async fn new_use(
    act: &Act<'_>,
    input: BookingCreateInput,
    plan: Plan,
    usage: &UseWish,
) -> Result<NewUse, Fault<Problem>> {
    let Plan { found, keep, .. } = plan;
    let Some((sellable, _)) = found.sellable.clone() else {
        return Err(Fault::not_found("sellable"));
    };
    let item = use_item(&input, usage, sellable.id, &found.place.currency)?;
    let priced = Box::pin(price::priced(act, &input, &found, item)).await?;
    let party_size = input.party_size;
    let (resource_id, kind) = (usage.resource_id, usage.kind);
    let total_minor = priced.totals.base_minor;
    let order = order::order(act, input, found, sellable, (keep, priced)).await?;
    let (service, blocked) = (usage.service, usage.blocked);
    Ok(NewUse {
        order,
        kind,
        resource_id,
        service,
        blocked,
        party_size,
        total_minor,
    })
}

/// What the use of a resource is priced from.
pub(super) fn use_request(
    act: &Act<'_>,
    input: &BookingCreateInput,
    found: &Found,
    usage: &UseWish,
) -> Result<PriceRequest, Fault<Problem>> {
    let Some((sellable, _)) = &found.sellable else {
        return Err(Fault::not_found("sellable"));
    };
    let item = use_item(input, usage, sellable.id, &found.place.currency)?;
    price::request(act, input, found, item)
}

/// The use of a resource, as it is priced.
fn use_item(
    input: &BookingCreateInput,
    usage: &UseWish,
    sellable_id: Uuid,
    currency: &str,
) -> Result<Item, Fault<Problem>> {
    let what = What::Sellable(sellable_id);
    Ok(Item {
        resource_id: Some(usage.resource_id),
        fixed_price_minor: check::agreed(input, currency)?,
        ..price::main_item(input, what, 1, price::window(usage.service))
    })
}

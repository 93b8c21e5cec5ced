//! Holds of a resource or pool for a time, and of days: what a search would not list is not kept.

use chrono::NaiveDate;
use uuid::Uuid;

use super::input::HoldCreateProblem as Problem;
use super::store::{Shopper, Target, Window};
use crate::availability::rules::Night;
use crate::availability::search;
use crate::availability::search::alternatives::{instead, of_resources, of_session};
use crate::availability::search::blocker::Reason;
use crate::availability::search::direct::{Asked, Direct, Use};
use crate::availability::search::nights::closed;
use crate::availability::search::other_nights::{OfPool, of_pool};
use crate::availability::search::pooled::Pooled;
use foundation::graph::verb::{Act, Fault};

/// Whoever has it holds without the notice that services ask of customers.
pub(super) const WITHOUT_NOTICE: &str = "booking.backdate";

impl From<Reason> for Problem {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::TooLate => Self::TooLate,
            Reason::TooEarly => Self::TooEarly,
            Reason::SoldOut => Self::SoldOut,
            Reason::Closed => Self::Closed,
            Reason::NotBookable => Self::NotBookable,
            Reason::Taken => Self::SlotTaken,
        }
    }
}

/// Refuses a resource or pool, which is locked, at a time at which a search would not list it; with other
/// times of the day that it would.
pub(super) async fn of_window(
    act: &Act<'_>,
    location_id: Uuid,
    (target, window): (Target, Window),
    (shopper, units): (&Shopper, i32),
) -> Result<(), Fault<Problem>> {
    let asked = Asked {
        location_id,
        sellable_id: None,
        party_size: units,
        shopper: search::Shopper {
            customer_id: shopper.customer_id,
            session_ref: shopper.session_ref.clone(),
            ..search::Shopper::default()
        },
        by_staff: act.principal()?.may(WITHOUT_NOTICE),
    };
    let (scope, now) = (act.scope, act.scope.now());
    let (reason, others) = match target {
        Target::Resource(resource_id) => {
            let usage = Use {
                resource_id,
                service: window.service,
                blocked: window.blocked,
            };
            let direct = Box::pin(Direct::load(scope, asked, &[usage])).await?;
            let reason = direct.refusal(&usage);
            let zone = direct.zone();
            let others = reason.map(|_| of_resources(&direct, &[usage], zone, now));
            (reason, others)
        }
        Target::Pool(id) => {
            let pooled = Box::pin(Pooled::load(scope, asked, id, window.blocked)).await?;
            let reason = pooled.refusal(window.service, window.blocked);
            let others = reason.map(|_| pooled.others(window.service, window.blocked));
            (reason, others)
        }
    };
    let Some(reason) = reason else {
        return Ok(());
    };
    let fault = Fault::at(reason.into(), "startsAt", reason.message());
    Err(instead(fault, &others.unwrap_or_default()))
}

/// That too little is left of days, or of sessions: with other days, or of one session alone with others
/// near it.
pub(super) async fn of_places(
    act: &Act<'_>,
    (days, slot_ids): (Option<&OfPool>, &[Uuid]),
    units: i32,
    fault: Fault<Problem>,
) -> Result<Fault<Problem>, Fault<Problem>> {
    let others = match (days, slot_ids) {
        (Some(wanted), _) => of_pool(act.scope, wanted).await?,
        (None, [slot_id]) => of_session(act.scope, *slot_id, units).await?,
        (None, _) => return Ok(fault),
    };
    Ok(instead(fault, &others))
}

/// Refuses nights on which the whole location is blocked, and to arrive, to bring or fetch on a day on
/// which its calendars keep it closed.
pub(super) async fn of_nights(
    act: &Act<'_>,
    location_id: Uuid,
    wanted: &OfPool,
    nights: &[Night],
    received: &[NaiveDate],
) -> Result<(), Fault<Problem>> {
    let closed = closed(act.scope, location_id, nights, received).await?;
    let Some(first) = closed.first() else {
        return Ok(());
    };
    let message = format!("The location is closed on {}.", first.on);
    let fault = Fault::at(Problem::Closed, "fromOn", message);
    Err(instead(fault, &of_pool(act.scope, wanted).await?))
}

//! Holds of a resource for a time, and of nights: what a search would not list is not kept.

use chrono::NaiveDate;
use uuid::Uuid;

use super::input::HoldCreateProblem as Problem;
use super::store::{Shopper, Window};
use crate::availability::rules::Night;
use crate::availability::search;
use crate::availability::search::blocker::Reason;
use crate::availability::search::direct::{Asked, Direct, Use};
use crate::availability::search::nights::closed;
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

/// Refuses a resource, which is locked, at a time at which a search would not list it.
pub(super) async fn of_resource(
    act: &Act<'_>,
    location_id: Uuid,
    (resource_id, window): (Uuid, Window),
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
    let usage = Use {
        resource_id,
        service: window.service,
        blocked: window.blocked,
    };
    let direct = Box::pin(Direct::load(act.scope, asked, &[usage])).await?;
    match direct.refusal(&usage) {
        None => Ok(()),
        Some(reason) => Err(Fault::at(reason.into(), "startsAt", reason.message())),
    }
}

/// Refuses nights on which the whole location is blocked, and an arrival on a day on which its
/// calendars keep it closed.
pub(super) async fn of_nights(
    act: &Act<'_>,
    location_id: Uuid,
    nights: &[Night],
    arrival: Option<NaiveDate>,
) -> Result<(), Fault<Problem>> {
    let closed = closed(act.scope, location_id, nights, arrival).await?;
    let Some(first) = closed.first() else {
        return Ok(());
    };
    let message = format!("The location is closed on {}.", first.on);
    Err(Fault::at(Problem::Closed, "fromOn", message))
}

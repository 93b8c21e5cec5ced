//! Times of resources that bookings take without an offer, or move to: judged as a search judges
//! those that it lists, before they are claimed; and who may take them all the same.

use uuid::Uuid;

use super::create::BookingCreateProblem;
use super::exchange::BookingResourceExchangeProblem;
use super::locked::Locked;
use super::modify::BookingModifyProblem;
use super::reschedule::BookingRescheduleProblem;
use foundation::database::{Error, Scope};
use foundation::graph::verb::{Act, Fault};
use foundation::identity::Proof;
use scheduling::availability::search::Shopper;
use scheduling::availability::search::blocker::Reason;
use scheduling::availability::search::direct::{Asked, Direct, Use};

/// Whoever has it may book what has begun already, and without notice.
const BACKDATE: &str = "booking.backdate";
/// Whoever has it may book what is taken.
const OVERRIDE: &str = "availability.override";

/// Who takes it upon themselves that something is taken or closed, and why.
pub type Overruled = (Uuid, String);

/// Under which code each verb refuses a time that a search would not list.
macro_rules! codes {
    ($($problem:ty),*) => {$(
        impl From<Reason> for $problem {
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
    )*};
}

codes!(
    BookingCreateProblem,
    BookingModifyProblem,
    BookingResourceExchangeProblem,
    BookingRescheduleProblem
);

/// Whether staff book, whom notice and advance do not bind.
pub fn is_staff<P>(act: &Act<'_>) -> Result<bool, Fault<P>> {
    let principal = act.principal()?;
    Ok(principal.proof() == Proof::Program || principal.may(BACKDATE))
}

/// Who overrules what stands in the way at a location, if a reason for it is given; whoever may not
/// is refused under the verb's own code.
pub fn overruled<P: Copy>(
    act: &Act<'_>,
    reason: Option<&String>,
    location_id: Uuid,
    code: P,
) -> Result<Option<Overruled>, Fault<P>> {
    let Some(reason) = reason.map(|reason| reason.trim()) else {
        return Ok(None);
    };
    let refuse = |message: &str| Fault::at(code, "overrideReason", message);
    if reason.is_empty() {
        return Err(refuse("A reason is required."));
    }
    if !act.principal()?.may_at(OVERRIDE, location_id) {
        return Err(refuse(
            "Only who holds availability.override books what is taken.",
        ));
    }
    match act.scope.user_id() {
        Some(user_id) => Ok(Some((user_id, reason.to_owned()))),
        None => Err(refuse("Only a person can decide this.")),
    }
}

/// What is known of resources that an order is to take; what some orders take now, such as itself
/// where it is moved, is not in the way.
pub async fn known<P>(
    act: &Act<'_>,
    order: &Locked,
    moving: Vec<Uuid>,
    (sellable_id, uses): (Option<Uuid>, &[Use]),
) -> Result<Direct, Fault<P>> {
    let asked = Asked {
        location_id: order.location_id,
        sellable_id,
        party_size: order.party_size,
        shopper: Shopper {
            order_ids: moving,
            ..Shopper::default()
        },
        by_staff: is_staff(act)?,
    };
    Ok(Box::pin(Direct::load(act.scope, asked, uses)).await?)
}

const SOLD: &str = "select l.sellable_id from booking.booking_order_lines l \
    where l.biz_id = $1 and l.order_id = $2 and l.voided_at is null order by l.line_no limit 1";

/// As what an order was sold.
pub async fn sold_as(scope: &Scope, order_id: Uuid) -> Result<Option<Uuid>, Error> {
    let values = [scope.biz_id().into(), order_id.into()];
    let row = scope.query_opt(SOLD, &values).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

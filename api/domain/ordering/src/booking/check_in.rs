//! `bookingCheckIn`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;

use super::finish::{self, At};
use super::locked::lock;
use super::rules::Move;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::rules::local_day;

const PERMISSION: &str = "booking.check_in";

/// Notes that the guest has arrived, or that the service has begun: from the local day of the start
/// on.
#[derive(InputObject)]
pub struct BookingCheckInInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a booking cannot be checked in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingCheckInErrorCode")]
pub enum BookingCheckInProblem {
    /// The day of arrival has not begun at the location.
    TooEarly,
    /// The booking is in a status that cannot be checked in.
    WrongStatus,
}

/// The verb.
pub struct BookingCheckIn;

impl Verb for BookingCheckIn {
    type Input = BookingCheckInInput;
    type Problem = BookingCheckInProblem;

    const NAME: &'static str = "bookingCheckIn";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.checked_in");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "bookingOrder",
        "BookingOrder",
        "The booking as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let order = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        order.allow(Move::CheckIn, BookingCheckInProblem::WrongStatus)?;
        let at = act.scope.now();
        let (today, day) = (local_day(order.zone, at), order.first_day());
        if today < day {
            let message = format!("The booking begins on {day}; at the location it is {today}.");
            return Err(Fault::at(BookingCheckInProblem::TooEarly, "id", message));
        }
        finish::check_in(
            act.scope,
            &[At {
                order_id: order.id,
                at,
            }],
        )
        .await?;
        Ok(Outcome::row("bookingOrder", order.id)
            .detail("location_id", order.location_id.to_string()))
    }
}

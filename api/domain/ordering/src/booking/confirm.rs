//! `bookingConfirm`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;

use super::finish::{self, At};
use super::locked::{Locked, lock};
use super::rules::Move;
use super::store::plan_work;
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::store::{HOLD_EXPIRED, confirm_holds};

const PERMISSION: &str = "booking.confirm";

/// Makes a held or pending booking firm, while its hold lasts: what it keeps is its own from now on,
/// and its work is planned.
#[derive(InputObject)]
pub struct BookingConfirmInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a booking cannot be confirmed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingConfirmErrorCode")]
pub enum BookingConfirmProblem {
    /// The hold has expired, and what it kept may be taken by others; book again.
    HoldExpired,
    /// The booking is in a status that cannot be confirmed.
    WrongStatus,
}

/// The verb.
pub struct BookingConfirm;

impl Verb for BookingConfirm {
    type Input = BookingConfirmInput;
    type Problem = BookingConfirmProblem;

    const NAME: &'static str = "bookingConfirm";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.confirmed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "bookingOrder",
        "BookingOrder",
        "The booking as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, BookingConfirmProblem)] =
        &[(HOLD_EXPIRED, BookingConfirmProblem::HoldExpired)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let order = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        if order.status == "expired" {
            let message = "The hold has expired; what it kept may be taken by others. Book again.";
            return Err(Fault::at(BookingConfirmProblem::HoldExpired, "id", message));
        }
        order.allow(Move::Confirm, BookingConfirmProblem::WrongStatus)?;
        make_firm(act.scope, &order).await?;
        Ok(Outcome::row("bookingOrder", order.id)
            .detail("location_id", order.location_id.to_string()))
    }
}

/// Makes firm what an order keeps, and plans its work. Fails under [`HOLD_EXPIRED`] where it keeps
/// nothing any more.
pub(super) async fn make_firm(scope: &Scope, order: &Locked) -> Result<(), Error> {
    // Whether the hold still lasts is decided by the server's clock when its slots are locked.
    confirm_holds(scope, order.hold_id.into_iter().collect()).await?;
    let now = [At {
        order_id: order.id,
        at: scope.now(),
    }];
    futures_util::try_join!(
        finish::confirm(scope, &now),
        plan_work(scope, vec![order.id])
    )?;
    Ok(())
}

//! `holdConfirm`.

use async_graphql::{Enum, InputObject};
use entities::availability::booking_hold;

use super::PERMISSION;
use super::locked::find;
use crate::availability::store::{HOLD_EXPIRED, confirm_holds};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Makes firm what a hold keeps, while it lasts, for a use that needs no booking: a room that staff
/// keep for themselves, places that were sold elsewhere. A booking made from a hold confirms it with
/// itself.
#[derive(InputObject)]
pub struct HoldConfirmInput {
    /// The hold.
    pub id: Id<booking_hold::Entity>,
}

/// Why a hold cannot be confirmed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "HoldConfirmErrorCode")]
pub enum HoldConfirmProblem {
    /// It has expired, and what it kept may be taken by others; hold anew.
    HoldExpired,
    /// It has been confirmed or given back.
    WrongStatus,
    /// It belongs to a booking or to an offer, which decides about it.
    BelongsElsewhere,
}

/// The verb.
pub struct HoldConfirm;

impl Verb for HoldConfirm {
    type Input = HoldConfirmInput;
    type Problem = HoldConfirmProblem;

    const NAME: &'static str = "holdConfirm";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("hold.confirmed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "bookingHold",
        "BookingHold",
        "The hold as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, HoldConfirmProblem)] =
        &[(HOLD_EXPIRED, HoldConfirmProblem::HoldExpired)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let hold = find(act, id).await?;
        if hold.status == "expired" {
            let message = "The hold has expired; what it kept may be taken by others.";
            return Err(Fault::at(HoldConfirmProblem::HoldExpired, "id", message));
        }
        hold.free_of_others(
            HoldConfirmProblem::WrongStatus,
            HoldConfirmProblem::BelongsElsewhere,
        )?;
        confirm_holds(act.scope, vec![id]).await?;
        Ok(Outcome::row("bookingHold", id).detail("location_id", hold.location_id.to_string()))
    }
}

//! `holdExtend`.

use async_graphql::{Enum, InputObject};
use entities::availability::booking_hold;

use super::PERMISSION;
use super::locked::find;
use super::store;
use crate::availability::store::HOLD_EXPIRED;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Lets a hold last longer, once: for a customer who is still paying.
#[derive(InputObject)]
pub struct HoldExtendInput {
    /// The hold.
    pub id: Id<booking_hold::Entity>,
    /// For how many minutes from now, 1 to 1440; where it lasts longer already, nothing changes but
    /// that it was extended.
    #[graphql(default = 15)]
    pub minutes: i32,
}

/// Why a hold cannot be extended.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "HoldExtendErrorCode")]
pub enum HoldExtendProblem {
    /// It was extended before; once is all.
    AlreadyExtended,
    /// It has expired; hold anew.
    HoldExpired,
    /// It has been confirmed or given back.
    WrongStatus,
    /// It belongs to a booking or to an offer, which decides about it.
    BelongsElsewhere,
    /// It cannot be held for so long.
    InvalidHold,
}

/// The verb.
pub struct HoldExtend;

impl Verb for HoldExtend {
    type Input = HoldExtendInput;
    type Problem = HoldExtendProblem;

    const NAME: &'static str = "holdExtend";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("hold.extended");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "bookingHold",
        "BookingHold",
        "The hold as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, HoldExtendProblem)] = &[
        (HOLD_EXPIRED, HoldExtendProblem::HoldExpired),
        (
            "booking_holds_extended_count_check",
            HoldExtendProblem::AlreadyExtended,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        if !(1..=1440).contains(&input.minutes) {
            let message = "minutes must be between 1 and 1440.";
            return Err(Fault::at(
                HoldExtendProblem::InvalidHold,
                "minutes",
                message,
            ));
        }
        let id = input.id.uuid();
        let hold = find(act, id).await?;
        if hold.status == "expired" {
            let message = "The hold has expired; what it kept may be taken by others.";
            return Err(Fault::at(HoldExtendProblem::HoldExpired, "id", message));
        }
        // A hold of a booking may be extended as well: that customer pays still, too.
        if hold.status != "held" || hold.is_offered {
            hold.free_of_others(
                HoldExtendProblem::WrongStatus,
                HoldExtendProblem::BelongsElsewhere,
            )?;
        }
        store::extend(act.scope, id, input.minutes, true).await?;
        Ok(Outcome::row("bookingHold", id).detail("location_id", hold.location_id.to_string()))
    }
}

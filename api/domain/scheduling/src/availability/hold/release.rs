//! `holdRelease`.

use async_graphql::{Enum, InputObject};
use entities::availability::booking_hold;

use super::PERMISSION;
use super::locked::find;
use super::store;
use crate::availability::waitlist::freed::{Freed, offer_freed};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Gives back what a hold keeps, or what was made firm of it: a cart that was emptied. What is free
/// again is offered to whoever waits for it.
#[derive(InputObject)]
pub struct HoldReleaseInput {
    /// The hold.
    pub id: Id<booking_hold::Entity>,
    /// Why, in words.
    pub reason: Option<String>,
}

/// Why a hold cannot be released.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "HoldReleaseErrorCode")]
pub enum HoldReleaseProblem {
    /// It keeps nothing any more: it has expired, or was given back.
    WrongStatus,
    /// It belongs to a booking or to an offer, which decides about it.
    BelongsElsewhere,
}

/// The verb.
pub struct HoldRelease;

impl Verb for HoldRelease {
    type Input = HoldReleaseInput;
    type Problem = HoldReleaseProblem;

    const NAME: &'static str = "holdRelease";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("hold.released");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "bookingHold",
        "BookingHold",
        "The hold as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let hold = find(act, id).await?;
        if hold.status != "confirmed" || hold.is_booked {
            hold.free_of_others(
                HoldReleaseProblem::WrongStatus,
                HoldReleaseProblem::BelongsElsewhere,
            )?;
        }
        if let Some(reason) = &input.reason {
            act.scope.set_reason(reason).await?;
        }
        if store::release(act.scope, "withdrawn", &[id]).await? == 0 {
            let message = "The hold keeps nothing any more.";
            return Err(Fault::at(HoldReleaseProblem::WrongStatus, "id", message));
        }
        offer_freed(act, Freed::Holds(&[id])).await?;
        Ok(Outcome::row("bookingHold", id).detail("location_id", hold.location_id.to_string()))
    }
}

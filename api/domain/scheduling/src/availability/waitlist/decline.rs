//! `waitlistDecline`.

use async_graphql::{Enum, InputObject};
use entities::availability::waitlist_offer;

use super::PERMISSION;
use super::freed::{Freed, offer_freed};
use super::locked::lock_offer;
use super::store::{End, end_offers, move_entry};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Declines the place that was offered to somebody who waits: it goes to the next in line.
#[derive(InputObject)]
pub struct WaitlistDeclineInput {
    /// The offer.
    pub id: Id<waitlist_offer::Entity>,
    /// Whether the customer waits on, for another place; not asked again within a day.
    #[graphql(default = false)]
    pub keep_waiting: bool,
}

/// Why an offer cannot be declined.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WaitlistDeclineErrorCode")]
pub enum WaitlistDeclineProblem {
    /// The offer has been answered, has expired or was withdrawn.
    WrongStatus,
}

/// The verb.
pub struct WaitlistDecline;

impl Verb for WaitlistDecline {
    type Input = WaitlistDeclineInput;
    type Problem = WaitlistDeclineProblem;

    const NAME: &'static str = "waitlistDecline";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("waitlist.declined");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("waitlistEntry", "WaitlistEntry", "The entry as it now is."),
        Part::Row("waitlistOffer", "WaitlistOffer", "The offer as it now is."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let offer = lock_offer(act, input.id.uuid()).await?;
        if offer.status != "open" {
            let message = format!("The offer is {} already.", offer.status);
            return Err(Fault::at(
                WaitlistDeclineProblem::WrongStatus,
                "id",
                message,
            ));
        }
        end_offers(act.scope, End::Declined, &[(offer.id, offer.hold_id)]).await?;
        let next = if input.keep_waiting {
            "waiting"
        } else {
            "closed"
        };
        move_entry(act.scope, offer.entry_id, next).await?;
        offer_freed(act, Freed::Holds(&[offer.hold_id])).await?;
        Ok(Outcome::row("waitlistEntry", offer.entry_id)
            .and_row("waitlistOffer", offer.id)
            .detail("location_id", offer.location_id.to_string()))
    }
}

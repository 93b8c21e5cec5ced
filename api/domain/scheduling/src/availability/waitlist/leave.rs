//! `waitlistLeave`.

use async_graphql::{Enum, InputObject};
use entities::availability::waitlist_entry;

use super::PERMISSION;
use super::freed::{Freed, offer_freed};
use super::locked::lock_entry;
use super::store::{End, end_offers, move_entry};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes somebody off the waiting list; a place that was offered meanwhile goes to the next in line.
#[derive(InputObject)]
pub struct WaitlistLeaveInput {
    /// The entry.
    pub id: Id<waitlist_entry::Entity>,
}

/// Why somebody cannot leave the waiting list.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WaitlistLeaveErrorCode")]
pub enum WaitlistLeaveProblem {
    /// The entry has ended already, with a place or without.
    WrongStatus,
}

/// The verb.
pub struct WaitlistLeave;

impl Verb for WaitlistLeave {
    type Input = WaitlistLeaveInput;
    type Problem = WaitlistLeaveProblem;

    const NAME: &'static str = "waitlistLeave";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("waitlist.left");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "waitlistEntry",
        "WaitlistEntry",
        "The entry as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let entry = lock_entry(act, input.id.uuid()).await?;
        match (entry.status.as_str(), entry.offer) {
            ("waiting", _) => move_entry(act.scope, entry.id, "cancelled").await?,
            ("offered", Some(offer)) => {
                end_offers(act.scope, End::Withdrawn, &[offer]).await?;
                offer_freed(act, Freed::Holds(&[offer.1])).await?;
            }
            (status, _) => {
                let message = format!("The entry is {status}; nobody waits here any more.");
                return Err(Fault::at(WaitlistLeaveProblem::WrongStatus, "id", message));
            }
        }
        Ok(Outcome::row("waitlistEntry", entry.id)
            .detail("location_id", entry.location_id.to_string()))
    }
}

//! `waitlistOffer`.

use async_graphql::{Enum, InputObject};
use entities::availability::waitlist_entry;

use super::for_offers::{self, keep_time};
use super::line::{Asked, for_nights};
use super::locked::lock_entry;
use super::place::keep_nights;
use super::store::make_offer;
use super::{ANSWER_MINUTES, PERMISSION};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Offers a free place to somebody who waits, whoever is before them in line: the place is kept until
/// they answer. What comes free is offered by itself, to the first in line.
#[derive(InputObject)]
pub struct WaitlistOfferInput {
    /// The entry.
    pub id: Id<waitlist_entry::Entity>,
    /// For how many minutes the place is kept for the answer, 1 to 1440; 60 if not given.
    pub minutes: Option<i32>,
}

/// Why nothing can be offered.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WaitlistOfferErrorCode")]
pub enum WaitlistOfferProblem {
    /// Nothing that they wait for is free, or somebody else is about to take it.
    NothingFree,
    /// The entry does not wait any more, or has an offer already.
    WrongStatus,
    /// It cannot be kept for so long.
    InvalidHold,
}

/// The verb.
pub struct WaitlistOffer;

impl Verb for WaitlistOffer {
    type Input = WaitlistOfferInput;
    type Problem = WaitlistOfferProblem;

    const NAME: &'static str = "waitlistOffer";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("waitlist.offer_made");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("waitlistEntry", "WaitlistEntry", "The entry as it now is."),
        Part::Row("waitlistOffer", "WaitlistOffer", "The offer."),
        Part::Row("bookingHold", "BookingHold", "The hold behind it."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let minutes = input.minutes.unwrap_or(ANSWER_MINUTES);
        if !(1..=1440).contains(&minutes) {
            let message = "minutes must be between 1 and 1440.";
            return Err(Fault::at(
                WaitlistOfferProblem::InvalidHold,
                "minutes",
                message,
            ));
        }
        let entry = lock_entry(act, input.id.uuid()).await?;
        if entry.status != "waiting" {
            let message = format!(
                "The entry is {}; only one that waits is offered a place.",
                entry.status
            );
            return Err(Fault::at(WaitlistOfferProblem::WrongStatus, "id", message));
        }
        let database = &act.session.shared.database;
        let line = for_nights(act.scope, Asked::One(entry.id), act.scope.now()).await?;
        #[expect(clippy::single_match_else, reason = "each way is as long as the other")]
        let hold = match line.first() {
            Some(entry) => keep_nights(database, act.scope, entry, minutes, true).await?,
            None => {
                let line = for_offers::line(act.scope, for_offers::Asked::One(entry.id)).await?;
                match line.first() {
                    Some(entry) => Box::pin(keep_time(database, act.scope, entry, minutes)).await?,
                    None => None,
                }
            }
        };
        let Some(hold) = hold else {
            let message = "Nothing that they wait for is free at the moment.";
            return Err(Fault::at(WaitlistOfferProblem::NothingFree, "id", message));
        };
        let offer = make_offer(act.scope, entry.id, hold).await?;
        Ok(Outcome::row("waitlistEntry", entry.id)
            .and_row("waitlistOffer", offer)
            .and_row("bookingHold", hold)
            .detail("location_id", entry.location_id.to_string()))
    }
}

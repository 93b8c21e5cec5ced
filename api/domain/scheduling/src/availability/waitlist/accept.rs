//! `waitlistAccept`.

use async_graphql::{Enum, InputObject};
use entities::availability::waitlist_offer;
use uuid::Uuid;

use super::PERMISSION;
use super::freed::{Freed, offer_freed};
use super::locked::lock_offer;
use super::store::{End, end_offers};
use crate::availability::hold::store as hold;
use crate::availability::store::HOLD_EXPIRED;
use foundation::database::Error;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes the place that was offered to somebody who waits: the hold behind it is the customer's own
/// from now on, for as long as it takes to book. Other wishes that the customer named as
/// alternatives end.
#[derive(InputObject)]
pub struct WaitlistAcceptInput {
    /// The offer.
    pub id: Id<waitlist_offer::Entity>,
    /// For how many minutes from now the place is held, to be booked, 1 to 1440.
    #[graphql(default = 30)]
    pub hold_minutes: i32,
}

/// Why an offer cannot be accepted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WaitlistAcceptErrorCode")]
pub enum WaitlistAcceptProblem {
    /// The time to answer is over; the place goes to the next in line.
    OfferExpired,
    /// The offer has been answered or withdrawn.
    WrongStatus,
    /// It cannot be held for so long.
    InvalidHold,
}

/// The verb.
pub struct WaitlistAccept;

impl Verb for WaitlistAccept {
    type Input = WaitlistAcceptInput;
    type Problem = WaitlistAcceptProblem;

    const NAME: &'static str = "waitlistAccept";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("waitlist.accepted");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("waitlistEntry", "WaitlistEntry", "The entry as it now is."),
        Part::Row("waitlistOffer", "WaitlistOffer", "The offer as it now is."),
        Part::Row(
            "bookingHold",
            "BookingHold",
            "The hold from which the place is booked.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, WaitlistAcceptProblem)] =
        &[(HOLD_EXPIRED, WaitlistAcceptProblem::OfferExpired)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        if !(1..=1440).contains(&input.hold_minutes) {
            let message = "holdMinutes must be between 1 and 1440.";
            return Err(Fault::at(
                WaitlistAcceptProblem::InvalidHold,
                "holdMinutes",
                message,
            ));
        }
        let offer = lock_offer(act, input.id.uuid()).await?;
        if offer.status == "expired" || (offer.status == "open" && offer.is_over) {
            let message = "The time to answer is over; the place goes to the next in line.";
            return Err(Fault::at(
                WaitlistAcceptProblem::OfferExpired,
                "id",
                message,
            ));
        }
        if offer.status != "open" {
            let message = format!("The offer is {} already.", offer.status);
            return Err(Fault::at(WaitlistAcceptProblem::WrongStatus, "id", message));
        }
        let values = [
            act.scope.biz_id().into(),
            offer.id.into(),
            offer.entry_id.into(),
        ];
        act.scope.execute(ACCEPT, &values).await?;
        hold::extend(act.scope, offer.hold_id, input.hold_minutes, false).await?;
        close_alternatives(act, offer.entry_id, offer.root_id).await?;
        Ok(Outcome::row("waitlistEntry", offer.entry_id)
            .and_row("waitlistOffer", offer.id)
            .and_row("bookingHold", offer.hold_id)
            .detail("location_id", offer.location_id.to_string()))
    }
}

const ACCEPT: &str = "with offer as ( \
      update availability.waitlist_offers o set status = 'accepted', answered_at = clock_timestamp() \
      where o.biz_id = $1 and o.id = $2) \
    update availability.waitlist_entries e set status = 'accepted' where e.biz_id = $1 and e.id = $3";

const ALTERNATIVES: &str = "select e.id, o.id, o.hold_id from availability.waitlist_entries e \
    left join availability.waitlist_offers o on o.biz_id = e.biz_id and o.waitlist_entry_id = e.id and o.status = 'open' \
    where e.biz_id = $1 and (e.id = $2 or e.alternative_to_id = $2) and e.id <> $3 and e.status in ('waiting', 'offered') \
    order by e.id for no key update of e";

/// Ends the other wishes of the customer; what was offered for them goes to the next in line.
async fn close_alternatives(act: &Act<'_>, entry_id: Uuid, root_id: Uuid) -> Result<(), Error> {
    let values = [act.scope.biz_id().into(), root_id.into(), entry_id.into()];
    let rows = act.scope.query(ALTERNATIVES, &values).await?;
    let (mut waiting, mut offers) = (Vec::new(), Vec::new());
    for row in &rows {
        match (row.try_get(1)?, row.try_get(2)?) {
            (Some(offer), Some(hold)) => offers.push((offer, hold)),
            _ => waiting.push(row.try_get::<_, Uuid>(0)?),
        }
    }
    let sql = "update availability.waitlist_entries e set status = 'closed' \
               where e.biz_id = $1 and e.id = any ($2::uuid[])";
    if !waiting.is_empty() {
        let values = [act.scope.biz_id().into(), waiting.into()];
        act.scope.execute(sql, &values).await?;
    }
    if !offers.is_empty() {
        end_offers(act.scope, End::Withdrawn, &offers).await?;
        let holds: Vec<Uuid> = offers.iter().map(|(_, hold)| *hold).collect();
        offer_freed(act, Freed::Holds(&holds)).await?;
    }
    Ok(())
}

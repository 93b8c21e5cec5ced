//! `substitutionDecline` and `substitutionOfferWithdraw`.

use async_graphql::{Enum, InputObject};
use entities::workforce::substitution_offer;

use super::store::{answer, close, lock_offer, take_turn};
use super::{OFFER, SUBSTITUTE};
use crate::workforce::staff::{SELF, own_or_permitted};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Says no to standing in; the next of the pool is asked at once.
#[derive(InputObject)]
pub struct SubstitutionDeclineInput {
    /// The offer.
    pub id: Id<substitution_offer::Entity>,
    /// What they say to it.
    pub note: Option<String>,
}

/// Why an offer cannot be declined.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SubstitutionDeclineErrorCode")]
pub enum SubstitutionDeclineProblem {
    /// It was answered or withdrawn, or has expired.
    WrongStatus,
}

/// The verb.
pub struct SubstitutionDecline;

impl Verb for SubstitutionDecline {
    type Input = SubstitutionDeclineInput;
    type Problem = SubstitutionDeclineProblem;

    const NAME: &'static str = "substitutionDecline";
    const PERMISSION: Permission = Permission::Holds(SELF);
    const EVENT: Option<&'static str> = Some("workforce.substitution_declined");
    const PAYLOAD: &'static [Part] = OFFER;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let (search, offer) = lock_offer(scope, input.id.uuid()).await?;
        own_or_permitted(act, offer.staff_id, SUBSTITUTE, search.location_id, "offer").await?;
        if offer.status != "sent" {
            let text = format!("The offer is {}.", offer.status);
            return Err(Fault::at(
                SubstitutionDeclineProblem::WrongStatus,
                "id",
                text,
            ));
        }
        answer(scope, &search, &offer, "declined", input.note).await?;
        if let Some(pool_id) = search.pool_id
            && search.is_open()
            && search.needed_by > scope.now()
            && take_turn(scope, &search, pool_id).await?.is_over
        {
            close(scope, search.id, "unfilled").await?;
        }
        Ok(Outcome::row("substitutionOffer", offer.id))
    }
}

/// Takes an offer back that nobody has answered; whoever got it is not asked again in this search.
#[derive(InputObject)]
pub struct SubstitutionOfferWithdrawInput {
    /// The offer.
    pub id: Id<substitution_offer::Entity>,
}

/// Why an offer cannot be taken back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SubstitutionOfferWithdrawErrorCode")]
pub enum SubstitutionOfferWithdrawProblem {
    /// It was answered or withdrawn, or has expired.
    WrongStatus,
}

/// The verb.
pub struct SubstitutionOfferWithdraw;

impl Verb for SubstitutionOfferWithdraw {
    type Input = SubstitutionOfferWithdrawInput;
    type Problem = SubstitutionOfferWithdrawProblem;

    const NAME: &'static str = "substitutionOfferWithdraw";
    const PERMISSION: Permission = Permission::Holds(SUBSTITUTE);
    const EVENT: Option<&'static str> = Some("workforce.substitution_offer_withdrawn");
    const PAYLOAD: &'static [Part] = OFFER;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let (search, offer) = lock_offer(scope, input.id.uuid()).await?;
        act.permit_at(SUBSTITUTE, search.location_id, "offer")?;
        if offer.status != "sent" {
            let text = format!("The offer is {}.", offer.status);
            return Err(Fault::at(
                SubstitutionOfferWithdrawProblem::WrongStatus,
                "id",
                text,
            ));
        }
        let sql = "update workforce.substitution_offers set status = 'withdrawn' where biz_id = $1 and id = $2";
        scope
            .execute(sql, &[scope.biz_id().into(), offer.id.into()])
            .await?;
        Ok(Outcome::row("substitutionOffer", offer.id))
    }
}

//! `giftCardReverse`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::entitlements::gift_redemption;

use super::uses::{PutBack, put_back};
use crate::entitlements::ADJUST;
use crate::entitlements::refusal::Refusal;
use crate::entitlements::work::{Work, place_of};
use foundation::database::new_id;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Puts back on a gift card what was used of it, in whole or in part. On a card whose time is over it
/// lapses with the next run of the clock work, unless its time is extended.
#[derive(InputObject)]
pub struct GiftCardReverseInput {
    /// The use.
    pub redemption_id: Id<gift_redemption::Entity>,
    /// How much; all that was not put back yet, if not given.
    pub amount: Option<MoneyInput>,
    /// Where it is put back.
    pub location_id: Option<Id<location::Entity>>,
}

/// Why nothing was put back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "GiftCardReverseErrorCode")]
pub enum GiftCardReverseProblem {
    /// More would be put back than was used.
    BeyondUse,
    /// The card is out of use for good.
    NotOpen,
}

use GiftCardReverseProblem as Problem;

/// The verb.
pub struct GiftCardReverse;

impl Verb for GiftCardReverse {
    type Input = GiftCardReverseInput;
    type Problem = Problem;

    const NAME: &'static str = "giftCardReverse";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("gift_card.redemption_reversed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "giftInstrument",
            "GiftInstrument",
            "The gift card as it now is.",
        ),
        Part::Row("redemption", "GiftRedemption", "The row that put it back."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (work, place) = (
            Work::of(act),
            place_of(act, ADJUST, input.location_id.map(|id| id.uuid())).await?,
        );
        let undo = PutBack {
            redemption_id: input.redemption_id.uuid(),
            minor: input.amount.as_ref().map(|amount| amount.minor),
            key: new_id().to_string(),
            is_posted: true,
        };
        let (card, id, minor) = put_back(work, &place, &undo).await.map_err(|failed| {
            failed.fault("", |refusal| match refusal {
                Refusal::BeyondUse | Refusal::Insufficient => Problem::BeyondUse,
                Refusal::Unknown
                | Refusal::NotOpen
                | Refusal::Expired
                | Refusal::HeldElsewhere
                | Refusal::NotHere
                | Refusal::OtherUnit
                | Refusal::WrongPin => Problem::NotOpen,
            })
        })?;
        let outcome = Outcome::row("giftInstrument", card.id).and_row("redemption", id);
        Ok(outcome.detail("amount_minor", minor))
    }
}

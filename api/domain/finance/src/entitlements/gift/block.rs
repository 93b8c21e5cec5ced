//! `giftCardBlock` and `giftCardUnblock`.

use async_graphql::{Enum, InputObject};
use entities::entitlements::gift_instrument;

use super::locked::{Activity, act as write, lock};
use crate::entitlements::ADJUST;
use crate::entitlements::work::{Work, place_of};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PAYLOAD: &[Part] = &[Part::Row(
    "giftInstrument",
    "GiftInstrument",
    "The gift card as it now is.",
)];

/// Blocks a gift card, for instance as it was reported lost: nothing of it can be used meanwhile.
#[derive(InputObject)]
pub struct GiftCardBlockInput {
    /// The gift card.
    pub id: Id<gift_instrument::Entity>,
    /// Why it is blocked.
    pub reason: String,
}

/// Why it was not blocked.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "GiftCardBlockErrorCode")]
pub enum GiftCardBlockProblem {
    /// It is not in use.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb `giftCardBlock`.
pub struct GiftCardBlock;

impl Verb for GiftCardBlock {
    type Input = GiftCardBlockInput;
    type Problem = GiftCardBlockProblem;

    const NAME: &'static str = "giftCardBlock";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("gift_card.blocked");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(GiftCardBlockProblem::ReasonRequired, &input.reason)?;
        let found = lock(act.scope, input.id.uuid()).await?;
        let mut card = found.ok_or_else(|| Fault::not_found("gift card"))?;
        if card.status != "active" {
            let text = format!("The gift card is {}; it cannot be blocked.", card.status);
            return Err(Fault::at(GiftCardBlockProblem::WrongStatus, "id", text));
        }
        act.scope.set_reason(reason).await?;
        let activity = Activity {
            kind: "block",
            by: 0,
            status: "blocked",
            note: Some(reason),
            source: None,
        };
        let place = place_of(act, ADJUST, None).await?;
        write(Work::of(act), &place, &mut card, &activity).await?;
        Ok(Outcome::row("giftInstrument", card.id))
    }
}

/// Lets a blocked gift card be used again.
#[derive(InputObject)]
pub struct GiftCardUnblockInput {
    /// The gift card.
    pub id: Id<gift_instrument::Entity>,
}

/// Why it was not released.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "GiftCardUnblockErrorCode")]
pub enum GiftCardUnblockProblem {
    /// It is not blocked.
    WrongStatus,
}

/// The verb `giftCardUnblock`.
pub struct GiftCardUnblock;

impl Verb for GiftCardUnblock {
    type Input = GiftCardUnblockInput;
    type Problem = GiftCardUnblockProblem;

    const NAME: &'static str = "giftCardUnblock";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("gift_card.unblocked");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let found = lock(act.scope, input.id.uuid()).await?;
        let mut card = found.ok_or_else(|| Fault::not_found("gift card"))?;
        if card.status != "blocked" {
            let text = format!("The gift card is {}; it is not blocked.", card.status);
            return Err(Fault::at(GiftCardUnblockProblem::WrongStatus, "id", text));
        }
        let activity = Activity {
            kind: "unblock",
            by: 0,
            status: "active",
            note: None,
            source: None,
        };
        let place = place_of(act, ADJUST, None).await?;
        write(Work::of(act), &place, &mut card, &activity).await?;
        Ok(Outcome::row("giftInstrument", card.id))
    }
}

//! `giftCardRedeem`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use entities::core::location;
use entities::entitlements::{gift_instrument, value_hold};
use uuid::Uuid;

use super::uses::{Redeem, by_code, redeem};
use crate::entitlements::REDEEM;
use crate::entitlements::refusal::{Failed, Refusal};
use crate::entitlements::work::{Work, place_of};
use foundation::database::new_id;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Uses value of a gift card. It goes to the deposits of the business, to be set against what is
/// owed. However many ask at once, no more is used than is on the card.
#[derive(InputObject)]
pub struct GiftCardRedeemInput {
    /// The gift card; either this or its code.
    pub id: Option<Id<gift_instrument::Entity>>,
    /// Its code, as its holder shows it; either this or the id.
    pub code: Option<String>,
    /// Its PIN, where it has one.
    pub pin: Option<String>,
    /// How much.
    pub amount: MoneyInput,
    /// The order it pays.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// The hold that keeps it, if one does; what is left of the hold is free again.
    pub hold_id: Option<Id<value_hold::Entity>>,
    /// Where it is used.
    pub location_id: Option<Id<location::Entity>>,
}

/// Why nothing was used.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "GiftCardRedeemErrorCode")]
pub enum GiftCardRedeemProblem {
    /// It is blocked, not activated or out of use.
    NotOpen,
    /// Its time is over.
    Expired,
    /// There is not enough on it.
    Insufficient,
    /// There is enough on it, but some is held for another cart: try again shortly.
    HeldElsewhere,
    /// It has another currency.
    OtherCurrency,
    /// The PIN is missing or wrong.
    WrongPin,
}

use GiftCardRedeemProblem as Problem;

/// The verb.
pub struct GiftCardRedeem;

impl Verb for GiftCardRedeem {
    type Input = GiftCardRedeemInput;
    type Problem = Problem;

    const NAME: &'static str = "giftCardRedeem";
    const PERMISSION: Permission = Permission::Holds(REDEEM);
    const EVENT: Option<&'static str> = Some("gift_card.redeemed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "giftInstrument",
            "GiftInstrument",
            "The gift card as it now is.",
        ),
        Part::Row(
            "redemption",
            "GiftRedemption",
            "What was used, and what was left after it.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (work, place) = (
            Work::of(act),
            place_of(act, REDEEM, input.location_id.map(|id| id.uuid())).await?,
        );
        if input.amount.minor <= 0 {
            return Err(Failure::input("The amount must be more than nothing.").into());
        }
        let card_id = match (input.id, &input.code) {
            (Some(id), None) => Some(id.uuid()),
            (None, Some(code)) => by_code(act.scope, &act.session.shared.sealer, code).await?,
            _ => return Err(Failure::input("Give either id or code.").into()),
        };
        let card_id = card_id.ok_or_else(|| Fault::not_found("gift card"))?;
        check_pin(act, card_id, input.pin.as_deref()).await?;
        let wanted = Redeem {
            card_id,
            minor: input.amount.minor,
            currency: input.amount.currency,
            source: input
                .booking_order_id
                .map(|id| ("BookingOrder".to_owned(), id.uuid())),
            hold_id: input.hold_id.map(|id| id.uuid()),
            key: new_id().to_string(),
            is_posted: true,
        };
        let used = redeem(work, &place, &wanted).await;
        let (card, id) = used.map_err(|failed| failed.fault("", code))?;
        let outcome = Outcome::row("giftInstrument", card.id).and_row("redemption", id);
        Ok(outcome
            .detail("amount_minor", wanted.minor)
            .detail("currency", wanted.currency))
    }
}

fn code(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Expired => Problem::Expired,
        Refusal::Insufficient | Refusal::BeyondUse => Problem::Insufficient,
        Refusal::HeldElsewhere => Problem::HeldElsewhere,
        Refusal::OtherUnit => Problem::OtherCurrency,
        Refusal::WrongPin => Problem::WrongPin,
        Refusal::NotOpen | Refusal::Unknown | Refusal::NotHere => Problem::NotOpen,
    }
}

/// Whether the PIN is right: before the card is locked, as it takes its time.
async fn check_pin(act: &Act<'_>, card_id: Uuid, pin: Option<&str>) -> Result<(), Fault<Problem>> {
    let sql =
        "select i.pin_phc from entitlements.gift_instruments i where i.biz_id = $1 and i.id = $2";
    let values = [act.scope.biz_id().into(), card_id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("gift card"))?;
    let Some(kept) = row.try_get::<_, Option<String>>(0)? else {
        return Ok(());
    };
    let passwords = &act.session.shared.identity.passwords;
    if passwords
        .matches(pin.unwrap_or_default(), Some(&kept))
        .await?
    {
        return Ok(());
    }
    Err(Failed::Refused(Refusal::WrongPin).fault("pin", code))
}

//! `giftCardReload`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::entitlements::gift_instrument;
use entities::payments::refund;

use super::locked::{Activity, act as write, book, lock, open_books};
use crate::entitlements::SELL;
use crate::entitlements::books::Account;
use crate::entitlements::refusal::Refusal;
use crate::entitlements::work::{Work, place_of};
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Loads more value onto a gift card, from the customer's deposits: a payment for it, or a refund
/// that is paid onto it.
#[derive(InputObject)]
pub struct GiftCardReloadInput {
    /// The gift card.
    pub id: Id<gift_instrument::Entity>,
    /// How much.
    pub amount: MoneyInput,
    /// The refund that is paid onto it, if it is one: then the product need not be reloadable.
    pub refund_id: Option<Id<refund::Entity>>,
    /// Where it is loaded.
    pub location_id: Option<Id<location::Entity>>,
}

/// Why nothing was loaded.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "GiftCardReloadErrorCode")]
pub enum GiftCardReloadProblem {
    /// It is blocked, not activated or out of use.
    NotOpen,
    /// Its time is over.
    Expired,
    /// Its product cannot be loaded again, or not so far.
    NotReloadable,
    /// It has another currency.
    OtherCurrency,
    /// The amount is not more than nothing.
    InvalidAmount,
}

use GiftCardReloadProblem as Problem;

/// The verb.
pub struct GiftCardReload;

const MAY: &str = "select p.is_reloadable and $3 <= p.max_minor from entitlements.gift_products p \
    where p.biz_id = $1 and p.id = $2";

impl Verb for GiftCardReload {
    type Input = GiftCardReloadInput;
    type Problem = Problem;

    const NAME: &'static str = "giftCardReload";
    const PERMISSION: Permission = Permission::Holds(SELL);
    const EVENT: Option<&'static str> = Some("gift_card.reloaded");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "giftInstrument",
        "GiftInstrument",
        "The gift card as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (work, place) = (
            Work::of(act),
            place_of(act, SELL, input.location_id.map(|id| id.uuid())).await?,
        );
        if input.amount.minor <= 0 {
            let text = "The amount must be more than nothing.";
            return Err(Fault::at(Problem::InvalidAmount, "amount", text));
        }
        let found = lock(act.scope, input.id.uuid()).await?;
        let mut card = found.ok_or_else(|| Fault::not_found("gift card"))?;
        if let Some(refusal) = card.refusal(act.scope.now()) {
            let code = if refusal == Refusal::Expired {
                Problem::Expired
            } else {
                Problem::NotOpen
            };
            return Err(Fault::at(code, "id", refusal.message()));
        }
        if card.currency != input.amount.currency {
            return Err(Fault::at(
                Problem::OtherCurrency,
                "amount",
                "The gift card has another currency.",
            ));
        }
        if let (Some(product), None) = (card.product_id, &input.refund_id) {
            let total = card.balance.saturating_add(input.amount.minor);
            let values = [act.scope.biz_id().into(), product.into(), total.into()];
            let row = act.scope.query_opt(MAY, &values).await?;
            if !row.is_some_and(|row| row.get(0)) {
                let text = "This product cannot be loaded again, or not so far.";
                return Err(Fault::at(Problem::NotReloadable, "amount", text));
            }
        }
        open_books(work, &place, &mut card).await?;
        let activity = Activity {
            kind: if input.refund_id.is_some() {
                "refund_to"
            } else {
                "load"
            },
            by: input.amount.minor,
            status: "active",
            note: None,
            source: input.refund_id.map(|id| ("Refund", id.uuid())),
        };
        write(work, &place, &mut card, &activity).await?;
        let what = ("Gift card loaded", Account::Deposits);
        book(work, &place, &mut card, what, input.amount.minor).await?;
        Ok(Outcome::row("giftInstrument", card.id).detail("amount_minor", input.amount.minor))
    }
}

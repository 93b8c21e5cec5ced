//! `giftCardActivate`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::entitlements::gift_instrument;

use super::issue::{activate, end_after};
use super::locked::lock;
use crate::entitlements::SELL;
use crate::entitlements::books::Account;
use crate::entitlements::work::{Work, place_of};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Puts a gift card into use that waited for its payment. Its time begins now.
#[derive(InputObject)]
pub struct GiftCardActivateInput {
    /// The gift card.
    pub id: Id<gift_instrument::Entity>,
    /// Whether nobody paid for it: the business gives it.
    pub is_given: Option<bool>,
    /// Where it is activated.
    pub location_id: Option<Id<location::Entity>>,
}

/// Why it was not put into use.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "GiftCardActivateErrorCode")]
pub enum GiftCardActivateProblem {
    /// It was activated already, or is out of use.
    WrongStatus,
}

/// The verb.
pub struct GiftCardActivate;

impl Verb for GiftCardActivate {
    type Input = GiftCardActivateInput;
    type Problem = GiftCardActivateProblem;

    const NAME: &'static str = "giftCardActivate";
    const PERMISSION: Permission = Permission::Holds(SELL);
    const EVENT: Option<&'static str> = Some("gift_card.activated");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "giftInstrument",
        "GiftInstrument",
        "The gift card, in use.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (work, place) = (
            Work::of(act),
            place_of(act, SELL, input.location_id.map(|id| id.uuid())).await?,
        );
        let found = lock(act.scope, input.id.uuid()).await?;
        let card = found.ok_or_else(|| Fault::not_found("gift card"))?;
        if card.status != "pending" {
            let text = format!("The gift card is {}; it cannot be activated.", card.status);
            return Err(Fault::at(GiftCardActivateProblem::WrongStatus, "id", text));
        }
        let sql = "select p.validity_months from entitlements.gift_products p where p.biz_id = $1 and p.id = $2";
        let values = [act.scope.biz_id().into(), card.product_id.into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let months: Option<i32> = row.map(|row| row.try_get(0)).transpose()?.flatten();
        let months = months.and_then(|months| u32::try_from(months).ok());
        let end = months.and_then(|months| end_after(&place, place.today(), months));
        if card.expires_at.is_none() && end.is_some() {
            let sql = "update entitlements.gift_instruments set expires_at = $3 where biz_id = $1 and id = $2";
            let values = [act.scope.biz_id().into(), card.id.into(), end.into()];
            act.scope.execute(sql, &values).await?;
        }
        let from = if input.is_given == Some(true) {
            Account::Given
        } else {
            Account::Deposits
        };
        activate(work, &place, card.id, from).await?;
        Ok(Outcome::row("giftInstrument", card.id).detail("amount_minor", card.initial))
    }
}

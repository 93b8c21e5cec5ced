//! `giftCardExtend`.

use async_graphql::{Enum, InputObject};
use entities::entitlements::gift_instrument;
use sea_orm::Value;

use super::locked::{book, lock};
use crate::entitlements::ADJUST;
use crate::entitlements::books::Account;
use crate::entitlements::work::{Work, place_of};
use foundation::database::new_id;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Extends the time of a gift card, as a law may ask. What lapsed comes back.
#[derive(InputObject)]
pub struct GiftCardExtendInput {
    /// The gift card.
    pub id: Id<gift_instrument::Entity>,
    /// The first day on which it cannot be used any more, by the calendar of the business.
    pub expires_on: Day,
    /// The country or region whose law decides, such as US-CA.
    pub jurisdiction: Option<String>,
    /// The rule that is applied, in words.
    pub rule: Option<String>,
}

/// Why it was not extended.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "GiftCardExtendErrorCode")]
pub enum GiftCardExtendProblem {
    /// It is not activated, or out of use.
    WrongStatus,
    /// It would end no later than it does, or in the past.
    NotLater,
}

use GiftCardExtendProblem as Problem;

/// The verb.
pub struct GiftCardExtend;

const LAPSED: &str = "select coalesce(sum(x.expired_minor), 0)::bigint from entitlements.gift_expiration_events x \
    where x.biz_id = $1 and x.instrument_id = $2";

const EXTEND: &str = "with card as ( \
      update entitlements.gift_instruments set expires_at = $3, balance_minor = balance_minor + $4, \
        status = case when status = 'expired' and $4 > 0 then 'active' else status::text end \
      where biz_id = $1 and id = $2 returning id, balance_minor, currency) \
    insert into entitlements.gift_expiration_events (biz_id, id, instrument_id, kind, expired_minor, balance_after_minor, \
      currency, extended_until, jurisdiction, rule, occurred_at) \
    select $1, $5, c.id, 'extended', - $4::bigint, c.balance_minor, c.currency, $3, $6, $7, $8 from card c";

impl Verb for GiftCardExtend {
    type Input = GiftCardExtendInput;
    type Problem = Problem;

    const NAME: &'static str = "giftCardExtend";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("gift_card.extended");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "giftInstrument",
            "GiftInstrument",
            "The gift card as it now is.",
        ),
        Part::Row(
            "extension",
            "GiftExpirationEvent",
            "The extension, and what came back by it.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (work, place) = (Work::of(act), place_of(act, ADJUST, None).await?);
        let found = lock(act.scope, input.id.uuid()).await?;
        let mut card = found.ok_or_else(|| Fault::not_found("gift card"))?;
        if matches!(card.status.as_str(), "pending" | "deactivated") {
            let text = format!("The gift card is {}; it cannot be extended.", card.status);
            return Err(Fault::at(Problem::WrongStatus, "id", text));
        }
        let until = place.start_of(input.expires_on.0);
        if until <= act.scope.now() || card.expires_at.is_none_or(|end| until <= end) {
            let text = "It would end no later than it does, or in the past.";
            return Err(Fault::at(Problem::NotLater, "expiresOn", text));
        }
        let keys = [act.scope.biz_id().into(), card.id.into()];
        let lapsed: i64 = match act.scope.query_opt(LAPSED, &keys).await? {
            Some(row) if card.status == "expired" => row.try_get(0)?,
            _ => 0,
        };
        let id = new_id();
        let values: [Value; 8] = [
            act.scope.biz_id().into(),
            card.id.into(),
            until.into(),
            lapsed.into(),
            id.into(),
            input.jurisdiction.into(),
            input.rule.into(),
            act.scope.now().into(),
        ];
        act.scope.execute(EXTEND, &values).await?;
        if lapsed > 0 {
            let what = ("Lapsed gift card came back", Account::Lapsed);
            book(work, &place, &mut card, what, lapsed).await?;
        }
        let outcome = Outcome::row("giftInstrument", card.id).and_row("extension", id);
        Ok(outcome.detail("came_back_minor", lapsed))
    }
}

//! `giftCardPassOn`.

use async_graphql::{Enum, InputObject};
use entities::crm::customer;
use entities::entitlements::gift_instrument;
use sea_orm::Value;

use super::code;
use super::locked::lock;
use crate::entitlements::SELL;
use foundation::database::new_id;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Passes a gift card on to somebody else: it gets a new code, which is shown once, and the old one is
/// void.
#[derive(InputObject)]
pub struct GiftCardPassOnInput {
    /// The gift card.
    pub id: Id<gift_instrument::Entity>,
    /// The mail address or telephone number of the new holder.
    pub to_contact: String,
    /// The customer who gets it, where known.
    pub to_customer_id: Option<Id<customer::Entity>>,
}

/// Why it was not passed on.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "GiftCardPassOnErrorCode")]
pub enum GiftCardPassOnProblem {
    /// It is not in use.
    WrongStatus,
    /// Its product cannot be passed on.
    NotTransferable,
    /// The contact of the new holder must be given.
    ContactRequired,
}

use GiftCardPassOnProblem as Problem;

/// The verb.
pub struct GiftCardPassOn;

const MAY: &str =
    "select p.is_transferable from entitlements.gift_products p where p.biz_id = $1 and p.id = $2";

const PASS_ON: &str = "with passed as ( \
      insert into entitlements.gift_transfers (biz_id, id, instrument_id, from_contact_enc, to_contact_enc, to_contact_bidx, \
        to_customer_id, old_code_hash) \
      select $1, $3, i.id, i.recipient_contact_enc, $4, $5, $6, i.code_hash \
      from entitlements.gift_instruments i where i.biz_id = $1 and i.id = $2) \
    update entitlements.gift_instruments set code_hash = $7, code_last4 = $8, recipient_contact_enc = $4, \
      recipient_contact_bidx = $5, holder_id = $6, delivered_at = null \
    where biz_id = $1 and id = $2";
const COMPLETE: &str = "update entitlements.gift_transfers set status = 'completed', completed_at = $3 where biz_id = $1 and id = $2";

impl Verb for GiftCardPassOn {
    type Input = GiftCardPassOnInput;
    type Problem = Problem;

    const NAME: &'static str = "giftCardPassOn";
    const PERMISSION: Permission = Permission::Holds(SELL);
    const EVENT: Option<&'static str> = Some("gift_card.passed_on");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "giftInstrument",
            "GiftInstrument",
            "The gift card, without its code.",
        ),
        Part::Row("transfer", "GiftTransfer", "The passing on."),
        Part::Secret(
            "code",
            "String",
            "The new code that pays. It is shown only now.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let contact = input.to_contact.trim();
        if contact.is_empty() {
            let text = "The contact of the new holder must be given.";
            return Err(Fault::at(Problem::ContactRequired, "toContact", text));
        }
        let found = lock(act.scope, input.id.uuid()).await?;
        let card = found.ok_or_else(|| Fault::not_found("gift card"))?;
        if let Some(refusal) = card.refusal(act.scope.now()) {
            return Err(Fault::at(Problem::WrongStatus, "id", refusal.message()));
        }
        if let Some(product) = card.product_id {
            let values = [act.scope.biz_id().into(), product.into()];
            let row = act.scope.query_opt(MAY, &values).await?;
            if !row.is_some_and(|row| row.get(0)) {
                let text = "Cards of this product cannot be passed on.";
                return Err(Fault::at(Problem::NotTransferable, "id", text));
            }
        }
        let (biz, id, sealer) = (act.scope.biz_id(), new_id(), &act.session.shared.sealer);
        let shown = code::random()?;
        let normal = code::normal(&shown).unwrap_or_default();
        let values: [Value; 8] = [
            biz.into(),
            card.id.into(),
            id.into(),
            sealer.seal(biz, contact)?.into(),
            sealer.blind_index(biz, contact).into(),
            input.to_customer_id.map(|id| id.uuid()).into(),
            sealer.blind_index(biz, &normal).into(),
            code::last_four(&normal).into(),
        ];
        act.scope.execute(PASS_ON, &values).await?;
        let values = [biz.into(), id.into(), act.scope.now().into()];
        act.scope.execute(COMPLETE, &values).await?;
        let outcome = Outcome::row("giftInstrument", card.id).and_row("transfer", id);
        Ok(outcome.and_value("code", shown))
    }
}

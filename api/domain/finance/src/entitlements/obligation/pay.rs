//! `obligationPay`.

use async_graphql::{Enum, InputObject};
use entities::booking::participant_obligation;
use entities::entitlements::wallet;
use entities::payments::payment_intent;
use uuid::Uuid;

use super::store::{Owed, count, lock, state};
use crate::entitlements::OBLIGATIONS;
use crate::entitlements::gift::uses::{Redeem, by_code, redeem};
use crate::entitlements::refusal::Refusal;
use crate::entitlements::wallet::uses::{Use, burn};
use crate::entitlements::work::{Work, own_place};
use foundation::database::new_id;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Pays what a participant owes of an order, all or a part of it: out of a wallet, with a gift card, with
/// a payment that was taken, or as noted by staff. The answer says what is still to be paid of the
/// whole order.
#[derive(InputObject)]
pub struct ObligationPayInput {
    /// What is owed.
    pub id: Id<participant_obligation::Entity>,
    /// How much is paid; all that is left if not given.
    pub amount: Option<MoneyInput>,
    /// The wallet that pays.
    pub wallet_id: Option<Id<wallet::Entity>>,
    /// The code of the gift card that pays; of one without a PIN.
    pub gift_card_code: Option<String>,
    /// The payment that was taken for it.
    pub payment_intent_id: Option<Id<payment_intent::Entity>>,
    /// What staff say about it; required where it was paid in none of these ways.
    pub note: Option<String>,
}

/// Why nothing was paid.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ObligationPayErrorCode")]
pub enum ObligationPayProblem {
    /// Nothing is owed any more.
    NothingOwed,
    /// More would be paid than is owed.
    BeyondOwed,
    /// The amount has another currency, or is not more than nothing.
    WrongAmount,
    /// The order has been cancelled, declined or has expired.
    OrderEnded,
    /// There is not enough in the wallet, on the card, or left of the payment.
    Insufficient,
    /// There is enough, but some is held for another cart: try again shortly.
    HeldElsewhere,
    /// The wallet or card cannot be used for this, or not now.
    NotUsable,
    /// It is not said how it was paid.
    NoteRequired,
}

use ObligationPayProblem as Problem;

/// The verb.
pub struct ObligationPay;

impl Verb for ObligationPay {
    type Input = ObligationPayInput;
    type Problem = Problem;

    const NAME: &'static str = "obligationPay";
    const PERMISSION: Permission = Permission::Holds(OBLIGATIONS);
    const EVENT: Option<&'static str> = Some("booking.obligation_paid");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "obligation",
            "ParticipantObligation",
            "What is owed, as it now is.",
        ),
        Part::Value(
            "orderOutstandingMinor",
            "Long",
            "What is still to be paid of the whole order, in minor units.",
        ),
        Part::Value(
            "isOrderPaid",
            "Boolean",
            "Whether the whole order is paid by this.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let found = lock(act.scope, input.id.uuid()).await?;
        let mut owed = found.ok_or_else(|| Fault::not_found("obligation"))?;
        act.permit_at(OBLIGATIONS, owed.location_id, "obligation")?;
        let minor = amount(&owed, input.amount.as_ref())?;
        let ways = [
            input.wallet_id.is_some(),
            input.gift_card_code.is_some(),
            input.payment_intent_id.is_some(),
        ];
        if ways.iter().filter(|given| **given).count() > 1 {
            return Err(
                Failure::input("Give one of walletId, giftCardCode and paymentIntentId.").into(),
            );
        }
        let note = input
            .note
            .as_deref()
            .map(str::trim)
            .filter(|note| !note.is_empty());
        let source = match (
            input.wallet_id,
            input.gift_card_code,
            input.payment_intent_id,
        ) {
            (Some(wallet), _, _) => Some(from_wallet(act, &owed, wallet.uuid(), minor).await?),
            (_, Some(code), _) => Some(from_card(act, &owed, &code, minor).await?),
            (_, _, Some(payment)) => Some(from_payment(act, &owed, payment.uuid(), minor).await?),
            (None, None, None) if note.is_none() => {
                return Err(Fault::at(
                    Problem::NoteRequired,
                    "note",
                    "Say how it was paid.",
                ));
            }
            (None, None, None) => None,
        };
        count(act.scope, &mut owed, minor, source, note).await?;
        let state = state(act.scope, owed.order_id).await?;
        let left = state.map_or(0, |state| state.outstanding());
        let outcome = Outcome::row("obligation", owed.id)
            .and_value("orderOutstandingMinor", left)
            .and_value("isOrderPaid", left == 0);
        Ok(outcome
            .detail("booking_order_id", owed.order_id.to_string())
            .detail("amount_minor", minor)
            .detail("currency", owed.currency)
            .detail("order_outstanding_minor", left))
    }
}

/// How much is to be paid.
fn amount(owed: &Owed, asked: Option<&MoneyInput>) -> Result<i64, Fault<Problem>> {
    if matches!(
        owed.order_status.as_str(),
        "cancelled" | "declined" | "expired"
    ) {
        let text = format!("The order is {}.", owed.order_status);
        return Err(Fault::at(Problem::OrderEnded, "id", text));
    }
    let rest = owed.rest();
    if rest == 0 {
        let text = format!("Nothing is owed any more: it is {}.", owed.status);
        return Err(Fault::at(Problem::NothingOwed, "id", text));
    }
    let Some(asked) = asked else { return Ok(rest) };
    if asked.currency != owed.currency || asked.minor <= 0 {
        let text = format!("An amount is in {}, and more than nothing.", owed.currency);
        return Err(Fault::at(Problem::WrongAmount, "amount", text));
    }
    if asked.minor > rest {
        return Err(Fault::at(
            Problem::BeyondOwed,
            "amount",
            "This is more than is owed.",
        ));
    }
    Ok(asked.minor)
}

async fn from_wallet(
    act: &Act<'_>,
    owed: &Owed,
    wallet_id: Uuid,
    minor: i64,
) -> Result<(&'static str, Uuid), Fault<Problem>> {
    let place = own_place(act.scope, owed.location_id).await?;
    let wanted = Use {
        wallet_id,
        quantity: minor,
        currency: Some(owed.currency.clone()),
        service_id: None,
        source: Some(("ParticipantObligation".to_owned(), owed.id)),
        hold_id: None,
        key: None,
        note: None,
        is_posted: true,
    };
    let used = burn(Work::of(act), &place, &wanted).await;
    let used = used.map_err(|failed| failed.fault("walletId", code))?;
    let first = used.entries.first().copied();
    Ok(("EntitlementLedgerEntry", first.unwrap_or(owed.id)))
}

async fn from_card(
    act: &Act<'_>,
    owed: &Owed,
    card: &str,
    minor: i64,
) -> Result<(&'static str, Uuid), Fault<Problem>> {
    let place = own_place(act.scope, owed.location_id).await?;
    let found = by_code(act.scope, &act.session.shared.sealer, card).await?;
    let wanted = Redeem {
        card_id: found.ok_or_else(|| Fault::not_found("gift card"))?,
        minor,
        currency: owed.currency.clone(),
        source: Some(("ParticipantObligation".to_owned(), owed.id)),
        hold_id: None,
        key: new_id().to_string(),
        is_posted: true,
    };
    let (card, id) = redeem(Work::of(act), &place, &wanted)
        .await
        .map_err(|failed| failed.fault("giftCardCode", code))?;
    if card.pin.is_some() {
        let text = "This card has a PIN: use it with giftCardRedeem.";
        return Err(Fault::at(Problem::NotUsable, "giftCardCode", text));
    }
    Ok(("GiftRedemption", id))
}

const PAYMENT: &str = "select i.captured_minor - i.refunded_minor - (select coalesce(sum(e.amount_minor), 0) \
      from booking.participant_obligation_events e \
      where e.biz_id = $1 and e.kind = 'paid' and e.source_type = 'PaymentIntent' and e.source_id = i.id), i.currency::text = $3 \
        and i.source_id is null \
    from payments.payment_intents i where i.biz_id = $1 and i.id = $2 for no key update of i";

async fn from_payment(
    act: &Act<'_>,
    owed: &Owed,
    payment: Uuid,
    minor: i64,
) -> Result<(&'static str, Uuid), Fault<Problem>> {
    let values = [
        act.scope.biz_id().into(),
        payment.into(),
        owed.currency.as_str().into(),
    ];
    let row = act.scope.query_opt(PAYMENT, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("payment"))?;
    if !row.try_get::<_, bool>(1)? {
        let text = "This payment was taken for something else, or in another currency.";
        return Err(Fault::at(Problem::NotUsable, "paymentIntentId", text));
    }
    let left: rust_decimal::Decimal = row.try_get(0)?;
    if left < minor.into() {
        let text = "There is not as much left of this payment.";
        return Err(Fault::at(Problem::Insufficient, "paymentIntentId", text));
    }
    Ok(("PaymentIntent", payment))
}

fn code(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Insufficient | Refusal::BeyondUse => Problem::Insufficient,
        Refusal::HeldElsewhere => Problem::HeldElsewhere,
        Refusal::Unknown
        | Refusal::NotOpen
        | Refusal::Expired
        | Refusal::NotHere
        | Refusal::OtherUnit
        | Refusal::WrongPin => Problem::NotUsable,
    }
}

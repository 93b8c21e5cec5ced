//! `valueHoldPlace`.

use async_graphql::{Enum, InputObject};
use chrono::TimeDelta;
use entities::booking::booking_order;
use entities::entitlements::{gift_instrument, value_hold, wallet};

use super::hold::{NewHold, Target, end, place};
use super::locked::lock_one;
use super::quantity::{Quantity, quantity};
use crate::entitlements::REDEEM;
use crate::entitlements::gift::locked as gift;
use crate::entitlements::refusal::Refusal;
use foundation::database::Scope;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Problem as Told, Verb};

/// How long a hold lasts where nobody says.
const USUAL_MINUTES: i32 = 15;
/// How long a hold lasts at most: a month, as authorizations of cards do.
const MOST_MINUTES: i32 = 31 * 24 * 60;

/// Keeps a part of a wallet or of a gift card for a cart or an authorization, so that nobody else
/// can use it meanwhile.
#[derive(InputObject)]
pub struct ValueHoldPlaceInput {
    /// The wallet; either this or the gift card.
    pub wallet_id: Option<Id<wallet::Entity>>,
    /// The gift card; either this or the wallet.
    pub gift_instrument_id: Option<Id<gift_instrument::Entity>>,
    /// How much money; either this or units.
    pub amount: Option<MoneyInput>,
    /// How many units; either this or amount.
    pub units: Option<i32>,
    /// The order it is kept for.
    pub booking_order_id: Id<booking_order::Entity>,
    /// For how many minutes, 44,640 at most; a quarter of an hour if not given.
    pub minutes: Option<i32>,
}

/// Why nothing is kept.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ValueHoldPlaceErrorCode")]
pub enum ValueHoldPlaceProblem {
    /// The wallet is frozen or closed, the gift card blocked, expired or not activated.
    NotOpen,
    /// There is not enough on it.
    Insufficient,
    /// There is enough on it, but some is held already: try again shortly.
    HeldElsewhere,
    /// It is counted in another unit or currency.
    OtherUnit,
}

use ValueHoldPlaceProblem as Problem;

/// The verb.
pub struct ValueHoldPlace;

/// What value is held of.
struct Kept {
    target: Target,
    is_open: bool,
    currency: Option<String>,
    balance: i64,
    held: i64,
}

impl Kept {
    async fn lock(
        scope: &Scope,
        wallet: Option<Id<wallet::Entity>>,
        card: Option<Id<gift_instrument::Entity>>,
    ) -> Result<Self, Fault<Problem>> {
        match (wallet, card) {
            (Some(id), None) => {
                let wallet = lock_one(scope, id.uuid()).await?;
                let wallet = wallet.ok_or_else(|| Fault::not_found("wallet"))?;
                Ok(Self {
                    target: Target::Wallet(wallet.id),
                    is_open: wallet.is_open(),
                    currency: wallet.currency,
                    balance: wallet.balance,
                    held: wallet.held,
                })
            }
            (None, Some(id)) => {
                let card = gift::lock(scope, id.uuid()).await?;
                let card = card.ok_or_else(|| Fault::not_found("gift card"))?;
                Ok(Self {
                    target: Target::Gift(card.id),
                    is_open: card.refusal(scope.now()).is_none(),
                    currency: Some(card.currency),
                    balance: card.balance,
                    held: card.held,
                })
            }
            _ => Err(Failure::input("Give either walletId or giftInstrumentId.").into()),
        }
    }

    /// Why so much of it cannot be held.
    fn refusal(&self, asked: &Quantity) -> Option<(Problem, Refusal)> {
        if !self.is_open {
            Some((Problem::NotOpen, Refusal::NotOpen))
        } else if self.currency != asked.currency {
            Some((Problem::OtherUnit, Refusal::OtherUnit))
        } else if asked.count > self.balance {
            Some((Problem::Insufficient, Refusal::Insufficient))
        } else if asked.count > self.balance - self.held {
            Some((Problem::HeldElsewhere, Refusal::HeldElsewhere))
        } else {
            None
        }
    }
}

impl Verb for ValueHoldPlace {
    type Input = ValueHoldPlaceInput;
    type Problem = Problem;

    const NAME: &'static str = "valueHoldPlace";
    const PERMISSION: Permission = Permission::Holds(REDEEM);
    const EVENT: Option<&'static str> = Some("wallet.held");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "valueHold",
        "ValueHold",
        "What is kept, and until when.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let asked = quantity(input.units, input.amount)?;
        let minutes = input.minutes.unwrap_or(USUAL_MINUTES);
        if !(1..=MOST_MINUTES).contains(&minutes) {
            return Err(
                Failure::input(format!("A hold lasts 1 to {MOST_MINUTES} minutes.")).into(),
            );
        }
        let kept = Kept::lock(act.scope, input.wallet_id, input.gift_instrument_id).await?;
        if let Some((code, refusal)) = kept.refusal(&asked) {
            return Err(Fault::Problem(Told {
                code,
                message: refusal.message().to_owned(),
                field: Vec::new(),
                retryable: refusal == Refusal::HeldElsewhere,
                values: serde_json::Map::new(),
            }));
        }
        let hold = NewHold {
            target: kept.target,
            quantity: asked.count,
            until: act.scope.now() + TimeDelta::minutes(minutes.into()),
            source: ("BookingOrder".to_owned(), input.booking_order_id.uuid()),
        };
        let id = place(act.scope, &hold).await?;
        Ok(Outcome::row("valueHold", id).detail("quantity", asked.count))
    }
}

/// Gives back what a hold keeps of a wallet or a gift card.
#[derive(InputObject)]
pub struct ValueHoldReleaseInput {
    /// The hold.
    pub id: Id<value_hold::Entity>,
}

/// Why nothing was given back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ValueHoldReleaseErrorCode")]
pub enum ValueHoldReleaseProblem {
    /// It was used, given back or has run out.
    WrongStatus,
}

/// The verb `valueHoldRelease`.
pub struct ValueHoldRelease;

impl Verb for ValueHoldRelease {
    type Input = ValueHoldReleaseInput;
    type Problem = ValueHoldReleaseProblem;

    const NAME: &'static str = "valueHoldRelease";
    const PERMISSION: Permission = Permission::Holds(REDEEM);
    const EVENT: Option<&'static str> = Some("wallet.hold_released");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "valueHold",
        "ValueHold",
        "The hold, which keeps nothing any more.",
    )];

    async fn run(
        act: &Act<'_>,
        input: Self::Input,
    ) -> Result<Outcome, Fault<ValueHoldReleaseProblem>> {
        let id = input.id.uuid();
        let sql = "select h.wallet_id, h.gift_instrument_id from entitlements.value_holds h where h.biz_id = $1 and h.id = $2";
        let values = [act.scope.biz_id().into(), id.into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("hold"))?;
        let target = match (row.try_get(0)?, row.try_get(1)?) {
            (Some(wallet), _) => {
                lock_one(act.scope, wallet).await?;
                Target::Wallet(wallet)
            }
            (_, Some(card)) => {
                gift::lock(act.scope, card).await?;
                Target::Gift(card)
            }
            (None, None) => return Err(Fault::not_found("hold")),
        };
        match end(act.scope, target, id, "released").await? {
            Some(_) => Ok(Outcome::row("valueHold", id)),
            None => Err(Fault::at(
                ValueHoldReleaseProblem::WrongStatus,
                "id",
                "The hold was used, given back, or has run out.",
            )),
        }
    }
}

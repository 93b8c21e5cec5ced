//! `giftCardDeactivate`.

use async_graphql::{Enum, InputObject};
use entities::entitlements::{gift_instrument, wallet};

use super::locked::{Activity, Card, act as write, book, lock, open_books};
use crate::entitlements::ADJUST;
use crate::entitlements::books::Account;
use crate::entitlements::wallet::grants::{NewGrant, give};
use crate::entitlements::wallet::locked as wallets;
use crate::entitlements::work::{Work, place_of};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes a gift card out of use for good. What is left on it goes into a wallet, or else to the
/// account of unclaimed value.
#[derive(InputObject)]
pub struct GiftCardDeactivateInput {
    /// The gift card.
    pub id: Id<gift_instrument::Entity>,
    /// Why it is taken out of use.
    pub reason: String,
    /// The wallet that gets what is left on it.
    pub to_wallet_id: Option<Id<wallet::Entity>>,
}

/// Why it stays in use.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "GiftCardDeactivateErrorCode")]
pub enum GiftCardDeactivateProblem {
    /// It is out of use already.
    WrongStatus,
    /// Some of it is held for a cart or an authorization.
    Held,
    /// The wallet is not open, or has another currency.
    WrongWallet,
    /// A reason must be given.
    ReasonRequired,
}

use GiftCardDeactivateProblem as Problem;

/// The verb.
pub struct GiftCardDeactivate;

impl Verb for GiftCardDeactivate {
    type Input = GiftCardDeactivateInput;
    type Problem = Problem;

    const NAME: &'static str = "giftCardDeactivate";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("gift_card.deactivated");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "giftInstrument",
            "GiftInstrument",
            "The gift card, out of use.",
        ),
        Part::Row(
            "grant",
            "EntitlementGrant",
            "What of it went into the wallet.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let (work, place) = (Work::of(act), place_of(act, ADJUST, None).await?);
        let mut to = None;
        if let Some(id) = input.to_wallet_id {
            let wallet = wallets::lock_one(act.scope, id.uuid()).await?;
            to = Some(wallet.ok_or_else(|| Fault::not_found("wallet"))?);
        }
        let found = lock(act.scope, input.id.uuid()).await?;
        let mut card = found.ok_or_else(|| Fault::not_found("gift card"))?;
        allow(&card, to.as_ref())?;
        open_books(work, &place, &mut card).await?;
        let rest = card.balance;
        act.scope.set_reason(reason).await?;
        let activity = Activity {
            kind: "deactivate",
            by: -rest,
            status: "deactivated",
            note: Some(reason),
            source: None,
        };
        write(work, &place, &mut card, &activity).await?;
        let mut outcome = Outcome::row("giftInstrument", card.id).detail("moved_minor", rest);
        if rest == 0 {
            return Ok(outcome);
        }
        let to_account = if to.is_some() {
            Account::Deposits
        } else {
            Account::Unclaimed
        };
        book(
            work,
            &place,
            &mut card,
            ("Gift card out of use", to_account),
            -rest,
        )
        .await?;
        if let Some(wallet) = &mut to {
            let grant = NewGrant {
                ends_at: card.expires_at.filter(|end| *end > act.scope.now()),
                note: Some(reason.to_owned()),
                source: Some(("GiftInstrument".to_owned(), card.id)),
                paid: Some((rest, card.currency.clone())),
                ..NewGrant::new("refund", rest, act.scope.now())
            };
            outcome = outcome.and_row("grant", give(work, &place, wallet, &grant).await?);
        }
        Ok(outcome)
    }
}

/// Whether a card can be put out of use, and what is on it into this wallet.
fn allow(card: &Card, to: Option<&wallets::Wallet>) -> Result<(), Fault<Problem>> {
    if card.status == "deactivated" {
        let text = "The gift card is out of use already.";
        return Err(Fault::at(Problem::WrongStatus, "id", text));
    }
    if card.held > 0 {
        let text = "Some of it is held for a cart or an authorization.";
        return Err(Fault::at(Problem::Held, "id", text));
    }
    let fits = |wallet: &wallets::Wallet| {
        wallet.is_open() && wallet.currency.as_deref() == Some(card.currency.as_str())
    };
    if !to.is_none_or(fits) {
        let text = "The wallet is not open, or has another currency.";
        return Err(Fault::at(Problem::WrongWallet, "toWalletId", text));
    }
    Ok(())
}

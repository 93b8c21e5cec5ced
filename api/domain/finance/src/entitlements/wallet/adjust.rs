//! `walletAdjust`.

use async_graphql::{Enum, InputObject};
use entities::entitlements::wallet;

use super::grants::{NewGrant, give};
use super::locked::{Wallet, candidates, lock_one, open_books};
use super::rules::{Candidate, Taken};
use super::uses::{Why, take_off, worth_moved};
use crate::entitlements::ADJUST;
use crate::entitlements::books::{self, Account, Entry};
use crate::entitlements::work::{Place, Work, place_of};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Corrects what is in a wallet, up or down, with a reason. Down, what would be used first goes first.
#[derive(InputObject)]
pub struct WalletAdjustInput {
    /// The wallet.
    pub wallet_id: Id<wallet::Entity>,
    /// By how much money, less than nothing to take it away; either this or units.
    pub amount: Option<MoneyInput>,
    /// By how many units, less than nothing to take them away; either this or amount.
    pub units: Option<i32>,
    /// Why it is corrected.
    pub reason: String,
}

/// Why nothing was corrected.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WalletAdjustErrorCode")]
pub enum WalletAdjustProblem {
    /// The wallet is closed.
    Closed,
    /// There is not as much in it that is not held.
    Insufficient,
    /// The wallet is counted in another unit or currency.
    OtherUnit,
    /// A reason must be given.
    ReasonRequired,
}

use WalletAdjustProblem as Problem;

/// The verb.
pub struct WalletAdjust;

impl Verb for WalletAdjust {
    type Input = WalletAdjustInput;
    type Problem = Problem;

    const NAME: &'static str = "walletAdjust";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("wallet.adjusted");
    const PAYLOAD: &'static [Part] = &[Part::Row("wallet", "Wallet", "The wallet as it now is.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let (by, currency) = match (input.units, input.amount) {
            (Some(units), None) => (i64::from(units), None),
            (None, Some(amount)) => (amount.minor, Some(amount.currency)),
            _ => return Err(Failure::input("Give either amount or units.").into()),
        };
        if by == 0 {
            return Err(Failure::input("Nothing would be corrected.").into());
        }
        let place = place_of(act, ADJUST, None).await?;
        let found = lock_one(act.scope, input.wallet_id.uuid()).await?;
        let mut wallet = found.ok_or_else(|| Fault::not_found("wallet"))?;
        if wallet.status == "closed" {
            return Err(Fault::at(
                Problem::Closed,
                "walletId",
                "The wallet is closed.",
            ));
        }
        if wallet.currency != currency {
            let text = "The wallet is counted in another unit or currency.";
            return Err(Fault::at(Problem::OtherUnit, "amount", text));
        }
        if by > 0 {
            let mut grant = NewGrant::new("adjustment", by, act.scope.now());
            grant.note = Some(reason.to_owned());
            give(Work::of(act), &place, &mut wallet, &grant).await?;
        } else {
            take_away(Work::of(act), &place, &mut wallet, -by, reason).await?;
        }
        Ok(Outcome::row("wallet", wallet.id).detail("quantity", by))
    }
}

async fn take_away(
    work: Work<'_>,
    place: &Place,
    wallet: &mut Wallet,
    quantity: i64,
    reason: &str,
) -> Result<(), Fault<Problem>> {
    let all = candidates(work.scope, wallet.id, place).await?;
    if quantity > wallet.free() {
        let text = "There is not as much in the wallet that is not held.";
        return Err(Fault::problem(Problem::Insufficient, text));
    }
    open_books(work, place, wallet).await?;
    let taken = first(&all, quantity);
    let why = Why {
        kind: "adjust",
        key: None,
        note: Some(reason),
        source: None,
    };
    take_off(work, place, wallet, &taken, &why).await?;
    let books = match &wallet.currency {
        Some(currency) => {
            let accounts = (Account::Wallet(wallet.id), Account::Given);
            vec![Entry::moved(
                ("Wallet", wallet.id),
                "Wallet corrected",
                currency,
                accounts,
                quantity,
            )]
        }
        None => worth_moved(&all, &taken, wallet.id, Account::Lapsed),
    };
    Ok(books::post(work, place, &books).await?)
}

/// So much of what is there, in its order, whether or not it can be used now.
fn first(all: &[Candidate], quantity: i64) -> Vec<Taken> {
    let mut left = quantity;
    let part = |one: &Candidate| {
        let quantity = left.min(one.remaining);
        left -= quantity;
        Taken {
            grant_id: one.id,
            quantity,
        }
    };
    all.iter()
        .map(part)
        .filter(|one| one.quantity > 0)
        .collect()
}

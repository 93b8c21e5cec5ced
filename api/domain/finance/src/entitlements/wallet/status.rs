//! `walletFreeze`, `walletUnfreeze` and `walletClose`: whether a wallet can be used.

use async_graphql::{Enum, InputObject};
use entities::entitlements::wallet;

use super::locked::lock_one;
use crate::entitlements::ADJUST;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PAYLOAD: &[Part] = &[Part::Row("wallet", "Wallet", "The wallet as it now is.")];

async fn become_status<P>(
    act: &Act<'_>,
    id: Id<wallet::Entity>,
    reason: &str,
    status: &'static str,
) -> Result<Outcome, Fault<P>> {
    let found = lock_one(act.scope, id.uuid()).await?;
    let wallet = found.ok_or_else(|| Fault::not_found("wallet"))?;
    act.scope.set_reason(reason.trim()).await?;
    let sql = "update entitlements.wallets set status = $3 where biz_id = $1 and id = $2";
    let values = [act.scope.biz_id().into(), wallet.id.into(), status.into()];
    act.scope.execute(sql, &values).await?;
    Ok(Outcome::row("wallet", wallet.id))
}

/// Freezes a wallet: nothing of it can be used until it is unfrozen.
#[derive(InputObject)]
pub struct WalletFreezeInput {
    /// The wallet.
    pub id: Id<wallet::Entity>,
    /// Why it is frozen.
    pub reason: String,
}

/// Why it was not frozen.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WalletFreezeErrorCode")]
pub enum WalletFreezeProblem {
    /// It is closed.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb `walletFreeze`.
pub struct WalletFreeze;

impl Verb for WalletFreeze {
    type Input = WalletFreezeInput;
    type Problem = WalletFreezeProblem;

    const NAME: &'static str = "walletFreeze";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("wallet.frozen");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[
        (
            "wallets_status_transition_check",
            WalletFreezeProblem::WrongStatus,
        ),
        (
            "wallets_status_reason_check",
            WalletFreezeProblem::ReasonRequired,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        become_status(act, input.id, &input.reason, "frozen").await
    }
}

/// Lets a frozen wallet be used again.
#[derive(InputObject)]
pub struct WalletUnfreezeInput {
    /// The wallet.
    pub id: Id<wallet::Entity>,
    /// Why it can be used again.
    pub reason: String,
}

/// Why it stays as it is.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WalletUnfreezeErrorCode")]
pub enum WalletUnfreezeProblem {
    /// It is closed.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb `walletUnfreeze`.
pub struct WalletUnfreeze;

impl Verb for WalletUnfreeze {
    type Input = WalletUnfreezeInput;
    type Problem = WalletUnfreezeProblem;

    const NAME: &'static str = "walletUnfreeze";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("wallet.unfrozen");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[
        (
            "wallets_status_transition_check",
            WalletUnfreezeProblem::WrongStatus,
        ),
        (
            "wallets_status_reason_check",
            WalletUnfreezeProblem::ReasonRequired,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        become_status(act, input.id, &input.reason, "open").await
    }
}

/// Closes an empty wallet for good.
#[derive(InputObject)]
pub struct WalletCloseInput {
    /// The wallet.
    pub id: Id<wallet::Entity>,
    /// Why it is closed.
    pub reason: String,
}

/// Why it was not closed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WalletCloseErrorCode")]
pub enum WalletCloseProblem {
    /// It is closed already.
    WrongStatus,
    /// There is something in it yet.
    NotEmpty,
    /// Of a frozen wallet, a reason must be given.
    ReasonRequired,
}

/// The verb `walletClose`.
pub struct WalletClose;

impl Verb for WalletClose {
    type Input = WalletCloseInput;
    type Problem = WalletCloseProblem;

    const NAME: &'static str = "walletClose";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("wallet.closed");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[
        (
            "wallets_status_transition_check",
            WalletCloseProblem::WrongStatus,
        ),
        (
            "wallets_status_reason_check",
            WalletCloseProblem::ReasonRequired,
        ),
        ("wallets_closed_check", WalletCloseProblem::NotEmpty),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        become_status(act, input.id, &input.reason, "closed").await
    }
}

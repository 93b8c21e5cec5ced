//! `walletTransfer`: asks for value to go from one wallet to another.

use async_graphql::{Enum, InputObject};
use entities::entitlements::wallet;

use super::quantity::quantity;
use crate::entitlements::REDEEM;
use crate::entitlements::work::Work;
use foundation::database::{Numbered, new_id};
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Numbers of transfers.
const NUMBERS: Numbered = Numbered {
    document: "entitlement_transfer",
    prefix: "ET",
};

/// Asks for value to go from one wallet to another of the same unit and currency. It goes over once
/// somebody else has approved it.
#[derive(InputObject)]
pub struct WalletTransferInput {
    /// The wallet it leaves.
    pub from_wallet_id: Id<wallet::Entity>,
    /// The wallet it goes to.
    pub to_wallet_id: Id<wallet::Entity>,
    /// How much money; either this or units.
    pub amount: Option<MoneyInput>,
    /// How many units; either this or amount.
    pub units: Option<i32>,
    /// Why it is asked for.
    pub reason: String,
}

/// Why it could not be asked for.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WalletTransferErrorCode")]
pub enum WalletTransferProblem {
    /// Both wallets are the same.
    SameWallet,
    /// The wallets are counted in different units or currencies.
    OtherUnit,
    /// A reason must be given.
    ReasonRequired,
}

use WalletTransferProblem as Problem;

/// The verb.
pub struct WalletTransfer;

const REQUEST: &str = "insert into entitlements.transfers \
      (biz_id, id, number, from_wallet_id, to_wallet_id, quantity, reason, requested_by_id) \
    values ($1, $2, $3, $4, $5, $6, $7, $8)";

impl Verb for WalletTransfer {
    type Input = WalletTransferInput;
    type Problem = Problem;

    const NAME: &'static str = "walletTransfer";
    const PERMISSION: Permission = Permission::Holds(REDEEM);
    const EVENT: Option<&'static str> = Some("wallet.transfer_requested");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "transfer",
        "EntitlementTransfer",
        "The transfer, to be approved by somebody else.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("transfers_entitlements_self_check", Problem::SameWallet),
        ("transfers_entitlements_unit_check", Problem::OtherUnit),
        (
            "transfers_entitlements_reason_check",
            Problem::ReasonRequired,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let asked = quantity(input.units, input.amount)?;
        let sql =
            "select w.currency::text from entitlements.wallets w where w.biz_id = $1 and w.id = $2";
        let values = [
            act.scope.biz_id().into(),
            input.from_wallet_id.uuid().into(),
        ];
        let row = act.scope.query_opt(sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("wallet"))?;
        if row.try_get::<_, Option<String>>(0)? != asked.currency {
            let text = "The wallet is counted in another unit or currency.";
            return Err(Fault::at(Problem::OtherUnit, "amount", text));
        }
        let id = new_id();
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            Work::of(act).number(NUMBERS).await?.into(),
            input.from_wallet_id.uuid().into(),
            input.to_wallet_id.uuid().into(),
            asked.count.into(),
            input.reason.trim().into(),
            act.scope.user_id().into(),
        ];
        act.scope.execute(REQUEST, &values).await?;
        Ok(Outcome::row("transfer", id).detail("quantity", asked.count))
    }
}

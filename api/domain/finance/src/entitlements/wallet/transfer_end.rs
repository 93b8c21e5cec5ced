//! `walletTransferEnd`: a transfer that is not to be.

use async_graphql::{Enum, InputObject};
use entities::entitlements::entitlement_transfer;

use crate::entitlements::REDEEM;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Calls off or refuses a transfer that was asked for: whoever asked for it calls it off, anybody else
/// refuses it.
#[derive(InputObject)]
pub struct WalletTransferEndInput {
    /// The transfer.
    pub id: Id<entitlement_transfer::Entity>,
    /// Why it is not to be.
    pub reason: String,
}

/// Why it could not be called off.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WalletTransferEndErrorCode")]
pub enum WalletTransferEndProblem {
    /// It was carried out, refused or called off already.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

use WalletTransferEndProblem as Problem;

/// The verb.
pub struct WalletTransferEnd;

const END: &str = "update entitlements.transfers set \
      status = case when requested_by_id is not distinct from $3 then 'cancelled' else 'rejected' end \
    where biz_id = $1 and id = $2 and status = 'requested' returning status::text";

impl Verb for WalletTransferEnd {
    type Input = WalletTransferEndInput;
    type Problem = Problem;

    const NAME: &'static str = "walletTransferEnd";
    const PERMISSION: Permission = Permission::Holds(REDEEM);
    const EVENT: Option<&'static str> = Some("wallet.transfer_ended");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "transfer",
        "EntitlementTransfer",
        "The transfer, refused or called off.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        act.scope.set_reason(reason).await?;
        let (biz, id) = (act.scope.biz_id(), input.id.uuid());
        let values = [biz.into(), id.into(), act.scope.user_id().into()];
        if act.scope.query_opt(END, &values).await?.is_some() {
            return Ok(Outcome::row("transfer", id));
        }
        let sql =
            "select t.status::text from entitlements.transfers t where t.biz_id = $1 and t.id = $2";
        let row = act.scope.query_opt(sql, &values[..2]).await?;
        let row = row.ok_or_else(|| Fault::not_found("transfer"))?;
        let text = format!("The transfer is {} already.", row.try_get::<_, &str>(0)?);
        Err(Fault::at(Problem::WrongStatus, "id", text))
    }
}

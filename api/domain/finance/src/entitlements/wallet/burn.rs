//! `walletBurn`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use entities::catalog::service;
use entities::core::location;
use entities::entitlements::{value_hold, wallet};

use super::quantity::quantity;
use super::uses::{Use, burn};
use crate::entitlements::REDEEM;
use crate::entitlements::refusal::Refusal;
use crate::entitlements::work::{Work, place_of};
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Uses value of a wallet. By priority, then what expires soonest, then what is oldest is used first;
/// what its terms do not allow here and now is passed over. Money that is used goes to the deposits
/// of the business, to be set against what is owed.
#[derive(InputObject)]
pub struct WalletBurnInput {
    /// The wallet.
    pub wallet_id: Id<wallet::Entity>,
    /// How much, of a wallet of money; either this or units.
    pub amount: Option<MoneyInput>,
    /// How many visits, minutes or points; either this or amount.
    pub units: Option<i32>,
    /// Where it is used; required of whoever may do this at some locations only, and of value that
    /// is limited to locations.
    pub location_id: Option<Id<location::Entity>>,
    /// The service it is used for; required of value that is limited to services.
    pub service_id: Option<Id<service::Entity>>,
    /// The order it is used for.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// The hold that keeps it, if one does; what is left of the hold is free again.
    pub hold_id: Option<Id<value_hold::Entity>>,
    /// What staff should know about it.
    pub note: Option<String>,
}

/// Why nothing was used.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WalletBurnErrorCode")]
pub enum WalletBurnProblem {
    /// The wallet is frozen or closed.
    NotOpen,
    /// What is in it has expired, or the hold has.
    Expired,
    /// There is not enough in it.
    Insufficient,
    /// There is enough in it, but some is held for another cart: try again shortly.
    HeldElsewhere,
    /// There is enough in it, but not for this, here and now.
    NotUsableHere,
    /// The wallet is counted in another unit or currency.
    OtherUnit,
}

use WalletBurnProblem as Problem;

/// The verb.
pub struct WalletBurn;

impl Verb for WalletBurn {
    type Input = WalletBurnInput;
    type Problem = Problem;

    const NAME: &'static str = "walletBurn";
    const PERMISSION: Permission = Permission::Holds(REDEEM);
    const EVENT: Option<&'static str> = Some("wallet.used");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("wallet", "Wallet", "The wallet as it now is."),
        Part::Rows(
            "entries",
            "EntitlementLedgerEntry",
            "What was used: one entry for each grant, in the order of use.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let asked = quantity(input.units, input.amount)?;
        let place = place_of(act, REDEEM, input.location_id.map(|id| id.uuid())).await?;
        let wanted = Use {
            wallet_id: input.wallet_id.uuid(),
            quantity: asked.count,
            currency: asked.currency,
            service_id: input.service_id.map(|id| id.uuid()),
            source: input
                .booking_order_id
                .map(|id| ("BookingOrder".to_owned(), id.uuid())),
            hold_id: input.hold_id.map(|id| id.uuid()),
            key: None,
            note: input.note,
            is_posted: true,
        };
        let used = burn(Work::of(act), &place, &wanted)
            .await
            .map_err(|failed| failed.fault("", code))?;
        let mut outcome = Outcome::row("wallet", used.wallet.id).detail("quantity", asked.count);
        for entry in used.entries {
            outcome = outcome.and_row("entries", entry);
        }
        Ok(outcome)
    }
}

fn code(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Expired => Problem::Expired,
        Refusal::Insufficient | Refusal::BeyondUse => Problem::Insufficient,
        Refusal::HeldElsewhere => Problem::HeldElsewhere,
        Refusal::NotHere => Problem::NotUsableHere,
        Refusal::OtherUnit => Problem::OtherUnit,
        Refusal::NotOpen | Refusal::Unknown | Refusal::WrongPin => Problem::NotOpen,
    }
}

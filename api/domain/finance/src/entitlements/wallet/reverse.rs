//! `walletReverse`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::entitlements::entitlement_ledger_entry;

use super::quantity::quantity;
use super::uses::{Undo, undo};
use crate::entitlements::ADJUST;
use crate::entitlements::refusal::Refusal;
use crate::entitlements::work::{Work, place_of};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// How many uses are undone at once at most.
const MOST: usize = 100;

/// Gives back what was used of a wallet, into the grants it came from. It keeps their time: of a
/// grant that is over by now, what is given back lapses with the next run of the clock work.
#[derive(InputObject)]
pub struct WalletReverseInput {
    /// The entries of the use, 100 at most: all that `walletBurn` answered, or some of them.
    pub entry_ids: Vec<Id<entitlement_ledger_entry::Entity>>,
    /// How much money of one entry; all of each entry if not given.
    pub amount: Option<MoneyInput>,
    /// How many units of one entry; all of each entry if not given.
    pub units: Option<i32>,
    /// Why it is given back.
    pub reason: String,
    /// Where it is given back.
    pub location_id: Option<Id<location::Entity>>,
}

/// Why nothing was given back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WalletReverseErrorCode")]
pub enum WalletReverseProblem {
    /// More would be given back than was used.
    BeyondUse,
    /// The wallet is closed, or what it came from was taken back.
    NotOpen,
    /// A reason must be given.
    ReasonRequired,
}

use WalletReverseProblem as Problem;

/// The verb.
pub struct WalletReverse;

impl Verb for WalletReverse {
    type Input = WalletReverseInput;
    type Problem = Problem;

    const NAME: &'static str = "walletReverse";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("wallet.use_reversed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("wallet", "Wallet", "The wallet as it now is."),
        Part::Rows(
            "entries",
            "EntitlementLedgerEntry",
            "The entries that gave it back.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        if input.entry_ids.is_empty() || input.entry_ids.len() > MOST {
            return Err(Failure::input(format!("Give 1 to {MOST} entries.")).into());
        }
        let part = match (input.units, input.amount) {
            (None, None) => None,
            (units, amount) if input.entry_ids.len() == 1 => Some(quantity(units, amount)?.count),
            _ => {
                return Err(
                    Failure::input("A part can be given back of one entry at a time.").into(),
                );
            }
        };
        let place = place_of(act, ADJUST, input.location_id.map(|id| id.uuid())).await?;
        let mut ids: Vec<_> = input.entry_ids.iter().map(Id::uuid).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut outcome = Outcome::default();
        for entry_id in ids {
            let wanted = Undo {
                entry_id,
                quantity: part,
                is_posted: true,
            };
            let undone = undo(
                Work::of(act),
                &place,
                wanted,
                Some(input.reason.trim()),
                None,
            )
            .await
            .map_err(|failed| failed.fault("entryIds", code))?;
            if outcome.rows.is_empty() {
                outcome = outcome.and_row("wallet", undone.wallet_id);
            }
            outcome = outcome.and_row("entries", undone.entry_id);
        }
        Ok(outcome)
    }
}

fn code(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::BeyondUse | Refusal::Insufficient => Problem::BeyondUse,
        Refusal::Unknown
        | Refusal::NotOpen
        | Refusal::Expired
        | Refusal::HeldElsewhere
        | Refusal::NotHere
        | Refusal::OtherUnit
        | Refusal::WrongPin => Problem::NotOpen,
    }
}

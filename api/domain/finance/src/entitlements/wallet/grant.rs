//! `walletGrant`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use entities::core::location;
use entities::entitlements::{grant_term, wallet};

use super::grants::{NewGrant, USUAL, give};
use super::locked::lock_one;
use super::quantity::quantity;
use crate::entitlements::ADJUST;
use crate::entitlements::choices::GrantOrigin;
use crate::entitlements::work::{Work, place_of};
use foundation::graph::scalars::{Choice, Day, Id, Instant, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Puts value into a wallet: a top-up, a pass that was bought, a credit that was given. What was paid
/// for it is taken from the customer's deposits; what was not, the business gives.
#[derive(InputObject)]
pub struct WalletGrantInput {
    /// The wallet.
    pub wallet_id: Id<wallet::Entity>,
    /// How much, into a wallet of money; either this or units.
    pub amount: Option<MoneyInput>,
    /// How many visits, minutes or points; either this or amount.
    pub units: Option<i32>,
    /// How it comes about: PURCHASE, PROMO, REWARD, LOYALTY, REFUND, ADJUSTMENT or IMPORT.
    pub origin: Choice<GrantOrigin>,
    /// What was paid for it. Of money that was bought, all of it if not given.
    pub paid: Option<MoneyInput>,
    /// From when on it can be used; at once if not given.
    pub starts_at: Option<Instant>,
    /// The first day on which it cannot be used any more, by the calendar of the location or of the
    /// business; not given, it never expires.
    pub expires_on: Option<Day>,
    /// What is used first has the smaller number; 100 if not given.
    pub priority: Option<i32>,
    /// When and where it may be used; always and everywhere if not given.
    pub terms_id: Option<Id<grant_term::Entity>>,
    /// The order that brought it about.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// Where it is given.
    pub location_id: Option<Id<location::Entity>>,
    /// What staff should know about it.
    pub note: Option<String>,
}

/// Why nothing was put into the wallet.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WalletGrantErrorCode")]
pub enum WalletGrantProblem {
    /// The wallet is closed.
    Closed,
    /// The wallet is counted in another unit or currency.
    OtherUnit,
    /// Value of this origin comes about by other verbs: of memberships, transfers, rollovers, and points.
    WrongOrigin,
    /// It would have expired before it could be used.
    ExpiresInPast,
}

use WalletGrantProblem as Problem;

/// The verb.
pub struct WalletGrant;

impl Verb for WalletGrant {
    type Input = WalletGrantInput;
    type Problem = Problem;

    const NAME: &'static str = "walletGrant";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("wallet.granted");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("grant", "EntitlementGrant", "What was put into the wallet."),
        Part::Row("wallet", "Wallet", "The wallet as it now is."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("grants_times_check", Problem::ExpiresInPast)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let asked = quantity(input.units, input.amount)?;
        let place = place_of(act, ADJUST, input.location_id.map(|id| id.uuid())).await?;
        if matches!(input.origin.0, "membership" | "transfer" | "rollover") {
            let text = "Memberships, transfers and rollovers give by verbs of their own.";
            return Err(Fault::at(Problem::WrongOrigin, "origin", text));
        }
        let found = lock_one(act.scope, input.wallet_id.uuid()).await?;
        let mut wallet = found.ok_or_else(|| Fault::not_found("wallet"))?;
        if wallet.status == "closed" {
            return Err(Fault::at(
                Problem::Closed,
                "walletId",
                "The wallet is closed.",
            ));
        }
        if wallet.purpose == "loyalty" && !matches!(input.origin.0, "adjustment" | "refund") {
            let text = "Points are earned by loyaltyEarn, and given by rewardGive.";
            return Err(Fault::at(Problem::WrongOrigin, "origin", text));
        }
        if wallet.currency != asked.currency {
            let text = "The wallet is counted in another unit or currency.";
            return Err(Fault::at(Problem::OtherUnit, "amount", text));
        }
        let ends_at = input.expires_on.map(|day| place.start_of(day.0));
        if ends_at.is_some_and(|end| end <= act.scope.now()) {
            let text = "It would have expired already.";
            return Err(Fault::at(Problem::ExpiresInPast, "expiresOn", text));
        }
        let grant = NewGrant {
            starts_at: input.starts_at.map_or(act.scope.now(), |instant| instant.0),
            ends_at,
            priority: input
                .priority
                .and_then(|number| i16::try_from(number).ok())
                .unwrap_or(USUAL),
            terms_id: input.terms_id.map(|id| id.uuid()),
            paid: input.paid.map(|paid| (paid.minor, paid.currency)),
            note: input.note,
            source: input
                .booking_order_id
                .map(|id| ("BookingOrder".to_owned(), id.uuid())),
            ..NewGrant::new(input.origin.0, asked.count, act.scope.now())
        };
        let id = give(Work::of(act), &place, &mut wallet, &grant).await?;
        let outcome = Outcome::row("grant", id).and_row("wallet", wallet.id);
        Ok(outcome
            .detail("wallet_id", wallet.id.to_string())
            .detail("quantity", asked.count))
    }
}

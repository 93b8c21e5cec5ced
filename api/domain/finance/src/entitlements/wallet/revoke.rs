//! `grantRevoke`.

use async_graphql::{Enum, InputObject};
use entities::entitlements::entitlement_grant;
use uuid::Uuid;

use super::locked::{candidates, lock_one, open_books};
use super::rules::Taken;
use super::uses::{Why, take_off, worth_moved};
use crate::entitlements::ADJUST;
use crate::entitlements::books::{self, Account, Entry};
use crate::entitlements::work::{Work, place_of};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes back what is left of a grant, such as of a pass that is refunded.
#[derive(InputObject)]
pub struct GrantRevokeInput {
    /// The grant.
    pub id: Id<entitlement_grant::Entity>,
    /// Why it is taken back.
    pub reason: String,
    /// Whether what was paid for the rest goes back to the customer's deposits, to be refunded;
    /// otherwise the business keeps it.
    pub is_refunded: Option<bool>,
}

/// Why nothing was taken back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "GrantRevokeErrorCode")]
pub enum GrantRevokeProblem {
    /// Nothing is left of it.
    NothingLeft,
    /// Some of it is held.
    Held,
    /// A reason must be given.
    ReasonRequired,
}

use GrantRevokeProblem as Problem;

/// The verb.
pub struct GrantRevoke;

impl Verb for GrantRevoke {
    type Input = GrantRevokeInput;
    type Problem = Problem;

    const NAME: &'static str = "grantRevoke";
    const PERMISSION: Permission = Permission::Holds(ADJUST);
    const EVENT: Option<&'static str> = Some("wallet.grant_revoked");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("grant", "EntitlementGrant", "The grant as it now is."),
        Part::Row("wallet", "Wallet", "Its wallet as it now is."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let (work, place) = (Work::of(act), place_of(act, ADJUST, None).await?);
        let sql = "select wallet_id from entitlements.grants where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), input.id.uuid().into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let wallet_id: Uuid = row.ok_or_else(|| Fault::not_found("grant"))?.try_get(0)?;
        let found = lock_one(act.scope, wallet_id).await?;
        let mut wallet = found.ok_or_else(|| Fault::not_found("grant"))?;
        let all = candidates(act.scope, wallet_id, &place).await?;
        let Some(one) = all.iter().find(|one| one.id == input.id.uuid()) else {
            return Err(Fault::problem(
                Problem::NothingLeft,
                "Nothing is left of this grant.",
            ));
        };
        if one.remaining > wallet.free() {
            let text = "Some of it is held for a cart or an authorization.";
            return Err(Fault::problem(Problem::Held, text));
        }
        open_books(work, &place, &mut wallet).await?;
        let taken = [Taken {
            grant_id: one.id,
            quantity: one.remaining,
        }];
        let why = Why {
            kind: "adjust",
            key: None,
            note: Some(reason),
            source: None,
        };
        take_off(work, &place, &wallet, &taken, &why).await?;
        let refunded = input.is_refunded == Some(true);
        let to = |kept| if refunded { Account::Deposits } else { kept };
        let books = match &wallet.currency {
            Some(currency) => {
                let accounts = (Account::Wallet(wallet.id), to(Account::Given));
                vec![Entry::moved(
                    ("Wallet", wallet.id),
                    "Grant taken back",
                    currency,
                    accounts,
                    one.remaining,
                )]
            }
            None => worth_moved(&all, &taken, wallet.id, to(Account::Lapsed)),
        };
        books::post(work, &place, &books).await?;
        let outcome = Outcome::row("grant", one.id).and_row("wallet", wallet.id);
        Ok(outcome.detail("quantity", one.remaining))
    }
}

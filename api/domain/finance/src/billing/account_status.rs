//! `billingAccountHold`, `billingAccountRelease`, `billingAccountClose`.

use async_graphql::{Enum, InputObject};
use entities::billing::billing_account;
use uuid::Uuid;

use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.manage";
const PAYLOAD: &[Part] = &[Part::Row(
    "billingAccount",
    "BillingAccount",
    "The account as it now is.",
)];

/// Puts an account on hold: nothing more is invoiced on it until it is released.
#[derive(InputObject)]
pub struct BillingAccountHoldInput {
    /// The account.
    pub id: Id<billing_account::Entity>,
    /// Why.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why an account cannot be put on hold.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BillingAccountHoldErrorCode")]
pub enum BillingAccountHoldProblem {
    /// Only an active account is put on hold.
    WrongStatus,
}

/// Lets an account buy again that was on hold or closed.
#[derive(InputObject)]
pub struct BillingAccountReleaseInput {
    /// The account.
    pub id: Id<billing_account::Entity>,
    /// Why; needed for an account that was closed.
    pub reason: Option<String>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why an account cannot be released.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BillingAccountReleaseErrorCode")]
pub enum BillingAccountReleaseProblem {
    /// It is active.
    WrongStatus,
    /// A closed account is opened again for a reason.
    ReasonRequired,
}

/// Closes an account that owes nothing.
#[derive(InputObject)]
pub struct BillingAccountCloseInput {
    /// The account.
    pub id: Id<billing_account::Entity>,
    /// Why.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why an account cannot be closed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BillingAccountCloseErrorCode")]
pub enum BillingAccountCloseProblem {
    /// It was closed before.
    WrongStatus,
    /// It still owes something.
    OwesSomething,
}

/// The verb that puts on hold.
pub struct BillingAccountHold;
/// The verb that releases.
pub struct BillingAccountRelease;
/// The verb that closes.
pub struct BillingAccountClose;

/// Moves an account that is locked to a status, unless it is in one of these already.
async fn change<P>(
    act: &Act<'_>,
    (id, expected): (Uuid, Option<i32>),
    (to, reason): (&str, Option<&str>),
    refused: impl Fn(&str) -> Option<Fault<P>>,
) -> Result<Outcome, Fault<P>> {
    let sql = "select a.status::text, a.version from billing.billing_accounts a \
               where a.biz_id = $1 and a.id = $2 and a.deleted_at is null for no key update";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("billing account"))?;
    Failure::unless_current("billing account", row.try_get(1)?, expected)?;
    if let Some(fault) = refused(row.try_get(0)?) {
        return Err(fault);
    }
    if let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) {
        act.scope.set_reason(reason).await?;
    }
    let sql = "update billing.billing_accounts set status = $3 where biz_id = $1 and id = $2";
    let values = [act.scope.biz_id().into(), id.into(), to.into()];
    act.scope.execute(sql, &values).await?;
    Ok(Outcome::row("billingAccount", id).detail("status", to))
}

impl Verb for BillingAccountHold {
    type Input = BillingAccountHoldInput;
    type Problem = BillingAccountHoldProblem;

    const NAME: &'static str = "billingAccountHold";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.account_held");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let key = (input.id.uuid(), input.expected_version);
        change(act, key, ("on_hold", Some(&input.reason)), |status| {
            (status != "active").then(|| {
                Fault::problem(
                    BillingAccountHoldProblem::WrongStatus,
                    format!("The account is {status}; only an active one is put on hold."),
                )
            })
        })
        .await
    }
}

impl Verb for BillingAccountRelease {
    type Input = BillingAccountReleaseInput;
    type Problem = BillingAccountReleaseProblem;

    const NAME: &'static str = "billingAccountRelease";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.account_released");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let key = (input.id.uuid(), input.expected_version);
        let has_reason = input
            .reason
            .as_deref()
            .is_some_and(|text| !text.trim().is_empty());
        let to = ("active", input.reason.as_deref());
        change(act, key, to, |status| match status {
            "active" => Some(Fault::problem(
                BillingAccountReleaseProblem::WrongStatus,
                "The account is active.",
            )),
            "closed" if !has_reason => Some(Fault::at(
                BillingAccountReleaseProblem::ReasonRequired,
                "reason",
                "A closed account is opened again for a reason.",
            )),
            _ => None,
        })
        .await
    }
}

impl Verb for BillingAccountClose {
    type Input = BillingAccountCloseInput;
    type Problem = BillingAccountCloseProblem;

    const NAME: &'static str = "billingAccountClose";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.account_closed");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, BillingAccountCloseProblem)] = &[(
        "billing_accounts_closed_check",
        BillingAccountCloseProblem::OwesSomething,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let key = (input.id.uuid(), input.expected_version);
        change(act, key, ("closed", Some(&input.reason)), |status| {
            (status == "closed").then(|| {
                Fault::problem(
                    BillingAccountCloseProblem::WrongStatus,
                    "The account was closed before.",
                )
            })
        })
        .await
    }
}

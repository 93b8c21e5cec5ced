//! `billingAccountChange`.

use async_graphql::{Enum, InputObject};
use entities::billing::{billing_account, dunning_policy};

use super::choices::PaymentTerm;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Choice, Day, Id, Instant, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.manage";

/// Changes the terms of an account: its limit, for good or for a while, when it has to pay, how it is
/// dunned. What is not given stays as it is.
#[derive(InputObject)]
pub struct BillingAccountChangeInput {
    /// The account.
    pub id: Id<billing_account::Entity>,
    /// The name on its invoices.
    pub name: Option<String>,
    /// How much it may owe.
    pub credit_limit: Option<MoneyInput>,
    /// Whether it has no limit any more.
    pub without_limit: Option<bool>,
    /// How much more than its limit it may owe for a while.
    pub credit_extension: Option<MoneyInput>,
    /// Until when it may.
    pub extended_until: Option<Instant>,
    /// From when its days to pay are counted.
    pub payment_term: Option<Choice<PaymentTerm>>,
    /// How many days it has to pay.
    pub payment_days: Option<i32>,
    /// How it is dunned.
    pub dunning_policy_id: Option<Id<dunning_policy::Entity>>,
    /// It is not dunned before this day.
    pub dunning_paused_until: Option<Day>,
    /// Its tax number.
    pub tax_id: Option<String>,
    /// Whether its invoices must name a purchase order.
    pub is_po_required: Option<bool>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why an account cannot be changed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BillingAccountChangeErrorCode")]
pub enum BillingAccountChangeProblem {
    /// An amount is in another currency than the account.
    WrongCurrency,
    /// More credit for a while needs its end.
    EndRequired,
}

/// The verb.
pub struct BillingAccountChange;

const UPDATE: &str = "update billing.billing_accounts a \
    set name = coalesce($3, a.name), \
      credit_limit_minor = case when $4 then null else coalesce($5, a.credit_limit_minor) end, \
      credit_override_minor = coalesce($6, a.credit_override_minor), \
      credit_override_until = case when $6 = 0 then null else coalesce($7, a.credit_override_until) end, \
      payment_term = coalesce($8, a.payment_term), payment_days = coalesce($9, a.payment_days), \
      dunning_policy_id = coalesce($10, a.dunning_policy_id), dunning_paused_until = coalesce($11, a.dunning_paused_until), \
      tax_id = coalesce($12, a.tax_id), is_po_required = coalesce($13, a.is_po_required) \
    where a.biz_id = $1 and a.id = $2";

impl Verb for BillingAccountChange {
    type Input = BillingAccountChangeInput;
    type Problem = BillingAccountChangeProblem;

    const NAME: &'static str = "billingAccountChange";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.account_changed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "billingAccount",
        "BillingAccount",
        "The account as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, BillingAccountChangeProblem)] = &[(
        "billing_accounts_override_check",
        BillingAccountChangeProblem::EndRequired,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let sql = "select a.currency::text, a.version from billing.billing_accounts a \
                   where a.biz_id = $1 and a.id = $2 and a.deleted_at is null for no key update";
        let row = act
            .scope
            .query_opt(sql, &[act.scope.biz_id().into(), id.into()])
            .await?;
        let row = row.ok_or_else(|| Fault::not_found("billing account"))?;
        Failure::unless_current("billing account", row.try_get(1)?, input.expected_version)?;
        let currency: &str = row.try_get(0)?;
        let amounts = [&input.credit_limit, &input.credit_extension];
        if amounts
            .into_iter()
            .flatten()
            .any(|amount| amount.currency != currency)
        {
            let message = format!("The account is in {currency}.");
            return Err(Fault::problem(
                BillingAccountChangeProblem::WrongCurrency,
                message,
            ));
        }
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            input.name.into(),
            input.without_limit.unwrap_or(false).into(),
            input.credit_limit.map(|limit| limit.minor).into(),
            input.credit_extension.map(|more| more.minor).into(),
            input.extended_until.map(|at| at.0).into(),
            input.payment_term.map(|term| term.0).into(),
            input.payment_days.into(),
            input.dunning_policy_id.map(|id| id.uuid()).into(),
            input.dunning_paused_until.map(|day| day.0).into(),
            input.tax_id.into(),
            input.is_po_required.into(),
        ];
        act.scope.execute(UPDATE, &values).await?;
        Ok(Outcome::row("billingAccount", id))
    }
}

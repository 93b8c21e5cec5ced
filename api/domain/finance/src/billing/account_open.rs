//! `billingAccountOpen`.

use async_graphql::{Enum, InputObject};
use entities::billing::{billing_account, dunning_policy};
use entities::crm::customer;
use entities::identity::group_account;

use super::choices::PaymentTerm;
use foundation::database::{Numbered, new_id};
use foundation::graph::scalars::{Choice, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.manage";
const NUMBERS: Numbered = Numbered {
    document: "billing_account",
    prefix: "AR",
};

/// Opens an account for a customer or a group that buys on account: what it may owe, and when it has
/// to pay.
#[derive(InputObject)]
pub struct BillingAccountOpenInput {
    /// The name on its invoices.
    pub name: String,
    /// The customer, a person or an organisation.
    pub customer_id: Option<Id<customer::Entity>>,
    /// The group account, where it is one.
    pub group_account_id: Option<Id<group_account::Entity>>,
    /// The account above it, such as that of the holding company.
    pub parent_id: Option<Id<billing_account::Entity>>,
    /// The currency of what it owes, for good.
    pub currency: String,
    /// How much it may owe; no limit if not given.
    pub credit_limit: Option<MoneyInput>,
    /// From when its days to pay are counted; from the date of the invoice if not given.
    pub payment_term: Option<Choice<PaymentTerm>>,
    /// How many days it has to pay; at once if not given.
    pub payment_days: Option<i32>,
    /// How it is dunned; by the default policy if not given.
    pub dunning_policy_id: Option<Id<dunning_policy::Entity>>,
    /// Its tax number.
    pub tax_id: Option<String>,
    /// Whether its invoices must name a purchase order.
    pub is_po_required: Option<bool>,
    /// The time zone that decides when its invoices are overdue; that of the business if not given.
    pub timezone: Option<String>,
}

/// Why an account cannot be opened.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BillingAccountOpenErrorCode")]
pub enum BillingAccountOpenProblem {
    /// An account is of one customer or of one group.
    OneHolder,
    /// The customer or group has an account in this currency already.
    AlreadyOpen,
    /// The limit is in another currency than the account.
    WrongCurrency,
    /// There is no such time zone.
    UnknownTimezone,
}

/// The verb.
pub struct BillingAccountOpen;

const INSERT: &str = "insert into billing.billing_accounts (biz_id, id, number, name, customer_id, group_account_id, parent_id, \
      currency, credit_limit_minor, payment_term, payment_days, dunning_policy_id, tax_id, is_po_required, timezone) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

impl Verb for BillingAccountOpen {
    type Input = BillingAccountOpenInput;
    type Problem = BillingAccountOpenProblem;

    const NAME: &'static str = "billingAccountOpen";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.account_opened");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "billingAccount",
        "BillingAccount",
        "The account.",
    )];
    const CONSTRAINTS: &'static [(&'static str, BillingAccountOpenProblem)] = &[
        (
            "billing_accounts_holder_check",
            BillingAccountOpenProblem::OneHolder,
        ),
        (
            "billing_accounts_customer_id_key",
            BillingAccountOpenProblem::AlreadyOpen,
        ),
        (
            "billing_accounts_group_account_id_key",
            BillingAccountOpenProblem::AlreadyOpen,
        ),
        (
            "billing_accounts_timezone_fkey",
            BillingAccountOpenProblem::UnknownTimezone,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let limit = input.credit_limit.as_ref();
        if limit.is_some_and(|limit| limit.currency != input.currency) {
            return Err(Fault::at(
                BillingAccountOpenProblem::WrongCurrency,
                "creditLimit",
                "The limit is in the currency of the account.",
            ));
        }
        let database = &act.session.shared.database;
        let number = database.number(act.scope, NUMBERS).await?;
        let id = new_id();
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            number.into(),
            input.name.into(),
            input.customer_id.map(|id| id.uuid()).into(),
            input.group_account_id.map(|id| id.uuid()).into(),
            input.parent_id.map(|id| id.uuid()).into(),
            input.currency.into(),
            input.credit_limit.map(|limit| limit.minor).into(),
            input.payment_term.map_or("net", |term| term.0).into(),
            input.payment_days.unwrap_or(0).into(),
            input.dunning_policy_id.map(|id| id.uuid()).into(),
            input.tax_id.into(),
            input.is_po_required.unwrap_or(false).into(),
            input.timezone.into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        Ok(Outcome::row("billingAccount", id))
    }
}
